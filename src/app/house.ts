// Builds every part of the hub explicitly; nothing runs yet.
import { systemClock } from "../base/clock.ts";
import { ClockDoubt } from "../base/clock_doubt.ts";
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
import { ConnectTimes } from "../devices/reachable.ts";
import { RuleBook } from "../devices/rule_book.ts";
import { Shared } from "../devices/shared.ts";
import { DRIVERS } from "../drivers/index.ts";
import { EventObserver } from "../events/observer.ts";
import type { FolderLock } from "../store/folder_lock.ts";
import { Media } from "../media/media.ts";
import { RecentPictures } from "../media/recent_pictures.ts";
import { streamTuning } from "../media/tuning.ts";
import { Metrics } from "../metrics/metrics.ts";
import { doAction } from "../operations/actions.ts";
import { AuditLog } from "../operations/audit_log.ts";
import type { Hub } from "../operations/hub.ts";
import { recordOperation } from "../operations/operation_events.ts";
import { hubStatus } from "../operations/hub_status.ts";
import { TimedPatrols } from "../operations/timed_patrols.ts";
import { Launcher } from "../process/launcher.ts";
import { Thermometer } from "../process/temperature.ts";
import { Throttling } from "../process/throttling.ts";
import { EventPictureFiles } from "../recordings/event_picture_files.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import { SnapshotFiles } from "../recordings/snapshot_files.ts";
import { AuditTable } from "../store/audit_table.ts";
import { CameraRulesTable } from "../store/camera_rules_table.ts";
import { CamerasTable } from "../store/cameras_table.ts";
import { DeviceMemoryTable } from "../store/device_memory_table.ts";
import type { Store } from "../store/open_store.ts";
import { TimersTable } from "../store/timers_table.ts";
import { Timers } from "../timers/timers.ts";
import { alertPictures } from "./alert_pictures.ts";
import { buildAlerts } from "./build_alerts.ts";
import { buildBackups } from "./build_backups.ts";
import { buildEdges } from "./build_edges.ts";
import { buildEventPictures } from "./build_event_pictures.ts";
import { buildJournal, eventsLimits } from "./build_journal.ts";
import { buildForwarding } from "./build_forwarding.ts";
import { buildFootage } from "./build_footage.ts";
import { buildHistory } from "./build_history.ts";
import { joinMetrics } from "./build_metrics.ts";
import { buildMqttBridge } from "./build_mqtt.ts";
import { buildPush } from "./build_push.ts";
import { buildMotion } from "./build_motion.ts";
import { buildRecordings } from "./build_recordings.ts";
import type { HubOptions } from "./options.ts";
import { LiveConfig } from "./live_config.ts";

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
export function buildHouse(options: HubOptions, store: Store, lock: FolderLock | undefined) {
  const core = buildCore(options, store);
  const cameras = buildCameras(options, store, core);
  const address: Address = { port: undefined };
  const hub = buildHub(options, store, { core, cameras, address });
  const mqtt = buildMqttBridge(core.config.now.mqtt, { ...core, hub });
  const edges = buildEdges(options, store, { core, hub, lock });
  const { config, ...rest } = core;
  const startedAtMs = core.clock.now();
  const forwarding = buildForwarding(core, startedAtMs);
  joinMetrics(core.metrics, {
    ...core,
    ...cameras,
    hub,
    shared: core.context.shared,
    config: () => config.now,
    dataDir: store.dataDir,
    counted: () => forwarding.counts.samples,
    facts: () => ({
      startedAtMs,
      loopLagMs: core.lag.lastMs,
      loopLagMaxMs: core.lag.maxMs,
      warnings: core.warnings.list.length,
      mcpSessions: edges.mcp.sessions(),
      isMqttConnected: mqtt?.isConnected,
      history: core.history,
      timers: hub.timers.list.filter(({ endedAtMs }) => endedAtMs === undefined),
    }),
  });
  core.journal.onBegin(({ camera }) => {
    if (camera !== undefined) core.history.noteEvent();
  });
  const eventPictureTaker = buildEventPictures(options, {
    ...hub,
    log: core.log,
    files: core.eventPictures,
    maxBytes: () => eventsLimits(config.now).max_picture_bytes,
  });
  core.joinAlerts({
    ...hub,
    broker: mqtt,
    pictures: alertPictures({ ...core, hub, eventPictureTaker }),
    act: (action, signal) => doAction(hub, action, signal),
  });
  return {
    ...rest,
    ...cameras,
    ...edges,
    eventPictureTaker,
    store,
    hub,
    mqtt,
    forwarding,
    config: () => config.now,
    serves: (at: number) => void (address.port = at),
  };
}

