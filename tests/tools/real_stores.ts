// Real stores that values are pushed to, each on a free port and in a folder of its own: Debian's InfluxDB,
// VictoriaMetrics and PostgreSQL.
import type { ServerIdentity } from "./certificate_authority.ts";
import { freePort } from "./free_port.ts";

/** Waits until it is so; fails after 20 s. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!await isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A program that serves at a port, can be stopped, and started again with what it has. */
abstract class Store {
  readonly port = freePort();
  readonly folder: string;
  #child: Deno.ChildProcess | undefined;

  protected constructor(folder: string) {
    this.folder = folder;
  }

  protected abstract get command(): readonly [string, ...string[]];
  protected abstract isReady(): Promise<boolean>;
  protected readonly stopSignal: Deno.Signal = "SIGTERM";

  async start(): Promise<void> {
    const [program, ...args] = this.command;
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#child = new Deno.Command(program, { args, ...quiet, cwd: this.folder }).spawn();
    await until(() => this.isReady(), program);
  }

  async stop(signal: Deno.Signal = this.stopSignal): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    child.kill(signal);
    await child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}

const folderOf = (name: string) => Deno.makeTempDir({ prefix: `${name}-` });

/** InfluxDB 1, with accounts: "hub" with the password "right" may write and read the database "cameras". */
export class InfluxServer extends Store {
  static async open(): Promise<InfluxServer> {
    const server = new InfluxServer(await folderOf("influx"));
    await Deno.writeTextFile(`${server.folder}/influxdb.conf`, server.#config());
    await server.start();
    await server.#ask("CREATE USER hub WITH PASSWORD 'right' WITH ALL PRIVILEGES", "POST");
    await server.#ask("CREATE DATABASE cameras", "POST");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Rows of a query, each as an object. */
  async rows(query: string): Promise<Record<string, unknown>[]> {
    const { results: [result] } = await this.#ask(query);
    const series: { columns: string[]; values: unknown[][] }[] = result?.series ?? [];
    return series.flatMap(({ columns, values }) =>
      values.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
    );
  }

  protected get command(): [string, ...string[]] {
    return ["influxd", "run", "-config", `${this.folder}/influxdb.conf`];
  }

  protected isReady(): Promise<boolean> {
    return answers(`${this.url}/ping`);
  }

  #config(): string {
    const { folder } = this;
    return `reporting-disabled = true
bind-address = "127.0.0.1:${freePort()}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${this.port}"
auth-enabled = true
log-enabled = false
`;
  }

  async #ask(query: string, method = "GET") {
    const address = `${this.url}/query?db=cameras&epoch=ms&u=hub&p=right&q=${encodeURIComponent(query)}`;
    return await (await fetch(address, { method })).json();
  }
}

/** VictoriaMetrics. */
export class VictoriaMetrics extends Store {
  static async open(): Promise<VictoriaMetrics> {
    const server = new VictoriaMetrics(await folderOf("victoria"));
    await server.start();
    return server;
  }

  protected override readonly stopSignal = "SIGINT";

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it holds of the series that a selector chooses. */
  async series(selector: string): Promise<{ metric: Record<string, string>; values: number[] }[]> {
    // What came last would else be seen seconds later.
    await (await fetch(`${this.url}/internal/force_flush`)).body?.cancel();
    const answer = await fetch(`${this.url}/api/v1/export?match=${encodeURIComponent(selector)}`);
    return (await answer.text()).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  protected get command(): [string, ...string[]] {
    const { port, folder } = this;
    return [
      "victoria-metrics",
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${folder}/data`,
      "-loggerLevel=ERROR",
      // As docs/push.md advises: what is sent twice is there once.
      "-dedup.minScrapeInterval=1ms",
    ];
  }

  protected isReady(): Promise<boolean> {
    return answers(`${this.url}/health`);
  }
}

/** PostgreSQL with the database "cameras"; "hub" with the password "right" may make tables there. */
export class PostgresServer extends Store {
  /** @param identity what it proves itself with to those who want to encrypt. */
  static async open(identity?: ServerIdentity): Promise<PostgresServer> {
    const server = new PostgresServer(await folderOf("postgres"));
    await Deno.chmod(server.folder, 0o755);
    await Deno.mkdir(`${server.folder}/data`);
    await Deno.chown(`${server.folder}/data`, ...NOBODY);
    await run([...AS_NOBODY, `${await binaries()}/initdb`, "-D", `${server.folder}/data`, ...INITDB]);
    server.#binaries = await binaries();
    await Deno.writeTextFile(`${server.folder}/data/pg_hba.conf`, HBA);
    if (identity) await server.#encrypt(identity);
    await server.start();
    await server.ask("CREATE ROLE hub LOGIN PASSWORD 'right'", "postgres");
    await server.ask("CREATE DATABASE cameras OWNER hub", "postgres");
    return server;
  }

  protected override readonly stopSignal = "SIGINT";
  #binaries = "";

  get url(): string {
    return `postgres://hub@127.0.0.1:${this.port}/cameras`;
  }

  /** Rows of a query, fields between |. */
  async ask(query: string, database = "cameras"): Promise<string[]> {
    const args = [
      "-h",
      "127.0.0.1",
      "-p",
      String(this.port),
      "-U",
      "postgres",
      "-d",
      database,
      "-Atqc",
      query,
    ];
    return (await run(["psql", ...args])).split("\n").filter((line) => line !== "");
  }

  protected get command(): [string, ...string[]] {
    const { folder, port } = this;
    return [
      ...AS_NOBODY,
      `${this.#binaries}/postgres`,
      ...["-D", `${folder}/data`, "-p", String(port), "-c", "listen_addresses=127.0.0.1"],
      ...["-c", "unix_socket_directories=", "-c", "fsync=off"],
    ];
  }

  async #encrypt({ cert, key }: ServerIdentity): Promise<void> {
    const data = `${this.folder}/data`;
    await Deno.writeTextFile(`${data}/server.crt`, cert);
    await Deno.writeTextFile(`${data}/server.key`, key, { mode: 0o600 });
    await Deno.chown(`${data}/server.key`, ...NOBODY);
    await Deno.writeTextFile(`${data}/postgresql.auto.conf`, "ssl = on\n");
  }

  protected async isReady(): Promise<boolean> {
    const args = ["-h", "127.0.0.1", "-p", String(this.port), "-q"];
    return (await new Deno.Command(`${this.#binaries}/pg_isready`, { args }).output()).success;
  }
}

const NOBODY = [65534, 65534] as const;
/** It refuses to run as root. */
const AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] as const;
const INITDB = [
  "-A",
  "trust",
  "-U",
  "postgres",
  "-E",
  "UTF8",
  "--no-sync",
  "--no-instructions",
  "--locale=C",
];
const HBA = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";

/** Debian keeps the server's programs by version. */
async function binaries(): Promise<string> {
  const versions: string[] = [];
  for await (const { name } of Deno.readDir("/usr/lib/postgresql")) versions.push(name);
  const [newest] = versions.sort((a, b) => Number(b) - Number(a));
  return `/usr/lib/postgresql/${newest}/bin`;
}

async function run([program, ...args]: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program ?? "", { args }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
