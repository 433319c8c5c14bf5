// The database's own thread: a disk that takes a second must not hold up the frames.
/// <reference lib="deno.worker" />
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Row, Statement, StoreReply, StoreRequest } from "./protocol.ts";

/** In the order in which they apply; `user_version` counts how many have. */
const MIGRATIONS = [
  "001_initial.sql",
  "002_devices_and_events.sql",
  "003_audit.sql",
  "004_tokens.sql",
  "005_recordings.sql",
  "006_camera_rules.sql",
  "007_journal.sql",
  "008_recording_rules.sql",
  "009_alerts.sql",
  "010_push.sql",
  "011_timeline.sql",
] as const;

let database: DatabaseSync | undefined;
const prepared = new Map<string, StatementSync>();

function open(path: string): Row[][] {
  database = new DatabaseSync(path, { timeout: 5000 });
  // WAL with FULL: an fsync for each transaction, so that a power cut takes nothing back that was told as written; with
  // NORMAL it would take the last transactions (sqlite.org/pragma.html#pragma_synchronous).
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  migrate(database);
  return [];
}

function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `The database is of a newer version of the hub (schema ${version}, known ${MIGRATIONS.length})`,
    );
  }
  for (const [index, file] of MIGRATIONS.entries()) {
    if (index < version) continue;
    const sql = Deno.readTextFileSync(new URL(`./migrations/${file}`, import.meta.url));
    transaction(db, () => {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself; a second ROLLBACK would hide the first error.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Questions with lists of any length come in as many forms: the oldest is forgotten. */
const MAX_PREPARED = 256;

function prepare(db: DatabaseSync, sql: string): StatementSync {
  const [oldest] = prepared.keys();
  if (oldest !== undefined && prepared.size >= MAX_PREPARED) prepared.delete(oldest);
  const statement = db.prepare(sql);
  prepared.set(sql, statement);
  return statement;
}

function query(db: DatabaseSync, statements: Statement[]): Row[][] {
  const run = () =>
    statements.map(({ sql, params = [] }) => {
      const statement = prepared.get(sql) ?? prepare(db, sql);
      return statement.all(...params) as Row[];
    });
  const isRead = statements.length === 1 && /^\s*SELECT\b/i.test(statements[0]?.sql ?? "");
  return isRead ? run() : transaction(db, run);
}

function answer(request: StoreRequest): Row[][] {
  if (request.kind === "open") return open(request.path);
  if (!database) throw new Error("The database is not open");
  if (request.kind === "query") return query(database, request.statements);
  prepared.clear();
  database.close();
  database = undefined;
  return [];
}

self.onmessage = (event: MessageEvent<StoreRequest>) => {
  const { id } = event.data;
  let reply: StoreReply;
  try {
    reply = { id, ok: true, results: answer(event.data) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = (error as { errcode?: number }).errcode;
    reply = { id, ok: false, message, sqliteCode: code === undefined ? undefined : code & 0xff };
  }
  self.postMessage(reply);
};
