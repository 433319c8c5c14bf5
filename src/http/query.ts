// Reads queries, in which numbers, yes or no, and lists (a,b) arrive as text.
import type { Context } from "hono";
import { z } from "zod";
import { HubError } from "../base/errors.ts";

/** JSON Schema as far as it is read here. */
interface Property {
  type?: string;
  anyOf?: Property[];
}

/** The input of an operation: fields in their own types; what does not look like them stays text, and the schema says what it wants. */
export function queryInput(
  schema: z.ZodObject,
  query: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const fields = Object.entries(query).map(([given, text]) => {
    const name = Object.hasOwn(names, given) ? names[given] ?? given : given;
    const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] as z.ZodType : undefined;
    return [name, field ? typed(typesOf(field), text) : text] as const;
  });
  return Object.fromEntries(fields);
}

function typesOf(field: z.ZodType): Set<string | undefined> {
  const { type, anyOf } = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as Property;
  return new Set([type, ...(anyOf ?? []).map((each) => each.type)]);
}

function typed(types: Set<string | undefined>, text: string): unknown {
  const isNumber = types.has("integer") || types.has("number");
  if (isNumber && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return Number(text);
  if (types.has("array")) return text === "" ? [] : text.split(",");
  if (types.has("boolean") && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** @throws HubError `invalid_input` for what is no number from `min` to `max`. */
export function readNumber(c: Context, name: string, min: number, max: number): number | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new HubError("invalid_input", `${name} cannot be ${JSON.stringify(text)}`, {
    hint: `Give a number from ${min} to ${max}`,
    details: { problems: [{ path: name, message: "Not usable", expected: `${min}…${max}` }] },
  });
}
