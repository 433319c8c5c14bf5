// An RTMP camera for tests: ffmpeg as server behind a front that takes any number of connections, one ffmpeg for each.
import { refuse, type RtmpRefusal } from "./refusals.ts";
import { freePort } from "../../tools/free_port.ts";

const PATH = "/live/cam";
const GOP = 5;
const SOURCES = [
  "-f",
  "lavfi",
  "-i",
  "testsrc2=size=320x184:rate=10",
  "-f",
  "lavfi",
  "-i",
  "sine=sample_rate=16000",
];
const ENCODERS = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", String(GOP)]
  .concat(["-c:a", "aac", "-b:a", "32k"]);
const STARTING_MS = 5000;

/** There from `online` until it is disposed of. */
export class RtmpCamera implements AsyncDisposable {
  /** Refuses everybody so from now on; undefined: lets them look. */
  refusal: RtmpRefusal | undefined;
  /** True: connections stay open, and what would be sent is lost, so that they are of no use afterwards either. */
  isStalled = false;
  /** Connections that said something: not those that only look whether the port is open. */
  opened = 0;
  readonly tls: { cert: string; key: string } | undefined;
  #port = 0;
  #listener: Deno.Listener<Deno.Conn> | undefined;
  readonly #open = new Set<Disposable>();
  readonly #serving = new Set<Promise<void>>();

  private constructor(tls: RtmpCamera["tls"]) {
    this.tls = tls;
  }

  /** With a certificate, in PEM, it speaks rtmps. */
  static start(tls?: { cert: string; key: string }): RtmpCamera {
    const camera = new RtmpCamera(tls);
    camera.online();
    return camera;
  }

  url(): string {
    return `rtmp${this.tls ? "s" : ""}://127.0.0.1:${this.#port}${PATH}`;
  }

  online(): void {
    const where = { hostname: "127.0.0.1", port: this.#port };
    const listener = this.tls ? Deno.listenTls({ ...where, ...this.tls }) : Deno.listen(where);
    this.#listener = listener;
    this.#port = listener.addr.port;
    this.#keep(this.#accept(listener));
  }

  /** Ends all connections. */
  drop(): void {
    for (const each of this.#open) each[Symbol.dispose]();
  }

  async offline(): Promise<void> {
    this.#listener?.close();
    this.#listener = undefined;
    this.drop();
    await Promise.all(this.#serving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.offline();
  }

  #keep(work: Promise<void>): void {
    const kept = work.finally(() => this.#serving.delete(kept));
    this.#serving.add(kept);
  }

  async #accept(listener: Deno.Listener<Deno.Conn>): Promise<void> {
    for await (const connection of listener) {
      // A connection that breaks is what tests do to it.
      this.#keep(this.#serve(connection).catch(() => {}));
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    using own = this.#disposed(() => connection.close());
    if (this.refusal) {
      await refuse(connection, this.refusal);
      this.opened++;
      // Until the client has read it and leaves.
      if (this.refusal !== "close") { while (await connection.read(new Uint8Array(4096)) !== null); }
      return;
    }
    const first = new Uint8Array(4096);
    const count = await connection.read(first);
    if (count === null) return;
    this.opened++;
    const client = { connection, [Symbol.dispose]: () => own[Symbol.dispose]() };
    await this.#play(client, first.subarray(0, count));
  }

  async #play(client: Disposable & { connection: Deno.Conn }, first: Uint8Array): Promise<void> {
    const port = freePort();
    const url = `rtmp://127.0.0.1:${port}${PATH}`;
    const args = [
      "-nostdin",
      "-loglevel",
      "error",
      "-re",
      ...SOURCES,
      ...ENCODERS,
      "-f",
      "flv",
      "-listen",
      "1",
      url,
    ];
    const server = new Deno.Command("ffmpeg", { args, stdin: "null", stdout: "null", stderr: "null" })
      .spawn();
    try {
      const inner = await connectSoon(port);
      using ownInner = this.#disposed(() => inner.close());
      await writeAll(inner, first);
      const { connection } = client;
      const passing = [pass(connection, inner, () => false), pass(inner, connection, () => this.isStalled)];
      await Promise.race(passing);
      ownInner[Symbol.dispose]();
      client[Symbol.dispose]();
      await Promise.all(passing);
    } finally {
      await end(server);
    }
  }

  /** Something to be let go of once, by its user or by `drop`. */
  #disposed(release: () => void): Disposable {
    const each = { [Symbol.dispose]: () => void (this.#open.delete(each) && release()) };
    this.#open.add(each);
    return each;
  }
}

async function end(server: Deno.ChildProcess): Promise<void> {
  try {
    server.kill("SIGKILL");
  } catch (error) {
    // It ends by itself when its client leaves.
    if (!(error instanceof TypeError)) throw error;
  }
  await server.status;
}

async function connectSoon(port: number): Promise<Deno.TcpConn> {
  for (const endMs = Date.now() + STARTING_MS;;) {
    try {
      return await Deno.connect({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

async function pass(from: Deno.Conn, to: Deno.Conn, isStalled: () => boolean): Promise<void> {
  const buffer = new Uint8Array(65536);
  for (;;) {
    const count = await from.read(buffer).catch(() => null);
    if (count === null) return;
    if (!isStalled()) await writeAll(to, buffer.subarray(0, count)).catch(() => {});
  }
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
