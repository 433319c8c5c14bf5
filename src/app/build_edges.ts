// What the outside reaches: logins, pages, API, MCP, metrics.
import type { PushDevices } from "../alerts/push_devices.ts";
import { Access } from "../auth/access.ts";
import type { LoginListener } from "../auth/login_attempt.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Journal } from "../events/journal.ts";
import { LoginEvents } from "../events/login_events.ts";
import { httpApp, type HttpDeps } from "../http/app.ts";
import { HandOver } from "../http/hand_over.ts";
import type { Handler } from "../http/listener.ts";
import type { FolderLock } from "../store/folder_lock.ts";
import { OpenStreams } from "../http/open_streams.ts";
import type { History } from "../metrics/history/history.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Hub } from "../operations/hub.ts";
import type { Launcher } from "../process/launcher.ts";
import { AccessTables } from "../store/access_tables.ts";
import { KeyFile } from "../store/key_file.ts";
import type { Store } from "../store/open_store.ts";
import { webRoutes } from "../web/routes.tsx";
import { buildMcp } from "./build_mcp.ts";
import { historyDeps } from "./history_deps.ts";
import type { LiveConfig } from "./live_config.ts";
import type { HubOptions } from "./options.ts";
import { webDeps } from "./web_deps.ts";

/** What they are made of. */
export interface EdgeParts {
  config: LiveConfig;
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  journal: Journal;
  warnings: Warnings;
  push: PushDevices;
  metrics: Metrics;
  history: History;
}

/** What the outside reaches. */
export function buildEdges(
  options: HubOptions,
  store: Store,
  { core, hub, lock }: { core: EdgeParts; hub: Hub; lock: FolderLock | undefined },
) {
  const { config, launcher, log, warnings, push, metrics } = core;
  const onAttempt = new LoginEvents(core).note;
  const access = buildAccess(store, { warnings, onAttempt, sessionDays: config.now.auth.session_days });
  const pages = config.now.server.dashboard
    ? webRoutes(webDeps(hub, { ...core, access, layout: options.layout }))
    : undefined;
  const openStreams = new OpenStreams();
  const hostnames = () => config.now.server.hostnames;
  const mcp = buildMcp(options, { hub, launcher, hostnames, onCall: metrics.noteToolCall });
  const history = historyDeps(store, { hub, timezone: () => config.now.metrics.timezone });
  const measured = { metrics, history, grafana: () => config.now.grafana };
  const deps = { access, hub, launcher, log, openStreams, pages, push, mcp: mcp.onHttp, metrics: measured };
  return { access, mcp, openStreams, push, measured, ...buildHttp(options, lock, deps) };
}

/** What answers requests; in a hub that gives way with its calls counted. */
function buildHttp(
  { giveWay: stop }: HubOptions,
  lock: FolderLock | undefined,
  deps: Omit<HttpDeps, "handOver">,
): { handler: Handler; handOver: HandOver | undefined } {
  const handOver = stop && lock && new HandOver({ reserve: () => lock.reserve(), stop });
  const handler = httpApp({ ...deps, handOver }).fetch as Handler;
  return { handler: handOver?.counted(handler) ?? handler, handOver };
}

function buildAccess(
  { database, dataDir }: Store,
  { warnings, ...options }: { warnings: Warnings; sessionDays: number; onAttempt: LoginListener },
): Access {
  const keyFile = new KeyFile(
    `${dataDir}/tickets.key`,
    (error) => warnings.raise("storage", error.message, error.hint),
  );
  return new Access(new AccessTables(database), {
    ...options,
    clock: systemClock,
    ticketKey: keyFile.read,
    onVolatile: (error) => warnings.raise("storage", error.message, error.hint),
  });
}
