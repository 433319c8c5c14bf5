// Time zones by name, for tests that must not depend on where they run.
import type { LocalTime } from "../../../src/config/time_windows.ts";

/** Reads what the runtime knows of a zone. */
export function zoneOf(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const known = new Map<number, number>();
  return (epochMs) => {
    // Clocks are changed at a quarter of an hour.
    const quarter = Math.floor(epochMs / 900_000);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const parts = Object.fromEntries(
      format.formatToParts(quarter * 900_000).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const ahead = (Date.UTC(year, month - 1, day, hour, minute) - quarter * 900_000) / 60_000;
    known.set(quarter, ahead);
    return ahead;
  };
}
