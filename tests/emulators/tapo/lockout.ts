// Counts wrong passwords and locks everybody out for half an hour, as cameras do.
import type { JsonObject } from "./json.ts";
import { CODES } from "./vendor_error.ts";

/** Firmware differs in where it puts the refusal: `data` at the root or inside `result`. */
export type LockoutShape = "root" | "result";

export const LOCKOUT_S = 1800;

/** The lock of one device. Times are milliseconds of the clock that is passed in. */
export class Lockout {
  readonly #now: () => number;
  readonly #limit: number;
  #wrong = 0;
  #untilMs = 0;
  shape: LockoutShape = "root";

  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Wrong passwords since the last right one. */
  get attempts(): number {
    return this.#wrong;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Whole seconds until it opens again; 0 when it is open. */
  get secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#untilMs - this.#now()) / 1000));
  }

  get isLocked(): boolean {
    return this.secondsLeft > 0;
  }

  wrongPassword(): void {
    if (this.#untilMs !== 0 && !this.isLocked) this.clear();
    this.#wrong++;
    if (this.#wrong >= this.#limit) this.lock();
  }

  rightPassword(): void {
    this.clear();
  }

  /** Locks at once, as if somebody had guessed. */
  lock(seconds: number = LOCKOUT_S): void {
    this.#untilMs = this.#now() + seconds * 1000;
  }

  clear(): void {
    this.#wrong = 0;
    this.#untilMs = 0;
  }

  /** The refusal that every login gets while it is locked. */
  answer(): JsonObject {
    const left = this.secondsLeft;
    if (this.shape === "root") {
      return { error_code: CODES.sessionInvalid, data: { code: CODES.blocked, sec_left: left } };
    }
    const data = { code: CODES.blocked, time: this.#wrong, max_time: this.#limit, sec_left: left };
    return { error_code: CODES.sessionInvalid, result: { data } };
  }
}
