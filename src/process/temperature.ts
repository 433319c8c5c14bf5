// How hot the machine is, as its own sensors say.
import type { Clock } from "../base/clock.ts";
import { runCommand } from "./command.ts";
import type { Launcher } from "./launcher.ts";

/** kernel.org, thermal sysfs API: `thermal_zoneN/temp` is in millidegrees celsius. */
const FOLDER = "/sys/class/thermal";
const READ_EVERY_MS = 30_000;

/** What reading needs. */
export interface ThermometerDeps {
  launcher: Launcher;
  clock: Clock;
  folder?: string;
}

/** Reads the sensors every half minute at most: `cat` has to, as Deno itself may not read what lies below /sys. */
export class Thermometer {
  readonly #deps: ThermometerDeps;
  #last: { atMs: number; celsius: number | undefined } | undefined;

  constructor(deps: ThermometerDeps) {
    this.#deps = deps;
  }

  /** The hottest sensor, celsius; undefined where none tells. @throws HubError when `cat` cannot be run. */
  async read(): Promise<number | undefined> {
    const nowMs = this.#deps.clock.monotonic();
    if (this.#last && nowMs - this.#last.atMs < READ_EVERY_MS) return this.#last.celsius;
    // After a failure it is tried again as seldom.
    this.#last = { atMs: nowMs, celsius: undefined };
    this.#last = { atMs: nowMs, celsius: await this.#measure() };
    return this.#last.celsius;
  }

  async #measure(): Promise<number | undefined> {
    const { launcher, clock, folder = FOLDER } = this.#deps;
    const files = await sensorsIn(folder);
    if (files.length === 0) return undefined;
    const { signal } = new AbortController();
    const result = await runCommand(
      { name: "temperature", program: "cat", args: files },
      { launcher, clock, signal, deadlineMs: 2000, maxBytes: 1 << 16 },
    );
    return hottest(new TextDecoder().decode(result.stdout));
  }
}

async function sensorsIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith("thermal_zone")) files.push(`${folder}/${name}/temp`);
    }
  } catch (error) {
    // Where the folder is missing or closed, the machine tells nothing.
    if (!(error instanceof Error)) throw error;
  }
  return files;
}

/** The highest of what sensors print, one a line. A sensor that is not connected tells what cannot be. */
export function hottest(text: string): number | undefined {
  const values = text.split("\n").filter((line) => /^-?\d+$/.test(line)).map((line) => Number(line) / 1000)
    .filter((value) => value > -50 && value < 200 && value !== 0);
  return values.length === 0 ? undefined : Math.max(...values);
}
