// The composition root: builds every part of the hub explicitly and runs them in one Scope.
import { Access } from "./auth/access.ts";
import { LOCAL } from "./auth/roles.ts";
import { systemClock } from "./base/clock.ts";
import { HubError, isAbort } from "./base/errors.ts";
import type { Layout } from "./base/layout.ts";
import type { Logger } from "./base/log.ts";
import type { LogRing } from "./base/log_ring.ts";
import { LoopLag } from "./base/loop_lag.ts";
import { aborted, Scope } from "./base/scope.ts";
import { VERSION } from "./base/version.ts";
import { Warnings } from "./base/warnings.ts";
import type { LoadedConfig } from "./config/load.ts";
import { restartKeys } from "./config/restart_keys.ts";
import { CameraCatalog, type ReloadResult } from "./devices/catalog.ts";
import { together } from "./devices/companions.ts";
import type { DriverContext } from "./devices/driver.ts";
import { LoginTurns } from "./devices/login_turns.ts";
import { SessionSlots } from "./devices/session_slots.ts";
import { type Companion, DeviceManager } from "./devices/manager.ts";
import { NetworkGuard } from "./base/network.ts";
import { runPlugAndPlay } from "./devices/plug_and_play.ts";
import { Shared } from "./devices/shared.ts";
import { DRIVERS } from "./drivers/index.ts";
import { EventObserver } from "./events/observer.ts";
import { Journal } from "./events/journal.ts";
import { httpApp } from "./http/app.ts";
import { type Handler, listen, type Listener } from "./http/listener.ts";
import { OpenStreams } from "./http/open_streams.ts";
import { triedUser } from "./http/tried_user.ts";
import { openSockets } from "./http/socket.ts";
import { McpChanges } from "./mcp/changes.ts";
import { feedChanges } from "./mcp/feed.ts";
import { mcpHttp } from "./mcp/http.ts";
import type { Narrowing } from "./mcp/narrowing.ts";
import type { Ends } from "./mcp/relay/relay.ts";
import { mcpFactory } from "./mcp/server.ts";
import { smallSnapshot } from "./mcp/snapshot.ts";
import { mcpOnStdio } from "./mcp/stdio.ts";
import { Media } from "./media/media.ts";
import { streamTuning } from "./media/tuning.ts";
import { AuditLog } from "./operations/audit_log.ts";
import { cameraTypeView } from "./operations/camera_types.ts";
import { cameraDetailView, cameraView } from "./operations/camera_views.ts";
import { DEFAULT_EVENTS, eventPage } from "./operations/events.ts";
import type { Hub } from "./operations/hub.ts";
import { recordingsNow } from "./operations/recordings.ts";
import { hubStatus } from "./operations/hub_status.ts";
import { OPERATIONS } from "./operations/index.ts";
import { Launcher } from "./process/launcher.ts";
import { missingTools } from "./process/tools.ts";
import { RecordingFiles } from "./recordings/files.ts";
import { readFreeSpace } from "./recordings/free_space.ts";
import { Recordings, type RecordingsContext } from "./recordings/recordings.ts";
import { SnapshotFiles } from "./recordings/snapshot_files.ts";
import { AccessTables } from "./store/access_tables.ts";
import { AuditTable } from "./store/audit_table.ts";
import { CamerasTable } from "./store/cameras_table.ts";
import { DeviceMemoryTable } from "./store/device_memory_table.ts";
import { EventsTable } from "./store/events_table.ts";
import { lockFolder } from "./store/folder_lock.ts";
import { RecordingsTable } from "./store/recordings_table.ts";
import { openStore, type Store } from "./store/open_store.ts";
import { readStatic } from "./web/static_store.ts";
import { webRoutes } from "./web/routes.tsx";

/** What the hub is started with. */
export interface HubOptions {
  loaded: LoadedConfig;
  dataDir: string;
  layout: Layout;
  log: Logger;
  /** Keeps the newest lines of `log`. */
  logs: LogRing;
  /** Under which name or address this machine is reached. */
  linkHost: string;
  /** Reads the configuration anew, with the same command line laid over it. */
  reload: () => Promise<LoadedConfig>;
  /** True prints a login link although a password exists: somebody sits at the terminal. */
  isAttended: boolean;
  /** Where programs of the hub's own user reach it without a login. */
  socketPaths: readonly string[];
  /** True when the metrics port was named on the command line: then it must be had. */
  isMetricsPortChosen: boolean;
  /** False opens no port: a hub that somebody's MCP client has started for itself. */
  hasPorts: boolean;
  mcp: {
    isOnHttp: boolean;
    narrowing: Narrowing;
    /** The client on stdin and stdout, once it speaks; undefined when it leaves without a word. */
    stdio?: (signal: AbortSignal) => Promise<Ends | undefined>;
  };
}

