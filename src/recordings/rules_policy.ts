// When a camera is recorded by its rules: what holds at a time, why, and until when. Nothing but arithmetic.
import type { RecordingRules } from "../config/camera_rules.ts";
import { isScheduled, type LocalTime, nextChange } from "../config/time_windows.ts";

/** What a rule wants to be recorded. */
export type RuleCause = "continuous" | "event";

/** What is known of a camera. Durations, so that a wall clock that jumps means nothing. */
export interface Situation {
  nowMs: number;
  /** True while an event of the rule goes on. */
  isEventActive: boolean;
  /** How long ago the last one ended; undefined: there was none. */
  eventEndedAgoMs: number | undefined;
  /** True while the lens is covered. */
  isCovered: boolean;
}

/** Why something is recorded, or not. */
export const WHYS = [
  "off",
  "outside_schedule",
  "privacy",
  "continuous",
  "event",
  "post_roll",
  "waiting_for_event",
] as const;
export type Why = typeof WHYS[number];

export interface Decision {
  /** What is to be recorded now. */
  record: RuleCause | undefined;
  why: Why;
  /** True where an event may come: what was before it must be kept. */
  isArmed: boolean;
  /** When the schedule says otherwise, milliseconds since 1970; undefined: never. */
  scheduleChangesAtMs: number | undefined;
  /** How long until it has to be decided anew, at the latest. */
  lookAgainMs: number;
}

/** The wall clock may be set meanwhile: nothing is slept through for longer. */
const MAX_WAIT_MS = 30_000;

/** Decides for one camera. */
export function decide(rules: RecordingRules, situation: Situation, zone: LocalTime): Decision {
  const { nowMs, isCovered, isEventActive, eventEndedAgoMs } = situation;
  if (rules.mode === "off") return rest("off", undefined);
  const changesAtMs = nextChange(rules.schedule, nowMs, zone);
  if (!isScheduled(rules.schedule, nowMs, zone)) return rest("outside_schedule", changesAtMs, nowMs);
  if (isCovered) return rest("privacy", changesAtMs, nowMs);
  const waitMs = waitUntil(changesAtMs, nowMs);
  const common = { scheduleChangesAtMs: changesAtMs, lookAgainMs: waitMs };
  if (rules.mode === "continuous") {
    return { record: "continuous", why: "continuous", isArmed: false, ...common };
  }
  if (isEventActive) return { record: "event", why: "event", isArmed: true, ...common };
  const leftMs = eventEndedAgoMs === undefined ? 0 : rules.post_roll_s * 1000 - eventEndedAgoMs;
  if (leftMs <= 0) return { record: undefined, why: "waiting_for_event", isArmed: true, ...common };
  return {
    record: "event",
    why: "post_roll",
    isArmed: true,
    ...common,
    lookAgainMs: Math.min(waitMs, leftMs),
  };
}

function rest(why: Why, changesAtMs: number | undefined, nowMs = 0): Decision {
  return {
    record: undefined,
    why,
    isArmed: false,
    scheduleChangesAtMs: changesAtMs,
    lookAgainMs: waitUntil(changesAtMs, nowMs),
  };
}

function waitUntil(atMs: number | undefined, nowMs: number): number {
  return atMs === undefined ? MAX_WAIT_MS : Math.min(MAX_WAIT_MS, Math.max(1, atMs - nowMs));
}
