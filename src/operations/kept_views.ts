// How much is recorded and measured and what may be kept of it, as the page of settings shows it.
import { isoTime } from "../base/clock.ts";
import type { Config } from "../config/schema.ts";
import type { RecordingLibrary } from "../recordings/library.ts";

const GB = 1e9;

/** Recordings of all cameras together. */
export interface RecordingsKept {
  files: number;
  bytes: number;
  locked_bytes: number;
  /** When the oldest began; absent where there is none. */
  oldest_at?: string;
  /** Limits of all; a camera may have its own. Absent: none. */
  keep_days?: number;
  keep_bytes?: number;
  /** What stays free of the disk: the larger of the two. */
  min_free_bytes: number;
  min_free_percent: number;
}

/** The history of metrics. */
export interface HistoryKept {
  /** As last counted, within the last hour; absent where that is not known. */
  bytes?: number;
  max_bytes: number;
  /** Every value is kept for so long, means of 5 minutes and of an hour longer. */
  raw_hours: number;
  five_minute_days: number;
  /** 0: for ever. */
  hourly_days: number;
}

/** What the page of settings says of what is kept. */
export interface Kept {
  recordings: RecordingsKept;
  history: HistoryKept;
}

const MB = 1e6;

export function historyKept(
  size: { bytes: number } | undefined,
  { max_mb, raw_hours, five_minute_days, hourly_days }: Config["metrics"]["history"],
): HistoryKept {
  return {
    ...(size ? { bytes: size.bytes } : {}),
    max_bytes: max_mb * MB,
    raw_hours,
    five_minute_days,
    hourly_days,
  };
}

/** @throws HubError when the database cannot be read. */
export async function recordingsKept(
  library: Pick<RecordingLibrary, "sums">,
  { keep_days, keep_gb, min_free_gb, min_free_percent }: Omit<Config["recordings"], "path">,
): Promise<RecordingsKept> {
  const sums = await library.sums();
  const total = (of: (sum: typeof sums[number]) => number) => sums.reduce((all, each) => all + of(each), 0);
  return {
    files: total(({ files }) => files),
    bytes: total(({ sizeBytes }) => sizeBytes),
    locked_bytes: total(({ lockedBytes }) => lockedBytes),
    ...(sums.length === 0 ? {} : { oldest_at: isoTime(Math.min(...sums.map(({ oldestMs }) => oldestMs))) }),
    ...(keep_days === undefined ? {} : { keep_days }),
    ...(keep_gb === undefined ? {} : { keep_bytes: keep_gb * GB }),
    min_free_bytes: min_free_gb * GB,
    min_free_percent,
  };
}
