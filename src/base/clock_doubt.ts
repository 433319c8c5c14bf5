// Is the wall clock to be believed? What is too old for it is deleted for good, and a clock may be wrong for a while: a
// Raspberry Pi without a battery begins with the time of its last stop, and people and servers set clocks.
import type { Clock } from "./clock.ts";

const DAY_MS = 86_400_000;
/** A wall clock that went on by so much more or less than the time that passed was set. */
const JUMP_MS = 600_000;
/** After the clock was set, nothing is called too old for so long: it may be set right. */
const DOUBT_MS = DAY_MS;

/** Watches the wall clock beside the one that never jumps. Until `begin` it is doubted. */
export class ClockDoubt {
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  /** Wall clock less monotonic clock, as last seen. */
  #offsetMs: number;
  /** Until then, on the monotonic clock, the wall clock is doubted. */
  #untilMs = Infinity;

  constructor(clock: Pick<Clock, "now" | "monotonic">) {
    this.#clock = clock;
    this.#offsetMs = this.#offset();
  }

  /** To be told at the start when the hub was last known to run, by the wall clock. */
  begin(aliveAtMs: number): void {
    this.#untilMs = -Infinity;
    const pauseMs = this.#clock.now() - aliveAtMs;
    if (pauseMs < -JUMP_MS || pauseMs > DAY_MS) this.#doubt();
  }

  /** True while nothing should be called too old. To be asked every few minutes: so it sees when the clock is set. */
  get isDoubted(): boolean {
    const offsetMs = this.#offset();
    if (Math.abs(offsetMs - this.#offsetMs) > JUMP_MS) this.#doubt();
    this.#offsetMs = offsetMs;
    return this.#clock.monotonic() < this.#untilMs;
  }

  #doubt(): void {
    this.#untilMs = Math.max(this.#untilMs, this.#clock.monotonic() + DOUBT_MS);
  }

  #offset(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
