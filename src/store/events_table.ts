// The journal's rows: written, found, followed by their `change`, and deleted when there are too many.
import type { Database } from "./database.ts";
import type { Row, SqlValue, Statement } from "./protocol.ts";

/** What is written of an event. Times are milliseconds since 1970, whole numbers. */
export interface EventRow {
  /** Undefined for what concerns the hub as a whole. */
  camera?: string | undefined;
  kind: string;
  source: string;
  startedAtMs: number;
  /** When it was last known to go on. */
  lastAtMs: number;
  /** Undefined while it goes on. */
  endedAtMs?: number | undefined;
  deviceAtMs?: number | undefined;
  count: number;
  details?: Readonly<Record<string, unknown>> | undefined;
}

/** An event as it stands in the database. */
export interface StoredEvent extends EventRow {
  /** Grows with each new event and is never given again. */
  seq: number;
  /** Grows with each write to any event: what has a higher one was written later. */
  change: number;
}

/** Where the journal stands. */
export interface JournalPosition {
  /** `change` of the last write. */
  change: number;
  /** Who has seen everything up to here has missed nothing: later changes are all kept. */
  oldest: number;
}

/** Which events are wanted. With `after` the least recently written first, otherwise the newest first. */
export interface EventQuery {
  camera?: string | undefined;
  kind?: string | undefined;
  /** Events that went on at this time or later. */
  fromMs?: number | undefined;
  /** Events that began before this time. */
  toMs?: number | undefined;
  /** Events written after this `change`. */
  after?: number | undefined;
  /** Events with a smaller `seq`. */
  before?: number | undefined;
  limit: number;
}

/** Some events, and where the journal stood when they were read. */
export interface EventPage<E = StoredEvent> extends JournalPosition {
  events: E[];
  /** True when there are others beyond the limit. */
  more: boolean;
}

/** What is kept at most. */
export interface EventRetention {
  maxRows: number;
  /** Events that ended before this time are deleted. */
  endedBeforeMs: number;
  /** How many rows one call deletes at most. */
  batch: number;
}

const COLUMNS = "seq, change, camera, kind, source, started_at, last_at, ended_at, device_at, count, details";

/** Reads and writes the tables `events` and `journal`. */
export class EventsTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Writes a new event, and in the same transaction what belongs to it: those statements find its row as the one
   * whose `change` is the journal's.
   */
  async insert(
    event: EventRow,
    nowMs: number,
    alongside: readonly Statement[] = [],
  ): Promise<StoredEvent> {
    const [, rows] = await this.#database.transaction([
      step(nowMs),
      {
        sql: "INSERT INTO events (change, camera, kind, source, started_at, last_at, ended_at, device_at, " +
          "count, details) VALUES ((SELECT change FROM journal), ?, ?, ?, ?, ?, ?, ?, ?, ?) " +
          "RETURNING seq, change",
        params: [
          event.camera ?? null,
          event.kind,
          event.source,
          event.startedAtMs,
          event.lastAtMs,
          event.endedAtMs ?? null,
          event.deviceAtMs ?? null,
          event.count,
          encode(event.details),
        ],
      },
      ...alongside,
    ]);
    const row = rows?.[0];
    return { ...event, seq: Number(row?.seq), change: Number(row?.change) };
  }

  /**
   * Writes what can change of an event, and in the same transaction what belongs to it; undefined when it was
   * deleted meanwhile.
   */
  async update(
    seq: number,
    event: EventRow,
    nowMs: number,
    alongside: readonly Statement[] = [],
  ): Promise<StoredEvent | undefined> {
    const [, rows] = await this.#database.transaction([step(nowMs), updating(seq, event), ...alongside]);
    const row = rows?.[0];
    return row && { ...event, seq, change: Number(row.change) };
  }

  /** Finds events. */
  async list(query: EventQuery): Promise<EventPage> {
    const { conditions, params } = conditionsOf(query);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
    const order = query.after === undefined ? "seq DESC" : "change";
    // One statement: what is read and where the journal stands belong together, and reading needs no lock.
    const rows = await this.#database.all(
      `SELECT head, pruned, found.* FROM (SELECT change AS head, pruned FROM journal) LEFT JOIN ` +
        `(SELECT ${COLUMNS} FROM events ${where} ORDER BY ${order} LIMIT ?) AS found ORDER BY ${order}`,
      ...params,
      query.limit + 1,
    );
    const found = rows.filter(({ seq }) => seq !== null).map(eventOf);
    return {
      change: Number(rows[0]?.head),
      oldest: Number(rows[0]?.pruned),
      events: found.slice(0, query.limit),
      more: found.length > query.limit,
    };
  }

  /** Where the journal stands. */
  async position(): Promise<JournalPosition> {
    const [row] = await this.#database.all("SELECT change, pruned FROM journal");
    return { change: Number(row?.change), oldest: Number(row?.pruned) };
  }

  /** Notes that the hub runs: the last such time ends what a crash leaves open. */
  async noteAlive(nowMs: number): Promise<void> {
    await this.#database.all("UPDATE journal SET alive_at = ?", Math.round(nowMs));
  }

  /**
   * Ends every event that goes on, as an earlier run of the hub left it: at the time when it was last known to go
   * on, or, for the kinds named, when the hub was last known to run.
   * @returns how many there were.
   */
  async closeLeftOpen(details: Record<string, unknown>, lastingKinds: readonly string[]): Promise<number> {
    const [journal, rows] = await this.#database.transaction([
      { sql: "SELECT alive_at FROM journal" },
      { sql: `SELECT ${COLUMNS} FROM events WHERE ended_at IS NULL ORDER BY seq` },
    ]);
    const aliveAtMs = Number(journal?.[0]?.alive_at);
    const open = (rows ?? []).map(eventOf);
    const writes = open.flatMap((event) => {
      const lastMs = lastingKinds.includes(event.kind) ? Math.max(event.lastAtMs, aliveAtMs) : event.lastAtMs;
      const ended = {
        ...event,
        endedAtMs: Math.max(event.startedAtMs, lastMs),
        details: { ...event.details, ...details },
      };
      return [step(aliveAtMs), updating(event.seq, ended)];
    });
    if (writes.length > 0) await this.#database.transaction(writes);
    return open.length;
  }

  /**
   * Deletes one batch of what is too old or too much, the least recently written first. What goes on stays.
   * @returns how many were deleted; as many as `batch` means that there may be more.
   */
  async prune({ maxRows, endedBeforeMs, batch }: EventRetention): Promise<number> {
    const [counted] = await this.#database.all("SELECT count(*) AS n FROM events");
    const excess = Math.min(batch, Math.max(0, Number(counted?.n) - maxRows));
    const byCount = await this.#delete("ended_at IS NOT NULL", [], excess);
    const byAge = await this.#delete("ended_at < ?", [endedBeforeMs], batch - byCount);
    return byCount + byAge;
  }

  async #delete(condition: string, params: SqlValue[], limit: number): Promise<number> {
    if (limit <= 0) return 0;
    const chosen = `SELECT change FROM events WHERE ${condition} ORDER BY change LIMIT ?`;
    const [, deleted] = await this.#database.transaction([
      {
        sql: `UPDATE journal SET pruned = max(pruned, coalesce((SELECT max(change) FROM (${chosen})), 0))`,
        params: [...params, limit],
      },
      { sql: `DELETE FROM events WHERE change IN (${chosen}) RETURNING seq`, params: [...params, limit] },
    ]);
    return deleted?.length ?? 0;
  }
}

