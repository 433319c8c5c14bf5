// Waiting longer after each failure, with jitter so that many cameras do not knock at the same moment.
import type { Clock } from "./clock.ts";
import { type HubError, isAbort } from "./errors.ts";

/** How the waits between tries grow. */
export interface BackoffPolicy {
  /** The first wait, milliseconds. */
  firstMs: number;
  /** No wait is longer than this. */
  maxMs: number;
  /** Each wait is this many times the one before. Default 2. */
  factor?: number;
  /** Share of the wait that is random, 0…1. Default 0.3. */
  jitter?: number;
}

/** Counts failures and says how long to wait after each. */
export class Backoff {
  readonly #policy: Required<BackoffPolicy>;
  readonly #random: () => number;
  #failures = 0;

  constructor(policy: BackoffPolicy, random: () => number = Math.random) {
    this.#policy = { factor: 2, jitter: 0.3, ...policy };
    this.#random = random;
  }

  /** Failures in a row so far. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure and returns the milliseconds to wait before the next try. */
  next(): number {
    const { firstMs, maxMs, factor, jitter } = this.#policy;
    const fullMs = Math.min(maxMs, firstMs * factor ** Math.min(this.#failures, 60));
    this.#failures++;
    return fullMs * (1 - jitter * this.#random());
  }

  /** To be called after a success that lasted. */
  reset(): void {
    this.#failures = 0;
  }
}

/**
 * Milliseconds to wait after an error: as the backoff says, but not before the time that the error names.
 * Infinity when only a person can put it right.
 */
export function waitAfter(error: HubError, backoff: Backoff, nowMs: number): number {
  const waitMs = backoff.next();
  return error.retryAtMs === undefined ? waitMs : Math.max(waitMs, error.retryAtMs - nowMs);
}

/** What `retry` needs beside the action. */
export interface RetryOptions {
  clock: Clock;
  signal: AbortSignal;
  backoff: Backoff;
  /** Tries in all. */
  attempts: number;
  /** False stops at once. Default: every error that is not an abort is worth another try. */
  isRetryable?: (error: unknown) => boolean;
}

/**
 * Runs the action until it succeeds.
 * @throws the action's last error, or AbortError.
 */
export async function retry<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await action();
    } catch (error) {
      const worthIt = !isAbort(error) && (options.isRetryable?.(error) ?? true);
      if (!worthIt || attempt >= options.attempts) throw error;
      await options.clock.sleep(options.backoff.next(), options.signal);
    }
  }
}
