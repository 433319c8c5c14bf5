// Operations that tell what the hub wrote into its log, and what was changed by whom.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { LOG_LEVELS } from "../base/log.ts";
import type { LogLine } from "../base/log_ring.ts";
import { idSchema } from "../config/schema.ts";
import { read } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const line = z.looseObject({
  time: z.string(),
  level: z.enum(LOG_LEVELS),
  message: z.string(),
  camera: z.string().optional(),
});

/** Over MCP an answer goes out twice, as text and as data; clients refuse results of a megabyte. */
const MAX_ANSWER_BYTES = 400_000;

const getLogs = read({
  name: "get_logs",
  title: "The hub's log",
  summary: "Tells the newest lines of the hub's log, oldest first; secrets are blanked",
  guide: "Use it to find out why a camera or an operation fails. The hub keeps the last 2000 lines in memory",
  toolset: "system",
  role: "operator",
  input: z.object({
    level: z.enum(LOG_LEVELS).default("info").meta({ description: "This level and above" }),
    limit: z.int().min(1).max(1000).default(100),
    camera_id: idSchema.optional().meta({ description: "Only lines about this camera" }),
    since: schemas.time.optional().meta({ description: "Only lines of this time or later" }),
  }),
  output: z.object({
    success: schemas.success,
    lines: z.array(line),
    more: z.boolean().meta({ description: "true: older lines fit the question too" }),
  }),
  examples: [
    { title: "What went wrong lately", input: { level: "warn", limit: 20 } },
    { title: "About one camera", input: { camera_id: "front-door" } },
  ],
  run: ({ hub }, { level, limit, camera_id, since }) => {
    const sinceMs = schemas.epochMs(since);
    const found = hub.logs.list({ level, limit: limit + 1, camera: camera_id, sinceMs });
    const lines = newestWithin(found.slice(-limit), MAX_ANSWER_BYTES);
    return Promise.resolve({ success: true as const, lines, more: lines.length < found.length });
  },
});

/** As many of the last lines as are no longer than that. */
function newestWithin(lines: readonly LogLine[], maxBytes: number): LogLine[] {
  const encoder = new TextEncoder();
  let leftBytes = maxBytes;
  const tooMuch = lines.findLastIndex((each) => {
    leftBytes -= encoder.encode(JSON.stringify(each)).length + 1;
    return leftBytes < 0;
  });
  return lines.slice(tooMuch + 1);
}

const listAudit = read({
  name: "list_audit",
  title: "Who changed what",
  summary: "Lists the changes that were asked for, newest first: when, by whom, with what input and outcome",
  guide: "Kept for 90 days. outcome is done, or the kind of error; dry runs are left out",
  toolset: "system",
  role: "admin",
  input: z.object({
    camera_id: idSchema.optional().meta({ description: "Only changes of this camera" }),
    user: z.string().max(200).optional().meta({ description: "Only changes by this user or token" }),
    operation: z.string().max(100).optional(),
    before: schemas.count.optional().meta({ description: "For the next page: id of the last entry" }),
    limit: z.int().min(1).max(1000).default(100),
  }),
  output: z.object({
    success: schemas.success,
    entries: z.array(z.object({
      id: schemas.count,
      time: z.string(),
      user: z.string(),
      role: z.string(),
      operation: z.string(),
      camera_id: z.string().optional(),
      input: z.record(z.string(), z.unknown()),
      outcome: z.string(),
      message: z.string().optional(),
      verified: z.string().optional(),
    })),
  }),
  examples: [{ title: "Changes of one camera", input: { camera_id: "front-door", limit: 20 } }],
  run: async ({ hub }, { camera_id, ...query }) => {
    const rows = await hub.auditLog.list({ ...query, camera: camera_id });
    const entries = rows.map(({ timeMs, camera, input, ...row }) => ({
      ...row,
      time: isoTime(timeMs),
      camera_id: camera,
      input: JSON.parse(input) as Record<string, unknown>,
    }));
    return { success: true as const, entries };
  },
});

export const LOG_OPERATIONS: readonly Operation[] = [getLogs, listAudit];
