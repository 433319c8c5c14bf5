// A clock that tests move by hand.
import type { Clock } from "../../src/base/clock.ts";
import { abortError } from "../../src/base/errors.ts";

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

/** Stands still until `advance` moves it. Wall clock and monotonic clock start at different values. */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 1000;
  readonly #sleepers = new Set<Sleeper>();

  constructor(wallMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = wallMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** How many sleeps are under way. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(abortError());
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(abortError());
      };
      const sleeper: Sleeper = {
        dueMs: this.#monotonicMs + durationMs,
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Moves both clocks on, waking sleepers in the order in which they are due. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#monotonicMs + durationMs;
    await settle();
    for (;;) {
      const due = [...this.#sleepers].filter((each) =>
        each.dueMs <= endMs
      ).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!due) break;
      this.#step(Math.max(0, due.dueMs - this.#monotonicMs));
      this.#sleepers.delete(due);
      due.wake();
      await settle();
    }
    this.#step(endMs - this.#monotonicMs);
    await settle();
  }

  /** Moves both clocks on in one step: who was to be woken meanwhile is woken late, as on a machine that is too busy. */
  async leap(durationMs: number): Promise<void> {
    await settle();
    this.#step(durationMs);
    await this.advance(0);
  }

  /** Sets the wall clock, as NTP or a user would; sleeps are not touched. */
  jumpTo(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  #step(durationMs: number): void {
    this.#monotonicMs += durationMs;
    this.#wallMs += durationMs;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
}