/** Every write moves the counter on, in the write's own transaction. */
function step(nowMs: number): Statement {
  return { sql: "UPDATE journal SET change = change + 1, alive_at = ?", params: [Math.round(nowMs)] };
}

function updating(seq: number, event: EventRow): Statement {
  return {
    sql: "UPDATE events SET change = (SELECT change FROM journal), last_at = ?, ended_at = ?, count = ?, " +
      "details = ? WHERE seq = ? RETURNING change",
    params: [event.lastAtMs, event.endedAtMs ?? null, event.count, encode(event.details), seq],
  };
}

function conditionsOf(query: EventQuery): { conditions: string[]; params: SqlValue[] } {
  // Who follows has seen nearly everything: the plus keeps SQLite from any other index than the one of `change`.
  const plus = query.after === undefined ? "" : "+";
  const asked: [string, SqlValue | undefined][] = [
    [`${plus}camera = ?`, query.camera],
    [`${plus}kind = ?`, query.kind],
    ["(ended_at IS NULL OR ended_at >= ?)", query.fromMs],
    ["started_at < ?", query.toMs],
    ["change > ?", query.after],
    ["seq < ?", query.before],
  ];
  const used = asked.filter((each): each is [string, SqlValue] => each[1] !== undefined);
  return { conditions: used.map(([condition]) => condition), params: used.map(([, value]) => value) };
}

function encode(details: EventRow["details"]): string | null {
  return details === undefined || Object.keys(details).length === 0 ? null : JSON.stringify(details);
}

function eventOf(row: Row): StoredEvent {
  return {
    seq: Number(row.seq),
    change: Number(row.change),
    ...(row.camera === null ? {} : { camera: String(row.camera) }),
    kind: String(row.kind),
    source: String(row.source),
    startedAtMs: Number(row.started_at),
    lastAtMs: Number(row.last_at),
    ...(row.ended_at === null ? {} : { endedAtMs: Number(row.ended_at) }),
    ...(row.device_at === null ? {} : { deviceAtMs: Number(row.device_at) }),
    count: Number(row.count),
    ...(row.details === null ? {} : { details: JSON.parse(String(row.details)) }),
  };
}
