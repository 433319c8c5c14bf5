// The camera's HTTPS port: takes connections, can vanish from the network and come back on the same port.
import type { Certificate } from "./certificate.ts";
import { type Front, openFront, type TlsAge } from "./front.ts";
import { HttpReader, type HttpRequest, type Outcome, writeOutcome } from "./http.ts";

export interface ServerOptions {
  host: string;
  port: number;
  tls: TlsAge;
  certificate: Certificate;
  /** `connections`: how many are open, this one included. */
  handle: (request: HttpRequest, connections: number) => Promise<Outcome>;
}

/** Listens from `start` until `stop`; between `offline` and `online` nobody answers at the port. */
export class CameraServer {
  readonly #options: ServerOptions;
  readonly #open = new Set<Deno.Conn>();
  readonly #tasks = new Set<Promise<void>>();
  #certificate: Certificate;
  #front: Front | undefined;
  #port: number;
  #turn: Promise<void> = Promise.resolve();
  #accepting: Promise<void> = Promise.resolve();
  /** Connections that broke before a whole request was read, such as refused handshakes. */
  brokenConnections = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#certificate = options.certificate;
    this.#port = options.port;
  }

  static async start(options: ServerOptions): Promise<CameraServer> {
    const server = new CameraServer(options);
    await server.online();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get isOnline(): boolean {
    return this.#front !== undefined;
  }

  get connections(): number {
    return this.#open.size;
  }

  /** Closes every connection; the port stays open. */
  dropConnections(): void {
    for (const conn of this.#open) closeQuietly(conn);
  }

  /** Closes the port and every connection; nothing is answered any more. */
  offline(): Promise<void> {
    return this.#inTurn(async () => {
      const front = this.#front;
      this.#front = undefined;
      for (const conn of this.#open) closeQuietly(conn);
      await front?.close();
      await this.#accepting; // until then the port is not free
    });
  }

  /** Opens the port again, with the certificate given or the one it had. */
  online(certificate?: Certificate): Promise<void> {
    return this.#inTurn(async () => {
      this.#certificate = certificate ?? this.#certificate;
      if (this.#front) return;
      const { host, tls } = this.#options;
      const front = await openFront({ host, tls, port: this.#port, certificate: this.#certificate });
      this.#front = front;
      this.#port = front.port;
      this.#accepting = this.#acceptAll(front);
    });
  }

  /** Goes offline for good and waits until nothing runs any more. */
  async stop(): Promise<void> {
    await this.offline();
    await Promise.all(this.#tasks);
  }

  /** Opening and closing never overlap, whoever asks for it. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => {});
    return done;
  }

  #follow(task: Promise<void>): void {
    const tracked = task.finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }

  async #acceptAll(front: Front): Promise<void> {
    while (this.#front === front) {
      const conn = await front.accept().catch(() => undefined);
      if (conn === undefined) continue;
      if (this.#front !== front) return closeQuietly(conn);
      this.#open.add(conn);
      this.#follow(this.#serve(conn));
    }
  }

  /** Whatever breaks while reading or writing is the connection's end; what breaks in between is our fault. */
  async #serve(conn: Deno.Conn): Promise<void> {
    const reader = new HttpReader(conn);
    let answered = 0;
    const broken = () => {
      if (answered === 0) this.brokenConnections++;
      return undefined;
    };
    try {
      for (let request; (request = await reader.next().catch(broken)) !== undefined; answered++) {
        const outcome = await this.#options.handle(request, this.#open.size);
        if (!this.#open.has(conn)) break;
        if (!(await writeOutcome(conn, reader, outcome).catch(broken))) break;
      }
    } finally {
      this.#open.delete(conn);
      closeQuietly(conn);
    }
  }
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
