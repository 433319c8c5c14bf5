// The routes of the history and of patterns, as the OpenAPI document describes them. Those of `metrics_history.ts`: a
// test holds the two against each other, and answers against these schemas.
import { z } from "zod";
import { PATTERN_KINDS } from "./pattern_params.ts";
import { AGGREGATIONS, TIERS } from "../metrics/history/query.ts";
import { HISTORY_FORMATS } from "../metrics/history/question.ts";
import { FIELD_NAMES } from "../metrics/history/subjects.ts";
import { schemaJson } from "../operations/json_schemas.ts";
import { answer, anyProblem, type Json, problem, ref } from "./openapi_parts.ts";

const text = z.string();
const amount = z.number().optional();
const count = z.int().min(0);

const values = Object.fromEntries(FIELD_NAMES.map((name) => [name, z.number().nullable().optional()]));

/** What `/metrics/history` answers. */
export const historySchema = z.object({
  tier: z.enum(TIERS).meta({ description: "The table that was read" }),
  step_s: z.number(),
  from: text,
  to: text.meta({ description: "Not included" }),
  agg: z.enum(AGGREGATIONS),
  truncated: z.boolean().meta({ description: "true: there is more; ask for less time or longer steps" }),
  fields: z.array(z.object({ name: z.enum(FIELD_NAMES), unit: text })),
  rows: z.array(
    z.object({ time: text.meta({ description: "When the step began, ISO 8601" }), camera: text, ...values }),
  ),
});

/** What `/metrics/history/{camera_id}` answers where nothing but `hours` is asked. */
export const cameraHistorySchema = z.object({
  camera_id: text,
  history: z.array(z.object({
    timestamp: text,
    uptime_seconds: z.number().optional(),
    temperature: z.number().optional(),
    network_latency_ms: z.number().optional(),
    motion_detected: z.boolean().optional(),
    status: z.enum(["online", "offline"]).optional(),
  })),
});

const place = {
  weekday: z.int().min(1).max(7),
  weekday_name: text,
  hour: z.int().min(0).max(23),
  events: count,
};

/** What `/metrics/patterns` answers. */
export const patternSchema = z.object({
  timezone: text,
  weeks: count,
  from: text,
  to: text,
  cells: z.array(
    z.object({ ...place, hours_observed: z.number(), per_hour: amount }),
  ),
  now: z.object({ ...place, usual: amount, ratio: amount, unusual: z.boolean().optional() }),
});

/** Schemas that the paths name. */
export function historySchemas(): Json {
  return {
    MetricsHistory: schemaJson(historySchema),
    CameraHistory: schemaJson(cameraHistorySchema),
    EventPatterns: schemaJson(patternSchema),
  };
}

const MOMENT = "A time such as 2026-05-01T08:00:00Z, milliseconds or seconds since 1970, now, or now-6h";

const cut = [
  query("from", `${MOMENT}; left out: a day before to`),
  query("to", MOMENT, { default: "now" }),
  query(
    "step",
    "Length of a step, such as 30s, 5m, 1h, or seconds; left out: the finest that gives 1000 at most",
  ),
  query("agg", "How values of a step become one", { enum: AGGREGATIONS, default: "avg" }),
  query("fields", `Names with commas: ${FIELD_NAMES.join(", ")}; left out: all`),
  query("fill", "null: steps of which nothing is known have rows, too", { enum: ["null", "none"] }),
  query("format", "rows of JSON, or CSV", { enum: HISTORY_FORMATS, default: "rows" }),
];
const cameras = query("camera", "Ids with commas, removed ones included; @hub: the hub; left out: all");
const common = { tags: ["system"] };
const csv = { "text/csv": { schema: { type: "string" } } };
const unknown = problem("There is no such camera, and nothing is kept of one");

/** Paths with their methods; to be laid over those of operations. */
export function historyPaths(): Record<string, Json> {
  return {
    "/metrics/history": {
      get: {
        ...common,
        operationId: "get_metrics_history",
        summary: "Measured values over time",
        description: "Of several cameras, in equal steps; 1000 steps of each and 20,000 rows at most. " +
          "Needs the role viewer.",
        parameters: [cameras, ...cut],
        responses: responses("MetricsHistory"),
      },
    },
    "/metrics/history/{camera_id}": {
      get: {
        ...common,
        operationId: "get_camera_history",
        summary: "The last hours of a camera",
        description: "With any of from, to, step, agg, fields, fill and format, the answer is that of " +
          "/metrics/history. Needs the role viewer.",
        parameters: [
          { name: "camera_id", in: "path", required: true, schema: { type: "string", maxLength: 64 } },
          query("hours", "How far back, above 0", { type: "number", default: 1 }),
          ...cut,
        ],
        responses: responses("CameraHistory", "MetricsHistory"),
      },
    },
    "/metrics/patterns": {
      get: {
        ...common,
        operationId: "get_event_patterns",
        summary: "When in the week things happen",
        description: "How many events began in each hour of each weekday, and whether now is unusual. " +
          "Needs the role viewer.",
        parameters: [
          query("camera", "Ids with commas, removed ones included; left out: all"),
          query("kind", `Kinds with commas: ${PATTERN_KINDS.join(", ")}; left out: all that cameras notice`),
          query("weeks", "How many, 1 to 53", { type: "integer", minimum: 1, maximum: 53, default: 4 }),
          query(
            "tz",
            "A time zone such as Europe/Vienna; left out: metrics.timezone, or that of the machine",
          ),
          query("format", "rows of JSON, or CSV", { enum: HISTORY_FORMATS, default: "rows" }),
        ],
        responses: responses("EventPatterns"),
      },
    },
  };
}

function query(name: string, description: string, schema: Json = {}): Json {
  return { name, in: "query", required: false, description, schema: { type: "string", ...schema } };
}

function responses(...schemas: string[]): Json {
  const [only = "", ...more] = schemas;
  const json = answer("What is known", more.length === 0 ? ref(only) : { anyOf: schemas.map(ref) });
  return {
    200: { ...json, content: { ...json.content as Json, ...csv } },
    404: unknown,
    default: anyProblem,
  };
}
