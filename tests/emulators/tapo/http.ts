// Just enough HTTP/1.1 on a connection, with the ways in which a camera answers badly.

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What becomes of a request. All but `answer` end the connection. */
export type Outcome =
  & (
    | { kind: "answer"; status: number; body: string }
    /** The full length is announced, half of it is sent. */
    | { kind: "truncate"; status: number; body: string }
    /** The connection ends without an answer. */
    | { kind: "reset" }
    /** No answer, until the client gives up. */
    | { kind: "stall" }
  )
  /** Called when all of the answer that there is has been sent. */
  & { done?: () => void };

const MAX_HEAD_BYTES = 32_768;
const MAX_BODY_BYTES = 1_048_576;
const REASONS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  500: "Internal Server Error",
};

/** Reads requests from one connection, one after the other. */
export class HttpReader {
  readonly #conn: Deno.Conn;
  #bytes = new Uint8Array();

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** The next request, or nothing when the client has closed the connection. */
  async next(): Promise<HttpRequest | undefined> {
    let headEnd = -1;
    while ((headEnd = findHeadEnd(this.#bytes)) < 0) {
      if (this.#bytes.length > MAX_HEAD_BYTES || !(await this.#more())) return undefined;
    }
    const head = new TextDecoder().decode(this.#take(headEnd + 4));
    const [first = "", ...lines] = head.trimEnd().split("\r\n");
    const [method = "", path = ""] = first.split(" ");
    const headers = new Map(lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const length = Number(headers.get("content-length") ?? "0");
    if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES) return undefined;
    while (this.#bytes.length < length) {
      if (!(await this.#more())) return undefined;
    }
    return { method, path, headers, body: new TextDecoder().decode(this.#take(length)) };
  }

  /** Waits until the client closes the connection; whatever it still sends is dropped. */
  async drained(): Promise<void> {
    while (await this.#more()) this.#bytes = new Uint8Array();
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.slice(length);
    return taken;
  }

  async #more(): Promise<boolean> {
    const chunk = new Uint8Array(16_384);
    const got = await this.#conn.read(chunk);
    if (got === null) return false;
    const joined = new Uint8Array(this.#bytes.length + got);
    joined.set(this.#bytes);
    joined.set(chunk.subarray(0, got), this.#bytes.length);
    this.#bytes = joined;
    return true;
  }
}

function findHeadEnd(bytes: Uint8Array): number {
  for (let at = 0; at + 3 < bytes.length; at++) {
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  return -1;
}

/** Carries out an outcome; true when the connection may go on. */
export async function writeOutcome(conn: Deno.Conn, reader: HttpReader, outcome: Outcome): Promise<boolean> {
  if (outcome.kind === "stall" || outcome.kind === "reset") {
    outcome.done?.();
    if (outcome.kind === "stall") await reader.drained();
    return false;
  }
  const body = new TextEncoder().encode(outcome.body);
  const whole = outcome.kind === "answer";
  const head = [
    `HTTP/1.1 ${outcome.status} ${REASONS[outcome.status] ?? "Status"}`,
    "Content-Type: application/json;charset=UTF-8",
    `Content-Length: ${body.length}`,
    `Connection: ${whole ? "keep-alive" : "close"}`,
    "",
    "",
  ].join("\r\n");
  // In one piece: the second of two small ones would wait 40 ms for the acknowledgement of the first.
  const sent = whole ? body : body.subarray(0, Math.floor(body.length / 2));
  await writeAll(conn, new Uint8Array([...new TextEncoder().encode(head), ...sent]));
  outcome.done?.();
  return whole;
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}
