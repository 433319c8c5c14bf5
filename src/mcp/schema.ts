// Operations' schemas as tools advertise them: made once, strict for the reader, permissive for the SDK.
import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";
import { previewSchema } from "../operations/invoke.ts";
import type { Operation } from "../operations/operation.ts";

type Json = Record<string, unknown>;
type Advertised = StandardSchemaWithJSON<Json, Json>;

/** What a tool tells of its input and output. */
export interface ToolSchemas {
  input: Advertised;
  output: Advertised;
}

const made = new WeakMap<Operation, ToolSchemas>();

/** The schemas of an operation; the same objects each time. */
export function toolSchemas(operation: Operation): ToolSchemas {
  const known = made.get(operation);
  if (known) return known;
  const schemas = {
    input: advertised(jsonSchema(operation.input, "input")),
    output: advertised(outputSchema(operation)),
  };
  made.set(operation, schemas);
  return schemas;
}

/** A write may also answer with what it would do. The root must be an object: clients refuse others. */
function outputSchema({ output, effect }: Operation): Json {
  const own = jsonSchema(output, "output");
  return effect === "read" ? own : { type: "object", anyOf: [own, PREVIEW] };
}

/** Lets any value through: `invoke` checks, so that the client reads the hub's words and not the SDK's. */
function advertised(json: Json): Advertised {
  return {
    "~standard": {
      version: 1,
      vendor: "tapo-camera-mcp",
      validate: (value) => ({ value: (value ?? {}) as Json }),
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

/** Without `$schema`: it is the default dialect, and a client that knows only older ones would stumble over it. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return json;
}

const PREVIEW = jsonSchema(previewSchema, "output");
