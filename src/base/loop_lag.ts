// How late the main loop is: everything that blocks it, blocks every viewer.
import type { Clock } from "./clock.ts";
import { isAbort } from "./errors.ts";

const PERIOD_MS = 500;

/** Measures by how much a short sleep overshoots. */
export class LoopLag {
  #lastMs = 0;
  #maxMs = 0;

  /** Milliseconds the last sleep overshot. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** The longest overshoot since the hub started. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** Measures until the signal aborts. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const startMs = clock.monotonic();
        await clock.sleep(PERIOD_MS, signal);
        this.#lastMs = Math.max(0, clock.monotonic() - startMs - PERIOD_MS);
        this.#maxMs = Math.max(this.#maxMs, this.#lastMs);
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }
}
