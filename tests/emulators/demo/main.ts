// `make demo`: starts the emulated house, and the product against it. Arguments: the command that starts the hub.
import { helpText, obey } from "./commands.ts";
import { type House, startHouse } from "./house.ts";

const FOLDER = ".cache/demo";

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function readLines(house: House): Promise<void> {
  let text = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) say(await obey(house, line));
  }
}

await Deno.mkdir(FOLDER, { recursive: true });
await using house = await startHouse(FOLDER);
const config = `${FOLDER}/config.yaml`;
await Deno.writeTextFile(config, house.config, { mode: 0o600 });
const [program = "", ...args] = Deno.args;
const own = ["--config", config, ...(args.includes("--data") ? [] : ["--data", `${FOLDER}/data`])];
// In a process group of its own: Ctrl+C goes to the whole group of a terminal, and the hub would take it and the
// signal passed on from here for two, of which the second ends it at once.
const hub = new Deno.Command(program, { args: [...args, ...own], stdin: "null", detached: true }).spawn();
const stop = () => {
  try {
    hub.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(signal, stop);
say(helpText(house));
void readLines(house);
const { code } = await hub.status;
await house[Symbol.asyncDispose]();
Deno.exit(code);
