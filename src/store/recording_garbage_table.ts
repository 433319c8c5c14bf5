// Recordings that go: which are the first to, and files that are in no list any more.
import type { Clock } from "../base/clock.ts";
import type { Database } from "./database.ts";
import type { Row, SqlValue } from "./protocol.ts";

/** A file that may be deleted. */
export interface Deletable {
  id: string;
  camera: string;
  path: string;
  startedAtMs: number;
  sizeBytes: number;
}

/** What a camera's recordings come to. */
export interface CameraSum {
  camera: string;
  files: number;
  sizeBytes: number;
  lockedBytes: number;
  /** When the oldest of them begins. */
  oldestMs: number;
}

/** Which may be deleted; locked ones never. */
export interface DeletableQuery {
  camera?: string | undefined;
  /** Only those that ended before. */
  endedBeforeMs?: number | undefined;
  /** True: only what a rule recorded, not what somebody asked for. */
  isByRule?: boolean | undefined;
  limit: number;
}

const COLUMNS = "id, camera, path, started_at, size_bytes";

/** Reads the table `recordings` for what may go, and writes `recording_garbage`. */
export class RecordingGarbageTable {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Takes files out of the list and puts them into the garbage, in one transaction. Locked ones stay. Returns the
   * paths of those that went.
   */
  async discard(ids: readonly string[]): Promise<string[]> {
    const list = JSON.stringify(ids);
    const which = "id IN (SELECT value FROM json_each(?)) AND locked = 0";
    const [, rows] = await this.#database.transaction([
      {
        sql:
          `INSERT OR IGNORE INTO recording_garbage (path, since) SELECT path, ? FROM recordings WHERE ${which}`,
        params: [this.#clock.now(), list],
      },
      { sql: `DELETE FROM recordings WHERE ${which} RETURNING path`, params: [list] },
    ]);
    return (rows ?? []).map(({ path }) => String(path));
  }

  /** Files that still have to go. */
  async garbage(): Promise<string[]> {
    const rows = await this.#database.all("SELECT path FROM recording_garbage ORDER BY since, path");
    return rows.map(({ path }) => String(path));
  }

  /** They are gone from the disk. */
  async forget(paths: readonly string[]): Promise<void> {
    await this.#database.all(
      "DELETE FROM recording_garbage WHERE path IN (SELECT value FROM json_each(?))",
      JSON.stringify(paths),
    );
  }

  async sums(): Promise<CameraSum[]> {
    const rows = await this.#database.all(
      "SELECT camera, count(*) AS files, sum(size_bytes) AS size, min(started_at) AS oldest, " +
        "sum(CASE locked WHEN 1 THEN size_bytes ELSE 0 END) AS locked_size FROM recordings GROUP BY camera",
    );
    return rows.map((row) => ({
      camera: String(row.camera),
      files: Number(row.files),
      sizeBytes: Number(row.size),
      lockedBytes: Number(row.locked_size),
      oldestMs: Number(row.oldest),
    }));
  }

  /** What goes first: the oldest, where a file with an event counts as half as old as it is. */
  async deletable({ camera, endedBeforeMs, isByRule, limit }: DeletableQuery): Promise<Deletable[]> {
    const asked: [string, SqlValue | undefined][] = [
      ["camera = ?", camera],
      ["ended_at < ?", endedBeforeMs],
      ["cause <> ?", isByRule ? "manual" : undefined],
    ];
    const used = asked.filter((each): each is [string, SqlValue] => each[1] !== undefined);
    const where = ["locked = 0", ...used.map(([condition]) => condition)].join(" AND ");
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM recordings WHERE ${where} ` +
        "ORDER BY CASE has_event WHEN 1 THEN (started_at + ?) / 2 ELSE started_at END, started_at LIMIT ?",
      ...used.map(([, value]) => value),
      this.#clock.now(),
      limit,
    );
    return rows.map(deletableOf);
  }

  /** The mark of a folder in which the hub has recorded before. */
  async mark(folder: string): Promise<string | undefined> {
    const [row] = await this.#database.all("SELECT mark FROM recording_folders WHERE path = ?", folder);
    return row && String(row.mark);
  }

  async setMark(folder: string, mark: string): Promise<void> {
    await this.#database.all(
      "INSERT OR REPLACE INTO recording_folders (path, mark) VALUES (?, ?)",
      folder,
      mark,
    );
  }
}

function deletableOf(row: Row): Deletable {
  return {
    id: String(row.id),
    camera: String(row.camera),
    path: String(row.path),
    startedAtMs: Number(row.started_at),
    sizeBytes: Number(row.size_bytes),
  };
}
