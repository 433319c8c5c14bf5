// The small forms in which cameras and the standard write values.

/** The same object, what may be undefined being optional instead. */
export type Known<T> =
  & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }
  & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The object without the members that are undefined, for results whose unknown members are absent. */
export function known<T extends object>(object: T): Known<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Known<T>;
}

/** A finite number in decimal notation; undefined for anything else. */
export function toNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i.test(text)) {
    return undefined;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** "true", "1", "on" and the like; undefined for what is neither yes nor no. */
export function toBoolean(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase() ?? "";
  if (["true", "1", "on", "yes", "active"].includes(word)) return true;
  if (["false", "0", "off", "no", "inactive"].includes(word)) return false;
  return undefined;
}

/** A length of time such as `PT1M30S` in milliseconds (XML Schema duration without years and months). */
export function durationMs(text: string | undefined): number | undefined {
  const match = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/.exec(
    text?.trim() ?? "",
  );
  if (!match || match.slice(1).every((part) => part === undefined)) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000;
}

/** Milliseconds as the standard writes them. */
export function toDuration(ms: number): string {
  return `PT${Number((Math.max(0, ms) / 1000).toFixed(3))}S`;
}

/** A time such as `2026-01-02T03:04:05Z`, milliseconds since 1970. */
export function epochMs(text: string | undefined): number | undefined {
  if (
    text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?$/.test(text)
  ) {
    return undefined;
  }
  // Without a zone it is UTC, as the standard has it.
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isFinite(ms) ? ms : undefined;
}
