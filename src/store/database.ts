// The hub's side of the database: asynchronous, while SQLite works in a thread of its own.
import { HubError } from "../base/errors.ts";
import type { NumberRows, Row, Statement, StoreReply, StoreRequest } from "./protocol.ts";
import type { SchemaName } from "./schemas.ts";

type Reply = Extract<StoreReply, { ok: true }>;
type RequestBody = StoreRequest extends infer R ? R extends { id: number } ? Omit<R, "id"> : never : never;

/** An open SQLite database. */
export class Database {
  readonly path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>();
  readonly #onDamage: ((error: HubError) => void)[] = [];
  #lastId = 0;
  #ended: HubError | undefined;

  private constructor(path: string, worker: URL) {
    this.path = path;
    this.#worker = new Worker(worker, { type: "module" });
    this.#worker.onmessage = (event: MessageEvent<StoreReply>) => this.#settle(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new HubError("internal", `The database's thread failed: ${event.message}`));
    };
  }

  /**
   * Opens the file (`:memory:` for none) and brings its tables up to date.
   * @param worker where the thread's module lies; given in the compiled program, whose own modules are one file.
   * @param schema which of the hub's files it is.
   * @throws HubError `storage_full`, `forbidden`, or `internal` for a damaged file.
   */
  static async open(
    path: string,
    worker = new URL("./worker.ts", import.meta.url),
    schema: SchemaName = "hub",
  ): Promise<Database> {
    const database = new Database(path, worker);
    try {
      await database.#ask({ kind: "open", path, schema });
      return database;
    } catch (error) {
      database.#worker.terminate();
      throw error;
    }
  }

  /** Runs one statement and returns its rows. */
  async all(sql: string, ...params: NonNullable<Statement["params"]>): Promise<Row[]> {
    return (await this.transaction([{ sql, params }]))[0] ?? [];
  }

  /** Runs statements in one transaction; returns the rows of each. Those that only read all see the same moment. */
  async transaction(statements: Statement[]): Promise<Row[][]> {
    const reply = await this.#ask({ kind: "query", statements });
    return "results" in reply ? reply.results : [];
  }

  /** Runs one statement outside any transaction: checks of the whole file. */
  async alone(sql: string, ...params: NonNullable<Statement["params"]>): Promise<Row[]> {
    const reply = await this.#ask({ kind: "alone", statement: { sql, params } });
    return "results" in reply ? reply.results[0] ?? [] : [];
  }

  /** Copies everything as it is at one moment into another file: a new one, or one that is empty. */
  async copyTo(path: string): Promise<void> {
    await this.#ask({ kind: "copy", to: path });
  }

  /** Calls back when it turns out that the file is damaged. */
  onDamage(listener: (error: HubError) => void): void {
    this.#onDamage.push(listener);
  }

  /** The same for statements that give many rows of numbers alone. */
  async numbers(statements: Statement[]): Promise<NumberRows[]> {
    const reply = await this.#ask({ kind: "numbers", statements });
    return "numbers" in reply ? reply.numbers : [];
  }

  /** Writes everything out and ends the thread. */
  async close(): Promise<void> {
    await this.#ask({ kind: "close" });
    this.#end(new HubError("unavailable", "The database is closed"));
  }

  /** Ends the thread at once, whatever it does: who waits is told. For those who only read. */
  abandon(): void {
    this.#end(new HubError("unavailable", `The database ${this.path} was let go`));
  }

  /** Nothing is asked any more, and who waits is told. */
  #end(reason: HubError): void {
    this.#ended = reason;
    this.#worker.terminate();
    for (const each of this.#waiting.values()) each.reject(reason);
    this.#waiting.clear();
  }

  #ask(body: RequestBody): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<Reply>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ ...body, id });
    return waiting.promise;
  }

  #fail(waiting: PromiseWithResolvers<Reply> | undefined, error: HubError): void {
    waiting?.reject(error);
    if (isDamage(error)) { for (const told of this.#onDamage) told(error); }
  }

  #settle(reply: StoreReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply);
    else this.#fail(waiting, explainSqlite(reply.message, reply.sqliteCode, this.path));
  }
}

/** What to do about a damaged file. */
export const DAMAGE_HINT =
  "Start the hub again: it keeps the damaged file aside and goes on with its last backup";

/** True for the error of a file that is damaged. */
export function isDamage(error: unknown): boolean {
  return error instanceof HubError && error.details?.["isDamaged"] === true;
}

/** SQLite's own texts for results that Deno reports without their code when it opens a file or runs a script. */
const CODES_BY_TEXT: readonly (readonly [RegExp, number])[] = [
  [/database or disk is full/, 13],
  [/disk I\/O error/, 10],
  [/readonly database/, 8],
  [/unable to open database file/, 14],
  [/database disk image is malformed|malformed database schema/, 11],
  [/file is not a database/, 26],
  [/constraint failed/, 19],
];

/** SQLite's primary result codes (sqlite.org/rescode.html) as errors that users can act on. */
function explainSqlite(message: string, reported: number | undefined, path: string): HubError {
  const details = { path, sqlite: message };
  switch (reported ?? CODES_BY_TEXT.find(([pattern]) => pattern.test(message))?.[1]) {
    case 13: // FULL
    case 10: // IOERR: on a full disk the WAL cannot grow
      return new HubError("storage_full", `The database ${path} cannot be written: ${message}`, {
        hint: "Free some space on that disk, or choose another folder with --data",
        details,
      });
    case 8: // READONLY
    case 14: // CANTOPEN
      return new HubError("forbidden", `The database ${path} cannot be opened for writing: ${message}`, {
        hint:
          "Check that the folder exists and that the hub's user may write to it, or choose another with --data",
        details,
      });
    case 11: // CORRUPT
    case 26: // NOTADB
      return new HubError("internal", `The database ${path} is damaged: ${message}`, {
        hint: DAMAGE_HINT,
        details: { ...details, isDamaged: true },
      });
    case 19: // CONSTRAINT
      return new HubError("conflict", message, { details });
    default:
      return new HubError("internal", `The database failed: ${message}`, { details });
  }
}
