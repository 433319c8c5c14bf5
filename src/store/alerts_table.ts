// Alerts: what was told of, whether it is over, and who has seen it.
import type { Database } from "./database.ts";
import type { Row, SqlValue, Statement } from "./protocol.ts";

/** An alert as it stands in the database. Times are milliseconds since 1970, whole numbers. */
export interface AlertRow {
  id: number;
  rule: string;
  camera?: string | undefined;
  /** Kind of the event, or the metric; `external` for an alert from outside. */
  kind: string;
  /** Which alert from outside. */
  subject?: string | undefined;
  severity: string;
  title: string;
  text: string;
  startedAtMs: number;
  lastAtMs: number;
  /** Undefined while it fires. */
  endedAtMs?: number | undefined;
  count: number;
  /** Number of the event behind it. */
  event?: number | undefined;
  value?: number | undefined;
  muted?: string | undefined;
  channels: readonly string[];
  escalated: number;
  acknowledgedAtMs?: number | undefined;
  acknowledgedBy?: string | undefined;
  note?: string | undefined;
}

/** Which alerts are wanted, the newest first. */
export interface AlertQuery {
  state?: "firing" | "resolved" | "unacknowledged" | undefined;
  camera?: string | undefined;
  /** Alerts with a smaller id. */
  before?: number | undefined;
  limit: number;
}

/** How many there are that somebody should look at. */
export interface AlertCounts {
  firing: number;
  unacknowledged: number;
}

const COLUMNS =
  "id, rule, camera, kind, severity, title, text, started_at, last_at, ended_at, count, event, " +
  "value, muted, channels, escalated, acknowledged_at, acknowledged_by, note, subject";
/** The event that is written in the same transaction. */
const THIS_EVENT = "(SELECT seq FROM events WHERE change = (SELECT change FROM journal))";

