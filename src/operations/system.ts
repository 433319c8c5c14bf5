// Operations on the hub itself.
import { z } from "zod";
import { type Operation, operation } from "./operation.ts";
import * as schemas from "./schemas.ts";
import type { StatusView } from "./views.ts";

const ids = z.array(z.string());

const getSystemInfo = operation({
  name: "get_system_info",
  title: "Hub status",
  summary: "Tells the hub's version, uptime, cameras by state, streams, processes, storage and warnings",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    success: schemas.success,
    hub: z.custom<StatusView>((value) => typeof value === "object" && value !== null),
  }),
  run: async ({ hub, signal }) => ({ success: true as const, hub: await hub.status(signal) }),
});

const reloadConfig = operation({
  name: "reload_config",
  title: "Reload the configuration",
  summary: "Reads the configuration file anew; streams of cameras that did not change go on",
  effect: "write",
  input: z.strictObject({}),
  output: z.object({
    success: schemas.success,
    added: ids,
    removed: ids,
    changed: ids,
    unchanged: ids,
    needs_restart: ids.meta({ description: "Options that changed but take effect only after a restart" }),
    verified: schemas.verified,
  }),
  run: async ({ hub }) => ({
    success: true as const,
    ...await hub.reloadConfig(),
    verified: "acknowledged" as const,
  }),
});

export const SYSTEM_OPERATIONS: readonly Operation[] = [getSystemInfo, reloadConfig];
