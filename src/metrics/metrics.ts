// What the hub measures: counters that its parts add to, facts read when somebody asks, and what is collected.
import type { Clock } from "../base/clock.ts";
import { OBSERVATION_KINDS } from "../devices/capabilities.ts";
import { type CameraFacts, cameraSamples } from "./camera_facts.ts";
import type { MetricName } from "./catalogue/catalogue.ts";
import { Counter, Histogram } from "./counters.ts";
import { type HubFacts, hubSamples } from "./hub_facts.ts";
import { type KnownCamera, type MetricsView, metricsView } from "./json_view.ts";
import { type Sample, sampleOf } from "./sample.ts";
import type { Schedule } from "./schedule.ts";

/** Where values come from. */
export interface MetricSources {
  clock: Clock;
  cameras(): readonly CameraFacts[];
  hub(): HubFacts;
  schedule: Schedule;
  /** What other parts count themselves. */
  counted?: (() => readonly Sample[]) | undefined;
}

/** A camera as far as its status goes. */
type Standing = Pick<CameraFacts, "id" | "status">;

/** A request that was answered. */
export interface RequestNote {
  method: string;
  /** The pattern of its path, such as `/api/cameras/:id`. */
  route: string;
  code: number;
  /** Until the answer began; undefined for what goes on, such as streams. */
  tookMs: number | undefined;
}

/** A call of a tool that is over. */
export interface ToolCallNote {
  tool: string;
  result: "ok" | "error" | "cancelled";
  tookMs: number;
}

/** Upper ends of buckets, seconds. 0.1 is a service level of its own. */
const REQUEST_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const FIRST_FRAME_BOUNDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20];
const TOOL_BOUNDS = [0.05, 0.1, 0.5, 1, 5, 30];

/** Knows them all. */
export class Metrics {
  readonly #requests = new Counter("tapocam_http_requests_total");
  readonly #requestTimes = new Histogram("tapocam_http_request_duration_seconds", REQUEST_BOUNDS);
  readonly #firstFrames = new Histogram("tapocam_stream_first_frame_seconds", FIRST_FRAME_BOUNDS);
  readonly #calls = new Counter("tapocam_mcp_tool_calls_total");
  readonly #callTimes = new Histogram("tapocam_mcp_tool_duration_seconds", TOOL_BOUNDS);
  readonly #motion = new Counter("tapocam_camera_motion_events_total");
  readonly #events = new Counter("tapocam_camera_events_total");
  readonly #recordingFailures = new Counter("tapocam_camera_recording_failures_total");
  /** When each camera was seen online last, milliseconds since 1970. */
  readonly #seen = new Map<string, { atMs: number; isOnline: boolean }>();
  #sources: MetricSources | undefined;

  /** Joins it to what it measures, before anything runs. */
  join(sources: MetricSources): void {
    this.#sources = sources;
  }

  noteRequest({ method, route, code, tookMs }: RequestNote): void {
    this.#requests.add({ method, route, code: String(code) });
    if (tookMs !== undefined) this.#requestTimes.observe({ method, route }, tookMs / 1000);
  }

  readonly noteToolCall = ({ tool, result, tookMs }: ToolCallNote): void => {
    this.#calls.add({ tool, result });
    this.#callTimes.observe({ tool }, tookMs / 1000);
  };

  /** An event began at a camera. */
  noteEvent(camera: string, kind: string): void {
    this.#events.add({ camera, kind });
  }

  /** The first viewer of a camera's stream waited so long for its first picture. */
  readonly noteFirstFrame = (camera: string, tookMs: number): void => {
    this.#firstFrames.observe({ camera }, tookMs / 1000);
  };

  /** A camera reported motion so many times. */
  noteMotion(camera: string, reports: number): void {
    this.#motion.add({ camera }, reports);
  }

  /** A recording of a camera ended although nobody wanted that. */
  noteRecordingFailure(camera: string): void {
    this.#recordingFailures.add({ camera });
  }

