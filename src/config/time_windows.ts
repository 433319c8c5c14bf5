// Stretches of the week in local time: whether one is open at a moment, and when that changes. Pure.
import { type TimeWindow, WEEKDAYS } from "./camera_rules.ts";

/** Local time: minutes that it is ahead of UTC at a time given in milliseconds since 1970. */
export type LocalTime = (epochMs: number) => number;

/** Local time where the hub runs. */
export const hubTime: LocalTime = (epochMs) => -new Date(epochMs).getTimezoneOffset();

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** True while a schedule holds: without windows always. */
export function isScheduled(schedule: readonly TimeWindow[], atMs: number, zone: LocalTime): boolean {
  return schedule.length === 0 || isWithin(schedule, atMs, zone);
}

/** True while one of the windows is open. One that ends before it begins goes on after midnight. */
export function isWithin(windows: readonly TimeWindow[], atMs: number, zone: LocalTime): boolean {
  const local = new Date(atMs + zone(atMs) * MINUTE_MS);
  const today = (local.getUTCDay() + 6) % 7;
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  const has = (window: TimeWindow, day: number) => window.days.includes(WEEKDAYS[(day + 7) % 7] ?? "mon");
  return windows.some((window) => {
    const [from, to] = [minuteOf(window.from), minuteOf(window.to)];
    if (from < to) return has(window, today) && from <= minute && minute < to;
    return (has(window, today) && minute >= from) || (has(window, today - 1) && minute < to);
  });
}

/**
 * When `isScheduled` says otherwise next; undefined: never. Looked for where a window begins or ends in the coming week,
 * and where the clocks are changed.
 */
export function nextChange(
  schedule: readonly TimeWindow[],
  nowMs: number,
  zone: LocalTime,
): number | undefined {
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
function clockChanges(nowMs: number, zone: LocalTime): number[] {
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
