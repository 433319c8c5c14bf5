// Moves a camera's motor.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { TAPO_CODES, tapoCodeOf } from "./errors.ts";

/** How far to turn, in the motor's own steps, which are roughly degrees. */
export interface TapoMove {
  /**
   * Along the horizon: positive is right for most clients, left for some, and the other way round when the
   * picture is flipped. To be tried out on the camera.
   */
  x: number;
  /** Positive is up. */
  y: number;
}

/**
 * Runs the action; when the motor is still busy, stops the cruise and tries once more.
 * @throws what the action throws, `unavailable` with code −64303 when the motor stays busy.
 */
export async function whenMotorIsFree<T>(
  caller: TapoCaller,
  action: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (tapoCodeOf(error) !== TAPO_CODES.motorBusy) throw error;
    await stopMoving(caller, signal);
    return await action();
  }
}

/**
 * Turns the camera by so many steps; fractions are rounded, and nothing is sent when nothing is left.
 * @throws HubError `conflict` at the end of the range (−64304) or under privacy mode (−64324).
 */
export async function moveBy(caller: TapoCaller, move: TapoMove, signal: AbortSignal): Promise<void> {
  await whenMotorIsFree(caller, () => moveFurther(caller, move, signal), signal);
}

/** The same for a motor that still turns from the step before: it is not stopped. @throws `unavailable` as well. */
export async function moveFurther(caller: TapoCaller, move: TapoMove, signal: AbortSignal): Promise<void> {
  const [x, y] = [wholeSteps(move.x), wholeSteps(move.y)];
  if (x === "0" && y === "0") return;
  const params = { motor: { move: { x_coord: x, y_coord: y } } };
  await caller.request("motorMove", params, signal);
}

function wholeSteps(steps: number): string {
  if (!Number.isFinite(steps)) {
    throw new HubError("invalid_input", "The camera can only be moved by a number of steps");
  }
  // Without the sum, −0.2 would become "-0".
  return String(Math.round(steps) + 0);
}

/** Stops the motor. */
export async function stopMoving(caller: TapoCaller, signal: AbortSignal): Promise<void> {
  await caller.request("cruiseStop", { motor: { cruise_stop: {} } }, signal);
}

/** Lets the motor find its ends again, which takes about half a minute. */
export async function calibrate(caller: TapoCaller, signal: AbortSignal): Promise<void> {
  await caller.request("manualCalibrate", { motor: { manual_cali: "" } }, signal);
}
