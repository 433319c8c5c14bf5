// Which charts the page of metrics has, and how their values are written.
import type { CAMERA_FIELDS, HUB_FIELDS } from "../src/metrics/history/fields.ts";
import { formatBytes } from "./format.ts";

/** One chart. */
export interface Chart {
  field: keyof typeof CAMERA_FIELDS | keyof typeof HUB_FIELDS;
  title: string;
  /** What its values are, in words below the title. */
  note: string;
  /** `share` goes from 0 to 1, `amount` begins at 0, `level` is shown close up. */
  scale: "share" | "amount" | "level";
  /** What is added up over a step: its values last for a step. */
  isCount?: boolean;
  write(value: number): string;
}

const NBSP = "\u00a0";
const withUnit = (unit: string, digits: number) => (value: number) =>
  `${value.toLocaleString("en-GB", { maximumFractionDigits: digits })}${NBSP}${unit}`;
const percent = (value: number) => withUnit("%", 1)(value * 100);
const plain = (digits: number) => (value: number) =>
  value.toLocaleString("en-GB", { maximumFractionDigits: digits });
const bytes = (value: number) => formatBytes(Math.max(0, value));

/** One line for each camera. */
export const CAMERA_CHARTS: readonly Chart[] = [
  { field: "up", title: "Availability", note: "Share of the time online", scale: "share", write: percent },
  {
    field: "latency_ms",
    title: "Latency",
    note: "How long a connection to the camera takes",
    scale: "amount",
    write: withUnit("ms", 1),
  },
  {
    field: "fps",
    title: "Pictures per second",
    note: "Read from the camera while somebody looks",
    scale: "amount",
    write: withUnit("fps", 1),
  },
  {
    field: "motion",
    title: "Motion",
    note: "Share of the time in which something moved",
    scale: "share",
    write: percent,
  },
  {
    field: "motion_events",
    title: "Reports of motion",
    note: "How many in each step",
    scale: "amount",
    isCount: true,
    write: plain(0),
  },
  {
    field: "temperature_celsius",
    title: "Temperature of the cameras",
    note: "As the camera says itself",
    scale: "level",
    write: withUnit("°C", 1),
  },
  {
    field: "signal_dbm",
    title: "Wi-Fi signal",
    note: "Nearer to 0 is stronger; below −75 dBm pictures suffer",
    scale: "level",
    write: withUnit("dBm", 0),
  },
];

/** One line: the hub's. */
export const HUB_CHARTS: readonly Chart[] = [
  {
    field: "host_temperature_celsius",
    title: "Temperature of the machine",
    note: "Its hottest sensor",
    scale: "level",
    write: withUnit("°C", 1),
  },
  {
    field: "host_load",
    title: "Load",
    note: "Programs that want to run, over a minute",
    scale: "amount",
    write: plain(2),
  },
  {
    field: "cpu_percent",
    title: "Processor",
    note: "The hub’s own process, of one core",
    scale: "amount",
    write: withUnit("%", 1),
  },
  {
    field: "loop_lag_ms",
    title: "Loop lag",
    note: "How late the hub’s main loop was",
    scale: "amount",
    write: withUnit("ms", 1),
  },
  {
    field: "resident_memory_bytes",
    title: "Memory",
    note: "The hub’s own process",
    scale: "amount",
    write: bytes,
  },
  {
    field: "disk_free_bytes",
    title: "Free disk",
    note: "Where recordings are kept",
    scale: "amount",
    write: bytes,
  },
];
