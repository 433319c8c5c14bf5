// What the history keeps of whom: the one list that the tables, the queries, the page and the documents read.

/** How a field's values of a longer span become one. */
export type FieldKind = "gauge" | "count";

/** One kept value. */
export interface HistoryField {
  /** A gauge has a mean, a least and a most; a count is what happened since the value before, and is added up. */
  readonly kind: FieldKind;
  /** Values are kept as whole numbers of this part of the unit: 0.1 keeps one digit after the point. */
  readonly scale: number;
  readonly unit:
    | "ratio"
    | "ms"
    | "celsius"
    | "dbm"
    | "fps"
    | "viewers"
    | "reports"
    | "frames"
    | "seconds"
    | "percent"
    | "bytes";
  readonly help: string;
}

/** Of a camera. What is not known is absent. */
export const CAMERA_FIELDS = {
  up: {
    kind: "gauge",
    scale: 0.001,
    unit: "ratio",
    help: "Share of the time in which the camera was online",
  },
  latency_ms: { kind: "gauge", scale: 0.1, unit: "ms", help: "How long a connection to the camera took" },
  temperature_celsius: { kind: "gauge", scale: 0.1, unit: "celsius", help: "The camera's own temperature" },
  signal_dbm: { kind: "gauge", scale: 1, unit: "dbm", help: "Strength of the camera's Wi-Fi" },
  fps: { kind: "gauge", scale: 0.1, unit: "fps", help: "Pictures per second read from the camera" },
  viewers: { kind: "gauge", scale: 0.1, unit: "viewers", help: "Viewers of the camera" },
  motion: { kind: "gauge", scale: 0.001, unit: "ratio", help: "Share of the time in which something moved" },
  motion_events: { kind: "count", scale: 1, unit: "reports", help: "Reports of motion" },
  frames_dropped: { kind: "count", scale: 1, unit: "frames", help: "Pictures that were not shown" },
} as const satisfies Record<string, HistoryField>;

/** Of the hub and its machine. */
export const HUB_FIELDS = {
  host_temperature_celsius: {
    kind: "gauge",
    scale: 0.1,
    unit: "celsius",
    help: "The machine's hottest sensor",
  },
  host_load: { kind: "gauge", scale: 0.01, unit: "ratio", help: "Load of the machine over a minute" },
  loop_lag_ms: { kind: "gauge", scale: 0.1, unit: "ms", help: "How late the hub's main loop was" },
  cpu_percent: { kind: "gauge", scale: 0.1, unit: "percent", help: "The hub's own process, of one core" },
  resident_memory_bytes: {
    kind: "gauge",
    scale: 4096,
    unit: "bytes",
    help: "Memory of the hub's own process",
  },
  disk_free_bytes: {
    kind: "gauge",
    scale: 1_048_576,
    unit: "bytes",
    help: "Free on the disk of the recordings",
  },
} as const satisfies Record<string, HistoryField>;

/** Every field; no name stands in both lists. */
export const HISTORY_FIELDS = { ...CAMERA_FIELDS, ...HUB_FIELDS } as const;
export type HistoryFieldName = keyof typeof HISTORY_FIELDS;

/** Whom the fields of the hub belong to: no camera can have this id. */
export const HUB_SUBJECT = "@hub";
