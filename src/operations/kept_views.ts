// How much is recorded and what may be kept of it, as the page of settings shows it.
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
