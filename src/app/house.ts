// Builds every part of the hub explicitly; nothing runs yet.
import { Access } from "../auth/access.ts";
import { systemClock } from "../base/clock.ts";
import { LoopLag } from "../base/loop_lag.ts";
import { NetworkGuard } from "../base/network.ts";
import { VERSION } from "../base/version.ts";
import { Warnings } from "../base/warnings.ts";
import { CameraCatalog } from "../devices/catalog.ts";
import { together } from "../devices/companions.ts";
import type { DriverContext } from "../devices/driver.ts";
import { LoginTurns } from "../devices/login_turns.ts";
import { type Companion, DeviceManager } from "../devices/manager.ts";
import { SessionSlots } from "../devices/session_slots.ts";
import { Shared } from "../devices/shared.ts";
import { DRIVERS } from "../drivers/index.ts";
import { Journal } from "../events/journal.ts";
import { EventObserver } from "../events/observer.ts";
import { httpApp } from "../http/app.ts";
import { OpenStreams } from "../http/open_streams.ts";
import { Media } from "../media/media.ts";
import { streamTuning } from "../media/tuning.ts";
import { AuditLog } from "../operations/audit_log.ts";
import type { Hub } from "../operations/hub.ts";
import { hubStatus } from "../operations/hub_status.ts";
import { Launcher } from "../process/launcher.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import { SnapshotFiles } from "../recordings/snapshot_files.ts";
import { AccessTables } from "../store/access_tables.ts";
import { AuditTable } from "../store/audit_table.ts";
import { CamerasTable } from "../store/cameras_table.ts";
import { DeviceMemoryTable } from "../store/device_memory_table.ts";
import { EventsTable } from "../store/events_table.ts";
import type { Store } from "../store/open_store.ts";
import { webRoutes } from "../web/routes.tsx";
import { buildMcp } from "./build_mcp.ts";
import { buildRecordings } from "./build_recordings.ts";
import type { HubOptions } from "./options.ts";
import { LiveConfig } from "./live_config.ts";
import { webDeps } from "./web_deps.ts";

/** Every part of the hub. */
export type House = ReturnType<typeof buildHouse>;

/** What all drivers share. */
function driverContext({ loaded, log }: HubOptions, store: Store, launcher: Launcher): DriverContext {
  const clock = systemClock;
  return {
    launcher,
    clock,
    log,
    network: new NetworkGuard(loaded.config.network.allow),
    memory: new DeviceMemoryTable(store.database, clock),
    logins: new LoginTurns(clock),
    slots: new SessionSlots(),
    shared: new Shared(),
  };
}

/** Builds every part; nothing runs yet. */
export function buildHouse(options: HubOptions, store: Store) {
  const clock = systemClock;
  const { log } = options;
  const config = new LiveConfig(options);
  let port: number | undefined;
  const launcher = new Launcher({ clock });
  const context = driverContext(options, store, launcher);
  const media = new Media({
    launcher,
    clock,
    get tuning() {
      return streamTuning(config.now);
    },
  }, { maxViewers: () => config.now.streams.max_viewers, slots: context.slots });
  const journal = new Journal({ table: new EventsTable(store.database), clock, log });
  const auditLog = new AuditLog({ table: new AuditTable(store.database), clock, log });
  const observer = new EventObserver({ journal, clock, log });
  const companion: Companion = (camera, signal) =>
    together(media.accompany, observer.accompany, recordings.accompany)(camera, signal);
  const manager = new DeviceManager({ drivers: DRIVERS, context, companion });
  const catalog = new CameraCatalog({ manager, table: new CamerasTable(store.database, clock), context });
  const warnings = new Warnings(() => clock.now());
  const parts = { clock, manager, media, launcher };
  const recordings = buildRecordings(options, store, { ...parts, log, warnings });
  const lag = new LoopLag();
  const access = buildAccess(store, warnings, config.now.auth.session_days);
  const sources = {
    ...parts,
    version: VERSION,
    startedAtMs: clock.now(),
    lag,
    store,
    warnings,
    journal,
  };
  const hub: Hub = {
    ...parts,
    catalog,
    recordings,
    snapshots: new SnapshotFiles(options.dataDir, { freeSpace: readFreeSpace, log }),
    journal,
    status: (signal) => hubStatus(sources, signal),
    auditLog,
    audit: (entry) => auditLog.note(entry),
    logs: options.logs,
    origin: () => port === undefined ? undefined : `http://${options.linkHost}:${port}`,
    reloadConfig: () => config.reload(catalog),
  };
  const pages = config.now.server.dashboard
    ? webRoutes(webDeps(hub, access, warnings, options.layout))
    : undefined;
  const openStreams = new OpenStreams();
  const mcp = buildMcp(options, { hub, launcher, hostnames: () => config.now.server.hostnames });
  const app = httpApp({ access, hub, launcher, log, openStreams, pages, mcp: mcp.onHttp });
  return {
    app,
    openStreams,
    access,
    auditLog,
    catalog,
    context,
    config: () => config.now,
    serves: (at: number) => void (port = at),
    hub,
    journal,
    lag,
    launcher,
    manager,
    mcp,
    store,
    warnings,
  };
}

function buildAccess({ database }: Store, warnings: Warnings, sessionDays: number): Access {
  return new Access(new AccessTables(database), {
    clock: systemClock,
    sessionDays,
    onVolatile: (error) => warnings.raise("storage", error.message, error.hint),
  });
}
