// The composition root: runs every part of the hub in one Scope.
import { systemClock } from "../base/clock.ts";
import { aborted, Scope } from "../base/scope.ts";
import { runPlugAndPlay } from "../devices/plug_and_play.ts";
import { listen } from "../http/listener.ts";
import { openSockets } from "../http/socket.ts";
import { changeOf } from "../operations/operation_events.ts";
import { type FolderLock, lockFolder } from "../store/folder_lock.ts";
import { openStore } from "../store/open_store.ts";
import { tellDamage } from "./build_backups.ts";
import { serveStdioClient } from "./build_mcp.ts";
import { buildHouse, type House } from "./house.ts";
import { openMetrics } from "./metrics_port.ts";
import type { HubOptions, HubStarted } from "./options.ts";
import { checkTools, tellNoSocket, tellVolatile } from "./startup_checks.ts";

/**
 * Runs the hub until the signal aborts.
 * @throws HubError when it cannot start: data folder or port in use.
 */
export async function runHub(
  options: HubOptions,
  onStarted: (started: HubStarted) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  using lock = await lockFolder(options.dataDir, options.hasPorts ? "serve" : "mcp");
  let isUp = false;
  const onUp: typeof onStarted = async (started) => {
    isUp = true;
    await onStarted(started);
  };
  try {
    await runInFolder(options, onUp, { lock, signal });
  } finally {
    if (!isUp) await lock?.forget();
  }
}

async function runInFolder(
  options: HubOptions,
  onStarted: (started: HubStarted) => void | Promise<void>,
  { lock, signal }: { lock: FolderLock | undefined; signal: AbortSignal },
): Promise<void> {
  const store = await openStore(options.dataDir, options.layout.storeWorker, systemClock.now());
  try {
    const house = buildHouse(options, store, lock);
    await tellDamage({ ...store, schema: "hub" }, house);
    // Before the first event is written: alerts are decided together with it.
    await house.alerts.load();
    // The journal outlives the cameras: it takes down how they end.
    await using scope = new Scope();
    scope.spawn((own) => house.journal.run(own));
    scope.spawn((own) => house.auditLog.run(own));
    scope.spawn((own) => house.history.run(own));
    scope.spawn((own) => house.backups.run(own));
    await runHouse(house, options, onStarted, signal);
    await house.launcher.stopAll();
  } finally {
    await store.database.close();
  }
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
  await house.rules.load();
  await house.hub.timers.load();
  await house.catalog.load(house.config().cameras);
  if (options.loaded.path === undefined) house.catalog.addBuiltIn(TEST_PATTERN);
  const onFault = (error: unknown) => options.log.error("A listener failed and is opened again", { error });
  const { handler, handOver } = house;
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
  scope.spawn((own) => house.runRecordings(own));
  scope.spawn((own) => house.hub.snapshots.run(own));
  scope.spawn((own) => house.alerts.run(own));
  scope.spawn((own) => house.hub.timers.run(own));
  scope.spawn((own) => house.hub.thumbnails.run(own));
  scope.spawn((own) => house.hub.exports.run(own));
  scope.spawn((own) => house.manager.run(own));
  scope.spawn((own) => runPlugAndPlay({ ...house, isWanted: () => house.config().webcams.auto }, own));
  if (handOver) scope.spawn((own) => handOver.run(sockets, own));
  scope.spawn((own) => house.eventPictureTaker.run(own));
  scope.spawn(async (own) => await house.mqtt?.run(own));
  if (options.hasPorts) scope.spawn((own) => house.metrics.run(own));
  if (options.hasPorts) scope.spawn((own) => house.forwarding.run(own));
  scope.spawn((own) => house.lag.run(house.context.clock, own));
  scope.spawn((own) => checkTools(house, own));
  scope.spawn((own) => house.openStreams.run(house.access, house.context.clock, own));
  tellVolatile(house);
  const wantsLink = options.hasPorts && (options.isAttended || !await house.access.hasPassword());
  const linkToken = wantsLink ? await house.access.createLink() : undefined;
  await onStarted({
    port: listener?.port,
    metricsPort: metrics?.port,
    sockets: sockets.map(({ path }) => path),
    linkToken,
    warnings: house.warnings,
    reload: () => reloadBySignal(house),
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

/** SIGHUP: nobody is known to have asked. */
async function reloadBySignal({ hub, journal, clock }: House) {
  const result = await hub.reloadConfig();
  const details = { what: "configuration reloaded", ...changeOf({ ...result }) };
  journal.record({ kind: "config_change", source: "hub", startedAtMs: clock.now(), details });
  return result;
}

const TEST_PATTERN = {
  id: "test-pattern",
  name: "Test pattern",
  type: "testpattern",
  enabled: true,
  options: {},
};
