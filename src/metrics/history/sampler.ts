// Takes from the metrics what the history keeps.
import type { MetricName } from "../catalogue/catalogue.ts";
import type { Sample } from "../sample.ts";
import { type HistoryFieldName, HUB_SUBJECT } from "./fields.ts";
import { encoded, type Tick } from "./series.ts";

type Values = Partial<Record<HistoryFieldName, number>>;

/** Gauges by their metric: the field, and how many of the field's units one of the metric's is. */
const GAUGES: Partial<Record<MetricName, readonly [field: HistoryFieldName, factor: number]>> = {
  tapocam_camera_up: ["up", 1],
  tapocam_camera_probe_duration_seconds: ["latency_ms", 1000],
  tapocam_camera_temperature_celsius: ["temperature_celsius", 1],
  tapocam_camera_signal_dbm: ["signal_dbm", 1],
  tapocam_stream_viewers: ["viewers", 1],
  tapocam_camera_motion_active: ["motion", 1],
  tapocam_host_temperature_celsius: ["host_temperature_celsius", 1],
  tapocam_host_load1: ["host_load", 1],
  tapocam_loop_lag_seconds: ["loop_lag_ms", 1000],
  process_resident_memory_bytes: ["resident_memory_bytes", 1],
};

/** Counters by their metric: of several with other labels, the sum is kept. */
const COUNTS: Partial<Record<MetricName, HistoryFieldName>> = {
  tapocam_camera_motion_events_total: "motion_events",
  tapocam_stream_frames_dropped_total: "frames_dropped",
};

/** Knows the counters as they were, and so what came since. */
export class Sampler {
  /** Counters as last seen, by subject and field. Those that were never seen began at 0, with the hub. */
  #counters = new Map<string, number>();
  #cpu: { seconds: number; atMs: number } | undefined;

  /**
   * What is known now.
   * @param monotonicMs the same moment on the clock that never jumps.
   */
  tick(samples: readonly Sample[], atMs: number, monotonicMs: number): Tick {
    const all = new Map<string, Values>();
    const totals = new Map<string, number>();
    for (const sample of samples) this.#take(sample, { all, totals, monotonicMs });
    for (const [key, total] of totals) {
      const [subject = "", field = ""] = key.split(" ");
      const before = this.#counters.get(key) ?? 0;
      // A counter that is lower than before began anew: what it says came since then.
      valuesOf(all, subject)[field as HistoryFieldName] = total >= before ? total - before : total;
    }
    // One of which nothing at all is told was removed: should it come back, it counts anew.
    const kept = [...this.#counters].filter(([key]) => all.has(key.split(" ")[0] ?? ""));
    this.#counters = new Map([...kept, ...totals]);
    const rows = [...all].filter(([, values]) => tellsAnything(values));
    return { atMs, rows: new Map(rows.map(([subject, values]) => [subject, encoded(subject, values)])) };
  }

  #take(
    { metric, labels, value }: Sample,
    { all, totals, monotonicMs }: {
      all: Map<string, Values>;
      totals: Map<string, number>;
      monotonicMs: number;
    },
  ): void {
    const subject = labels["camera"] ?? HUB_SUBJECT;
    const [gauge, factor = 1] = GAUGES[metric] ?? [];
    if (gauge !== undefined) valuesOf(all, subject)[gauge] = value * factor;
    const count = COUNTS[metric];
    if (count !== undefined) {
      const key = `${subject} ${count}`;
      totals.set(key, (totals.get(key) ?? 0) + value);
    }
    if (metric === "tapocam_stream_fps") {
      const values = valuesOf(all, subject);
      if (labels["quality"] === "main" || values.fps === undefined) values.fps = value;
    }
    if (metric === "tapocam_disk_free_bytes" && labels["folder"] === "recordings") {
      valuesOf(all, subject).disk_free_bytes = value;
    }
    if (metric === "process_cpu_seconds_total") {
      const percent = this.#cpuPercent(value, monotonicMs);
      if (percent !== undefined) valuesOf(all, subject).cpu_percent = percent;
    }
  }

  /** Since the tick before; unknown at the first. */
  #cpuPercent(seconds: number, atMs: number): number | undefined {
    const before = this.#cpu;
    this.#cpu = { seconds, atMs };
    if (!before || atMs <= before.atMs) return undefined;
    return Math.max(0, seconds - before.seconds) / (atMs - before.atMs) * 100_000;
  }
}

function valuesOf(all: Map<string, Values>, subject: string): Values {
  const values = all.get(subject) ?? {};
  all.set(subject, values);
  return values;
}

/** Of a camera that was stopped only the counters are told, and they stand still. */
function tellsAnything({ motion_events = 0, frames_dropped = 0, ...others }: Values): boolean {
  return motion_events + frames_dropped > 0 || Object.keys(others).length > 0;
}