/** Reads and writes the table `alerts`. What belongs to an event's transaction comes as statements. */
export class AlertsTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes what others made; those that were written already change nothing. */
  async write(statements: readonly Statement[]): Promise<void> {
    if (statements.length > 0) await this.#database.transaction([...statements]);
  }

  async list({ state, camera, before, limit }: AlertQuery): Promise<{ alerts: AlertRow[]; more: boolean }> {
    const conditions: string[] = state === undefined ? [] : [STATES[state]];
    const params: SqlValue[] = [];
    for (const [condition, value] of [["camera = ?", camera], ["id < ?", before]] as const) {
      if (value === undefined) continue;
      conditions.push(condition);
      params.push(value);
    }
    const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM alerts ${where} ORDER BY id DESC LIMIT ?`,
      ...params,
      limit + 1,
    );
    return { alerts: rows.slice(0, limit).map(alertOf), more: rows.length > limit };
  }

  async get(id: number): Promise<AlertRow | undefined> {
    const [row] = await this.#database.all(`SELECT ${COLUMNS} FROM alerts WHERE id = ?`, id);
    return row && alertOf(row);
  }

  async counts(): Promise<AlertCounts> {
    const [row] = await this.#database.all(
      "SELECT (SELECT count(*) FROM alerts WHERE ended_at IS NULL) AS firing, " +
        "(SELECT count(*) FROM alerts WHERE acknowledged_at IS NULL) AS unacknowledged",
    );
    return { firing: Number(row?.firing), unacknowledged: Number(row?.unacknowledged) };
  }

  /** How many of the hub's own fire: those from outside are left out. */
  async countOwnFiring(): Promise<number> {
    const [row] = await this.#database.all(
      "SELECT count(*) AS firing FROM alerts WHERE ended_at IS NULL AND subject IS NULL",
    );
    return Number(row?.firing);
  }

  /** The highest id so far; 0 for none. */
  async lastId(): Promise<number> {
    const [row] = await this.#database.all("SELECT coalesce(max(id), 0) AS id FROM alerts");
    return Number(row?.id);
  }

  /** The first acknowledgement stands. */
  async acknowledge(id: number, by: string, atMs: number, note: string | undefined): Promise<void> {
    await this.#database.all(
      "UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ?, note = ? " +
        "WHERE id = ? AND acknowledged_at IS NULL",
      Math.round(atMs),
      by,
      note ?? null,
      id,
    );
  }

  /** The same for all that nobody has acknowledged. @returns how many there were. */
  async acknowledgeAll(by: string, atMs: number, note: string | undefined): Promise<number> {
    const rows = await this.#database.all(
      "UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ?, note = ? " +
        "WHERE acknowledged_at IS NULL RETURNING id",
      Math.round(atMs),
      by,
      note ?? null,
    );
    return rows.length;
  }

  /** The picture of an alert, kept while messages of it wait. */
  async picture(id: number): Promise<Uint8Array | undefined> {
    const [row] = await this.#database.all("SELECT jpeg FROM alert_pictures WHERE alert = ?", id);
    return row?.jpeg instanceof Uint8Array ? row.jpeg : undefined;
  }

  async keepPicture(id: number, jpeg: Uint8Array): Promise<void> {
    await this.#database.all("INSERT OR REPLACE INTO alert_pictures (alert, jpeg) VALUES (?, ?)", id, jpeg);
  }

  /** Deletes what is over and old, with its messages. */
  async prune(beforeMs: number): Promise<void> {
    const old = "SELECT id FROM alerts WHERE ended_at < ?";
    const params = [Math.round(beforeMs)];
    await this.#database.transaction([
      { sql: `DELETE FROM outbox WHERE alert IN (${old})`, params },
      { sql: `DELETE FROM alert_pictures WHERE alert IN (${old})`, params },
      { sql: "DELETE FROM alerts WHERE ended_at < ?", params },
    ]);
  }
}

const STATES = {
  firing: "ended_at IS NULL",
  resolved: "ended_at IS NOT NULL",
  unacknowledged: "acknowledged_at IS NULL",
} as const;

/** Writes a new alert. @param isOfEvent it belongs to the event of the same transaction. */
export function insertAlert(alert: AlertRow, isOfEvent: boolean): Statement {
  return {
    sql:
      `INSERT OR IGNORE INTO alerts (id, rule, camera, kind, severity, title, text, started_at, last_at, ` +
      `ended_at, count, event, value, muted, channels, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ` +
      `${isOfEvent ? THIS_EVENT : "NULL"}, ?, ?, ?, ?)`,
    params: [
      alert.id,
      alert.rule,
      alert.camera ?? null,
      alert.kind,
      alert.severity,
      alert.title,
      alert.text,
      Math.round(alert.startedAtMs),
      Math.round(alert.lastAtMs),
      alert.endedAtMs === undefined ? null : Math.round(alert.endedAtMs),
      alert.count,
      alert.value ?? null,
      alert.muted ?? null,
      JSON.stringify(alert.channels),
      alert.subject ?? null,
    ],
  };
}

/** It happened once more. The count is given, so that writing it twice changes nothing. */
export function extendAlert(id: number, count: number, atMs: number, isFiring: boolean): Statement {
  return {
    sql: "UPDATE alerts SET count = ?, last_at = max(last_at, ?), ended_at = CASE WHEN ? THEN NULL ELSE " +
      "max(last_at, ?) END WHERE id = ?",
    params: [count, Math.round(atMs), isFiring ? 1 : 0, Math.round(atMs), id],
  };
}

/** It is over. The wall clock may have been set back since it began. */
export function endAlert(id: number, atMs: number): Statement {
  const at = Math.round(atMs);
  return {
    sql: "UPDATE alerts SET ended_at = max(started_at, ?), last_at = max(last_at, ?) WHERE id = ?",
    params: [at, at, id],
  };
}

/** A step of the escalation was taken. */
export function escalateAlert(id: number, step: number, channels: readonly string[]): Statement {
  return {
    sql: "UPDATE alerts SET escalated = ?, channels = ? WHERE id = ?",
    params: [step, JSON.stringify(channels), id],
  };
}

function alertOf(row: Row): AlertRow {
  const text = (value: SqlValue | undefined) =>
    value === null || value === undefined ? undefined : String(value);
  const number = (value: SqlValue | undefined) =>
    value === null || value === undefined ? undefined : Number(value);
  return {
    id: Number(row.id),
    rule: String(row.rule),
    camera: text(row.camera),
    kind: String(row.kind),
    severity: String(row.severity),
    title: String(row.title),
    text: String(row.text),
    startedAtMs: Number(row.started_at),
    lastAtMs: Number(row.last_at),
    endedAtMs: number(row.ended_at),
    count: Number(row.count),
    event: number(row.event),
    value: number(row.value),
    muted: text(row.muted),
    channels: JSON.parse(String(row.channels)),
    escalated: Number(row.escalated),
    acknowledgedAtMs: number(row.acknowledged_at),
    acknowledgedBy: text(row.acknowledged_by),
    note: text(row.note),
    subject: text(row.subject),
  };
}
