// deno-lint-ignore-file no-console -- it prints its figures
// Four cameras and 50 viewers for some minutes: is memory flat? `deno run … tests/bench/soak.ts [MINUTES]`
import { StandInBus } from "../emulators/v4l2/stand_in.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { rssBytes } from "./proc.ts";

const MINUTES = Number(Deno.args[0] ?? 10);
const CAMERAS = 4;
const VIEWERS = 50;

await using bus = await StandInBus.create();
const picture = "testsrc2=size={size}:rate=30,noise=alls=15:allf=t";
const nodes: string[] = [];
for (let number = 0; number < 2 * CAMERAS; number += 2) {
  const webcam = await bus.webcam({ number, mjpeg: ["1280x720"], fps: [30], picture, clipQuality: 8 });
  await webcam.plug();
  nodes.push(webcam.node);
}
const cameras = nodes.map((node, index) => `{id: c${index}, type: webcam, device: ${node}}`).join(", ");
await using hub = await HubProcess.start({ prefix: bus.prefix, config: `cameras: [${cameras}]` });
await hub.login();
await hub.waitFor(async () => (await hub.client.json("/api/status")).cameras.online === CAMERAS);
const script = new URL("./viewers.ts", import.meta.url).pathname;
const viewers = nodes.map((_, index) => {
  const count = Math.floor(VIEWERS / CAMERAS) + (index < VIEWERS % CAMERAS ? 1 : 0);
  const port = new URL(hub.client.origin).port;
  const path = `/api/cameras/c${index}/stream`;
  const args = ["run", "--quiet", "--no-config", "-A", script, port, path, hub.client.cookie, String(count)];
  return new Deno.Command(Deno.execPath(), { args: [...args, String(MINUTES * 60)], stdout: "piped" })
    .spawn();
});
for (let minute = 0; minute <= MINUTES; minute++) {
  await new Promise((resolve) => setTimeout(resolve, minute === 0 ? 5000 : 59_000));
  const { loop_lag_ms } = (await hub.client.json("/api/status")).hub;
  console.log(
    `minute ${minute}: RSS ${
      (await rssBytes(hub.child.pid) / 1e6).toFixed(1)
    } MB, loop lag max ${loop_lag_ms.max} ms`,
  );
}
for (const each of viewers) console.log(new TextDecoder().decode((await each.output()).stdout).trim());
