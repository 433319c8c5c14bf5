// Whether what a device says after a command is what it was asked for. Pure.
import { HubError } from "../base/errors.ts";
import type { MotionSetup, Zone } from "../devices/capabilities.ts";
import type { Setting, SettingValue } from "../devices/setting.ts";

/** What the device says is proof; its silence is not. */
export function proofOf(after: unknown): "readback" | "acknowledged" {
  return after === undefined ? "acknowledged" : "readback";
}

/** The error for a device that says yes, and something else when it is asked. */
export function notTaken(cameraId: string, what: string): HubError {
  return new HubError("device_rejected", `Camera "${cameraId}" took the command, but did not do it: ${what}`);
}

/** Without a step a device may round by so much of its range. */
const ROUNDING_SHARE = 0.01;

/** True when a setting is at the value that was asked for, as its device rounds; undefined when it tells no value. */
export function isSettingTaken(after: Setting, wanted: SettingValue): boolean | undefined {
  if (after.value === undefined) return undefined;
  if (after.kind === "number") {
    return Math.abs(Number(after.value) - Number(wanted)) < roundingOf(after);
  }
  if (after.kind !== "choice") return after.value === wanted;
  const text = String(wanted).toLowerCase();
  const now = after.choices?.find(({ value }) => value === after.value);
  return String(after.value).toLowerCase() === text || now?.title.toLowerCase() === text;
}

/** Values this far apart are two. */
function roundingOf({ step, min, max, value }: Setting): number {
  if (step !== undefined && step > 0) return step;
  const range = min === undefined || max === undefined ? Math.abs(Number(value)) : max - min;
  return Math.max(range * ROUNDING_SHARE, Number.EPSILON);
}

/** Devices that do not tell their levels round to fives or tens. */
const UNTOLD_LEVEL = 10;

/** The same for a sensitivity, 0…100. */
export function isSensitivityTaken(
  { sensitivity: now, levels }: MotionSetup,
  wanted: number,
): boolean | undefined {
  if (now === undefined) return undefined;
  if (levels === undefined) return Math.abs(now - wanted) < UNTOLD_LEVEL;
  const nearest = Math.min(...levels.map((level) => Math.abs(level - wanted)));
  return Math.abs(now - wanted) <= nearest;
}

/** The same for zones, in any order, each as exact as devices round. */
export function areZonesTaken({ zones: now }: MotionSetup, wanted: readonly Zone[]): boolean | undefined {
  if (now === undefined) return undefined;
  const isNear = (zone: Zone, other: Zone) =>
    (["x", "y", "width", "height"] as const).every((side) =>
      Math.abs(zone[side] - other[side]) <= ROUNDING_SHARE
    );
  return now.length === wanted.length && wanted.every((zone) => now.some((other) => isNear(zone, other)));
}
