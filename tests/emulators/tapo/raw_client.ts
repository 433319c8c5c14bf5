// The tests' own client: raw HTTP over TLS and the V3 handshake, written apart from the emulator's code.
import { Buffer } from "node:buffer";
import nodeTls, { type TLSSocket } from "node:tls";
import type { JsonObject } from "./json.ts";

export interface RawAnswer {
  status: number;
  text: string;
}

/** One TLS connection; `undefined` answers mean that it ended without a whole one. */
export class RawConnection implements Disposable {
  readonly #socket: TLSSocket;
  #bytes: Uint8Array<ArrayBufferLike> = new Uint8Array();
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", end).on("close", end).on("error", end);
  }

  static open(host: string, port: number): Promise<RawConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<RawConnection>();
    const socket = nodeTls.connect({ host, port, rejectUnauthorized: false }, () => {
      socket.off("error", reject);
      resolve(new RawConnection(socket));
    });
    socket.once("error", reject);
    return promise;
  }

  get fingerprint(): string {
    return this.#socket.getPeerCertificate().fingerprint256;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Sends a request without waiting for its answer. */
  send(path: string, body: string, headers: { [name: string]: string } = {}): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const length = new TextEncoder().encode(body).length;
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nHost: camera\r\nContent-Length: ${length}\r\n${lines}\r\n${body}`,
    );
  }

  /** The next answer, or nothing when the connection ended before it was whole. */
  async receive(): Promise<RawAnswer | undefined> {
    for (;;) {
      const text = new TextDecoder().decode(this.#bytes);
      const headEnd = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN);
      if (headEnd >= 0 && text.length >= headEnd + 4 + length) {
        this.#bytes = new Uint8Array();
        return { status: Number(text.slice(9, 12)), text: text.slice(headEnd + 4, headEnd + 4 + length) };
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async post(path: string, body: JsonObject, headers?: { [name: string]: string }): Promise<RawAnswer> {
    this.send(path, JSON.stringify(body), headers);
    const answer = await this.receive();
    if (!answer) throw new Error("The connection ended without an answer");
    return answer;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

async function digest(name: "SHA-256", text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(name, new TextEncoder().encode(text)));
}

async function hex(text: string): Promise<string> {
  return Buffer.from(await digest("SHA-256", text)).toString("hex").toUpperCase();
}

const CNONCE = "0123456789ABCDEF";

/** A V3 login in progress or done. `hashed`: the password's digest, upper-case. */
export class RawV3 {
  stok = "";
  userGroup = "";
  seq = 0;
  #key!: CryptoKey;
  #iv!: Uint8Array<ArrayBuffer>;

  constructor(readonly connection: RawConnection, readonly hashed: string, readonly username = "admin") {}

  /** Asks for a nonce; the first step. */
  async askNonce(): Promise<JsonObject> {
    const params = { cnonce: CNONCE, encrypt_type: "3", username: this.username };
    return parse(await this.connection.post("/", { method: "login", params }));
  }

  /** Sends the digest; the second step. */
  async sendDigest(nonce: string, hashed = this.hashed): Promise<JsonObject> {
    const digest_passwd = await hex(hashed + CNONCE + nonce) + CNONCE + nonce;
    const params = { cnonce: CNONCE, encrypt_type: "3", username: this.username, digest_passwd };
    return parse(await this.connection.post("/", { method: "login", params }));
  }

  /** Both steps. */
  async login(): Promise<this> {
    const { result: { data } } = await this.askNonce() as unknown as {
      result: { data: { nonce: string; device_confirm: string } };
    };
    const inner = await hex(CNONCE + this.hashed + data.nonce);
    if (data.device_confirm !== inner + data.nonce + CNONCE) throw new Error("The device does not confirm");
    const { result } = await this.sendDigest(data.nonce) as unknown as {
      result: { stok: string; user_group: string; start_seq: number };
    };
    this.stok = result.stok;
    this.userGroup = result.user_group;
    this.seq = result.start_seq;
    const raw = (await digest("SHA-256", "lsk" + CNONCE + data.nonce + inner)).slice(0, 16);
    this.#iv = (await digest("SHA-256", "ivb" + CNONCE + data.nonce + inner)).slice(0, 16) as Uint8Array<
      ArrayBuffer
    >;
    this.#key = await crypto.subtle.importKey("raw", raw as Uint8Array<ArrayBuffer>, "AES-CBC", false, [
      "encrypt",
      "decrypt",
    ]);
    return this;
  }

  /** The body and headers of an encrypted request; takes the next number. */
  async wrap(inner: string): Promise<{ body: string; headers: { [name: string]: string } }> {
    const cipher = { name: "AES-CBC", iv: this.#iv };
    const sealed = await crypto.subtle.encrypt(cipher, this.#key, new TextEncoder().encode(inner));
    const request = Buffer.from(sealed).toString("base64");
    const body = JSON.stringify({ method: "securePassthrough", params: { request } });
    const seq = this.seq++;
    const tag = await hex(await hex(this.hashed + CNONCE) + body + seq);
    return { body, headers: { Seq: String(seq), Tapo_tag: tag } };
  }

  get path(): string {
    return `/stok=${this.stok}/ds`;
  }

  /** Sends one request and decrypts the answer where it is encrypted. */
  async send(inner: JsonObject, over = this.connection): Promise<{ status: number; body: JsonObject }> {
    const { body, headers } = await this.wrap(JSON.stringify(inner));
    over.send(this.path, body, headers);
    const answer = await over.receive();
    if (!answer) throw new Error("The connection ended without an answer");
    return { status: answer.status, body: await this.open(answer) };
  }

  async open(answer: RawAnswer): Promise<JsonObject> {
    const outer = parse(answer) as { result?: { response?: string } };
    const sealed = outer.result?.response;
    if (sealed === undefined) return outer as JsonObject;
    const cipher = { name: "AES-CBC", iv: this.#iv };
    const opened = await crypto.subtle.decrypt(cipher, this.#key, Buffer.from(sealed, "base64"));
    return JSON.parse(new TextDecoder().decode(opened));
  }

  /** Calls several methods at once. */
  async many(...requests: (readonly [method: string, params: JsonObject])[]): Promise<JsonObject[]> {
    const wrapped = requests.map(([method, params]) => ({ method, params }));
    const { body } = await this.send({ method: "multipleRequest", params: { requests: wrapped } });
    return (body as unknown as { result: { responses: JsonObject[] } }).result.responses;
  }

  /** Calls one method: its result, or its error code. */
  async call(method: string, params: JsonObject): Promise<JsonObject | number> {
    const [response] = await this.many([method, params]);
    const code = response?.["error_code"] as number;
    return code === 0 ? response!["result"] as JsonObject : code;
  }
}

function parse(answer: RawAnswer): JsonObject {
  return JSON.parse(answer.text);
}

/** SHA-256 of a password as V3 wants it. */
export function hashedPassword(password: string): Promise<string> {
  return hex(password);
}
