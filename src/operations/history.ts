// Operations on what was measured.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { AGGREGATIONS, TIERS } from "../metrics/history/query.ts";
import { parseSpan } from "../metrics/history/question.ts";
import { FIELD_NAMES, fieldsFor, requireKnown, subjectsFor } from "../metrics/history/subjects.ts";
import { type Series, summarize } from "../metrics/history/summary.ts";
import { read } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const amount = z.number().optional();
const series = z.object(
  {
    camera_id: z.string(),
    field: z.enum(FIELD_NAMES),
    unit: z.string(),
    last: amount,
    min: amount,
    max: amount,
    avg: amount,
    total: amount,
    points: z.array(z.number().nullable()).optional().meta({
      description: "One each step_s, beginning at from; null: not known",
    }),
  } satisfies Record<keyof Series, z.ZodType>,
);

const queryMetrics = read({
  name: "query_metrics",
  title: "Metrics over time",
  summary: "Tells how latency, uptime, motion and others were over time",
  toolset: "system",
  input: z.object({
    camera_id: z.string().optional().meta({ description: "Left out: all; @hub: the hub itself" }),
    fields: z.array(z.enum(FIELD_NAMES)).optional(),
    from: z.string().default("now-24h").meta({ description: "Like now-6h, or ISO 8601" }),
    to: z.string().default("now"),
    step: z.string().optional().meta({ description: "Like 5m" }),
    agg: z.enum(AGGREGATIONS).default("avg"),
  }),
  output: z.object({
    success: schemas.success,
    from: z.string(),
    to: z.string(),
    step_s: z.number(),
    tier: z.enum(TIERS),
    truncated: z.boolean().meta({ description: "true: there is more than was answered" }),
    series: z.array(series),
  }),
  examples: [
    {
      title: "How the latency was last night",
      input: { camera_id: "front-door", fields: ["latency_ms"], from: "now-12h" },
    },
    { title: "The hub's own load today", input: { camera_id: "@hub", fields: ["cpu_percent"] } },
  ],
  run: async ({ hub: { clock, history, manager } }, { camera_id, fields: named, agg, ...given }) => {
    const cameras = manager.cameras.map(({ id }) => id);
    const asked = camera_id === undefined ? undefined : [camera_id];
    const fields = named ?? fieldsFor(asked);
    const subjects = asked ?? subjectsFor(fields, cameras);
    requireKnown(subjects, { history, cameras });
    const span = parseSpan(given, clock.now());
    const answer = await summarize(history, { ...span, subjects, fields, aggregation: agg });
    return {
      success: true as const,
      from: isoTime(answer.fromMs),
      to: isoTime(answer.toMs),
      step_s: answer.stepMs / 1000,
      tier: answer.tier,
      truncated: answer.isTruncated,
      series: answer.series,
    };
  },
});

export const HISTORY_OPERATIONS: readonly Operation[] = [queryMetrics];