/** Where the hub serves, once it does. */
interface Address {
  port: number | undefined;
}

type Core = ReturnType<typeof buildCore>;
type Cameras = ReturnType<typeof buildCameras>;

/** What needs no camera. */
function buildCore(options: HubOptions, store: Store) {
  const clock = systemClock;
  const { log } = options;
  const config = new LiveConfig(options);
  const launcher = new Launcher({ clock });
  const context = driverContext(options, store, launcher);
  const rules = new RuleBook({
    table: new CameraRulesTable(store.database, clock),
    log,
    ofFile: (id) => ({ motion: config.now.motion, ...config.camera(id) }),
  });
  const metrics = new Metrics();
  const media = new Media({
    launcher,
    clock,
    get tuning() {
      return streamTuning(config.now);
    },
  }, {
    maxViewers: () => config.now.streams.max_viewers,
    slots: context.slots,
    rules,
    onFirstPicture: metrics.noteFirstFrame,
  });
  const thermometer = new Thermometer({ launcher, clock });
  const push = buildPush(store, { clock, log, allow: config.now.network.allow });
  const { alerts, join: joinAlerts } = buildAlerts(
    { clock, log, thermometer, push, shared: context.shared, config: () => config.now.alerts },
    store,
  );
  const eventPictures = new EventPictureFiles(options.dataDir);
  const doubt = new ClockDoubt(clock);
  const warnings = new Warnings(() => clock.now());
  return {
    clock,
    doubt,
    log,
    config,
    launcher,
    context,
    media,
    rules,
    alerts,
    joinAlerts,
    push,
    thermometer,
    throttling: new Throttling({ launcher, clock }),
    metrics,
    backups: buildBackups(options, store, { clock, log, warnings }),
    history: buildHistory(options, { clock, log, doubt, warnings, metrics, config }),
    eventPictures,
    journal: buildJournal(store, {
      clock,
      log,
      config,
      eventPictures,
      alongside: alerts.engine.alongside,
      onDropped: alerts.engine.dropped,
      doubt,
    }),
    auditLog: new AuditLog({ table: new AuditTable(store.database), clock, log }),
    warnings,
    lag: new LoopLag(),
  };
}

/** The cameras, and what accompanies each. */
function buildCameras(options: HubOptions, store: Store, core: Core) {
  const { clock, context, media, rules } = core;
  const motion = buildMotion(core);
  const observer = new EventObserver({ ...core, detector: motion.observe });
  const companion: Companion = (camera, signal) =>
    together(media.accompany, observer.accompany, recordings.accompany, recording.ruleRecorder.accompany)(
      camera,
      signal,
    );
  const manager = new DeviceManager({ drivers: DRIVERS, context, companion });
  const recording = buildRecordings(options, store, { ...core, manager });
  const { recordings } = recording;
  const catalog = new CameraCatalog({
    manager,
    table: new CamerasTable(store.database, clock),
    context,
    onRemoved: async (id) => {
      context.shared.get(ConnectTimes).forget(id);
      await rules.forgetRemoved(id);
    },
  });
  return { manager, catalog, motion, observer, ...recording };
}

/** The hub as operations see it. */
function buildHub(
  options: HubOptions,
  store: Store,
  { core, cameras, address }: { core: Core; cameras: Cameras; address: Address },
): Hub {
  const { config, auditLog, rules, clock } = core;
  const limits = () => eventsLimits(config.now);
  const sources = { ...core, ...cameras, store, limits, version: VERSION, startedAtMs: clock.now() };
  return {
    ...core,
    ...cameras,
    ...buildFootage(options, store, { ...core, ...cameras }),
    timedPatrols: new TimedPatrols(),
    timers: new Timers({ ...core, table: new TimersTable(store.database) }),
    pictures: new RecentPictures(clock),
    snapshots: new SnapshotFiles(options.dataDir, { clock, freeSpace: readFreeSpace, log: core.log }),
    status: (signal) => hubStatus(sources, signal),
    audit: (entry) => {
      auditLog.note(entry);
      recordOperation(core, entry);
    },
    logs: options.logs,
    origin: () => address.port === undefined ? undefined : `http://${options.originHost}:${address.port}`,
    planReload: () => config.plan(cameras.catalog),
    reloadConfig: () => config.reload(cameras.catalog, rules, core.alerts),
  };
}
