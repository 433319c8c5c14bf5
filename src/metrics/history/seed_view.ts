// A camera's history in the shape of /metrics/history/{id}?hours=, which scripts and dashboards have relied on first.
import { isoTime } from "../../base/clock.ts";
import type { HistoryFieldName } from "./fields.ts";
import { Params } from "./params.ts";
import type { HistoryQuery, HistoryRow } from "./query.ts";

/** A camera at one time. What is not known is absent; a camera does not tell how long it has been running. */
export interface SeedRow {
  timestamp: string;
  uptime_seconds?: number;
  temperature?: number;
  network_latency_ms?: number;
  motion_detected?: boolean;
  status?: "online" | "offline";
}

/** Rows of one answer: more than 48 hours hold at an interval of 30 seconds. */
export const MAX_SEED_ROWS = 6000;
const HOUR_MS = 3_600_000;
const DEFAULT_HOURS = 1;
const FIELDS: readonly HistoryFieldName[] = ["up", "latency_ms", "temperature_celsius", "motion"];

/**
 * Reads `hours`; more than the history holds is as much as it holds.
 * @param sinceMs since when there is something.
 * @throws HubError `invalid_input`.
 */
export function parseSeedQuestion(
  given: URLSearchParams,
  { camera, nowMs, sinceMs }: { camera: string; nowMs: number; sinceMs: number },
): HistoryQuery {
  const params = new Params(given, ["hours"]);
  const hours = params.value("hours", parseHours, "a number of hours above 0, such as 1 or 0.5") ??
    DEFAULT_HOURS;
  params.check();
  return {
    subjects: [camera],
    fields: FIELDS,
    fromMs: Math.min(nowMs - 1, Math.max(nowMs - hours * HOUR_MS, sinceMs)),
    toMs: nowMs,
    aggregation: "avg",
    isFilled: false,
    maxSteps: MAX_SEED_ROWS,
  };
}

function parseHours(text: string): number | undefined {
  const hours = /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  return hours > 0 && Number.isFinite(hours) ? hours : undefined;
}

export function seedRow({ atMs, values }: HistoryRow): SeedRow {
  const { up, latency_ms, temperature_celsius, motion } = values;
  return {
    timestamp: isoTime(atMs),
    ...(isKnown(temperature_celsius) ? { temperature: temperature_celsius } : {}),
    ...(isKnown(latency_ms) ? { network_latency_ms: latency_ms } : {}),
    ...(isKnown(motion) ? { motion_detected: motion > 0 } : {}),
    ...(isKnown(up) ? { status: up >= 0.5 ? "online" : "offline" } : {}),
  };
}

function isKnown(value: number | null | undefined): value is number {
  return value !== undefined && value !== null;
}
