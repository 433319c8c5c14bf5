// Whether a Raspberry Pi slows itself down, as its firmware says.
import { HubError } from "../base/errors.ts";
import type { Clock } from "../base/clock.ts";
import { runCommand } from "./command.ts";
import type { Launcher } from "./launcher.ts";

/** The kernel's driver raspberrypi-firmware prints what the firmware's GET_THROTTLED answers, in hexadecimal digits. */
const FILE = "/sys/devices/platform/soc/soc:firmware/get_throttled";

/** Bits of what is so now: frequency capped, throttled, soft limit of temperature. Bit 0 is low voltage by itself. */
const SLOWED = 0b1110;

/** What reading needs. */
export interface ThrottlingDeps {
  launcher: Launcher;
  clock: Clock;
  file?: string;
}

/** Asks the firmware: `cat` has to, as Deno itself may not read what lies below /sys. */
export class Throttling {
  readonly #deps: ThrottlingDeps;

  constructor(deps: ThrottlingDeps) {
    this.#deps = deps;
  }

  /** Undefined where the machine does not tell it. @throws HubError when it should and cannot be read. */
  async read(): Promise<boolean | undefined> {
    const { launcher, clock, file = FILE } = this.#deps;
    if (!await isThere(file)) return undefined;
    const { signal } = new AbortController();
    const result = await runCommand(
      { name: "throttling", program: "cat", args: [file] },
      { launcher, clock, signal, deadlineMs: 2000, maxBytes: 1024 },
    );
    const isSlowed = parseThrottled(new TextDecoder().decode(result.stdout));
    if (isSlowed !== undefined) return isSlowed;
    throw new HubError("unavailable", `${file} does not say whether the machine is throttled`);
  }
}

/** Reads the firmware's bits; undefined for what are none. */
export function parseThrottled(text: string): boolean | undefined {
  const [, digits] = /^\s*(?:0x)?([0-9a-f]{1,8})\s*$/i.exec(text) ?? [];
  return digits === undefined ? undefined : (parseInt(digits, 16) & SLOWED) !== 0;
}

async function isThere(file: string): Promise<boolean> {
  try {
    await Deno.lstat(file);
    return true;
  } catch (error) {
    // Where it is missing or closed, the machine tells nothing.
    if (!(error instanceof Error)) throw error;
    return false;
  }
}
