// Whether a rule of alerts is about what was seen, and whether it counts now. Pure.
import type { AlertRule } from "../config/alerts.ts";
import { isScheduled } from "../config/time_windows.ts";
import type { Moment, SeenEvent } from "./rule_state.ts";

/** True when the rule is about such an event at all. */
export function fitsEvent({ when, cameras }: AlertRule, { kind, camera, details }: SeenEvent): boolean {
  if (!when.events?.some((each) => each === kind)) return false;
  if (!isAt({ cameras }, camera)) return false;
  if (when.status && !when.status.includes(String(details?.["status"]))) return false;
  if (when.zones && !when.zones.includes(String(details?.["zone"]))) return false;
  // Without a score the camera itself was certain.
  const score = details?.["score"];
  return when.min_score === undefined || typeof score !== "number" || score >= when.min_score;
}

/** True when the rule is about that camera; without one named it is about all, and the hub. */
export function isAt({ cameras }: Pick<AlertRule, "cameras">, camera: string | undefined): boolean {
  return cameras.length === 0 || (camera !== undefined && cameras.includes(camera));
}

/** True while the rule's schedule and the alarm mode let it count. */
export function holds(rule: AlertRule, camera: string | undefined, moment: Moment): boolean {
  if (!isScheduled(rule.schedule, moment.wallMs, moment.zone)) return false;
  if (rule.armed === "always") return true;
  const mode = moment.modeAt(camera);
  return rule.modes.some((each) => each === mode);
}

/** True for a value at which the rule fires. */
export function isBeyond({ when: { above, below, external } }: AlertRule, value: number): boolean {
  if (external !== undefined) return value > 0;
  return above !== undefined ? value > above : below !== undefined && value < below;
}

/** True for a value at which what fires is over. */
export function isClear({ when: { above, below, clear_at, external } }: AlertRule, value: number): boolean {
  if (external !== undefined) return value <= 0;
  return above !== undefined ? value <= (clear_at ?? above) : value >= (clear_at ?? below ?? -Infinity);
}
