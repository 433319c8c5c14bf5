// Reads the answer of one HTTP/1.1 exchange from its connection.
import { HubError } from "../../base/errors.ts";

/** What came back. The caller owns the bytes. */
export interface HttpResponse {
  status: number;
  /** Names in small letters; one that came several times stands several times. */
  headers: readonly (readonly [name: string, value: string])[];
  bytes: Uint8Array;
}

/** How much of an answer is taken. */
export interface ResponseLimits {
  /** Of its body. */
  maxBytes: number;
  /** True where the status says all that matters: a body that is too long or breaks off is left out. */
  isBodyOptional?: boolean;
  /** Who answers, as errors begin. */
  peer: string;
}

const MAX_HEAD_BYTES = 32 * 1024;
const CHUNK_BYTES = 16 * 1024;

/** Reads one answer (RFC 9112). Whatever is malformed is thrown as a SyntaxError. */
export class ResponseReader {
  readonly #connection: Deno.Conn;
  readonly #maxBytes: number;
  readonly #peer: string;
  readonly #isBodyOptional: boolean;
  /** Read from the connection and not yet used. */
  #rest: Uint8Array = new Uint8Array();
  readonly #chunk = new Uint8Array(CHUNK_BYTES);

  constructor(connection: Deno.Conn, { maxBytes, peer, isBodyOptional = false }: ResponseLimits) {
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
