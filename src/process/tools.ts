// Looks whether the programs are there without which the hub shows no picture.
import { HubError } from "../base/errors.ts";
import { runCommand } from "./command.ts";
import type { CommandOptions } from "./command.ts";
import type { Program } from "./launcher.ts";

const NEEDED: readonly (readonly [Program, string])[] = [["ffmpeg", "-version"], ["v4l2-ctl", "--version"], [
  "kill",
  "-l",
]];

/** Returns an error, with what to do, for each program that is missing. */
export async function missingTools(
  context: Pick<CommandOptions, "launcher" | "clock" | "signal">,
): Promise<HubError[]> {
  const found = await Promise.all(NEEDED.map(async ([program, flag]) => {
    try {
      const spec = { name: "tool check", program, args: [flag] };
      await runCommand(spec, { ...context, deadlineMs: 10_000, maxBytes: 1 << 20 });
      return undefined;
    } catch (error) {
      if (error instanceof HubError && error.kind === "unavailable") return error;
      throw error;
    }
  }));
  return found.filter((error) => error !== undefined);
}
