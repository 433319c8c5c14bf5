// How an RTMP camera says no: its handshake and one command that refuses (Adobe's RTMP specification 1.0).

/** `account`: the password is wrong. `name`: there is no such stream. `close`: it hangs up after the handshake. */
export type RtmpRefusal = "account" | "name" | "close";

const HANDSHAKE_BYTES = 1536;
/** What a sender may put into one chunk before either side changes it. */
const CHUNK_BYTES = 128;
const encoder = new TextEncoder();

/** Answers one client with a refusal, from its first byte to the end of the connection. */
export async function refuse(connection: Deno.Conn, refusal: RtmpRefusal): Promise<void> {
  const reader = new CommandReader(connection);
  // C0 and C1, answered by S0, S1 and S2; then C2. Zeros as version ask for the plain handshake.
  await reader.skip(1 + HANDSHAKE_BYTES);
  await write(connection, new Uint8Array([3, ...new Uint8Array(2 * HANDSHAKE_BYTES)]));
  await reader.skip(HANDSHAKE_BYTES);
  if (refusal === "close") return;
  const connect = await reader.transactionOf("connect");
  if (refusal === "account") {
    const why = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=x";
    return await answer(connection, ["_error", connect, null, status("NetConnection.Connect.Rejected", why)]);
  }
  await answer(connection, ["_result", connect, null, {
    level: "status",
    code: "NetConnection.Connect.Success",
  }]);
  await answer(connection, ["_result", await reader.transactionOf("createStream"), null, 1]);
  await reader.transactionOf("play");
  await answer(connection, [
    "onStatus",
    0,
    null,
    status("NetStream.Play.StreamNotFound", "Stream not found"),
  ]);
}

/** Finds commands in what a client sends. */
class CommandReader {
  readonly #connection: Deno.Conn;
  #bytes = "";

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Reads over so many bytes. */
  async skip(count: number): Promise<void> {
    while (this.#bytes.length < count) await this.#read();
    this.#bytes = this.#bytes.slice(count);
  }

  /** Waits for a command; returns its transaction id. */
  async transactionOf(command: string): Promise<number> {
    const name = text(encodeValue(command));
    // The number behind the name: a type byte and eight more.
    while (this.#bytes.length < this.#bytes.indexOf(name) + name.length + 9 || !this.#bytes.includes(name)) {
      await this.#read();
    }
    const at = this.#bytes.indexOf(name) + name.length + 1;
    const digits = Uint8Array.from(this.#bytes.slice(at, at + 8), (char) => char.charCodeAt(0));
    return new DataView(digits.buffer).getFloat64(0);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    const count = await this.#connection.read(buffer);
    if (count === null) throw new Error("The client has left");
    this.#bytes += text(buffer.subarray(0, count));
  }
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function status(code: string, description: string): Record<string, string> {
  return { level: "error", code, description };
}

/** Sends a command as a message of type 20 (AMF0) on chunk stream 3. */
async function answer(connection: Deno.Conn, values: readonly unknown[]): Promise<void> {
  const body = values.flatMap((value) => [...encodeValue(value)]);
  const header = [3, 0, 0, 0, 0, body.length >> 8, body.length & 255, 20, 0, 0, 0, 0];
  const chunks: number[] = [...header, ...body.slice(0, CHUNK_BYTES)];
  for (let at = CHUNK_BYTES; at < body.length; at += CHUNK_BYTES) {
    chunks.push(0xc3, ...body.slice(at, at + CHUNK_BYTES));
  }
  await write(connection, new Uint8Array(chunks));
}

/** AMF0: numbers, strings, null, and objects of these. */
function encodeValue(value: unknown): Uint8Array {
  if (typeof value === "number") {
    const bytes = new Uint8Array(9);
    new DataView(bytes.buffer).setFloat64(1, value);
    return bytes;
  }
  if (typeof value === "string") return new Uint8Array([2, ...name(value)]);
  if (value === null) return new Uint8Array([5]);
  const pairs = Object.entries(value as Record<string, unknown>);
  return new Uint8Array([
    3,
    ...pairs.flatMap(([key, each]) => [...name(key), ...encodeValue(each)]),
    0,
    0,
    9,
  ]);
}

function name(value: string): number[] {
  const bytes = encoder.encode(value);
  return [bytes.length >> 8, bytes.length & 255, ...bytes];
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
