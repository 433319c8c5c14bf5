// `make demo`: starts the emulated house, and the product against it. Arguments: the command that starts the hub.
//
// Lines typed while it runs: `unplug NAME`, `plug NAME`, `motion NAME`, `help`.
import { type House, type Pluggable, startHouse } from "./house.ts";

const FOLDER = ".cache/demo";
const MOTION_MS = 5000;

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function help(house: House): void {
  say(`\nEmulated cameras: ${house.cameras.map(({ name }) => name).join(", ")}.`);
  for (const hint of house.hints) say(hint);
  say("Type: unplug NAME, plug NAME, motion NAME, help. Ctrl+C ends everything.\n");
}

function find(house: House, wanted: string): Pluggable | undefined {
  const name = wanted.trim().toLowerCase();
  return house.cameras.find((camera) => camera.name.toLowerCase() === name) ??
    house.cameras.find((camera) => camera.name.toLowerCase().startsWith(name));
}

async function obey(house: House, line: string): Promise<void> {
  const [, verb = "", name = ""] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
  if (verb === "" || verb === "help") return help(house);
  const camera = find(house, name);
  if (!camera) return say(`There is no camera "${name}"`);
  if (verb === "unplug") await camera.offline();
  else if (verb === "plug") await camera.online();
  else if (verb === "motion" && camera.motion) {
    camera.motion(true);
    setTimeout(() => camera.motion?.(false), MOTION_MS);
  } else return say(`"${verb}" is not known. Type help`);
  say(`${camera.name}: ${verb}`);
}

async function readLines(house: House): Promise<void> {
  let text = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) await obey(house, line);
  }
}

await Deno.mkdir(FOLDER, { recursive: true });
await using house = await startHouse(FOLDER);
const config = `${FOLDER}/config.yaml`;
await Deno.writeTextFile(config, house.config, { mode: 0o600 });
const [program = "", ...args] = Deno.args;
const own = ["--config", config, ...(args.includes("--data") ? [] : ["--data", `${FOLDER}/data`])];
const hub = new Deno.Command(program, { args: [...args, ...own], stdin: "null" }).spawn();
const stop = () => {
  try {
    hub.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
};
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
help(house);
void readLines(house);
const { code } = await hub.status;
await house[Symbol.asyncDispose]();
Deno.exit(code);
