// Time as a parameter, so that tests can play a day in a moment.
import { abortError } from "./errors.ts";

/** The hub's source of time and of waiting. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  now(): number;
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /**
   * Waits.
   * @throws AbortError when the signal aborts first.
   */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (durationMs, signal) => sleep(durationMs, signal),
};

function sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError());
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortError());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** ISO 8601 in UTC, as all times are shown outside. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
