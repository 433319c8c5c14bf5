// The database's own thread: a disk that takes a second must not hold up the frames.
/// <reference lib="deno.worker" />
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Row, Statement, StoreReply, StoreRequest } from "./protocol.ts";
import { type Schema, SCHEMAS } from "./schemas.ts";

let database: DatabaseSync | undefined;
const prepared = new Map<string, StatementSync>();

function open({ path, schema }: Extract<StoreRequest, { kind: "open" }>): Row[][] {
  database = new DatabaseSync(path, { timeout: 5000 });
  database.exec(SCHEMAS[schema].pragmas);
  migrate(database, SCHEMAS[schema]);
  return [];
}

function migrate(db: DatabaseSync, { folder, migrations }: Schema): void {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (version > migrations.length) {
    throw new Error(
      `The database is of a newer version of the hub (schema ${version}, known ${migrations.length})`,
    );
  }
  for (const [index, file] of migrations.entries()) {
    if (index < version) continue;
    const sql = Deno.readTextFileSync(new URL(`./${folder}/${file}`, import.meta.url));
    transaction(db, () => {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

function transaction<T>(db: DatabaseSync, work: () => T, kind: "IMMEDIATE" | "DEFERRED" = "IMMEDIATE"): T {
  db.exec(`BEGIN ${kind}`);
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
  // What only reads needs no lock for writing, and must not fail where nothing can be written.
  const isRead = statements.every(({ sql }) => /^\s*SELECT\b/i.test(sql));
  if (isRead && statements.length === 1) return run();
  return transaction(db, run, isRead ? "DEFERRED" : "IMMEDIATE");
}

function answer(request: StoreRequest): Row[][] {
  if (request.kind === "open") return open(request);
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
