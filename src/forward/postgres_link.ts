// One connection to PostgreSQL, opened when it is needed and dropped after every failure.
import { once } from "node:events";
import { connect as connectTo, type Socket } from "node:net";
import type { Options, Sql, TransactionSql } from "postgres";
import { abortError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { NetworkGuard } from "../base/network.ts";
import type { PostgresConfig } from "../config/push.ts";
import { explainPostgresError, type PostgresPeer } from "./postgres_errors.ts";
import { createSchema, MIGRATIONS, SCHEMA_LOCK, SCHEMA_VERSION, versionThere } from "./postgres_schema.ts";

const CONNECT_S = 10;
const WORK_MS = 30_000;
/** An idle connection is closed after this time: most hubs send once a minute. */
const IDLE_S = 120;

type Rows = readonly Record<string, unknown>[];
/** Runs a statement with parameters $1, $2 and so on. */
export type Ask = (statement: string, parameters?: readonly string[]) => Promise<Rows>;

/** What lies between the targets of one store and its tables. */
export class PostgresLink {
  readonly #config: PostgresConfig;
  readonly #network: Pick<NetworkGuard, "resolve">;
  readonly #peer: PostgresPeer;
  readonly #password: string;
  #open: Sql | undefined;
  /** Ends the work that is under way; undefined once that has had its connection. */
  #mayConnect: AbortSignal | undefined;

  constructor(config: PostgresConfig, network: Pick<NetworkGuard, "resolve">) {
    const url = new URL(config.url.reveal());
    const inAddress = decodeURIComponent(url.password);
    this.#config = config;
    this.#network = network;
    this.#password = config.password?.reveal() ?? inAddress;
    this.#peer = {
      id: config.id,
      user: decodeURIComponent(url.username),
      database: decodeURIComponent(url.pathname.slice(1)),
      tls: config.tls,
      secrets: [this.#password, url.password, config.url.reveal()],
    };
  }

  /**
   * Does work in one transaction, in tables that are there.
   * @throws HubError as `Target.send` does; AbortError.
   */
  async transaction<T>(work: (ask: Ask) => Promise<T>, signal: AbortSignal): Promise<T> {
    using limit = new LinkedSignal(signal, AbortSignal.timeout(WORK_MS));
    const drop = () => void this.close();
    limit.signal.addEventListener("abort", drop, { once: true });
    this.#mayConnect = limit.signal;
    try {
      this.#open ??= await this.#connect(limit.signal);
      if (limit.signal.aborted) throw abortError();
      let result: { value: T } | undefined;
      await this.#open.begin(async (sql) => {
        result = { value: await work(asker(sql)) };
      });
      return result!.value;
    } catch (error) {
      await this.close();
      if (signal.aborted) throw abortError();
      throw explainPostgresError(error, this.#peer);
    } finally {
      limit.signal.removeEventListener("abort", drop);
    }
  }

  /** Ends the connection; what is under way fails. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.end({ timeout: 0 });
  }

  async #connect(signal: AbortSignal): Promise<Sql> {
    const url = new URL(this.#config.url.reveal());
    const address = await this.#network.resolve(url.hostname, signal);
    // Loaded when it is first needed: most hubs have no such store.
    const { default: postgres } = await import("postgres");
    if (signal.aborted) throw abortError();
    const options: Options<Record<never, never>> & { socket: () => Promise<Socket> } = {
      socket: () => this.#socket(address, Number(url.port || 5432)),
      username: this.#peer.user,
      database: this.#peer.database,
      password: this.#password,
      max: 1,
      idle_timeout: IDLE_S,
      connect_timeout: CONNECT_S,
      fetch_types: false,
      // Poolers such as PgBouncer know no prepared statements.
      prepare: false,
      onnotice: () => {/* what is told of statements that change nothing */},
      ssl: this.#config.tls ? this.#tls(url.hostname) : false,
      connection: { application_name: "tapo-camera-mcp" },
    };
    const sql = postgres(options);
    this.#open = sql;
    await migrate(sql, this.#config.schema);
    return sql;
  }

  /**
   * Left to itself, postgres.js 3.4.9 cuts an IPv6 address at its first colon, and so reaches something else than was
   * judged; and connects again without a pause, hundreds of times a second, to what takes connections and closes them.
   */
  #socket(host: string, port: number): Promise<Socket> {
    const signal = this.#mayConnect;
    this.#mayConnect = undefined;
    return signal ? openSocket({ host, port }, signal) : Promise.reject(failure("CONNECTION_CLOSED"));
  }

  #tls(hostname: string) {
    const { ca } = this.#config;
    return { servername: hostname, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [ca] }) };
  }
}

/** A connection; its way is open. @throws Error with the `code` that Node or postgres.js gives. */
async function openSocket(to: { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  using limit = new LinkedSignal(signal, AbortSignal.timeout(CONNECT_S * 1000));
  const socket = connectTo(to);
  try {
    await once(socket, "connect", { signal: limit.signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw limit.signal.aborted ? failure("CONNECT_TIMEOUT") : error;
  }
}

function failure(code: "CONNECT_TIMEOUT" | "CONNECTION_CLOSED"): Error {
  return Object.assign(new Error(code), { code });
}

function asker(sql: Sql | TransactionSql): Ask {
  return async (statement, parameters = []) => await sql.unsafe(statement, [...parameters]);
}

/** Makes what is missing. A newer hub's tables are used as they are: they only ever get more. */
async function migrate(sql: Sql, schema: string): Promise<void> {
  await sql.begin(async (transaction) => {
    const ask = asker(transaction);
    await ask(`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK})`);
    const [there] = await ask(
      "SELECT to_regnamespace($1::text) IS NOT NULL AS schema, to_regclass($2::text) IS NOT NULL AS tables",
      [`"${schema}"`, `"${schema}".tapocam_schema`],
    );
    if (!there?.["schema"]) await ask(createSchema(schema));
    const version = there?.["tables"] ? Number((await ask(versionThere(schema)))[0]?.["version"]) : 0;
    for (const step of MIGRATIONS.slice(version, SCHEMA_VERSION)) await ask(step(schema));
  });
}
