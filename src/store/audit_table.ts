// What was asked to be changed: written, read newest first, and deleted when it is too old or too much.
import type { Database } from "./database.ts";
import type { Row, SqlValue } from "./protocol.ts";

/** One change that was asked for. */
export interface AuditRow {
  /** Milliseconds since 1970. */
  timeMs: number;
  user: string;
  role: string;
  operation: string;
  camera?: string | undefined;
  /** JSON without secrets. */
  input: string;
  /** `done`, or the kind of the error. */
  outcome: string;
  /** Of the error. */
  message?: string | undefined;
  verified?: string | undefined;
}

export interface StoredAudit extends AuditRow {
  id: number;
}

/** Which rows are wanted; newest first. */
export interface AuditQuery {
  camera?: string | undefined;
  user?: string | undefined;
  operation?: string | undefined;
  /** Rows with a smaller id. */
  before?: number | undefined;
  limit: number;
}

/** What is kept at most. */
export interface AuditRetention {
  maxRows: number;
  /** Rows of before this time are deleted. */
  beforeMs: number;
}

/** Reads and writes the table `audit`. */
export class AuditTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes rows in one transaction. */
  async insert(rows: readonly AuditRow[]): Promise<void> {
    await this.#database.transaction(rows.map((row) => ({
      sql: "INSERT INTO audit (time, user, role, operation, camera, input, outcome, message, verified) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      params: [
        Math.round(row.timeMs),
        row.user,
        row.role,
        row.operation,
        row.camera ?? null,
        row.input,
        row.outcome,
        row.message ?? null,
        row.verified ?? null,
      ],
    })));
  }

  /** Finds rows. */
  async list({ limit, ...query }: AuditQuery): Promise<StoredAudit[]> {
    const asked: [string, SqlValue | undefined][] = [
      ["camera = ?", query.camera],
      ["user = ?", query.user],
      ["operation = ?", query.operation],
      ["id < ?", query.before],
    ];
    const used = asked.filter((each): each is [string, SqlValue] => each[1] !== undefined);
    const where = used.length > 0 ? `WHERE ${used.map(([condition]) => condition).join(" AND ")}` : "";
    const rows = await this.#database.all(
      `SELECT * FROM audit ${where} ORDER BY id DESC LIMIT ?`,
      ...used.map(([, value]) => value),
      limit,
    );
    return rows.map(storedAudit);
  }

  /** Deletes what is too old or too much. */
  async prune({ maxRows, beforeMs }: AuditRetention): Promise<void> {
    await this.#database.transaction([
      { sql: "DELETE FROM audit WHERE time < ?", params: [Math.round(beforeMs)] },
      {
        sql: "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?)",
        params: [maxRows],
      },
    ]);
  }
}

function storedAudit(row: Row): StoredAudit {
  const text = (name: string) => row[name] === null ? undefined : String(row[name]);
  return {
    id: Number(row.id),
    timeMs: Number(row.time),
    user: String(row.user),
    role: String(row.role),
    operation: String(row.operation),
    camera: text("camera"),
    input: String(row.input),
    outcome: String(row.outcome),
    message: text("message"),
    verified: text("verified"),
  };
}
