// A list of listeners that are told that something changed. Small and synchronous; carries no data.
import type { Clock } from "./clock.ts";
import { isAbort } from "./errors.ts";
import { LinkedSignal } from "./linked_signal.ts";

/** Tells listeners of a change, and lets a task wait for the next one. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  /** Calls back on every change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everybody. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Resolves at the next change, or when the signal aborts: the caller looks at both. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        unsubscribe();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const unsubscribe = this.subscribe(done);
      signal.addEventListener("abort", done);
    });
  }
}

/**
 * Sleeps until the time is over, a change is told, or the signal aborts, whichever is first. Never rejects.
 * An infinite time waits for the other two.
 */
export async function sleepOrChange(
  durationMs: number,
  changes: Changes,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (durationMs === Infinity) return await changes.next(signal);
  using ended = new LinkedSignal(signal);
  const sleeping = clock.sleep(durationMs, ended.signal).catch((error) => {
    if (!isAbort(error)) throw error;
  });
  await Promise.race([sleeping, changes.next(ended.signal)]);
  ended.abort();
  await sleeping;
}
