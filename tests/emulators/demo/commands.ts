// What can be typed while the demo runs, and what is answered.
import type { Pluggable } from "./house.ts";

const MOTION_MS = 5000;
const USAGE = "Type: unplug NAME, plug NAME, motion NAME, help. Ctrl+C ends everything.";

/** What somebody at the keyboard talks to. */
export interface Commands {
  cameras: readonly Pluggable[];
  /** Told with the names of the cameras. */
  hints: readonly string[];
}

/** Which cameras there are, and what can be typed. */
export function helpText({ cameras, hints }: Commands): string {
  return ["", `Emulated cameras: ${namesOf(cameras)}.`, ...hints, USAGE, ""].join("\n");
}

/** Does what a line asks for. Returns what is said to that. */
export async function obey(commands: Commands, line: string): Promise<string> {
  const [, verb = "", wanted = ""] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
  if (verb === "" || verb === "help") return helpText(commands);
  if (!["unplug", "plug", "motion"].includes(verb)) return `"${verb}" is not known. ${USAGE}`;
  const { cameras } = commands;
  if (wanted === "") {
    return `Which camera? For example: ${verb} ${cameras[0]?.name}. There are: ${namesOf(cameras)}.`;
  }
  const camera = findCamera(cameras, wanted);
  if (!camera) return `There is no camera "${wanted}". There are: ${namesOf(cameras)}.`;
  return await act(camera, verb, cameras);
}

async function act(camera: Pluggable, verb: string, cameras: readonly Pluggable[]): Promise<string> {
  if (verb === "unplug") await camera.offline();
  else if (verb === "plug") await camera.online();
  else if (camera.motion) {
    camera.motion(true);
    setTimeout(() => camera.motion?.(false), MOTION_MS);
  } else {
    const able = cameras.filter(({ motion }) => motion);
    return `"${camera.name}" notices no motion. These do: ${namesOf(able)}.`;
  }
  return `${camera.name}: ${verb}`;
}

function namesOf(cameras: readonly Pluggable[]): string {
  return cameras.map(({ name }) => name).join(", ");
}

/** By its whole name, else by the beginning of it. */
function findCamera(cameras: readonly Pluggable[], wanted: string): Pluggable | undefined {
  const name = wanted.toLowerCase();
  return cameras.find((camera) => camera.name.toLowerCase() === name) ??
    cameras.find((camera) => camera.name.toLowerCase().startsWith(name));
}
