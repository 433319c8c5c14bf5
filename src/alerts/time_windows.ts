// Whether a moment lies in a stretch of the week, in the hub's local time. Pure.
import { type TimeWindow, WEEKDAYS } from "../config/camera_rules.ts";

const DAY_MINUTES = 1440;

/** True when the moment lies in one of the windows. One that ends before it begins goes on after midnight. */
export function isWithin(windows: readonly TimeWindow[], atMs: number): boolean {
  const at = new Date(atMs);
  const minute = at.getHours() * 60 + at.getMinutes();
  // Monday is the first day of the list, Sunday that of Date.
  const today = (at.getDay() + 6) % 7;
  const yesterday = (today + 6) % 7;
  return windows.some(({ days, from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    const isOn = (day: number) => days.some((each) => each === WEEKDAYS[day]);
    if (begin < end) return isOn(today) && minute >= begin && minute < end;
    return (isOn(today) && minute >= begin) || (isOn(yesterday) && minute < end);
  });
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return Math.min(DAY_MINUTES, hours * 60 + minutes);
}
