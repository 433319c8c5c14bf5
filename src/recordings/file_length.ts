// When a file is long enough.
import type { Clock } from "../base/clock.ts";

/** A wall clock that was set by more than this begins another file: each file has one time. */
const CLOCK_SET_MS = 5000;

/** For a file that begins now: tells whether the next one is due, by its length or because the wall clock was set. */
export function dueFromNow(clock: Clock, segmentMs: number): () => boolean {
  const beganMs = clock.monotonic();
  const aheadMs = clock.now() - beganMs;
  return () =>
    clock.monotonic() - beganMs >= segmentMs ||
    Math.abs(clock.now() - clock.monotonic() - aheadMs) > CLOCK_SET_MS;
}
