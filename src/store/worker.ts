// The database's own thread: a disk that takes a second must not hold up the frames.
/// <reference lib="deno.worker" />
import { backup, DatabaseSync, type StatementSync } from "node:sqlite";
import type { NumberRows, Row, SqlValue, Statement, StoreReply, StoreRequest } from "./protocol.ts";
import { type Schema, SCHEMAS } from "./schemas.ts";

let database: DatabaseSync | undefined;
const prepared = new Map<string, StatementSync>();

function open({ path, schema }: Extract<StoreRequest, { kind: "open" }>): Row[][] {
  const opened = new DatabaseSync(path, { timeout: 5000 });
  try {
    opened.exec(SCHEMAS[schema].pragmas);
    migrate(opened, SCHEMAS[schema]);
  } catch (error) {
    // Closed before it is told: who asked may put another file in its place, and a connection that ends later would
    // delete that one's log, whose path is the same.
    opened.close();
    throw error;
  }
  database = opened;
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

function inTransaction<T>(db: DatabaseSync, statements: Statement[], run: () => T): T {
  // What only reads needs no lock for writing, and must not fail where nothing can be written.
  const isRead = statements.every(({ sql }) => /^\s*SELECT\b/i.test(sql));
  if (isRead && statements.length === 1) return run();
  return transaction(db, run, isRead ? "DEFERRED" : "IMMEDIATE");
}

function query(db: DatabaseSync, statements: Statement[]): Row[][] {
  return inTransaction(db, statements, () =>
    statements.map(({ sql, params = [] }) => {
      const statement = prepared.get(sql) ?? prepare(db, sql);
      return statement.all(...params) as Row[];
    }));
}

/** For answers of many rows: one block of memory changes hands, where rows as objects would be copied one by one. */
function numbers(db: DatabaseSync, statements: Statement[]): NumberRows[] {
  return inTransaction(db, statements, () =>
    statements.map(({ sql, params = [] }) => {
      // Deno's types lack it (nodejs.org/api/sqlite.html#statementsetreturnarraysenabled).
      const statement = db.prepare(sql) as StatementSync & { setReturnArrays(isOn: boolean): void };
      statement.setReturnArrays(true);
      const rows = statement.all(...params) as unknown as SqlValue[][];
      const columns = rows[0]?.length ?? 0;
      const values = new Float64Array(rows.length * columns);
      let at = 0;
      for (const row of rows) {
        for (const value of row) values[at++] = value === null ? NaN : Number(value);
      }
      return { columns, values };
    }));
}

/** In one step, so that what others write meanwhile does not make it begin anew. VACUUM INTO needs every permission. */
async function copy(db: DatabaseSync, to: string): Promise<Row[][]> {
  await backup(db, to, { rate: -1 });
  return [];
}

function answer(request: StoreRequest): Row[][] | Promise<Row[][]> {
  if (request.kind === "open") return open(request);
  if (!database) throw new Error("The database is not open");
  if (request.kind === "query") return query(database, request.statements);
  if (request.kind === "alone") {
    const { sql, params = [] } = request.statement;
    return [database.prepare(sql).all(...params) as Row[]];
  }
  if (request.kind === "copy") return copy(database, request.to);
  prepared.clear();
  database.close();
  database = undefined;
  return [];
}

async function reply(request: StoreRequest): Promise<void> {
  const { id, kind } = request;
  if (kind !== "numbers") {
    const results = answer(request);
    return tell({ id, ok: true, results: results instanceof Promise ? await results : results });
  }
  if (!database) throw new Error("The database is not open");
  const found = numbers(database, request.statements);
  tell({ id, ok: true, numbers: found }, found.map(({ values }) => values.buffer));
}

function tell(what: StoreReply, transferred: Transferable[] = []): void {
  self.postMessage(what, transferred);
}

self.onmessage = async (event: MessageEvent<StoreRequest>) => {
  try {
    await reply(event.data);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = (error as { errcode?: number }).errcode;
    const sqliteCode = code === undefined ? undefined : code & 0xff;
    tell({ id: event.data.id, ok: false, message, sqliteCode });
  }
};
