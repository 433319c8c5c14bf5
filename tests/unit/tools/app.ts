// The HTTP application over a house of toys, asked without a network, and a browser that is logged in.
import { z } from "zod";
import { PushTable } from "../../../src/store/push_table.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { PushDevices } from "../../../src/alerts/push_devices.ts";
import { Access } from "../../../src/auth/access.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { LogRing } from "../../../src/base/log_ring.ts";
import { LoopLag } from "../../../src/base/loop_lag.ts";
import { alertsOf, type AlertsOfSite } from "./alerts.ts";
import { joinMetrics } from "../../../src/app/build_metrics.ts";
import { type GrafanaConfig, grafanaSection } from "../../../src/config/metrics.ts";
import { metricsApp } from "../../../src/http/metrics.ts";
import { historyDeps } from "../../../src/app/history_deps.ts";
import { ClockDoubt } from "../../../src/base/clock_doubt.ts";
import { History } from "../../../src/metrics/history/history.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { Database } from "../../../src/store/database.ts";
import { Thermometer } from "../../../src/process/temperature.ts";
import { Throttling } from "../../../src/process/throttling.ts";
import { configSchema } from "../../../src/config/schema.ts";
import type { Companion } from "../../../src/devices/manager.ts";
import type { Driver } from "../../../src/devices/driver.ts";
import { RuleBook } from "../../../src/devices/rule_book.ts";
import { Journal } from "../../../src/events/journal.ts";
import { CameraRulesTable } from "../../../src/store/camera_rules_table.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { httpApp } from "../../../src/http/app.ts";
import { OpenStreams } from "../../../src/http/open_streams.ts";
import { McpChanges } from "../../../src/mcp/changes.ts";
import { type McpHttp, mcpHttp } from "../../../src/mcp/http.ts";
import { fittingSnapshot } from "../../../src/mcp/snapshot.ts";
import { Media } from "../../../src/media/media.ts";
import { RecentPictures } from "../../../src/media/recent_pictures.ts";
import { MotionDetectors } from "../../../src/motion/detectors.ts";
import { AuditLog } from "../../../src/operations/audit_log.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { hubStatus } from "../../../src/operations/hub_status.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { TimedPatrols } from "../../../src/operations/timed_patrols.ts";
import { Exports } from "../../../src/recordings/exports.ts";
import { RecordingFiles } from "../../../src/recordings/files.ts";
import { EventPictureFiles } from "../../../src/recordings/event_picture_files.ts";
import { RecordingLibrary } from "../../../src/recordings/library.ts";
import { Recordings } from "../../../src/recordings/recordings.ts";
import { SnapshotFiles } from "../../../src/recordings/snapshot_files.ts";
import { RecordingGarbageTable } from "../../../src/store/recording_garbage_table.ts";
import { Thumbnails } from "../../../src/recordings/thumbnails.ts";
import { Timeline } from "../../../src/recordings/timeline.ts";
import { RecordingsTable } from "../../../src/store/recordings_table.ts";
import { TimersTable } from "../../../src/store/timers_table.ts";
import { Timers } from "../../../src/timers/timers.ts";
import { TimelineTable } from "../../../src/store/timeline_table.ts";
import { AccessTables } from "../../../src/store/access_tables.ts";
import { AuditTable } from "../../../src/store/audit_table.ts";
import { DEFAULT_HISTORY } from "../../tools/history_settings.ts";
import { type House, withHouse } from "./devices.ts";

const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 5000,
  backoff: { firstMs: 500, maxMs: 5000 },
};
/** Where the product's own files stand. */
export const LAYOUT = {
  staticDir: new URL("../../../static/", import.meta.url),
  docsDir: new URL("../../../docs/", import.meta.url),
};
const HOST = "http://pi.local:7777";

