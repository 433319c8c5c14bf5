// The program: hands the command line to cli/ and exits with its code.
import { keepStdoutForProtocols } from "./src/base/protocol_stdout.ts";

keepStdoutForProtocols(console);
// Loaded only now: what a library prints while it is loaded must not reach an MCP client, either.
const { runCli } = await import("./src/cli/run.ts");

const layout = {
  staticDir: new URL("./static/", import.meta.url),
  docsDir: new URL("./docs/", import.meta.url),
  grafanaDir: new URL("./config/grafana/", import.meta.url),
  storeWorker: new URL("./src/store/worker.ts", import.meta.url),
};
Deno.exit(await runCli(Deno.args, layout));
