// A small HTTP server whose connections the test can spoil. One request for each connection.

export interface HttpRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Headers;
  body: string;
  /** The port that was asked. */
  port: number;
  /** Aborts when the client hangs up or the server goes away. */
  signal: AbortSignal;
}

export interface HttpReply {
  status: number;
  headers?: Record<string, string>;
  body: string | Uint8Array;
}

/** What becomes of a request: an answer, silence until the client hangs up, an end without answer, no end. */
export type Outcome = HttpReply | "stall" | "hang_up" | "endless";

export interface HttpServerOptions {
  hostname: string;
  port: number;
  /** True resets the connection before anything is read. */
  resets: () => boolean;
  handle: (request: HttpRequest) => Promise<Outcome>;
}

const MAX_REQUEST_BYTES = 1 << 20;

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #connections = new Map<Deno.Conn, AbortController>();
  readonly #running = new Set<Promise<void>>();
  #listener: Deno.Listener | undefined;
  #port: number;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#port = options.port;
    this.listen();
  }

  get port(): number {
    return this.#port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#connections.size;
  }

  listen(): void {
    if (this.#listener) return;
    const listener = Deno.listen({ hostname: this.#options.hostname, port: this.#port });
    this.#listener = listener;
    this.#port = (listener.addr as Deno.NetAddr).port;
    this.#track(this.#accept(listener));
  }

  /** Stops listening and breaks every connection; `listen` takes the same port again. */
  async close(): Promise<void> {
    this.#listener?.close();
    this.#listener = undefined;
    for (const [connection, controller] of this.#connections) {
      controller.abort();
      close(connection);
    }
    await Promise.all(this.#running);
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    work.finally(() => this.#running.delete(work));
  }

  async #accept(listener: Deno.Listener): Promise<void> {
    for await (const connection of listener) {
      this.#connections.set(connection, new AbortController());
      this.#track(this.#serve(connection));
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    const controller = this.#connections.get(connection)!;
    try {
      if (this.#options.resets()) return await unread(connection);
      const request = await readRequest(connection);
      if (!request) return;
      this.#track(hungUp(connection).then(() => controller.abort()));
      const { signal } = controller;
      const outcome = await this.#options.handle({ ...request, port: this.#port, signal });
      if (!signal.aborted) await answer(connection, outcome, signal);
    } catch (error) {
      if (!isBroken(error)) throw error;
    } finally {
      this.#connections.delete(connection);
      close(connection);
    }
  }
}

/** Closing with bytes unread makes the kernel send a reset. */
async function unread(connection: Deno.Conn): Promise<void> {
  await connection.read(new Uint8Array(1));
}

async function readRequest(
  connection: Deno.Conn,
): Promise<Omit<HttpRequest, "signal" | "port"> | undefined> {
  const chunk = new Uint8Array(16384);
  let bytes = new Uint8Array();
  for (;;) {
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n");
    const lines = text.slice(0, end).split("\r\n");
    const headers = new Headers(end < 0 ? [] : lines.slice(1).map((line) => pair(line)));
    const begin = end + 4;
    const length = Number(headers.get("content-length") ?? 0);
    if (end >= 0 && bytes.length >= begin + length) {
      const [method = "", path = ""] = lines[0]!.split(" ");
      return { method, path, headers, body: new TextDecoder().decode(bytes.subarray(begin, begin + length)) };
    }
    const got = await connection.read(chunk);
    if (got === null || bytes.length > MAX_REQUEST_BYTES) return undefined;
    const longer = new Uint8Array(bytes.length + got);
    longer.set(bytes);
    longer.set(chunk.subarray(0, got), bytes.length);
    bytes = longer;
  }
}

function pair(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

async function hungUp(connection: Deno.Conn): Promise<void> {
  try {
    while (await connection.read(new Uint8Array(1024)) !== null);
  } catch (error) {
    if (!isBroken(error)) throw error;
  }
}

async function answer(connection: Deno.Conn, outcome: Outcome, signal: AbortSignal): Promise<void> {
  if (outcome === "hang_up") return;
  if (outcome === "stall") {
    return await new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  }
  if (outcome === "endless") return await endless(connection, signal);
  const body = typeof outcome.body === "string" ? new TextEncoder().encode(outcome.body) : outcome.body;
  const headers = { "Content-Length": String(body.length), Connection: "close", ...outcome.headers };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await writeAll(connection, new TextEncoder().encode(`HTTP/1.1 ${outcome.status} Emulated\r\n${head}\r\n`));
  await writeAll(connection, body);
}

/** A body that never ends. */
async function endless(connection: Deno.Conn, signal: AbortSignal): Promise<void> {
  await writeAll(
    connection,
    new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<a>"),
  );
  const spaces = new Uint8Array(65536).fill(32);
  while (!signal.aborted) await writeAll(connection, spaces);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function isBroken(error: unknown): boolean {
  return [
    Deno.errors.BadResource,
    Deno.errors.Interrupted,
    Deno.errors.ConnectionReset,
    Deno.errors.BrokenPipe,
    Deno.errors.NotConnected,
  ].some((type) => error instanceof type);
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!isBroken(error)) throw error;
  }
}
