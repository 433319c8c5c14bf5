// One emulated device by itself, to try other programs against it by hand.
//
//   main.ts [--model C210] [--host 127.0.0.1] [--port 0] [--login v2|v3|tpap] [--form sha256|md5] [--tls modern|old]
//
// Prints one line of JSON when it is ready. The cloud password is "cloud-secret", the camera account user/secret.
import { TapoEmulator } from "./emulator.ts";
import { MODELS } from "./models/index.ts";

function option<T extends string>(name: string, otherwise: T): T {
  const at = Deno.args.indexOf(`--${name}`);
  return at < 0 ? otherwise : (Deno.args[at + 1] ?? otherwise) as T;
}

const wanted = option<string>("model", "C210");
const model = MODELS.find((one) => one.model === wanted);
if (!model) throw new Error(`No such model; there are ${MODELS.map((one) => one.model).join(", ")}`);
await using emulator = await TapoEmulator.start({
  model,
  host: option("host", "127.0.0.1"),
  port: Number(option("port", "0")),
  cloudPassword: "cloud-secret",
  cameraAccount: { username: "user", password: "secret" },
  login: option<"v2" | "v3" | "tpap">("login", "v3"),
  passwordForm: option<"sha256" | "md5">("form", "sha256"),
  tls: option<"modern" | "old">("tls", "modern"),
});
const ready = { host: emulator.host, port: emulator.port, fingerprint: emulator.fingerprint };
Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(ready)}\n`));
const stop = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop.resolve());
await stop.promise;
