// Moves a Tapo camera for a time: its motor knows no movement without an end that can be trusted, so that it goes in
// small steps, one after the other, until the time is over.
import { type Changes, sleepOrChange } from "../../base/changes.ts";
import type { Clock } from "../../base/clock.ts";
import { abortError } from "../../base/errors.ts";
import type { PtzPosition } from "../../devices/capabilities.ts";
import { stopSoon } from "../../devices/stop_soon.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { TAPO_CODES, tapoCodeOf } from "../../protocols/tapo/errors.ts";
import { moveBy, moveFurther, stopMoving, type TapoMove } from "../../protocols/tapo/ptz.ts";

const STEP_DEGREES = 10;
/** The motors of the common models need about that long for a step: the camera must not be steps behind. */
const STEP_MS = 300;
/** Some firmware takes a command once a second. */
const TOO_OFTEN_MS = 1000;
/** In that time a slow motor makes the step on which it still is when it refuses to go beyond the end. */
const LAST_STEP_MS = 1000;
/** A message that is under way, and then stopping itself: either may take the 8 s of the transport. */
const STOP_MS = 20_000;

/** What moving needs. */
export interface TimedMoveParts {
  caller: TapoCaller;
  clock: Clock;
  /** Told when somebody stops the camera: a step more would set it going again. */
  stops: Changes;
}

/**
 * Turns in the direction of the target for so many milliseconds or until it is stopped, then stops, whatever
 * happened.
 * @throws HubError as `moveBy` does, `conflict` only when it was at the end of the range before, `unavailable` when
 * the motor was busy all the time or does not stop; AbortError.
 */
export async function moveFor(
  parts: TimedMoveParts,
  target: PtzPosition,
  durationMs: number,
  signal: AbortSignal,
): Promise<void> {
  const step = {
    x: Math.sign(target.pan ?? 0) * STEP_DEGREES,
    y: Math.sign(target.tilt ?? 0) * STEP_DEGREES,
  };
  let failure: { error: unknown } | undefined;
  try {
    await takeSteps(parts, step, parts.clock.monotonic() + durationMs, signal);
  } catch (error) {
    failure = { error };
  }
  const stopping = stopSoon((own) => stopMoving(parts.caller, own), {
    clock: parts.clock,
    withinMs: STOP_MS,
  });
  if (!failure) return await stopping;
  // The camera cannot be stopped either: the first failure says why.
  await stopping.catch(() => {});
  throw failure.error;
}

/**
 * The first step ends a cruise or patrol that is under way; those after it wait for the motor. A camera that has
 * come to the end of its range has done what it could.
 */
async function takeSteps(
  { caller, clock, stops }: TimedMoveParts,
  step: TapoMove,
  endMs: number,
  signal: AbortSignal,
): Promise<void> {
  let taken = 0;
  let hindrance: unknown;
  let isAtEnd = false;
  let isStopped = false;
  let nextMs = endMs;
  const unsubscribe = stops.subscribe(() => isStopped = true);
  try {
    do {
      const beginMs = clock.monotonic();
      let waitMs = STEP_MS;
      try {
        await (taken === 0 ? moveBy : moveFurther)(caller, step, signal);
        taken++;
      } catch (error) {
        const code = tapoCodeOf(error);
        isAtEnd = code === TAPO_CODES.endOfRange && taken > 0;
        if (!isAtEnd && code !== TAPO_CODES.motorBusy && code !== TAPO_CODES.tooOften) throw error;
        if (isAtEnd) waitMs = LAST_STEP_MS;
        if (code === TAPO_CODES.tooOften) waitMs = TOO_OFTEN_MS;
        hindrance = error;
      }
      nextMs = Math.min(beginMs + waitMs, endMs);
      if (!isStopped) await sleepOrChange(Math.max(0, nextMs - clock.monotonic()), stops, clock, signal);
      if (signal.aborted) throw abortError();
      // The step may have taken longer than the time that was left, and a timer may come a moment too early.
    } while (!isAtEnd && !isStopped && nextMs < endMs && clock.monotonic() < endMs);
  } finally {
    unsubscribe();
  }
  if (taken === 0) throw hindrance;
}
