// The last hours of one camera, as /metrics/history/{id}?hours= tells them.
import { isoTime } from "../../base/clock.ts";
import type { HistoryFieldName } from "./fields.ts";
import { Params } from "./params.ts";
import type { HistoryAnswer, HistoryQuery, HistoryReader, HistoryRow } from "./query.ts";

/** A camera at one time. What is not known is absent; a camera does not tell how long it has been running. */
export interface LastHoursRow {
  timestamp: string;
  uptime_seconds?: number;
  temperature?: number;
  network_latency_ms?: number;
  motion_detected?: boolean;
  status?: "online" | "offline";
}

/** Rows of one answer: more than 48 hours hold at an interval of 30 seconds. */
const MAX_ROWS = 6000;
const HOUR_MS = 3_600_000;
const DEFAULT_HOURS = 1;
const FIELDS: readonly HistoryFieldName[] = ["up", "latency_ms", "temperature_celsius", "motion"];

/** Reads `hours`. @throws HubError `invalid_input`. */
export function parseLastHours(given: URLSearchParams, camera: string, nowMs: number): HistoryQuery {
  const params = new Params(given, ["hours"]);
  const hours = params.value("hours", parseHours, "a number of hours above 0, such as 1 or 0.5") ??
    DEFAULT_HOURS;
  params.check();
  return {
    subjects: [camera],
    fields: FIELDS,
    fromMs: Math.max(0, nowMs - hours * HOUR_MS),
    // What was measured this very moment belongs to it.
    toMs: nowMs + 1,
    aggregation: "avg",
    isFilled: false,
    maxSteps: MAX_ROWS,
  };
}

function parseHours(text: string): number | undefined {
  const hours = /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  return hours > 0 && Number.isFinite(hours) ? hours : undefined;
}

/** So often it is looked closer where the history begins. */
const MAX_LOOKS = 4;

/** Of more than the history holds as much as it holds: the time before it would make the steps longer for nothing. */
export async function fromBeginning(history: HistoryReader, query: HistoryQuery): Promise<HistoryAnswer> {
  let answer = await history.query(query);
  for (let look = 1; look < MAX_LOOKS; look++) {
    const firstMs = answer.rows[0]?.atMs ?? answer.fromMs;
    if (firstMs - answer.fromMs < (answer.toMs - answer.fromMs) / 4) return answer;
    answer = await history.query({ ...query, fromMs: firstMs });
  }
  return answer;
}

export function lastHoursRow({ atMs, values }: HistoryRow): LastHoursRow {
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
