// Alerts from outside that go on.
import type { Database } from "./database.ts";
import type { Statement } from "./protocol.ts";

/** Times are milliseconds since 1970. */
export interface ExternalAlertRow {
  source: string;
  fingerprint: string;
  camera?: string | undefined;
  name: string;
  severity: string;
  title: string;
  text: string;
  labels: Readonly<Record<string, string>>;
  startsAtMs: number;
  seenAtMs: number;
}

/** What tells one from all others. */
export type ExternalAlertKey = Pick<ExternalAlertRow, "source" | "fingerprint">;

/** Reads and writes the table `external_alerts`. */
export class ExternalAlertsTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async all(): Promise<ExternalAlertRow[]> {
    const rows = await this.#database.all("SELECT * FROM external_alerts ORDER BY starts_at");
    return rows.map((row) => ({
      source: String(row.source),
      fingerprint: String(row.fingerprint),
      camera: row.camera === null ? undefined : String(row.camera),
      name: String(row.name),
      severity: String(row.severity),
      title: String(row.title),
      text: String(row.text),
      labels: JSON.parse(String(row.labels)),
      startsAtMs: Number(row.starts_at),
      seenAtMs: Number(row.seen_at),
    }));
  }

  /** Writes those that go on and deletes those that are over, all or none. */
  async write(firing: readonly ExternalAlertRow[], over: readonly ExternalAlertKey[]): Promise<void> {
    const statements = [...over.map(deletion), ...firing.map(insertion)];
    if (statements.length > 0) await this.#database.transaction(statements);
  }
}

function deletion({ source, fingerprint }: ExternalAlertKey): Statement {
  return {
    sql: "DELETE FROM external_alerts WHERE source = ? AND fingerprint = ?",
    params: [source, fingerprint],
  };
}

function insertion(row: ExternalAlertRow): Statement {
  return {
    sql:
      "INSERT OR REPLACE INTO external_alerts (source, fingerprint, camera, name, severity, title, text, " +
      "labels, starts_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    params: [
      row.source,
      row.fingerprint,
      row.camera ?? null,
      row.name,
      row.severity,
      row.title,
      row.text,
      JSON.stringify(row.labels),
      Math.round(row.startsAtMs),
      Math.round(row.seenAtMs),
    ],
  };
}
