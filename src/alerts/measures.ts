// Values that rules of alerts watch: as far as the hub knows them now. What it does not know is not among them.
import type { Clock } from "../base/clock.ts";
import type { CameraStatusName } from "../devices/status.ts";
import type { HubEvent } from "../events/event.ts";
import { ReportCounts } from "../events/report_counts.ts";
import type { Measured } from "./rule_state.ts";

/** A camera as far as it matters here. */
export interface MeasuredCamera {
  id: string;
  status: CameraStatusName;
}

/** Where values come from. */
export interface MeasureSources {
  clock: Clock;
  cameras(): readonly MeasuredCamera[];
  /** Milliseconds that a connection to a camera on the network took just now. */
  connectTimes(): readonly (readonly [cameraId: string, tookMs: number])[];
  /** Temperature of the hub's processor, celsius; undefined where the machine does not tell it. */
  temperature(): Promise<number | undefined>;
}

const MINUTE_MS = 60_000;

/** Measures, and keeps in mind what takes time. */
export class Measures {
  readonly #sources: MeasureSources;
  /** Since when a camera is away, on the monotonic clock. */
  readonly #awayMs = new Map<string, number>();
  readonly #reports = new ReportCounts();
  /** Reports of motion in the last minute, by camera. */
  readonly #motion = new Map<string, { atMs: number; count: number }[]>();

  constructor(sources: MeasureSources) {
    this.#sources = sources;
  }

  /** For the journal's subscribers: counts reports of motion, those put together in one event included. */
  readonly note = (event: HubEvent): void => {
    const { kind, camera } = event;
    if (kind !== "motion" || camera === undefined) return;
    const more = this.#reports.fresh(event);
    if (more <= 0) return;
    const times = this.#motion.get(camera) ?? [];
    times.push({ atMs: this.#sources.clock.monotonic(), count: more });
    this.#motion.set(camera, times);
  };

  /** Everything that is known now. */
  async now(): Promise<Measured[]> {
    const cameras = this.#sources.cameras();
    const ids = new Set(cameras.map(({ id }) => id));
    for (const map of [this.#awayMs, this.#motion]) {
      for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
    }
    const temperature = await this.#sources.temperature();
    return [
      ...cameras.flatMap((camera) => this.#offline(camera)),
      ...cameras.filter(({ status }) => status !== "disabled").map(({ id }) => this.#motionOf(id)),
      ...this.#sources.connectTimes().filter(([camera]) => ids.has(camera)).map(([camera, tookMs]) => ({
        metric: "latency_ms" as const,
        camera,
        value: Math.round(tookMs),
      })),
      ...(temperature === undefined ? [] : [{ metric: "temperature_c" as const, value: temperature }]),
    ];
  }

  /** A camera that somebody stopped is not away. */
  #offline({ id, status }: MeasuredCamera): Measured[] {
    const nowMs = this.#sources.clock.monotonic();
    if (status === "online" || status === "disabled") this.#awayMs.delete(id);
    else if (!this.#awayMs.has(id)) this.#awayMs.set(id, nowMs);
    if (status === "disabled") return [];
    const sinceMs = this.#awayMs.get(id);
    // Away is more than nothing from the first moment on: what was told before a restart is not over by it.
    const value = sinceMs === undefined ? 0 : Math.max(0.1, Math.round((nowMs - sinceMs) / 100) / 10);
    return [{ metric: "offline_s", camera: id, value }];
  }

  #motionOf(camera: string): Measured {
    const fromMs = this.#sources.clock.monotonic() - MINUTE_MS;
    const times = (this.#motion.get(camera) ?? []).filter(({ atMs }) => atMs > fromMs);
    if (times.length === 0) this.#motion.delete(camera);
    else this.#motion.set(camera, times);
    return { metric: "motion_per_min", camera, value: times.reduce((sum, { count }) => sum + count, 0) };
  }
}
