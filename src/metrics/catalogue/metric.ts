// What the catalogue says of one metric.

export type MetricType = "gauge" | "counter" | "info" | "histogram";
/** Whom a metric tells of. */
export type MetricSubject = "camera" | "stream" | "hub" | "host" | "process" | "http" | "mcp" | "house";

/** One metric. Values are in base units: seconds, bytes, celsius, joules, watts; yes and no are 1 and 0. */
export interface Metric {
  readonly type: MetricType;
  readonly of: MetricSubject;
  readonly unit?: "seconds" | "bytes" | "celsius" | "dbm" | "watts" | "joules";
  readonly labels: readonly string[];
  /** What it means; one line. */
  readonly help: string;
  /** Why the hub cannot tell it yet: its name is kept for then, and nothing is exposed under it. */
  readonly waitsFor?: string;
}
