// Moves a camera's motor.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { TAPO_CODES, tapoCodeOf } from "./errors.ts";
import { asNumber, asOnOff, asTexts, at, known } from "./values.ts";

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

/** One short step in a direction, 0 ≤ degrees < 360: 0 and 180 along the horizon, 90 and 270 up and down. */
export async function stepTowards(
  caller: TapoCaller,
  directionDegrees: number,
  signal: AbortSignal,
): Promise<void> {
  if (!(directionDegrees >= 0 && directionDegrees < 360)) {
    throw new HubError("invalid_input", "The direction is an angle from 0 to 359 degrees");
  }
  const params = { motor: { movestep: { direction: String(Math.floor(directionDegrees)) } } };
  await whenMotorIsFree(caller, () => caller.request("relativeMove", params, signal), signal);
}

/** Turns to and fro along one axis until it is stopped. */
export async function cruise(caller: TapoCaller, axis: "x" | "y", signal: AbortSignal): Promise<void> {
  const params = { motor: { cruise: { coord: axis } } };
  await whenMotorIsFree(caller, () => caller.request("cruiseMove", params, signal), signal);
}

/** Stops the motor. */
export async function stopMoving(caller: TapoCaller, signal: AbortSignal): Promise<void> {
  await caller.request("cruiseStop", { motor: { cruise_stop: {} } }, signal);
}

/** Lets the motor find its ends again, which takes about half a minute. */
export async function calibrate(caller: TapoCaller, signal: AbortSignal): Promise<void> {
  await caller.request("manualCalibrate", { motor: { manual_cali: "" } }, signal);
}

/** What the motor can do. */
export interface TapoMotorCapability {
  canMoveRelatively?: boolean;
  canMoveContinuously?: boolean;
  canMoveAbsolutely?: boolean;
  canCalibrate?: boolean;
  hasPresets?: boolean;
  maxPresets?: number;
  /** The values between which positions of presets lie, usually −1 and 1. */
  panRange?: [number, number];
  tiltRange?: [number, number];
}

/** Asks what the motor can do; not every firmware tells. */
export async function readMotorCapability(
  caller: TapoCaller,
  signal: AbortSignal,
): Promise<TapoMotorCapability> {
  const answer = await caller.single({ method: "get", motor: { name: ["capability"] } }, signal);
  return parseMotorCapability(at(answer, "motor", "capability"));
}

/** Reads `motor.capability`. */
export function parseMotorCapability(capability: unknown): TapoMotorCapability {
  const flag = (key: string) => asOnOff(at(capability, key));
  return known({
    canMoveRelatively: flag("relative_move_supported"),
    canMoveContinuously: flag("continuous_move_supported"),
    canMoveAbsolutely: flag("absolute_move_supported"),
    canCalibrate: flag("calibrate_supported"),
    hasPresets: flag("preset_supported"),
    maxPresets: asNumber(at(capability, "preset_number_max")),
    panRange: asRange(at(capability, "position_pan_range")),
    tiltRange: asRange(at(capability, "position_tilt_range")),
  });
}

function asRange(value: unknown): [number, number] | undefined {
  const [low, high] = asTexts(value).map(asNumber);
  return low === undefined || high === undefined ? undefined : [low, high];
}
