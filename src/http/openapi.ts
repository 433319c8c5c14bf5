// The OpenAPI 3.1 description of the JSON API, made from the list of operations.
import { z } from "zod";
import { problemKinds } from "../operations/error_table.ts";
import {
  descriptionOf,
  inputJson,
  type ObjectSchema,
  outputJson,
  previewJson,
} from "../operations/json_schemas.ts";
import type { Operation, Route } from "../operations/operation.ts";
import { answer, anyProblem, type Json, problem, ref } from "./openapi_parts.ts";
import { historyPaths, historySchemas } from "./history_openapi.ts";
import { recordingPaths, recordingSchemas } from "./recording_openapi.ts";

const INFO =
  "Any operation by its name under /api/operations, and routes shaped like the things they are about; of those " +
  "that are no operations only those of recordings and of the history are described here. " +
  "Everything needs a login (cookie) or a token. Errors are application/problem+json.";

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  error: z.string(),
  error_code: z.enum(problemKinds()),
  message: z.string(),
  recovery_options: z.array(z.string()),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** Describes operations and their routes. */
export function openApi(operations: Iterable<Operation>, version: string): Json {
  const all = [...operations];
  const schemas: Json = {
    Problem: withoutDialect(z.toJSONSchema(problemSchema)),
    Preview: previewJson(),
    ...recordingSchemas(),
    ...historySchemas(),
  };
  const paths: Record<string, Json> = {};
  for (const operation of all) {
    schemas[inputName(operation)] = inputJson(operation);
    schemas[outputName(operation)] = outputJson(operation);
    paths[`/api/operations/${operation.name}`] = { post: byName(operation) };
  }
  for (const operation of all) {
    if (!operation.http) continue;
    const path = operation.http.path.replace(/:([a-z_]+)/g, "{$1}");
    const method = operation.http.method.toLowerCase();
    paths[path] = { ...paths[path], [method]: byRoute(operation, operation.http) };
  }
  for (const [path, methods] of Object.entries({ ...recordingPaths(), ...historyPaths() })) {
    paths[path] = { ...paths[path], ...methods };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tapo Camera MCP",
      version,
      description: INFO,
      license: { name: "MIT", identifier: "MIT" },
    },
    security: [{ session: [] }, { token: [] }],
    tags: [...new Set(all.map(({ toolset }) => toolset))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      responses: {
        Problem: {
          description: "Why it was not done",
          content: { "application/problem+json": { schema: ref("Problem") } },
        },
      },
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "tapocam_session_7777",
          description: "From logging in at /login; the number is the hub's port",
        },
        token: { type: "http", scheme: "bearer", description: "From tapo-camera-mcp token create" },
      },
    },
  };
}

function byName(operation: Operation): Json {
  const examples = Object.fromEntries(operation.examples.map(({ title, input }) => [
    exampleName(title),
    { summary: title, value: input },
  ]));
  return {
    ...head(operation, operation.name),
    requestBody: {
      required: (inputJson(operation).required ?? []).length > 0,
      content: { "application/json": { schema: ref(inputName(operation)), examples } },
    },
    responses: responses(operation),
  };
}

function byRoute(operation: Operation, route: Route): Json {
  const { properties, required = [], ...rest } = inputJson(operation);
  const inPath = [...route.path.matchAll(/:([a-z_]+)/g)].map(([, name]) => name ?? "");
  const hasBody = route.method === "POST" || route.method === "PATCH";
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const shortOf = new Map(Object.entries(route.names ?? {}).map(([short, name]) => [name, short]));
  const parameters = [
    ...inPath.map((name) => ({ name, in: "path", required: true, schema: properties[name] })),
    ...(hasBody ? [] : others.map((name) => ({
      name: shortOf.get(name) ?? name,
      in: "query",
      required: required.includes(name),
      schema: properties[name],
      ...(isList(properties[name]) ? { style: "form", explode: false } : {}),
    }))),
  ];
  const body: ObjectSchema = {
    ...rest,
    type: "object",
    properties: Object.fromEntries(others.map((name) => [name, properties[name]])),
    required: required.filter((name) => !inPath.includes(name)),
  };
  const content = { "application/json": { schema: inPath.length > 0 ? body : ref(inputName(operation)) } };
  return {
    ...head(operation, `${route.method.toLowerCase()}_${operation.name}`),
    parameters,
    ...(hasBody ? { requestBody: { required: true, content } } : {}),
    responses: responses(operation, route),
  };
}

/** In a query its values stand behind one another, with commas. */
function isList(schema: unknown): boolean {
  return (schema as { type?: string }).type === "array";
}

function head(operation: Operation, operationId: string): Json {
  return {
    operationId,
    tags: [operation.toolset],
    summary: operation.title,
    description: `${descriptionOf(operation)} Needs the role ${operation.role}.`,
  };
}

function responses(operation: Operation, route?: Route): Json {
  const output = route?.field === undefined
    ? ref(outputName(operation))
    : outputJson(operation).properties[route.field];
  const isRead = operation.effect === "read";
  const done = route?.status ?? 200;
  const preview = answer("What would be done (dry_run)", ref("Preview"));
  const both = answer("What came of it, or what would be done (dry_run)", {
    oneOf: [output, ref("Preview")],
  });
  return {
    ...(isRead || done !== 200 ? { [done]: answer("What came of it", output) } : { 200: both }),
    ...(isRead || done === 200 ? {} : { 200: preview }),
    ...(operation.effect === "destructive"
      ? { 409: problem("It must be confirmed: details.would says what would be done") }
      : {}),
    default: anyProblem,
  };
}

function inputName({ name }: Operation): string {
  return `${pascal(name)}Input`;
}

function outputName({ name }: Operation): string {
  return `${pascal(name)}Result`;
}

function pascal(name: string): string {
  return name.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function exampleName(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}

function withoutDialect({ $schema: _, ...json }: Json): Json {
  return json;
}
