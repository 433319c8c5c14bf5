// Lets only so many logins at a time try an account: a wrong password then reaches the device once, however many
// streams and cameras would have sent it at the same moment.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { abortError } from "../base/errors.ts";

/** A login of which nothing is heard for so long no longer holds up the others, milliseconds. */
export const LONGEST_TURN_MS = 10_000;

interface Turn {
  untilMs: number;
}

/** Whose turn it is, for each account of each device. */
export class LoginTurns {
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Set<Turn>>();
  readonly #ends = new Changes();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until fewer than `atOnce` logins of the account are under way. Returns the function that ends the turn; more
   * than one call does nothing.
   * @throws AbortError.
   */
  async take(account: string, atOnce: number, signal: AbortSignal): Promise<() => void> {
    for (;;) {
      if (signal.aborted) throw abortError();
      const turns = this.#present(account);
      if (turns.size < atOnce) return this.#begin(account, turns);
      const nextMs = Math.min(...[...turns].map(({ untilMs }) => untilMs)) - this.#clock.monotonic();
      await sleepOrChange(nextMs, this.#ends, this.#clock, signal);
    }
  }

  #present(account: string): Set<Turn> {
    const turns = this.#underWay.get(account) ?? new Set<Turn>();
    for (const turn of turns) if (turn.untilMs <= this.#clock.monotonic()) turns.delete(turn);
    return turns;
  }

  #begin(account: string, turns: Set<Turn>): () => void {
    const own = { untilMs: this.#clock.monotonic() + LONGEST_TURN_MS };
    this.#underWay.set(account, turns.add(own));
    return () => {
      turns.delete(own);
      if (turns.size === 0 && this.#underWay.get(account) === turns) this.#underWay.delete(account);
      this.#ends.notify();
    };
  }
}
