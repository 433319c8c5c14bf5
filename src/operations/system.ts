// Operations on the hub itself.
import { z } from "zod";
import { lostBy, reloadResult } from "../devices/reload_plan.ts";
import { read, write } from "./define.ts";
import type { Operation } from "./operation.ts";
import { effectOnRecordings } from "./recording_effects.ts";
import * as schemas from "./schemas.ts";
import type { StatusView } from "./views.ts";

const ids = z.array(z.string());
const { count } = schemas;

const status = z.object(
  {
    version: z.string(),
    uptime_s: count,
    cameras: z.looseObject({ total: count }).meta({ description: "How many have each status" }),
    streams: z.object({ running: count, viewers: count, frames_total: count, dropped_total: count }),
    processes: z.array(z.object({
      name: z.string(),
      program: z.string(),
      pid: count,
      cpu_seconds: z.number().optional(),
      rss_bytes: count.optional(),
      uptime_s: z.number(),
    })),
    hub: z.object({
      rss_bytes: count,
      cpu_seconds: z.number(),
      loop_lag_ms: z.object({ last: z.number(), max: z.number() }),
    }),
    storage: z.object({
      data_dir: z.string(),
      persistent: z.boolean().meta({ description: "false: all is forgotten when the hub stops" }),
      free_bytes: z.number().optional(),
    }),
    events: z.object({
      count,
      bytes: count.meta({ description: "In the database, as estimated" }),
      pictures: count,
      picture_bytes: count,
      keep_days: z.number(),
      max_bytes: z.number(),
      max_picture_bytes: z.number(),
    }).optional().meta({ description: "The journal of events, and what may be kept of it" }),
    warnings: z.array(z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      since: z.string(),
    })),
  } satisfies Record<keyof StatusView, z.ZodType>,
);

const getSystemInfo = read({
  name: "get_system_info",
  title: "Hub status",
  summary: "Tells the hub's version, uptime, cameras by state, streams, processes, storage and warnings",
  guide: "Ask it when something seems wrong: warnings say what a person should do",
  toolset: "system",
  input: z.object({}),
  output: z.object({ success: schemas.success, hub: status }),
  http: { method: "GET", path: "/api/status", field: "hub" },
  examples: [{ title: "Now", input: {} }],
  run: async ({ hub, signal }) => ({ success: true as const, hub: await hub.status(signal) }),
});

const reloadConfig = write({
  name: "reload_config",
  title: "Reload the configuration",
  summary: "Reads the configuration file anew; streams of cameras that did not change go on",
  toolset: "system",
  event: { kind: "config_change", what: "configuration reloaded" },
  role: "admin",
  input: z.object({}),
  output: z.object({
    success: schemas.success,
    added: ids,
    removed: ids,
    changed: ids,
    unchanged: ids,
    needs_restart: ids.meta({ description: "Options that changed but take effect only after a restart" }),
    verified: schemas.verified,
  }),
  examples: [{ title: "Reload", input: {} }],
  would: async ({ hub }) => {
    const plan = await hub.planReload();
    const { added, changed, removed } = reloadResult(plan);
    const parts = Object.entries({ add: added, change: changed, remove: [...removed, ...plan.yield] })
      .filter(([, cameras]) => cameras.length > 0)
      .map(([verb, cameras]) => `${verb} ${cameras.join(", ")}`);
    const lost = lostBy(plan);
    const interrupted = changed.filter((camera) => !lost.includes(camera));
    return `Read the configuration file anew: ${parts.join("; ") || "no camera comes, changes or goes"}` +
      await effectOnRecordings(hub, { ended: lost, interrupted });
  },
  run: async ({ hub }) => ({
    success: true as const,
    ...await hub.reloadConfig(),
    verified: "acknowledged" as const,
  }),
});

export const SYSTEM_OPERATIONS: readonly Operation[] = [getSystemInfo, reloadConfig];
