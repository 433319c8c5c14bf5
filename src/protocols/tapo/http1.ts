// As much of HTTP/1.1 as a camera's control port needs, over any TLS connection: one request, one answer.
import { HubError } from "../../base/errors.ts";
import { unreadableError } from "./errors.ts";
import {
  encodePost,
  type Head,
  type HttpAnswer,
  type HttpPost,
  indexOfBytes,
  joinBytes,
  parseHead,
} from "./http1_messages.ts";
import { type TlsSocket, UnsentError } from "./tls_socket.ts";

/** The connection was closed before all of the request had been sent: it may be sent on a new one. */
export class StaleConnectionError extends Error {
  override readonly name = "StaleConnectionError";
}

const MAX_HEAD_BYTES = 16 * 1024;
const MAX_INTERIM_ANSWERS = 4;

/** Speaks HTTP/1.1 over one TLS connection and says whether another request may follow. */
export class HttpConnection {
  readonly #socket: TlsSocket;
  readonly #maxBodyBytes: number;
  #buffer: Uint8Array = new Uint8Array();
  #mayGoOn = true;
  /** The read that waits while nothing is asked: it ends when the other side closes. */
  #readAhead: Promise<Uint8Array | undefined> | undefined;

  constructor(socket: TlsSocket, maxBodyBytes: number) {
    this.#socket = socket;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** False once the other side has closed, or asked to, or sent what cannot be understood. */
  get isReusable(): boolean {
    return this.#mayGoOn;
  }

  close(): void {
    this.#mayGoOn = false;
    this.#socket.close();
  }

  /**
   * Sends the request and reads the answer.
   * @throws StaleConnectionError when it cannot have arrived as a whole; HubError `device_rejected` for what is no
   * HTTP, too long or cut off, `unavailable` when the connection breaks, with `details.unanswered` where that was
   * before the first byte of the answer.
   */
  async post(request: HttpPost): Promise<HttpAnswer> {
    const wasReusable = this.#mayGoOn;
    this.#mayGoOn = false;
    if (!wasReusable) throw new StaleConnectionError("The connection is closed");
    const bytes = encodePost(request);
    let head: string;
    try {
      await this.#socket.write(bytes);
      head = await this.#readHead();
    } catch (error) {
      if (error instanceof UnsentError) {
        throw new StaleConnectionError("The connection was closed while sending", { cause: error });
      }
      if (this.#buffer.length === 0) throw unansweredError(error);
      throw error instanceof ConnectionEndedError ? cutOffError() : explainBreak(error);
    }
    const answer = await this.#readAnswer(head);
    if (this.#mayGoOn) this.#watch();
    return answer;
  }

  async #readAnswer(firstHead: string): Promise<HttpAnswer> {
    let head = parseHead(firstHead);
    try {
      for (let interim = 0; head.status < 200; interim++) {
        if (interim === MAX_INTERIM_ANSWERS) throw unreadableError("it never gets to the point");
        head = parseHead(await this.#readHead());
      }
      const { body, endsWithConnection } = await this.#readBody(head);
      this.#mayGoOn = !endsWithConnection && head.keepsAlive && this.#buffer.length === 0;
      return { status: head.status, body };
    } catch (error) {
      throw error instanceof ConnectionEndedError ? cutOffError() : explainBreak(error);
    }
  }

  async #readBody(head: Head): Promise<{ body: Uint8Array; endsWithConnection: boolean }> {
    if (head.status === 204 || head.status === 304) {
      return { body: new Uint8Array(), endsWithConnection: false };
    }
    if (head.isChunked) return { body: await this.#readChunks(), endsWithConnection: false };
    if (head.length !== undefined) {
      if (head.length > this.#maxBodyBytes) throw this.#tooLongError();
      return { body: await this.#take(head.length), endsWithConnection: false };
    }
    return { body: await this.#readToEnd(), endsWithConnection: true };
  }

  async #readChunks(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const line = await this.#readLine();
      const length = /^[0-9a-f]{1,8}(?=\s*(?:;|$))/i.exec(line)?.[0];
      if (length === undefined) throw unreadableError("a piece of it has no length");
      const bytes = Number.parseInt(length, 16);
      if (bytes === 0) break;
      size += bytes;
      if (size > this.#maxBodyBytes) throw this.#tooLongError();
      parts.push(await this.#take(bytes));
      if (await this.#readLine() !== "") throw unreadableError("a piece of it is longer than announced");
    }
    for (let trailers = 0; await this.#readLine() !== ""; trailers++) {
      if (trailers === 100) throw unreadableError("it has too many trailers");
    }
    return joinBytes(parts);
  }

  async #readToEnd(): Promise<Uint8Array> {
    const parts = [this.#buffer];
    let size = this.#buffer.length;
    this.#buffer = new Uint8Array();
    for (;;) {
      if (size > this.#maxBodyBytes) throw this.#tooLongError();
      const chunk = await this.#read();
      if (!chunk) return joinBytes(parts);
      size += chunk.length;
      parts.push(chunk);
    }
  }

  #readHead(): Promise<string> {
    return this.#readUntil("\r\n\r\n");
  }

  #readLine(): Promise<string> {
    return this.#readUntil("\r\n");
  }

  async #readUntil(mark: string): Promise<string> {
    const markBytes = new TextEncoder().encode(mark);
    for (;;) {
      const end = indexOfBytes(this.#buffer, markBytes);
      if (end >= 0) {
        const text = new TextDecoder("latin1").decode(this.#buffer.subarray(0, end));
        this.#buffer = this.#buffer.subarray(end + markBytes.length);
        return text;
      }
      if (this.#buffer.length > MAX_HEAD_BYTES) throw unreadableError("its head is too long");
      await this.#fill();
    }
  }

  async #take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#buffer.length === 0) await this.#fill();
      const part = this.#buffer.subarray(0, missing);
      this.#buffer = this.#buffer.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return joinBytes(parts);
  }

  async #fill(): Promise<void> {
    const chunk = await this.#read();
    if (!chunk) throw new ConnectionEndedError("The camera closed the connection");
    this.#buffer = this.#buffer.length === 0 ? chunk : joinBytes([this.#buffer, chunk]);
  }

  #read(): Promise<Uint8Array | undefined> {
    const read = this.#readAhead ?? this.#socket.read();
    this.#readAhead = undefined;
    return read;
  }

  /** Between two requests nothing should come; whatever does, even the end, makes the connection unusable. */
  #watch(): void {
    const readAhead = this.#socket.read();
    this.#readAhead = readAhead;
    const giveUp = () => {
      if (this.#readAhead === readAhead) this.#mayGoOn = false;
    };
    readAhead.then(giveUp, giveUp);
  }

  #tooLongError(): HubError {
    return unreadableError(`it is longer than ${this.#maxBodyBytes} bytes`);
  }
}

class ConnectionEndedError extends Error {
  override readonly name = "ConnectionEndedError";
}

function explainBreak(error: unknown): unknown {
  if (error instanceof HubError) return error;
  return new HubError("unavailable", "The connection to the camera broke off", { cause: error });
}

function unansweredError(error: unknown): unknown {
  if (error instanceof HubError && error.kind !== "unavailable") return error;
  return new HubError("unavailable", "The camera closed the connection without an answer", {
    cause: error,
    details: { unanswered: true },
  });
}

function cutOffError(): HubError {
  return new HubError("device_rejected", "The camera's answer was cut off", {
    hint: "Try again; if this stays so, check the network between the hub and the camera",
    retryable: true,
  });
}