  /** To be called when a camera may have changed its status. */
  noteStatuses(cameras: readonly Standing[]): void {
    this.#look(cameras, this.#joined.clock.now());
  }

  /** Collects until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#joined.schedule.run(signal);
  }

  /** Everything that is known now. */
  get samples(): Sample[] {
    const { cameras: list, hub, schedule, clock, counted } = this.#joined;
    const cameras = list();
    this.#look(cameras, clock.now());
    const collected = schedule.samples;
    return [
      ...cameras.flatMap((facts) => cameraSamples(facts, this.#seen.get(facts.id)?.atMs)),
      ...cameras.filter(({ isWatchedByHub }) => isWatchedByHub).flatMap(({ id }) =>
        sampleOf("tapocam_camera_motion_detection_enabled", { camera: id }, true)
      ),
      ...collected.filter((sample) => !isCoveredByHub(sample, cameras)),
      ...hubSamples(hub()),
      ...[
        this.#firstFrames,
        this.#motion,
        this.#events,
        this.#recordingFailures,
        this.#requests,
        this.#requestTimes,
        this.#calls,
        this.#callTimes,
      ]
        .flatMap((each) => each.samples),
      ...counted?.() ?? [],
    ];
  }

  /** The same as JSON, as far as it tells of cameras. */
  get view(): MetricsView {
    const { cameras: list, schedule, clock } = this.#joined;
    const cameras = list();
    this.#look(cameras, clock.now());
    const collected = new Map<string, number>();
    for (const { metric, labels, value } of [...schedule.samples, ...this.#motion.samples]) {
      if (labels["camera"] !== undefined) collected.set(`${metric} ${labels["camera"]}`, value);
    }
    const of = (metric: MetricName, id: string) => collected.get(`${metric} ${id}`);
    const known = cameras.map((facts): KnownCamera => {
      const { id } = facts;
      const isOn = of("tapocam_camera_motion_detection_enabled", id);
      const usedBytes = of("tapocam_camera_storage_used_bytes", id);
      const totalBytes = of("tapocam_camera_storage_total_bytes", id);
      const signalDbm = of("tapocam_camera_signal_dbm", id);
      return {
        facts,
        lastSeenMs: this.#seen.get(id)?.atMs,
        motionEvents: of("tapocam_camera_motion_events_total", id),
        isMotionDetectionOn: facts.isWatchedByHub ? true : isOn === undefined ? undefined : isOn === 1,
        signalDbm,
        storage: usedBytes === undefined || totalBytes === undefined ? undefined : { usedBytes, totalBytes },
      };
    });
    return metricsView(known, clock.now());
  }

  get #joined(): MetricSources {
    if (!this.#sources) throw new Error("The metrics were not joined to what they measure");
    return this.#sources;
  }

  /** Takes note of cameras that came, went, or are online. Counters begin at 0, so that no first event is missed. */
  #look(cameras: readonly Standing[], nowMs: number): void {
    const ids = new Set(cameras.map(({ id }) => id));
    for (const { id, status } of cameras) {
      this.#motion.add({ camera: id }, 0);
      this.#recordingFailures.add({ camera: id }, 0);
      for (const kind of OBSERVATION_KINDS) this.#events.add({ camera: id, kind }, 0);
      const isOnline = status === "online";
      const before = this.#seen.get(id);
      // One that went away just now was there until now.
      if (isOnline || before?.isOnline) this.#seen.set(id, { atMs: nowMs, isOnline });
    }
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#seen.delete(id);
    for (const counter of [this.#motion, this.#events, this.#recordingFailures, this.#firstFrames]) {
      counter.forget(({ camera = "" }) => !ids.has(camera));
    }
  }
}

/** The hub looks in the camera's place: what the camera says of its own detection does not matter then. */
function isCoveredByHub({ metric, labels }: Sample, cameras: readonly CameraFacts[]): boolean {
  if (metric !== "tapocam_camera_motion_detection_enabled") return false;
  return cameras.some(({ id, isWatchedByHub }) => isWatchedByHub && id === labels["camera"]);
}
