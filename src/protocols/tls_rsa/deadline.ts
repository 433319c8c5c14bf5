// Bounds the time of connecting and shaking hands, by the clock and by the caller's signal.
import type { Clock } from "../../base/clock.ts";
import { abortError, type HubError, isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { abortable } from "../../base/scope.ts";

/** When to give up, and what to say then. */
export interface TimeLimit<T> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  late(): HubError;
  /** Frees what the work returns after nobody waits for it any more. */
  discard?(result: T): void;
}

/**
 * Does the work within the time. Its signal aborts when the time is over or the caller's signal aborts; nobody
 * then waits for it any longer.
 * @throws what `late` returns; AbortError when the caller's signal aborts first; whatever the work throws.
 */
export async function withinTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limit: TimeLimit<T>,
): Promise<T> {
  if (limit.signal.aborted) throw abortError();
  using workSignal = new LinkedSignal(limit.signal);
  const over = new AbortController();
  let isLate = false;
  const timer = limit.clock.sleep(limit.timeoutMs, over.signal).then(() => {
    isLate = true;
    workSignal.abort();
  }, () => {/* the work ended first */});
  const working = work(workSignal.signal);
  try {
    return await abortable(working, workSignal.signal);
  } catch (error) {
    working.then((result) => limit.discard?.(result), () => {/* the caller was told why nobody waits */});
    throw isLate && isAbort(error) ? limit.late() : error;
  } finally {
    over.abort();
    await timer;
  }
}
