// JSON as the cameras speak it: values of unknown shape, looked at with care.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** The value as an object, or nothing if it is something else. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The value as a list, or nothing if it is something else. */
export function asList(value: Json | undefined): Json[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Text as it stands, and numbers as text: cameras take `"10"` and `10` alike. */
export function asText(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

/** A number, or text that is one. */
export function asNumber(value: Json | undefined): number | undefined {
  const text = asText(value);
  if (text === undefined || text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** The object at the end of a path of keys. */
export function objectAt(value: JsonObject | undefined, ...keys: string[]): JsonObject | undefined {
  let at = value;
  for (const key of keys) at = at === undefined ? undefined : asObject(at[key]);
  return at;
}

/** A copy that shares nothing with the original. */
export function copyOf<T extends Json>(value: T): T {
  return structuredClone(value);
}

/** Parses text into an object; nothing if it is not JSON or not an object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
