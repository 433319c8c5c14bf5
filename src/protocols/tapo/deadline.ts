// A bound on how long one piece of work may take.
import type { Clock } from "../../base/clock.ts";
import { type HubError, isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";

/** The bound, and what is thrown when it passes. */
export interface DeadlineOptions {
  clock: Clock;
  signal: AbortSignal;
  deadlineMs: number;
  timeout: () => HubError;
}

/**
 * Runs the work under a signal that aborts at the deadline too, and waits for the work to end. The work must
 * end soon after its signal aborts.
 * @throws the error of `timeout` past the deadline, AbortError when the caller's signal aborts.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: DeadlineOptions,
): Promise<T> {
  using limit = new LinkedSignal(options.signal);
  const timer = new AbortController();
  let hasPassed = false;
  const waiting = options.clock.sleep(options.deadlineMs, timer.signal).then(() => {
    hasPassed = true;
    limit.abort();
  }, () => {/* the work was done in time */});
  try {
    return await work(limit.signal);
  } catch (error) {
    if (hasPassed && isAbort(error) && !options.signal.aborted) throw options.timeout();
    throw error;
  } finally {
    timer.abort();
    await waiting;
  }
}
