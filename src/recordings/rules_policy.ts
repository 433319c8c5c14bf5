// When a camera is recorded by its rules: what holds at a time, why, and until when. Nothing but arithmetic.
import { type RecordingRules, type TimeWindow, WEEKDAYS } from "../config/camera_rules.ts";

/** Local time: minutes that it is ahead of UTC at a time given in milliseconds since 1970. */
export type Zone = (epochMs: number) => number;

/** The time zone in which the hub runs. */
export const hubZone: Zone = (epochMs) => -new Date(epochMs).getTimezoneOffset();

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

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** The wall clock may be set meanwhile: nothing is slept through for longer. */
const MAX_WAIT_MS = 30_000;

/** Decides for one camera. */
export function decide(rules: RecordingRules, situation: Situation, zone: Zone): Decision {
  const { nowMs, isCovered, isEventActive, eventEndedAgoMs } = situation;
  if (rules.mode === "off") return rest("off", undefined);
  const changesAtMs = nextChange(rules.schedule, nowMs, zone);
  if (!isWithin(rules.schedule, nowMs, zone)) return rest("outside_schedule", changesAtMs, nowMs);
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

/** True while one of the windows is open; without windows always. */
export function isWithin(schedule: readonly TimeWindow[], atMs: number, zone: Zone): boolean {
  if (schedule.length === 0) return true;
  const local = new Date(atMs + zone(atMs) * MINUTE_MS);
  const today = (local.getUTCDay() + 6) % 7;
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  const has = (window: TimeWindow, day: number) => window.days.includes(WEEKDAYS[(day + 7) % 7] ?? "mon");
  return schedule.some((window) => {
    const [from, to] = [minuteOf(window.from), minuteOf(window.to)];
    if (from < to) return has(window, today) && from <= minute && minute < to;
    return (has(window, today) && minute >= from) || (has(window, today - 1) && minute < to);
  });
}

/**
 * When `isWithin` says otherwise next; undefined: never. Looked for where a window begins or ends in the coming week,
 * and where the clocks are changed.
 */
export function nextChange(schedule: readonly TimeWindow[], nowMs: number, zone: Zone): number | undefined {
  if (schedule.length === 0) return undefined;
  const isOpen = isWithin(schedule, nowMs, zone);
  const minutes = new Set(schedule.flatMap(({ from, to }) => [minuteOf(from), minuteOf(to)]));
  const localMs = nowMs + zone(nowMs) * MINUTE_MS;
  const midnightMs = localMs - localMs % (DAY_MINUTES * MINUTE_MS);
  const candidates = clockChanges(nowMs, zone);
  for (let day = 0; day <= 8; day++) {
    for (const minute of minutes) {
      const wallMs = midnightMs + (day * DAY_MINUTES + minute) * MINUTE_MS;
      // In the night in which the clocks are put back, a time comes twice.
      for (const nearMs of [nowMs, wallMs - 86_400_000, wallMs + 86_400_000]) {
        candidates.push(wallMs - zone(nearMs) * MINUTE_MS);
      }
    }
  }
  return candidates.sort((a, b) => a - b).find((atMs) =>
    atMs > nowMs && isWithin(schedule, atMs, zone) !== isOpen
  );
}

const CLOCKS_STEP_MS = 15 * MINUTE_MS;

/** When the clocks are changed in the coming days: everywhere at a quarter of an hour. */
function clockChanges(nowMs: number, zone: Zone): number[] {
  const found: number[] = [];
  const first = nowMs - nowMs % CLOCKS_STEP_MS + CLOCKS_STEP_MS;
  const last = nowMs + 8 * DAY_MINUTES * MINUTE_MS;
  // A change is seen from one day to the next; only then it is looked for closely.
  for (let dayMs = first; dayMs < last; dayMs += DAY_MINUTES * MINUTE_MS) {
    const endMs = dayMs + DAY_MINUTES * MINUTE_MS;
    if (zone(dayMs - CLOCKS_STEP_MS) === zone(endMs)) continue;
    for (let atMs = dayMs; atMs <= endMs; atMs += CLOCKS_STEP_MS) {
      if (zone(atMs) !== zone(atMs - CLOCKS_STEP_MS)) found.push(atMs);
    }
  }
  return found;
}

function minuteOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
