// What the timeline shows of the tables of recordings and events: merged and counted here, so that an answer is small
// however much there is. Times are milliseconds since 1970.
import type { Database } from "./database.ts";
import type { Row, SqlValue } from "./protocol.ts";
import type { StoredGap } from "./recordings_table.ts";

/** Files of one camera that follow one another, as one stretch. */
export interface StoredStretch {
  camera: string;
  fromMs: number;
  toMs: number;
  files: number;
  /** Why the last of them ended. */
  endedBecause: string;
}

/** An event as the timeline draws it. */
export interface StoredMoment {
  seq: number;
  camera: string;
  kind: string;
  startedAtMs: number;
  /** Undefined while it goes on. */
  endedAtMs: number | undefined;
  /** Of `camera_state`: the status that the camera then had. */
  status: string | undefined;
}

/** How many events of a kind began in a stretch of time. */
export interface StoredCount {
  camera: string;
  /** Counts from the beginning of the time that was asked for. */
  bucket: number;
  kind: string;
  count: number;
}

/** Which time, and whose. */
export interface Window {
  cameras: readonly string[];
  fromMs: number;
  toMs: number;
}

/** No file is longer than a recording may be, a day, and a little. */
const LONGEST_FILE_MS = 25 * 3_600_000;
/** Events that began earlier than this before the time asked for are not looked for: longer ones are split. */
const LONGEST_EVENT_MS = 6 * 3_600_000;
export const HOUR_MS = 3_600_000;
/** In pieces of this length events are counted as they are written. */
export const QUARTER_MS = 900_000;
/** So many files are looked at one by one; of more only what lies in each piece of time is. */
const MOST_FILES = 3000;

/** One mark for each value of a statement. */
function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/** The files that reach into a time; its values are those of `windowOf`. */
function inWindow(cameras: readonly string[]): string {
  return `camera IN (${marks(cameras)}) AND started_at >= ? AND started_at < ? AND ended_at > ?`;
}

function windowOf({ cameras, fromMs, toMs }: Window): SqlValue[] {
  return [...cameras, fromMs - LONGEST_FILE_MS, toMs, fromMs];
}

/** Files with the number of their stretch: a new one begins where no earlier file reaches to. */
function oneByOne(cameras: readonly string[]): string {
  return `SELECT *, sum(is_new) OVER (PARTITION BY camera ORDER BY started_at, id) AS stretch
    FROM (SELECT id, camera, started_at, ended_at, ended_because,
        started_at > ? + coalesce(max(ended_at) OVER (PARTITION BY camera ORDER BY started_at, id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), started_at) AS is_new
      FROM recordings WHERE ${inWindow(cameras)})`;
}

/** Files with the piece of time in which they begin; pieces are put together afterwards. */
function inPieces(cameras: readonly string[]): string {
  return `SELECT camera, started_at, ended_at, ended_because, CAST(started_at / ? AS INTEGER) AS stretch
    FROM recordings INDEXED BY recordings_of_camera WHERE ${inWindow(cameras)}`;
}

function stretchOf(row: Row): StoredStretch {
  return {
    camera: String(row.camera),
    fromMs: Number(row.from_ms),
    toMs: Number(row.to_ms),
    files: Number(row.files),
    endedBecause: String(row.last).slice(15),
  };
}

/** Those of one camera between which no more than that lies, as one. */
function joined(stretches: readonly StoredStretch[], joinMs: number): StoredStretch[] {
  const all: StoredStretch[] = [];
  for (const next of stretches) {
    const last = all.at(-1);
    if (!last || last.camera !== next.camera || next.fromMs > last.toMs + joinMs) {
      all.push({ ...next });
      continue;
    }
    if (next.toMs >= last.toMs) last.endedBecause = next.endedBecause;
    last.toMs = Math.max(last.toMs, next.toMs);
    last.files += next.files;
  }
  return all;
}