export interface Site extends House {
  app: ReturnType<typeof httpApp>;
  access: Access;
  media: Media;
  hub: Hub;
  logs: LogRing;
  mcp: McpHttp;
  /** Gone after the work. */
  dataDir: string;
  alerts: AlertsOfSite;
  library: RecordingLibrary;
  recordingsTable: RecordingsTable;
  metrics: Metrics;
  /** Measured and written when the test says so; closed by who ran it. */
  history: History;
  /** Who may read metrics; to be changed by the test. */
  grafana: GrafanaConfig;
  /** Asks the metrics port, from an address of the local network where none is given. */
  scrape(path: string, init?: RequestInit, from?: string): Promise<Response>;
  /** Asks as a stranger. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Asks as the logged-in admin. */
  as: (path: string, init?: RequestInit) => Promise<Response>;
  /** The same, with a JSON body. */
  send: (method: string, path: string, body: unknown) => Promise<Response>;
}

/** Builds everything, runs the work and stops all. */
export async function withSite(
  drivers: readonly Driver[],
  work: (site: Site) => Promise<void>,
  maxViewers = 8,
): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "site-" });
  let media: Media | undefined;
  const companion: Companion = (camera, signal) => media!.accompany(camera, signal);
  await withHouse(drivers, async (house) => {
    const { clock, launcher, manager, catalog, database, context } = house;
    const rules = new RuleBook({
      table: new CameraRulesTable(database, clock),
      log: context.log,
      ofFile: () => undefined,
    });
    media = new Media({ launcher, clock, tuning: TUNING }, {
      maxViewers: () => maxViewers,
      slots: context.slots,
      rules,
    });
    const access = new Access(new AccessTables(database), { clock, sessionDays: 30 });
    const parts = {
      version: "1.2.3",
      startedAtMs: clock.now(),
      clock,
      manager,
      media,
      launcher,
      lag: new LoopLag(),
    };
    const store = { database, dataDir: "/", volatileBecause: undefined };
    const warnings = new Warnings(() => clock.now());
    const logs = new LogRing();
    const auditLog = new AuditLog({ table: new AuditTable(database), clock, log: context.log });
    const recordingsTable = new RecordingsTable(database);
    const freeSpace = () => Promise.resolve({ freeBytes: 1e12, totalBytes: 2e12 });
    const files = new RecordingFiles(`${dataDir}/recordings`);
    const recordings = new Recordings({
      files,
      table: recordingsTable,
      manager,
      media,
      launcher,
      clock,
      log: context.log,
      refusal: () => Promise.resolve(undefined),
      encoder: { get: () => Promise.resolve("libx264"), giveUp: () => {} },
      hadEvent: () => false,
    });
    const library = new RecordingLibrary({
      files,
      table: recordingsTable,
      garbage: new RecordingGarbageTable(database, clock),
      log: context.log,
    });
    const alerts = alertsOf({ database, clock, log: context.log });
    const { alongside } = alerts.alerts.engine;
    const journal = new Journal({ table: new EventsTable(database), clock, log: context.log, alongside });
    const eventPictures = new EventPictureFiles(dataDir);
    const limits = () => ({ keep_days: 90, max_bytes: 200e6, max_picture_bytes: 500e6 });
    const timelineTable = new TimelineTable(database);
    const sources = {
      table: timelineTable,
      recordings,
      library,
      files,
      launcher,
      clock,
      log: context.log,
      freeSpace,
    };
    const metrics = new Metrics();
    const history = new History({
      clock,
      log: context.log,
      warnings,
      doubt: new ClockDoubt(clock),
      samples: () => metrics.samples,
      open: () => Database.open(`${dataDir}/history.sqlite`, undefined, "history"),
      settings: () => DEFAULT_HISTORY,
    });
    const hub: Hub = {
      history,
      timeline: new Timeline({ ...sources, cameras: () => manager.cameras.map(({ id }) => id) }),
      thumbnails: new Thumbnails({ ...sources, folder: `${dataDir}/thumbnails` }),
      exports: new Exports({ ...sources, folder: `${dataDir}/exports` }),
      clock,
      manager,
      catalog,
      media,
      rules,
      motion: new MotionDetectors({ media, rules, streams: { launcher, clock, tuning: TUNING } }),
      launcher,
      recordings,
      timedPatrols: new TimedPatrols(),
      timers: new Timers({ clock, journal, log: context.log, table: new TimersTable(database) }),
      library,
      ruleRecorder: { state: () => undefined },
      pictures: new RecentPictures(clock),
      snapshots: new SnapshotFiles(dataDir, { clock, freeSpace, log: context.log }),
      alerts: alerts.alerts,
      journal,
      eventPictures,
      status: (signal) => hubStatus({ ...parts, store, warnings, journal, eventPictures, limits }, signal),
      auditLog,
      audit: (entry) => auditLog.note(entry),
      logs,
      origin: () => HOST,
      planReload: () => catalog.plan([]),
      reloadConfig: async () => ({ ...await catalog.reload([]), needs_restart: [] }),
    };
    hub.journal.subscribe(hub.alerts.written);
    const openStreams = new OpenStreams();
    const grafana = grafanaSection.parse({});
    joinMetricsOf(metrics, { house, hub, dataDir });
    const timezone = () => "Europe/Vienna";
    const measured = { metrics, history: historyDeps(store, { hub, timezone }), grafana: () => grafana };
    const mcp = mcpHttp({
      hub,
      onCall: measured.metrics.noteToolCall,
      operations: OPERATIONS,
      changes: new McpChanges(() => {}),
      log: context.log,
      layout: LAYOUT,
      snapshot: fittingSnapshot({ hub, launcher }),
      hostnames: () => [],
    });
    const push = new PushDevices({
      table: new PushTable(database),
      clock,
      log: context.log,
      transport: { network: new NetworkGuard([]) },
    });
    const ofApp = { access, hub, launcher, log: context.log, openStreams, push, mcp: mcp.handle };
    const app = httpApp({ ...ofApp, metrics: measured });
    const ofMetrics = metricsApp({
      ...measured,
      access,
      log: context.log,
      hostnames: () => ["hub.example"],
    });
    const remoteAddr = { transport: "tcp", hostname: "192.168.1.5", port: 40_000 };
    const scrape = async (path: string, init?: RequestInit, hostname = "192.168.1.5") =>
      await ofMetrics.request(`http://pi.local:8080${path}`, init, {
        remoteAddr: { ...remoteAddr, hostname },
      });
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has("host")) headers.set("host", "pi.local:7777");
      return await app.request(`${HOST}${path}`, { ...init, headers }, { remoteAddr });
    };
    const { token } = (await access.redeemLink(await access.createLink(), "192.168.1.5"))!;
    const as = (path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set("cookie", `tapocam_session_7777=${token}`);
      return ask(path, { ...init, headers });
    };
    const send = (method: string, path: string, body: unknown) =>
      as(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const stop = new AbortController();
    const auditing = auditLog.run(stop.signal);
    try {
      const site = {
        ...house,
        app,
        access,
        media,
        hub,
        logs,
        mcp,
        dataDir,
        library,
        recordingsTable,
        alerts,
        metrics,
        history,
        grafana,
        scrape,
      };
      await work({ ...site, ask, as, send });
    } finally {
      await mcp.close();
      stop.abort();
      await auditing;
    }
  }, companion).finally(() => Deno.remove(dataDir, { recursive: true }));
}

/** Joins metrics of that house as the product joins them. */
function joinMetricsOf(
  metrics: Metrics,
  { house: { clock, context, launcher }, hub, dataDir }: { house: House; hub: Hub; dataDir: string },
): void {
  const { metrics: section, recordings } = configSchema([{ id: "toy", options: z.object({}) }]).parse({});
  joinMetrics(metrics, {
    hub,
    dataDir,
    log: context.log,
    shared: context.shared,
    observer: { activeKinds: () => [] },
    thermometer: new Thermometer({ launcher, clock }),
    throttling: new Throttling({ launcher, clock }),
    config: () => ({ metrics: section, recordings }),
    facts: () => ({
      startedAtMs: clock.now(),
      loopLagMs: 0,
      loopLagMaxMs: 0,
      warnings: 0,
      mcpSessions: 0,
      isMqttConnected: undefined,
      timers: hub.timers.list,
    }),
  });
}
