// Lets one login at a time try an account of which nobody knows yet whether the device accepts it: a wrong password
// then reaches the device once, however many streams and cameras would have sent it at the same moment.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { abortError } from "../base/errors.ts";

/** A login of which nothing is heard for so long no longer holds up the others, milliseconds. */
export const LONGEST_TURN_MS = 10_000;

/** Whose turn it is, for each account of each device. */
export class LoginTurns {
  readonly #clock: Clock;
  readonly #underWay = new Map<string, { untilMs: number; over: Changes }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the turn of an account. Returns the function that ends it; more than one call does nothing. @throws AbortError */
  async take(account: string, signal: AbortSignal): Promise<() => void> {
    for (;;) {
      if (signal.aborted) throw abortError();
      const other = this.#underWay.get(account);
      const leftMs = other ? other.untilMs - this.#clock.monotonic() : 0;
      if (!other || leftMs <= 0) return this.#begin(account);
      await sleepOrChange(leftMs, other.over, this.#clock, signal);
    }
  }

  #begin(account: string): () => void {
    const own = { untilMs: this.#clock.monotonic() + LONGEST_TURN_MS, over: new Changes() };
    this.#underWay.set(account, own);
    return () => {
      if (this.#underWay.get(account) === own) this.#underWay.delete(account);
      own.over.notify();
    };
  }
}