/** Reads only. */
export class TimelineTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The cameras of which something was recorded in that time. */
  async recordedCameras({ fromMs, toMs }: Omit<Window, "cameras">): Promise<string[]> {
    // From one camera to the next along the index, instead of through all files.
    const rows = await this.#database.all(
      `SELECT camera FROM (WITH RECURSIVE each (camera) AS (
           SELECT min(camera) FROM recordings UNION ALL
           SELECT (SELECT min(camera) FROM recordings WHERE camera > each.camera) FROM each
             WHERE each.camera IS NOT NULL)
         SELECT camera FROM each WHERE camera IS NOT NULL) AS each
       WHERE EXISTS (SELECT 1 FROM recordings INDEXED BY recordings_of_camera
         WHERE recordings.camera = each.camera AND started_at >= ? AND started_at < ? AND ended_at > ?)`,
      ...[fromMs - LONGEST_FILE_MS, toMs, fromMs],
    );
    return rows.map(({ camera }) => String(camera));
  }

  /** What was recorded, in order; files between which no more than `joinMs` lies are one stretch. */
  async stretches(window: Window, joinMs: number): Promise<StoredStretch[]> {
    const { cameras } = window;
    const [counted] = await this.#database.all(
      `SELECT count(*) AS files FROM recordings INDEXED BY recordings_of_camera WHERE ${inWindow(cameras)}`,
      ...windowOf(window),
    );
    const isFew = Number(counted?.files) <= MOST_FILES;
    const rows = await this.#database.all(
      `SELECT camera, min(started_at) AS from_ms, max(ended_at) AS to_ms, count(*) AS files,
         max(printf('%015d', ended_at) || ended_because) AS last
       FROM (${isFew ? oneByOne(cameras) : inPieces(cameras)})
       GROUP BY camera, stretch ORDER BY camera, from_ms`,
      ...[joinMs, ...windowOf(window)],
    );
    return joined(rows.map(stretchOf), joinMs);
  }

  /** Stretches within recordings that hold no picture of what was there; the longest first. */
  async covered(
    { cameras, fromMs, toMs }: Window,
    limit: number,
  ): Promise<(StoredGap & { camera: string })[]> {
    const rows = await this.#database.all(
      `SELECT camera, gaps FROM recordings INDEXED BY recordings_with_gaps WHERE camera IN (${marks(cameras)})
         AND started_at >= ? AND started_at < ? AND ended_at > ? AND gaps IS NOT NULL
       ORDER BY started_at DESC LIMIT ?`,
      ...[...cameras, fromMs - LONGEST_FILE_MS, toMs, fromMs, limit],
    );
    return rows
      .flatMap(({ camera, gaps }) =>
        (JSON.parse(String(gaps)) as StoredGap[]).map((gap) => ({ ...gap, camera: String(camera) }))
      )
      .filter((gap) => gap.toMs > fromMs && gap.fromMs < toMs)
      .sort((a, b) => (b.toMs - b.fromMs) - (a.toMs - a.fromMs))
      .slice(0, limit);
  }

  /** The events of that time, at most so many; one more tells that there are others. */
  async moments(window: Window, kinds: readonly string[], limit: number): Promise<StoredMoment[]> {
    const { cameras, fromMs, toMs } = window;
    const ofKind = kinds.length > 0 ? `AND kind IN (${marks(kinds)})` : "";
    const rows = await this.#database.all(
      `SELECT seq, camera, kind, started_at, ended_at,
         CASE WHEN kind = 'camera_state' THEN details ->> '$.status' END AS status
       FROM events INDEXED BY events_by_camera_time WHERE camera IN (${marks(cameras)})
         AND started_at >= ? AND started_at < ? AND (ended_at IS NULL OR ended_at >= ?) ${ofKind}
       LIMIT ?`,
      ...[...cameras, fromMs - LONGEST_EVENT_MS, toMs, fromMs, ...kinds, limit],
    );
    return rows.map(momentOf).sort((a, b) => a.startedAtMs - b.startedAtMs || a.seq - b.seq);
  }

  /** How many events began in each piece of that time. Whole quarters of an hour are counted already. */
  async counts(window: Window, kinds: readonly string[], bucketMs: number): Promise<StoredCount[]> {
    const { cameras, fromMs, toMs } = window;
    const ofKind = kinds.length > 0 ? `AND kind IN (${marks(kinds)})` : "";
    const isWhole = bucketMs % QUARTER_MS === 0 && fromMs % QUARTER_MS === 0;
    const unit = isWhole ? QUARTER_MS : 1;
    const [column, amount, table] = isWhole
      ? ["quarter", "sum(count)", "event_quarters"]
      : ["started_at", "count(*)", "events INDEXED BY events_by_camera_time"];
    const first = Math.floor(fromMs / unit);
    const rows = await this.#database.all(
      `SELECT camera, CAST((${column} - ?) / ? AS INTEGER) AS bucket, kind, ${amount} AS count FROM ${table}
       WHERE camera IN (${marks(cameras)}) AND ${column} >= ? AND ${column} < ? ${ofKind}
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      ...[first, bucketMs / unit, ...cameras, first, Math.ceil(toMs / unit), ...kinds],
    );
    return rows.map((row) => ({
      camera: String(row.camera),
      bucket: Number(row.bucket),
      kind: String(row.kind),
      count: Number(row.count),
    }));
  }

  /** The id of the file in which a moment lies: of several the one that began last. */
  async fileAt(camera: string, atMs: number): Promise<string | undefined> {
    return await this.#id(
      "camera = ? AND started_at BETWEEN ? AND ? AND ended_at > ? ORDER BY started_at DESC",
      ...[camera, atMs - LONGEST_FILE_MS, atMs, atMs],
    );
  }

  /** The id of the first file that begins after a moment and goes on beyond another. */
  async fileAfter(camera: string, afterMs: number, beyondMs: number): Promise<string | undefined> {
    return await this.#id(
      "camera = ? AND started_at > ? AND ended_at > ? ORDER BY started_at, id",
      ...[camera, afterMs, beyondMs],
    );
  }

  /** The id of the last file that had ended by then. */
  async fileBefore(camera: string, atMs: number): Promise<string | undefined> {
    return await this.#id(
      "camera = ? AND started_at < ? AND ended_at <= ? ORDER BY started_at DESC, id DESC",
      ...[camera, atMs, atMs],
    );
  }

  /** The ids of a camera's files that reach into that time, in order. */
  async filesIn(camera: string, fromMs: number, toMs: number, limit: number): Promise<string[]> {
    const rows = await this.#database.all(
      `SELECT id FROM recordings WHERE camera = ? AND started_at >= ? AND started_at < ? AND ended_at > ?
       ORDER BY started_at, id LIMIT ?`,
      ...[camera, fromMs - LONGEST_FILE_MS, toMs, fromMs, limit],
    );
    return rows.map(({ id }) => String(id));
  }

  /** Those of these ids that are listed. */
  async known(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.all(
      "SELECT id FROM recordings WHERE id IN (SELECT value FROM json_each(?))",
      JSON.stringify(ids),
    );
    return new Set(rows.map(({ id }) => String(id)));
  }

  async #id(condition: string, ...params: SqlValue[]): Promise<string | undefined> {
    const [row] = await this.#database.all(
      `SELECT id FROM recordings WHERE ${condition} LIMIT 1`,
      ...params.map((each) => typeof each === "number" ? Math.round(each) : each),
    );
    return row && String(row.id);
  }
}

function momentOf(row: Row): StoredMoment {
  return {
    seq: Number(row.seq),
    camera: String(row.camera),
    kind: String(row.kind),
    startedAtMs: Number(row.started_at),
    endedAtMs: row.ended_at === null ? undefined : Number(row.ended_at),
    status: row.status === null ? undefined : String(row.status),
  };
}
