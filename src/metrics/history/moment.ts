// Moments and lengths of time as people and Grafana write them.

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Numbers from here on are milliseconds since 1970, smaller ones seconds: March 1973 and the year 5138. */
const LEAST_MS = 1e11;
/** The end of the year 9999: what is rounded up to a whole step from there is still a date. */
const MOST_MS = 253_402_300_799_999;
/** A hundred years. */
const LONGEST_MS = 36_525 * 86_400_000;

export const MOMENT =
  "a time such as 2026-05-01T08:00:00Z, milliseconds or seconds since 1970, now, or now-6h";
export const LENGTH = "a length such as 30s, 5m, 1h, 1d, or seconds";

/** Milliseconds since 1970; undefined for what is no moment. */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const given = text.trim();
  if (given === "now") return nowMs;
  if (given.startsWith("now-")) {
    const back = unitLength(given.slice(4));
    return back === undefined ? undefined : nowMs - back;
  }
  if (/^\d{1,16}(?:\.\d{1,9})?$/.test(given)) {
    const value = Number(given);
    const atMs = Math.floor(value < LEAST_MS ? value * 1000 : value);
    return atMs <= MOST_MS ? atMs : undefined;
  }
  return parseDate(given);
}

/** A whole number of milliseconds above 0, a hundred years at most; undefined for what is no length. */
export function parseLength(text: string): number | undefined {
  const given = text.trim();
  const length = /^\d{1,9}(?:\.\d{1,3})?$/.test(given) ? Math.round(Number(given) * 1000) : unitLength(given);
  return length === undefined || length <= 0 || length > LONGEST_MS ? undefined : length;
}

function unitLength(text: string): number | undefined {
  const [, amount = "", unit = ""] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  return unit === "" ? undefined : Number(amount) * (UNIT_MS[unit] ?? NaN);
}

/** RFC 3339. A plus that was not escaped arrives as a space. */
function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/.test(text)) return undefined;
  try {
    return Temporal.Instant.from(text.replace(/ (\d\d:\d\d)$/, "+$1")).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
