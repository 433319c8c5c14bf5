// Messages on their way out of the hub, until they are delivered or given up.
import type { Database } from "./database.ts";
import type { Row, Statement } from "./protocol.ts";

/** A message to one channel. Times are milliseconds since 1970. */
export interface OutboxRow {
  id: number;
  /** The same for every try. */
  key: string;
  /** Number of the alert. */
  alert: number;
  channel: string;
  state: "firing" | "resolved";
  createdAtMs: number;
  /** Not to be sent before. */
  dueAtMs: number;
  /** Tries that failed so far. */
  attempts: number;
  nextTryAtMs?: number | undefined;
  /** JSON, fixed with the first try. */
  message?: string | undefined;
  /** Why the last try failed. */
  error?: string | undefined;
  deliveredAtMs?: number | undefined;
  /** When it was given up. */
  deadAtMs?: number | undefined;
}

/** What is put in. */
export type NewMessage = Pick<OutboxRow, "key" | "alert" | "channel" | "state" | "createdAtMs" | "dueAtMs">;

const COLUMNS =
  "id, key, alert, channel, state, created_at, due_at, attempts, next_try_at, message, error, " +
  "delivered_at, dead_at";
const WAITING = "delivered_at IS NULL AND dead_at IS NULL";

/** Puts a message in; a second time it changes nothing. */
export function insertMessage({ key, alert, channel, state, createdAtMs, dueAtMs }: NewMessage): Statement {
  return {
    sql:
      "INSERT OR IGNORE INTO outbox (key, alert, channel, state, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?)",
    params: [key, alert, channel, state, Math.round(createdAtMs), Math.round(dueAtMs)],
  };
}

/** Reads and writes the table `outbox`. */
export class OutboxTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The message of a channel whose turn is next. @param mayOvertake true: others go before what waits for its next try. */
  async next(channel: string, mayOvertake = false): Promise<OutboxRow | undefined> {
    const order = mayOvertake ? "coalesce(next_try_at, due_at)" : "due_at";
    const [row] = await this.#database.all(
      `SELECT ${COLUMNS} FROM outbox WHERE channel = ? AND ${WAITING} ORDER BY ${order}, id LIMIT 1`,
      channel,
    );
    return row && messageOf(row);
  }

  /** Channels for which something waits. */
  async channels(): Promise<string[]> {
    const rows = await this.#database.all(`SELECT DISTINCT channel FROM outbox WHERE ${WAITING}`);
    return rows.map(({ channel }) => String(channel));
  }

  /** Fixes what every try sends. */
  async fix(id: number, message: string): Promise<void> {
    await this.#database.all("UPDATE outbox SET message = ? WHERE id = ? AND message IS NULL", message, id);
  }

  /** It was delivered. The alert's picture goes with its last message. */
  async delivered(id: number, atMs: number): Promise<void> {
    await this.#end(
      id,
      "delivered_at = ?, error = NULL, next_try_at = NULL, dead_at = NULL",
      Math.round(atMs),
    );
  }

  /** A try failed; there will be another. */
  async failed(id: number, error: string, nextTryAtMs: number): Promise<void> {
    await this.#database.all(
      "UPDATE outbox SET attempts = attempts + 1, error = ?, next_try_at = ? WHERE id = ?",
      error,
      Math.round(nextTryAtMs),
      id,
    );
  }

  /** It is given up. */
  async buried(id: number, error: string, atMs: number): Promise<void> {
    await this.#end(
      id,
      "attempts = attempts + 1, error = ?, next_try_at = NULL, dead_at = ?",
      error,
      Math.round(atMs),
    );
  }

  /** Gives up all that waits for a channel that is not there. @returns how many there were. */
  async buryChannel(channel: string, error: string, atMs: number): Promise<number> {
    const rows = await this.#database.all(
      `UPDATE outbox SET error = ?, dead_at = ? WHERE channel = ? AND ${WAITING} RETURNING id`,
      error,
      Math.round(atMs),
      channel,
    );
    return rows.length;
  }

  /** Messages that were given up, the newest first. */
  async dead(limit: number): Promise<OutboxRow[]> {
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM outbox WHERE dead_at IS NOT NULL ORDER BY id DESC LIMIT ?`,
      limit,
    );
    return rows.map(messageOf);
  }

  /** How many wait, and how many were given up. */
  async counts(): Promise<{ waiting: number; dead: number }> {
    const [row] = await this.#database.all(
      `SELECT (SELECT count(*) FROM outbox WHERE ${WAITING}) AS waiting, ` +
        "(SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL) AS dead",
    );
    return { waiting: Number(row?.waiting), dead: Number(row?.dead) };
  }

  /** Lets what was given up try anew: one message or all. @returns their ids. */
  async revive(id: number | undefined, atMs: number): Promise<number[]> {
    const at = Math.round(atMs);
    const rows = await this.#database.all(
      "UPDATE outbox SET dead_at = NULL, attempts = 0, next_try_at = NULL, created_at = ?, due_at = ? " +
        `WHERE dead_at IS NOT NULL ${id === undefined ? "" : "AND id = ?"} RETURNING id`,
      at,
      at,
      ...(id === undefined ? [] : [id]),
    );
    return rows.map((row) => Number(row.id));
  }

  /** Deletes what was given up: one message or all. @returns how many there were. */
  async discard(id: number | undefined): Promise<number> {
    const rows = await this.#database.all(
      `DELETE FROM outbox WHERE dead_at IS NOT NULL ${id === undefined ? "" : "AND id = ?"} RETURNING id`,
      ...(id === undefined ? [] : [id]),
    );
    return rows.length;
  }

  /** All messages of some alerts. */
  async ofAlerts(alerts: readonly number[]): Promise<OutboxRow[]> {
    if (alerts.length === 0) return [];
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM outbox WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY id`,
      JSON.stringify(alerts),
    );
    return rows.map(messageOf);
  }

  async #end(id: number, change: string, ...params: (string | number)[]): Promise<void> {
    await this.#database.transaction([
      { sql: `UPDATE outbox SET ${change} WHERE id = ?`, params: [...params, id] },
      {
        sql:
          "DELETE FROM alert_pictures WHERE alert = (SELECT alert FROM outbox WHERE id = ?) AND NOT EXISTS " +
          `(SELECT 1 FROM outbox AS other WHERE other.alert = alert_pictures.alert AND other.${
            WAITING.replace("AND ", "AND other.")
          })`,
        params: [id],
      },
    ]);
  }
}

function messageOf(row: Row): OutboxRow {
  const optional = {
    nextTryAtMs: row.next_try_at,
    deliveredAtMs: row.delivered_at,
    deadAtMs: row.dead_at,
  };
  const times = Object.entries(optional).filter(([, value]) => value !== null).map(([name, value]) => [
    name,
    Number(value),
  ]);
  return {
    id: Number(row.id),
    key: String(row.key),
    alert: Number(row.alert),
    channel: String(row.channel),
    state: row.state === "resolved" ? "resolved" : "firing",
    createdAtMs: Number(row.created_at),
    dueAtMs: Number(row.due_at),
    attempts: Number(row.attempts),
    ...(row.message === null ? {} : { message: String(row.message) }),
    ...(row.error === null ? {} : { error: String(row.error) }),
    ...Object.fromEntries(times),
  };
}
