// The files of recordings that are closed and safe on the disk.
import { HubError } from "../base/errors.ts";
import type { Database } from "./database.ts";
import type { Row, SqlValue } from "./protocol.ts";

/** A stretch in which a recording holds no picture of what was there. */
export interface StoredGap {
  fromMs: number;
  toMs: number;
  reason: string;
}

/** One file. Times are milliseconds since 1970, whole numbers. */
export interface StoredRecording {
  id: string;
  /** The recording it is a part of: the id of its first part. */
  recording: string;
  /** Counts from 1. */
  part: number;
  camera: string;
  /** Below the folder of recordings. */
  path: string;
  startedAtMs: number;
  endedAtMs: number;
  /** Of the pictures. */
  durationMs: number;
  sizeBytes: number;
  /** How much of it was there before it was asked for. */
  preRollMs: number;
  codec?: string | undefined;
  width?: number | undefined;
  height?: number | undefined;
  hasSound: boolean;
  endedBecause: string;
  gaps: readonly StoredGap[];
  /** Who wanted it: `manual`, or a rule. */
  cause: string;
  /** True where an event went on while it was recorded. */
  hasEvent: boolean;
  /** True: it is not deleted before it is unlocked. */
  isLocked: boolean;
}

/** Which are wanted, the newest first. */
export interface RecordingQuery {
  camera?: string | undefined;
  /** Those that went on at this time or later. */
  fromMs?: number | undefined;
  /** Those that began before this time. */
  toMs?: number | undefined;
  /** Those that come after this one in the list. */
  before?: string | undefined;
  limit: number;
}

/** Some of them. */
export interface RecordingPage {
  recordings: StoredRecording[];
  /** How many fit the question, on all pages. */
  total: number;
  /** True when there are others beyond the limit. */
  more: boolean;
}

const COLUMNS = "id, recording, part, camera, path, started_at, ended_at, duration_ms, size_bytes, " +
  "pre_roll_ms, codec, width, height, has_sound, ended_because, gaps, cause, has_event, locked";

/** Reads and writes the table `recordings`. */
export class RecordingsTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(recording: StoredRecording): Promise<void> {
    const { gaps } = recording;
    await this.#database.all(
      `INSERT INTO recordings (${COLUMNS}) VALUES (${Array(19).fill("?").join(", ")})`,
      recording.id,
      recording.recording,
      recording.part,
      recording.camera,
      recording.path,
      Math.round(recording.startedAtMs),
      Math.round(recording.endedAtMs),
      Math.round(recording.durationMs),
      recording.sizeBytes,
      Math.round(recording.preRollMs),
      recording.codec ?? null,
      recording.width ?? null,
      recording.height ?? null,
      recording.hasSound ? 1 : 0,
      recording.endedBecause,
      gaps.length > 0 ? JSON.stringify(gaps) : null,
      recording.cause,
      recording.hasEvent ? 1 : 0,
      recording.isLocked ? 1 : 0,
    );
  }

  async find(id: string): Promise<StoredRecording | undefined> {
    const [row] = await this.#database.all(`SELECT ${COLUMNS} FROM recordings WHERE id = ?`, id);
    return row && recordingOf(row);
  }

  /** All parts of a recording, in order. */
  async parts(recording: string): Promise<StoredRecording[]> {
    const sql = `SELECT ${COLUMNS} FROM recordings WHERE recording = ? ORDER BY part`;
    return (await this.#database.all(sql, recording)).map(recordingOf);
  }

  /** What a recording was made for, as the journal has it; undefined where it tells nothing of it. */
  async causeTold(camera: string, recording: string): Promise<string | undefined> {
    const [row] = await this.#database.all(
      "SELECT json_extract(details, '$.cause') AS cause FROM events WHERE camera = ? AND kind = 'recording' " +
        "AND json_extract(details, '$.recording') = ? ORDER BY seq DESC LIMIT 1",
      camera,
      recording,
    );
    return typeof row?.cause === "string" ? row.cause : undefined;
  }

  /** @throws HubError `not_found` where there is none of the id `before`. */
  async list(query: RecordingQuery): Promise<RecordingPage> {
    const asked: [string, SqlValue | undefined][] = [
      ["camera = ?", query.camera],
      ["ended_at >= ?", query.fromMs],
      ["started_at < ?", query.toMs],
    ];
    const used = asked.filter((each): each is [string, SqlValue] => each[1] !== undefined);
    const params = used.map(([, value]) => value);
    const all = ["TRUE", ...used.map(([condition]) => condition)].join(" AND ");
    const last = query.before === undefined ? undefined : await this.#place(query.before);
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM recordings WHERE ${all} AND ${last ? "(started_at, id) < (?, ?)" : "TRUE"} ` +
        "ORDER BY started_at DESC, id DESC LIMIT ?",
      ...params,
      ...(last ?? []),
      query.limit + 1,
    );
    const [counted] = await this.#database.all(
      `SELECT count(*) AS total FROM recordings WHERE ${all}`,
      ...params,
    );
    const recordings = rows.slice(0, query.limit).map(recordingOf);
    return { recordings, total: Number(counted?.total ?? 0), more: rows.length > query.limit };
  }

  /** Where one stands in the list. */
  async #place(id: string): Promise<[SqlValue, SqlValue]> {
    const [row] = await this.#database.all("SELECT started_at, id FROM recordings WHERE id = ?", id);
    if (row) return [row.started_at ?? null, row.id ?? null];
    throw new HubError(
      "not_found",
      `There is no recording "${id.slice(0, 40)}" after which others could come`,
      {
        hint: "It may have been deleted meanwhile: begin again without before",
      },
    );
  }

  /** The paths of all files that are known: those that are listed, and those that were deleted and still have to go. */
  async paths(): Promise<Set<string>> {
    const rows = await this.#database.all(
      "SELECT path FROM recordings UNION ALL SELECT path FROM recording_garbage",
    );
    return new Set(rows.map(({ path }) => String(path)));
  }

  /** Locks a file, or unlocks it. False when there is none. */
  async lock(id: string, isLocked: boolean): Promise<boolean> {
    const rows = await this.#database.all(
      "UPDATE recordings SET locked = ? WHERE id = ? RETURNING id",
      isLocked ? 1 : 0,
      id,
    );
    return rows.length > 0;
  }
}

function recordingOf(row: Row): StoredRecording {
  return {
    id: String(row.id),
    recording: String(row.recording),
    part: Number(row.part),
    camera: String(row.camera),
    path: String(row.path),
    startedAtMs: Number(row.started_at),
    endedAtMs: Number(row.ended_at),
    durationMs: Number(row.duration_ms),
    sizeBytes: Number(row.size_bytes),
    preRollMs: Number(row.pre_roll_ms),
    ...(row.codec === null ? {} : { codec: String(row.codec) }),
    ...(row.width === null ? {} : { width: Number(row.width) }),
    ...(row.height === null ? {} : { height: Number(row.height) }),
    hasSound: row.has_sound === 1,
    endedBecause: String(row.ended_because),
    gaps: row.gaps === null ? [] : JSON.parse(String(row.gaps)),
    cause: String(row.cause),
    hasEvent: row.has_event === 1,
    isLocked: row.locked === 1,
  };
}
