// Reads what Tapo devices say leniently: numbers and switches come as strings, and what is unknown is undefined.

/** An object of a device's JSON, not yet looked at. */
export type TapoObject = Record<string, unknown>;

/** The value as an object; undefined for anything else, lists included. */
export function asObject(value: unknown): TapoObject | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? value as TapoObject
    : undefined;
}

/** The value as a list; empty for anything else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What stands at the end of the path, or undefined where the path ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    const object = asObject(here);
    if (!object || !Object.hasOwn(object, key)) return undefined;
    here = object[key];
  }
  return here;
}

/** A text that says something; numbers become text, an empty text is undefined. */
export function asText(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A finite number, also from a text such as "50" or "-0.328380". */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/.test(value)) return undefined;
  return Number(value);
}

/** A switch: "on"/"off", "1"/"0" or a boolean. Anything else, such as the "auto" of doorbells, is undefined. */
export function asOnOff(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = asText(value)?.trim().toLowerCase();
  if (text === "on" || text === "1" || text === "true") return true;
  if (text === "off" || text === "0" || text === "false") return false;
  return undefined;
}

/** "YES" or "NO", as batteries say it, or a switch. */
export function asYesNo(value: unknown): boolean | undefined {
  return asOnOff(asText(value)?.trim().toLowerCase().replace(/^yes$/, "on").replace(/^no$/, "off") ?? value);
}

/** The texts of a list; what is no text is left out. */
export function asTexts(value: unknown): string[] {
  return asList(value).map(asText).filter((text) => text !== undefined);
}

/** Seconds since 1970; 0 is how devices say "never" and becomes undefined. */
export function asEpochSeconds(value: unknown): number | undefined {
  const seconds = asNumber(value);
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}

/** How a switch is written. */
export function onOff(on: boolean): "on" | "off" {
  return on ? "on" : "off";
}

/** A MAC address as `F0:A7:31:00:00:00`; devices write it with dashes, colons or nothing between. */
export function asMac(value: unknown): string | undefined {
  const digits = asText(value)?.replace(/[^0-9a-f]/gi, "").toUpperCase();
  return digits?.length === 12 ? digits.match(/../g)?.join(":") : undefined;
}

/**
 * The objects of a table. Devices wrap each row in an object with one numbered key, such as
 * `{"hd_info_1": {…}}`; rows without the wrapping are taken as they are.
 */
export function asRows(value: unknown): TapoObject[] {
  const rows: TapoObject[] = [];
  for (const entry of asList(value)) {
    const object = asObject(entry);
    if (!object) continue;
    const inner = Object.values(object).map(asObject).filter((each) => each !== undefined);
    const isWrapped = inner.length > 0 && inner.length === Object.keys(object).length;
    if (isWrapped) rows.push(...inner);
    else rows.push(object);
  }
  return rows;
}

/** The members that may be undefined become optional. */
export type Known<T> =
  & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }
  & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The object without the members that are undefined: what a device does not tell is absent. */
export function known<T extends object>(object: T): Known<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Known<T>;
}
