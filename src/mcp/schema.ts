// Operations' schemas as tools advertise them: made once, strict for the reader, permissive for the SDK.
import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { inputJson, outputJson } from "../operations/json_schemas.ts";
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
  const input = asRead(inputJson(operation)) as Json;
  const schemas = { input: advertised(input), output: advertised(outputSchema(operation)) };
  made.set(operation, schemas);
  return schemas;
}

/**
 * What a model needs of an input: every tool's stands in the one list. Patterns and lengths of texts say less than the
 * description beside them, what is left out is false unless another default is told, and free fields need no word;
 * `invoke` holds the input against all of it all the same, and says what was expected.
 */
function asRead(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asRead);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([key, value]) => !isPlain(key, value));
  return Object.fromEntries(kept.map(([key, value]) => [key, asRead(value)]));
}

function isPlain(key: string, value: unknown): boolean {
  switch (key) {
    case "pattern":
      return typeof value === "string";
    case "minLength":
    case "maxLength":
      return typeof value === "number";
    case "default":
      return value === false;
    case "propertyNames":
      return true;
    case "additionalProperties":
      return value !== false && Object.keys(Object(value)).length === 0;
    default:
      return false;
  }
}

/**
 * A write may also answer with what it would do. The root must be an object: clients refuse others. What lies deep is
 * left out, for the list is long: the OpenAPI description has all of it.
 */
function outputSchema(operation: Operation): Json {
  const own = shallow(outputJson(operation), LEVELS[operation.effect]) as Json;
  return operation.effect === "read" ? own : { type: "object", anyOf: [own, PREVIEW] };
}

/** Levels of properties that are told: of what a read answers, and of what a write has brought about. */
const LEVELS = { read: 2, write: 1, destructive: 1 } as const;

/** Cuts a schema below so many levels of properties. */
function shallow(node: unknown, levels: number): unknown {
  if (Array.isArray(node)) return node.map((each) => shallow(each, levels));
  if (node === null || typeof node !== "object") return node;
  const { properties, required, additionalProperties: _, propertyNames: __, ...rest } = node as Json;
  const own = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, shallow(each, levels)]));
  if (properties === undefined || levels === 0) return own;
  const told = Object.entries(properties as Json).map(([key, each]) => [key, shallow(each, levels - 1)]);
  return { ...own, properties: Object.fromEntries(told), ...(required === undefined ? {} : { required }) };
}

/** What stands in `previewSchema`, as short as every tool's list can bear. */
const PREVIEW: Json = {
  type: "object",
  properties: { would: { type: "string" } },
  required: ["would"],
};

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
