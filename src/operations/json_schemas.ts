// The schemas of operations as JSON Schema, for everything that describes them.
import { z } from "zod";
import { previewSchema } from "./invoke.ts";
import type { Operation } from "./operation.ts";

/** A JSON Schema of an object. */
export interface ObjectSchema {
  type: "object";
  properties: Record<string, unknown>;
  required?: string[];
  additionalProperties?: unknown;
  [keyword: string]: unknown;
}

/** What an operation takes. */
export function inputJson(operation: Operation): ObjectSchema {
  return objectSchema(operation.input, "input");
}

/** What an operation answers when it was done. Answers may grow: no schema forbids other fields. */
export function outputJson(operation: Operation): ObjectSchema {
  return objectSchema(operation.output, "output");
}

/** What an operation answers when it was only asked what it would do. */
export function previewJson(): ObjectSchema {
  return objectSchema(previewSchema, "output");
}

/** A schema of answers outside of operations. */
export function schemaJson(schema: z.ZodObject): ObjectSchema {
  return objectSchema(schema, "output");
}

/** What an operation is for, in the sentences that a model reads. */
export function descriptionOf({ summary, guide }: Operation): string {
  return `${guide === undefined ? summary : `${summary}. ${guide}`}.`;
}

function objectSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return shortened(json, io) as ObjectSchema;
}

/**
 * Without what says nothing to whoever reads it: that whole numbers are those that JavaScript can hold, and how a
 * date is spelt where it is called one.
 */
function shortened(node: unknown, io: "input" | "output"): unknown {
  if (Array.isArray(node)) return node.map((each) => shortened(each, io));
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([key, value]) =>
    Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER &&
    !(io === "output" && key === "additionalProperties" && value === false) &&
    !(key === "pattern" && "format" in node && node.format === "date-time")
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, shortened(value, io)]));
}