/** What is told once the hub serves. */
export interface HubStarted {
  /** Undefined where the hub has no port. */
  port: number | undefined;
  metricsPort: number | undefined;
  /** Token of the one-time link; undefined when a password exists and nobody is at the terminal. */
  linkToken: string | undefined;
  warnings: Warnings;
  reload: () => Promise<ReloadResult>;
}

/**
 * Runs the hub until the signal aborts.
 * @throws HubError when it cannot start: data folder or port in use, damaged database.
 */
export async function runHub(
  options: HubOptions,
  onStarted: (started: HubStarted) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  using _lock = await lockFolder(options.dataDir, options.hasPorts ? "serve" : "mcp");
  const store = await openStore(options.dataDir, options.layout.storeWorker);
  try {
    const house = buildHouse(options, store);
    // The journal outlives the cameras: it takes down how they end.
    await using scope = new Scope();
    scope.spawn((own) => house.journal.run(own));
    scope.spawn((own) => house.auditLog.run(own));
    await runHouse(house, options, onStarted, signal);
    await house.launcher.stopAll();
  } finally {
    await store.database.close();
  }
}

type House = ReturnType<typeof buildHouse>;

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
function buildHouse(options: HubOptions, store: Store) {
  const clock = systemClock;
  const { log } = options;
  let { config } = options.loaded;
  let port: number | undefined;
  const launcher = new Launcher({ clock });
  const context = driverContext(options, store, launcher);
  const media = new Media({
    launcher,
    clock,
    get tuning() {
      return streamTuning(config);
    },
  }, { maxViewers: () => config.streams.max_viewers, slots: context.slots });
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
  const access = buildAccess(store, warnings, config.auth.session_days);
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
    reloadConfig: async () => {
      const next = (await options.reload()).config;
      const result = await catalog.reload(next.cameras);
      const needs_restart = restartKeys(config, next);
      config = next;
      log.info("The configuration was reloaded", { ...result, needs_restart });
      return { ...result, needs_restart };
    },
  };
  const pages = config.server.dashboard
    ? webRoutes(webDeps(hub, access, warnings, options.layout))
    : undefined;
  const openStreams = new OpenStreams();
  const mcp = buildMcp(options, { hub, launcher, hostnames: () => config.server.hostnames });
  const app = httpApp({ access, hub, launcher, log, openStreams, pages, mcp: mcp.onHttp });
  return {
    app,
    openStreams,
    access,
    auditLog,
    catalog,
    context,
    config: () => config,
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

/** MCP, told of what happens in the hub. */
function buildMcp(
  { layout, log, mcp: { narrowing, isOnHttp } }: HubOptions,
  parts: { hub: Hub; launcher: Launcher; hostnames: () => string[] },
) {
  const onError = (error: unknown) => log.debug("An MCP client could not be told", { error });
  const changes = new McpChanges(onError);
  feedChanges(changes, parts.hub);
  const snapshot = smallSnapshot(parts);
  const deps = { ...parts, layout, log, narrowing, operations: OPERATIONS, changes, snapshot };
  const { handle, close } = mcpHttp(deps);
  const onStdio = (ends: Ends, signal: AbortSignal) =>
    mcpOnStdio(mcpFactory({ ...deps, local: LOCAL }), ends, { onError, signal });
  return { onHttp: isOnHttp ? handle : undefined, onStdio, close };
}

/** Serves the client on stdin; the hub that it started, or that was started for it, ends when it leaves. */
async function serveStdioClient(
  { mcp }: House,
  { stdio }: HubOptions["mcp"],
  { signal, onLeft }: { signal: AbortSignal; onLeft: () => void },
): Promise<void> {
  const ends = await stdio?.(signal);
  if (!ends) return;
  await mcp.onStdio(ends, signal);
  onLeft();
}

function buildRecordings(
  { dataDir }: HubOptions,
  { database }: Store,
  parts: Pick<RecordingsContext, "manager" | "media" | "launcher" | "clock" | "log" | "warnings">,
): Recordings {
  return new Recordings({
    ...parts,
    files: new RecordingFiles(`${dataDir}/recordings`),
    table: new RecordingsTable(database),
    // The folder is made with the first recording.
    freeSpace: async (folder) => await readFreeSpace(folder) ?? await readFreeSpace(dataDir),
  });
}

/** Starts the parts in order and stops them the other way round: edges first, the store last. */
async function runHouse(
  house: House,
  options: HubOptions,
  onStarted: (started: HubStarted) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { server } = house.config();
  await using scope = new Scope(signal);
  await house.catalog.load(house.config().cameras);
  if (options.loaded.path === undefined) house.catalog.addBuiltIn(TEST_PATTERN);
  const onFault = (error: unknown) => options.log.error("A listener failed and is opened again", { error });
  const handler = house.app.fetch as Handler;
  const listener = options.hasPorts
    ? listen({ host: server.host, port: server.port, handler, onFault })
    : undefined;
  if (listener) house.serves(listener.port);
  const metrics = options.hasPorts ? openMetrics(house, options) : undefined;
  const sockets = await openSockets(options.socketPaths, {
    handler,
    onFault,
    onRefused: (error) => tellNoSocket(house, error),
  });
  // Told of the end before the cameras are: their recordings end with the hub, not for want of a picture.
  scope.spawn((own) => house.hub.recordings.run(own));
  scope.spawn((own) => house.manager.run(own));
  scope.spawn((own) => runPlugAndPlay({ ...house, isWanted: () => house.config().webcams.auto }, own));
  scope.spawn((own) => house.lag.run(house.context.clock, own));
  scope.spawn((own) => checkTools(house, own));
  scope.spawn((own) => house.openStreams.run(house.access, house.context.clock, own));
  tellVolatile(house);
  const wantsLink = options.hasPorts && (options.isAttended || !await house.access.hasPassword());
  const linkToken = wantsLink ? await house.access.createLink() : undefined;
  await onStarted({
    port: listener?.port,
    metricsPort: metrics?.port,
    linkToken,
    warnings: house.warnings,
    reload: () => house.hub.reloadConfig(),
  });
  scope.spawn((own) => serveStdioClient(house, options.mcp, { signal: own, onLeft: () => scope.stop() }));
  await aborted(scope.signal);
  scope.stop();
  // The sockets first: a client that looks for a hub now must not find one that ends.
  const closing = sockets.map((each) => each.close());
  await house.mcp.close();
  await Promise.all([listener?.close(), metrics?.close(), ...closing]);
  await scope.join();
}

const TEST_PATTERN = {
  id: "test-pattern",
  name: "Test pattern",
  type: "testpattern",
  enabled: true,
  options: {},
};

/** The listener for metrics. A default port that is taken must not keep the cameras dark. */
function openMetrics(house: House, options: HubOptions): Listener | undefined {
  const { host, metrics_port: port } = house.config().server;
  if (port === 0) return undefined;
  const answer = () => Response.json({ status: "healthy", service: "tapo-camera-metrics" });
  const handler: Handler = (request) =>
    new URL(request.url).pathname === "/" ? answer() : new Response("Not found\n", { status: 404 });
  try {
    const onFault = (error: unknown) => options.log.error("A listener failed and is opened again", { error });
    return listen({ host, port, handler, onFault });
  } catch (error) {
    if (!(error instanceof HubError) || options.isMetricsPortChosen) throw error;
    house.warnings.raise("metrics_port", error.message, "Choose another with --metrics-port, or 0 for none");
    options.log.warn("The metrics port could not be opened", { error });
    return undefined;
  }
}

async function checkTools(house: House, signal: AbortSignal): Promise<void> {
  try {
    for (const error of await missingTools({ ...house.context, signal })) {
      house.warnings.raise("missing_program", error.message, error.hint);
      house.context.log.warn("A program the hub needs is missing", { error });
    }
  } catch (error) {
    // A slow disk at boot may make even "ffmpeg -version" late: no reason to end.
    if (!isAbort(error)) house.context.log.warn("The programs the hub needs could not be checked", { error });
  }
}

function tellNoSocket({ warnings, context }: House, error: HubError): void {
  const message = `"tapo-camera-mcp mcp" on this machine cannot find the hub: ${error.message}`;
  warnings.raise("socket", message, error.hint);
  context.log.warn("A socket could not be opened", { error });
}

function tellVolatile(house: House): void {
  const error = house.store.volatileBecause;
  if (!error) return;
  const message = `${error.message}. Users and cameras added now are forgotten when the hub stops`;
  house.warnings.raise("storage", message, error.hint);
  house.context.log.error("The data folder cannot be used; keeping everything in memory", { error });
}

function webDeps(
  hub: Hub,
  access: Access,
  warnings: Warnings,
  layout: Layout,
): Parameters<typeof webRoutes>[0] {
  return {
    cameras: () => hub.manager.cameras.map((camera) => cameraView(camera, hub)),
    camera: async (id) => {
      const camera = hub.manager.find(id);
      return camera && await cameraDetailView(camera, hub, AbortSignal.timeout(5000));
    },
    events: (filter) => eventPage(hub.journal, { ...filter, limit: DEFAULT_EVENTS }),
    recordings: (camera, limit) => recordingsNow(hub.recordings, camera, limit),
    cameraTypes: () => hub.manager.drivers.map(cameraTypeView),
    status: () => hub.status(AbortSignal.timeout(5000)),
    warnings: () => warnings.list.length,
    account: async (context) => {
      const principal = context.get("principal");
      return principal && { user: principal.user, passwordSet: await access.hasPassword(principal.user) };
    },
    triedUser,
    staticFile: (path) => readStatic(layout.staticDir, path),
  };
}
