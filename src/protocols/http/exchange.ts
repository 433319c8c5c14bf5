// One HTTP/1.1 exchange on a connection of its own. Deno's fetch sends a request again when the connection
// ends without an answer (2.7.11): a camera would move twice. Its node:http waits for ever instead.
import { abortError, HubError } from "../../base/errors.ts";
import { abortable } from "../../base/scope.ts";

/** What is sent. */
export interface HttpRequest {
  url: string;
  method: "GET" | "POST" | "PUT";
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
}

/** How one exchange is made. */
export interface ExchangeSettings {
  signal: AbortSignal;
  /** Of the answer's body. */
  maxBytes: number;
  /** True where the status says all that matters: a body that is too long or breaks off is left out. */
  isBodyOptional?: boolean;
  /** Who is asked, as errors begin; "The camera" where nothing is given. */
  peer?: string;
  /** What a person may do when there is no connection. */
  hint?: string;
  /** Where to connect to, in place of the host of the address, which is then only named in the request. */
  address?: string;
}

/** What came back. The caller owns the bytes. */
export interface HttpResponse {
  status: number;
  /** Names in small letters; one that came several times stands several times. */
  headers: readonly (readonly [name: string, value: string])[];
  bytes: Uint8Array;
}

const MAX_HEAD_BYTES = 32 * 1024;
const CHUNK_BYTES = 16 * 1024;

/**
 * Sends the request once and reads the whole answer. An address of https is spoken to through TLS, with the
 * certificate checked against its host.
 * @throws HubError `unavailable`, with `details.unreachable` when no connection comes about;
 * `device_rejected` for an answer larger than the bound; AbortError.
 */
export async function exchangeHttp(
  request: HttpRequest,
  settings: ExchangeSettings,
): Promise<HttpResponse> {
  const { signal } = settings;
  const url = new URL(request.url);
  const connection = await connect(url, settings);
  const onAbort = () => close(connection);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal.aborted) throw abortError();
    await writeAll(connection, writeRequest(request, url));
    return await new ResponseReader(connection, settings).read();
  } catch (error) {
    if (signal.aborted) throw abortError();
    if (error instanceof HubError) throw error;
    throw new HubError("unavailable", `${settings.peer ?? PEER} broke the connection off`, { cause: error });
  } finally {
    signal.removeEventListener("abort", onAbort);
    close(connection);
  }
}

const PEER = "The camera";
const HINT = "Check that the camera is switched on, and its address and port";

/** Parts of Deno's messages; Linux's error numbers stand at their end. */
const CONNECT_ERRORS: readonly (readonly [string, string])[] = [
  ["(os error 111)", "refused the connection"],
  ["(os error 113)", "cannot be reached: there is no way to its address"],
  ["(os error 101)", "cannot be reached: there is no way to its network"],
  ["failed to lookup", "cannot be reached: no address is known for its name"],
];

/**
 * After an abort the connection is closed as soon as it comes about, or the kernel gives up on it.
 * Deno.connect's own signal loses the connection when both happen at once, and a handle for every unknown
 * name (2.7.11).
 */
async function connect(url: URL, settings: ExchangeSettings): Promise<Deno.Conn> {
  const { signal } = settings;
  if (signal.aborted) throw abortError();
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isTls = url.protocol === "https:";
  const connecting = Deno.connect({
    hostname: settings.address ?? name,
    port: Number(url.port || (isTls ? 443 : 80)),
  });
  try {
    const connection = await abortable(connecting, signal);
    return isTls ? await secured(connection, name, signal) : connection;
  } catch (error) {
    if (signal.aborted) {
      connecting.then(close, () => {/* nothing to close */});
      throw abortError();
    }
    throw explainConnectError(error, settings);
  }
}

/** Speaks TLS over the connection; who is not the host of that name is refused. */
async function secured(
  connection: Deno.TcpConn,
  hostname: string,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  const tls = await Deno.startTls(connection, { hostname });
  try {
    await abortable(tls.handshake(), signal);
    return tls;
  } catch (error) {
    close(tls);
    throw error;
  }
}

function explainConnectError(error: unknown, settings: ExchangeSettings): HubError {
  const message = error instanceof Error ? error.message : "";
  if (/certificate/i.test(message)) return untrusted(message, settings);
  const why = CONNECT_ERRORS.find(([part]) => message.includes(part))?.[1];
  return unreachable(why ?? "does not answer", settings, error);
}

function untrusted(why: string, { peer = PEER }: ExchangeSettings): HubError {
  return new HubError("unavailable", `${peer} has a certificate that is not trusted: ${why.slice(0, 200)}`, {
    hint: "Check its address; a certificate of your own must be trusted by this machine",
  });
}

function unreachable(
  what: string,
  { peer = PEER, hint = HINT }: Pick<ExchangeSettings, "peer" | "hint">,
  cause?: unknown,
): HubError {
  return new HubError("unavailable", `${peer} ${what}`, { hint, details: { unreachable: true }, cause });
}

/** The error of a camera that took longer than it may. */
export function noAnswer(timeoutMs: number): HubError {
  return unreachable(`did not answer within ${timeoutMs / 1000} s`, {});
}

