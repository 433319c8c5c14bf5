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

/** What an operation answers when it was done. */
export function outputJson(operation: Operation): ObjectSchema {
  return objectSchema(operation.output, "output");
}

/** What an operation answers when it was only asked what it would do. */
export function previewJson(): ObjectSchema {
  return objectSchema(previewSchema, "output");
}

/** Everything an operation may answer as one object: of a write, a result or a preview. */
export function resultJson(operation: Operation): ObjectSchema {
  const done = outputJson(operation);
  if (operation.effect === "read") return done;
  const preview = previewJson();
  const isInBoth = (name: string) => preview.required?.includes(name) ?? false;
  return {
    ...done,
    properties: { ...done.properties, ...preview.properties },
    required: (done.required ?? []).filter(isInBoth),
  };
}

function objectSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return withoutSafeBounds(json) as ObjectSchema;
}

/** That a whole number is one JavaScript can hold says nothing to whoever reads a schema. */
function withoutSafeBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSafeBounds);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key, each]) =>
    !(key === "maximum" && each === Number.MAX_SAFE_INTEGER) &&
    !(key === "minimum" && each === Number.MIN_SAFE_INTEGER)
  );
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutSafeBounds(each)]));
}
