// Bounds how often an event has the history written out of turn: a storm of motion must not wear out a flash card.
import type { Clock } from "../../base/clock.ts";

/** Two such writes are at least so far apart. */
const APART_MS = 10_000;
/** So many may follow one another; each comes back after a time. */
const MOST = 12;
const BACK_AFTER_MS = 900_000;

/** Twelve writes at once, and in the long run one every quarter of an hour. */
export class EventBudget {
  readonly #clock: Pick<Clock, "monotonic">;
  #left = MOST;
  #countedAtMs: number;
  #usedAtMs = -Infinity;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#countedAtMs = clock.monotonic();
  }

  /** How long until one may be used, milliseconds. */
  waitMs(): number {
    const nowMs = this.#clock.monotonic();
    const back = Math.floor((nowMs - this.#countedAtMs) / BACK_AFTER_MS);
    this.#left = Math.min(MOST, this.#left + back);
    this.#countedAtMs = this.#left === MOST ? nowMs : this.#countedAtMs + back * BACK_AFTER_MS;
    const forOne = this.#left > 0 ? 0 : this.#countedAtMs + BACK_AFTER_MS - nowMs;
    return Math.max(0, forOne, this.#usedAtMs + APART_MS - nowMs);
  }

  /** Uses one. */
  use(): void {
    this.waitMs();
    this.#left--;
    this.#usedAtMs = this.#clock.monotonic();
  }
}
