// The journal's table: written, found, followed by its rows' `change`, and deleted when there is too much.
import { HubError } from "../base/errors.ts";
import type { Database } from "./database.ts";
import {
  COLUMNS,
  encode,
  eventOf,
  type EventPage,
  type EventQuery,
  type EventRetention,
  type EventRow,
  type JournalPosition,
  type JournalSize,
  pageOf,
  pageStatement,
  type StoredEvent,
} from "./event_rows.ts";
import type { SqlValue, Statement } from "./protocol.ts";

export type { EventPage, EventQuery, EventRow, JournalPosition, StoredEvent };

/** An event that is to be written. */
export interface EventWrite {
  /** Its number; undefined for a new one. */
  seq?: number | undefined;
  row: EventRow;
  alongside?: readonly Statement[];
}

/** Reads and writes the tables `events` and `journal`. */
export class EventsTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes one event: see `write`. */
  async insert(
    row: EventRow,
    nowMs: number,
    alongside: readonly Statement[] = [],
  ): Promise<StoredEvent> {
    const [stored] = await this.write([{ row, alongside }], nowMs);
    if (stored) return stored;
    throw new HubError("internal", "An event was written and is not there");
  }

  /** Writes what can change of an event; undefined when it was deleted meanwhile. */
  async update(
    seq: number,
    row: EventRow,
    nowMs: number,
    alongside: readonly Statement[] = [],
  ): Promise<StoredEvent | undefined> {
    return (await this.write([{ seq, row, alongside }], nowMs))[0];
  }

  /**
   * Writes events in this order and in one transaction, and with each what belongs to it: those statements find its
   * row as the one whose `change` is the journal's. Undefined stands for an event that was deleted meanwhile.
   */
  async write(events: readonly EventWrite[], nowMs: number): Promise<(StoredEvent | undefined)[]> {
    const at: number[] = [];
    const statements: Statement[] = [];
    for (const { seq, row, alongside = [] } of events) {
      at.push(statements.push(step(nowMs)));
      statements.push(seq === undefined ? inserting(row) : updating(seq, row), ...alongside);
    }
    const results = await this.#database.transaction(statements);
    return events.map(({ row }, index) => {
      const written = results[at[index] ?? -1]?.[0];
      return written && { ...row, seq: Number(written.seq), change: Number(written.change) };
    });
  }

  /** Finds events. */
  async list(query: EventQuery): Promise<EventPage> {
    const { sql, params } = pageStatement(query);
    return pageOf(query, await this.#database.all(sql, ...params));
  }

  /** One event. */
  async find(seq: number): Promise<StoredEvent | undefined> {
    const [row] = await this.#database.all(`SELECT ${COLUMNS} FROM events WHERE seq = ?`, seq);
    return row && eventOf(row);
  }

  /** Those of the kept pictures named that an event names. */
  async picturesNamed(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.all(
      "SELECT json_extract(details, '$.snapshot') AS id FROM events WHERE json_extract(details, '$.snapshot') IN " +
        `(${ids.map(() => "?").join()})`,
      ...ids,
    );
    return new Set(rows.map(({ id }) => String(id)));
  }

  /** How large the journal is. */
  async size(): Promise<JournalSize> {
    const [row] = await this.#database.all("SELECT rows, bytes FROM journal");
    return { rows: Number(row?.rows), bytes: Number(row?.bytes) };
  }

  /** Where the journal stands. */
  async position(): Promise<JournalPosition> {
    const [row] = await this.#database.all("SELECT change, pruned FROM journal");
    return { change: Number(row?.change), oldest: Number(row?.pruned) };
  }

  /** When the hub was last known to run. */
  async aliveAtMs(): Promise<number> {
    const [row] = await this.#database.all("SELECT alive_at FROM journal");
    return Number(row?.alive_at);
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
   * Deletes one batch of what is too old or too much, first what ended first. What goes on stays.
   * @returns how many were deleted (as many as `batch` means that there may be more), and which kept pictures no
   * event names any more.
   */
  async prune(
    { maxBytes, endedBeforeMs, batch }: EventRetention,
  ): Promise<{ count: number; pictures: string[] }> {
    const byAge = endedBeforeMs === undefined
      ? []
      : await this.#delete("ended_at < ?", [endedBeforeMs], batch);
    const { rows, bytes } = await this.size();
    const excess = bytes <= maxBytes ? 0 : Math.ceil((rows * (bytes - maxBytes)) / bytes);
    const bySize = await this.#delete("ended_at IS NOT NULL", [], Math.min(batch - byAge.length, excess));
    const deleted = [...byAge, ...bySize];
    return { count: deleted.length, pictures: deleted.filter((id) => id !== undefined) };
  }

  /** The pictures of the rows that were deleted, undefined for those without one. */
  async #delete(condition: string, params: SqlValue[], limit: number): Promise<(string | undefined)[]> {
    if (limit <= 0) return [];
    const chosen = `SELECT seq, change FROM events WHERE ${condition} ORDER BY ended_at LIMIT ?`;
    const [, deleted] = await this.#database.transaction([
      {
        sql: `UPDATE journal SET pruned = max(pruned, coalesce((SELECT max(change) FROM (${chosen})), 0))`,
        params: [...params, limit],
      },
      {
        sql: `DELETE FROM events WHERE seq IN (SELECT seq FROM (${chosen})) ` +
          "RETURNING json_extract(details, '$.snapshot') AS picture",
        params: [...params, limit],
      },
    ]);
    return (deleted ?? []).map(({ picture }) => typeof picture === "string" ? picture : undefined);
  }
}

/** Every write moves the counter on, in the write's own transaction. */
function step(nowMs: number): Statement {
  return { sql: "UPDATE journal SET change = change + 1, alive_at = ?", params: [Math.round(nowMs)] };
}

function inserting(event: EventRow): Statement {
  return {
    sql:
      "INSERT INTO events (change, camera, kind, source, started_at, last_at, ended_at, device_at, count, " +
      "details) VALUES ((SELECT change FROM journal), ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq, change",
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
  };
}

function updating(seq: number, event: EventRow): Statement {
  return {
    sql: "UPDATE events SET change = (SELECT change FROM journal), last_at = ?, ended_at = ?, count = ?, " +
      "details = ? WHERE seq = ? RETURNING seq, change",
    params: [event.lastAtMs, event.endedAtMs ?? null, event.count, encode(event.details), seq],
  };
}