function writeRequest({ method, headers, body }: HttpRequest, url: URL): Uint8Array {
  const bytes = typeof body === "object" ? body : new TextEncoder().encode(body ?? "");
  const lines = Object.entries({
    Host: url.host,
    ...headers,
    ...(body === undefined ? {} : { "Content-Length": String(bytes.length) }),
    Connection: "close",
  }).map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, " ")}\r\n`);
  const head = new TextEncoder().encode(
    `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`,
  );
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Closing twice is an error to Deno, not to us. */
function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Reads one answer (RFC 9112). Whatever is malformed is thrown as a SyntaxError. */
class ResponseReader {
  readonly #connection: Deno.Conn;
  readonly #maxBytes: number;
  readonly #peer: string;
  readonly #isBodyOptional: boolean;
  /** Read from the connection and not yet used. */
  #rest: Uint8Array = new Uint8Array();
  readonly #chunk = new Uint8Array(CHUNK_BYTES);

  constructor(connection: Deno.Conn, { maxBytes, peer = PEER, isBodyOptional = false }: ExchangeSettings) {
    this.#connection = connection;
    this.#maxBytes = maxBytes;
    this.#peer = peer;
    this.#isBodyOptional = isBodyOptional;
  }

  async read(): Promise<HttpResponse> {
    for (;;) {
      const { status, headers } = parseHead(await this.#readUntil("\r\n\r\n", MAX_HEAD_BYTES));
      // 1xx is followed by the answer proper.
      if (status >= 200) return { status, headers, bytes: await this.#readWantedBody(status, headers) };
    }
  }

  async #readWantedBody(status: number, headers: HttpResponse["headers"]): Promise<Uint8Array> {
    try {
      return await this.#readBody(status, headers);
    } catch (error) {
      if (this.#isBodyOptional) return new Uint8Array();
      throw error;
    }
  }

  async #readBody(status: number, headers: HttpResponse["headers"]): Promise<Uint8Array> {
    const header = (name: string) => headers.find(([each]) => each === name)?.[1].toLowerCase();
    if (status === 204 || status === 304) return new Uint8Array();
    if (header("transfer-encoding")?.includes("chunked")) return await this.#readChunks();
    const length = header("content-length");
    if (length === undefined) return await this.#readToEnd();
    if (!/^\d{1,15}$/.test(length)) throw new SyntaxError("The answer has no length");
    return await this.#take(Number(length));
  }

  async #readChunks(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const size = /^[0-9a-f]{1,8}(?=[\s;]|$)/i.exec(await this.#readUntil("\r\n", MAX_HEAD_BYTES))?.[0];
      if (size === undefined) throw new SyntaxError("The answer has a chunk without size");
      const length = parseInt(size, 16);
      // What follows the last chunk is of no interest.
      if (length === 0) return join(parts, total);
      total += length;
      this.#checkSize(total);
      parts.push(await this.#take(length));
      await this.#take(2);
    }
  }

  async #readToEnd(): Promise<Uint8Array> {
    const parts = [this.#rest];
    let total = this.#rest.length;
    this.#checkSize(total);
    while (await this.#fill()) {
      parts.push(this.#rest);
      total += this.#rest.length;
      this.#checkSize(total);
    }
    return join(parts, total);
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#maxBytes) return;
    throw new HubError(
      "device_rejected",
      `${this.#peer} gives an answer larger than ${this.#maxBytes} bytes`,
    );
  }

  async #take(length: number): Promise<Uint8Array> {
    this.#checkSize(length);
    const taken = new Uint8Array(length);
    for (let at = 0; at < length;) {
      if (this.#rest.length === 0 && !await this.#fill()) throw new SyntaxError("The answer has no end");
      const part = this.#rest.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return taken;
  }

  /** Text up to the end, which is taken off; the end begins no later than after so many bytes. */
  async #readUntil(end: string, maxBytes: number): Promise<string> {
    let text = latin1(this.#rest);
    let found = text.indexOf(end);
    while (found < 0) {
      if (text.length > maxBytes || !await this.#fillOn()) throw new SyntaxError("The answer has no end");
      text = latin1(this.#rest);
      found = text.indexOf(end);
    }
    this.#rest = this.#rest.subarray(found + end.length);
    return text.slice(0, found);
  }

  /** Reads more in place of what is there; false at the end of the connection. */
  async #fill(): Promise<boolean> {
    const got = await this.#connection.read(this.#chunk);
    if (got === null) return false;
    this.#rest = this.#chunk.slice(0, got);
    return true;
  }

  /** Reads more behind what is there. */
  async #fillOn(): Promise<boolean> {
    const before = this.#rest;
    if (!await this.#fill()) return false;
    this.#rest = join([before, this.#rest], before.length + this.#rest.length);
    return true;
  }
}

function parseHead(text: string): { status: number; headers: HttpResponse["headers"] } {
  const [first = "", ...lines] = text.split("\r\n");
  const status = /^HTTP\/1\.\d (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) throw new SyntaxError("The answer is no HTTP");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(status), headers };
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
