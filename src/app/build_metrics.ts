// Metrics: joined to the parts that they tell of.
import type { Logger } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import type { Config } from "../config/schema.ts";
import type { HubEvent } from "../events/event.ts";
import { ReportCounts } from "../events/report_counts.ts";
import { controlCollectors } from "../metrics/camera_controls.ts";
import { hostCollectors, type HostSources } from "../metrics/host_collectors.ts";
import type { HubFacts } from "../metrics/hub_facts.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Sample } from "../metrics/sample.ts";
import { Schedule } from "../metrics/schedule.ts";
import type { Hub } from "../operations/hub.ts";
import type { Thermometer } from "../process/temperature.ts";
import type { Throttling } from "../process/throttling.ts";
import { readUsage } from "../process/usage.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import type { EndReason } from "../recordings/recording.ts";
import { allCameraFacts, type CameraKnowledge, cameraOfProcess } from "./metric_facts.ts";

/** What they are made of. */
export interface MetricsParts extends CameraKnowledge {
  hub: Hub;
  log: Logger;
  thermometer: Thermometer;
  throttling: Throttling;
  config(): Pick<Config, "metrics" | "recordings">;
  dataDir: string;
  /** What only the hub as a whole knows. */
  facts(): Omit<HubFacts, "version">;
  /** What other parts count themselves. */
  counted?: (() => readonly Sample[]) | undefined;
}

/** Ends of recordings that nobody wanted. */
const FAILED_ENDS: readonly EndReason[] = ["disk_full", "folder_missing", "camera_lost", "failed"];

/** Joins metrics to the house, before anything runs. */
export function joinMetrics(metrics: Metrics, parts: MetricsParts): void {
  const { hub: { clock, manager, journal }, log, config, facts, counted } = parts;
  const ofHost = hostCollectors(hostSources(parts));
  metrics.join({
    clock,
    counted,
    cameras: () => allCameraFacts(parts),
    hub: () => ({ version: VERSION, ...facts() }),
    schedule: new Schedule({
      clock,
      log,
      collectors: () => [...ofHost, ...controlCollectors(manager.cameras)],
      intervalMs: () => config().metrics.interval_s * 1000,
    }),
  });
  const reports = new ReportCounts();
  journal.subscribe((event) => {
    const { camera, kind } = event;
    if (camera !== undefined && kind === "motion") metrics.noteMotion(camera, reports.fresh(event));
    if (camera !== undefined && isFailedRecording(event)) metrics.noteRecordingFailure(camera);
  });
  journal.onBegin(({ camera, kind }) => {
    if (camera !== undefined) metrics.noteEvent(camera, kind);
  });
  manager.changes.subscribe(() =>
    metrics.noteStatuses(manager.cameras.map(({ id, status: { status } }) => ({ id, status })))
  );
}

/** True where a recording ended and neither somebody nor a rule nor the end of the hub is why. */
function isFailedRecording({ kind, endedAtMs, details }: HubEvent): boolean {
  if (kind !== "recording" || endedAtMs === undefined) return false;
  return FAILED_ENDS.some((reason) => reason === details?.["because"]);
}

function hostSources({ hub, thermometer, throttling, config, dataDir }: MetricsParts): HostSources {
  const { launcher, clock, journal, alerts, manager } = hub;
  return {
    temperature: () => thermometer.read(),
    isThrottled: () => throttling.read(),
    disks: async () => {
      const data = await readFreeSpace(dataDir);
      const { path } = config().recordings;
      return { data, recordings: path === undefined ? data : await readFreeSpace(path) };
    },
    processes: (signal) => readUsage(launcher, clock, signal),
    database: async () => ({
      journal: await journal.size(),
      // Those from outside are left out: a rule of Prometheus about this figure would keep itself going.
      alertsFiring: await alerts.table.countOwnFiring(),
      messages: await alerts.messages.counts(),
    }),
    cameraOf: (name) => cameraOfProcess(name, manager.cameras.map(({ id }) => id)),
  };
}
