// A push service and the browsers behind it: takes messages as RFC 8030 says, checks who sends them (RFC 8292), and
// opens them with the browser's keys (RFC 8291, RFC 8188). Written after the RFCs, without the package that encrypts.
import { Buffer } from "node:buffer";
import type { ServerIdentity } from "../../tools/certificate_authority.ts";

/** A message that was taken, opened. */
export interface TakenNote {
  /** Path of the browser's endpoint. */
  path: string;
  text: string;
  ttl: number;
  urgency: string | null;
  topic: string | null;
  /** Claims of the sender's token, whose signature was right. */
  claims: { aud: string; exp: number; sub: string };
  /** The sender's public key, base64url. */
  senderKey: string;
}

/** A browser's side of a subscription. */
export class PushBrowser {
  readonly #keys: CryptoKeyPair;
  readonly #auth = crypto.getRandomValues(new Uint8Array(16));
  readonly endpoint: string;
  readonly #publicKey: Uint8Array<ArrayBuffer>;

  private constructor(endpoint: string, keys: CryptoKeyPair, publicKey: Uint8Array<ArrayBuffer>) {
    this.endpoint = endpoint;
    this.#keys = keys;
    this.#publicKey = publicKey;
  }

  static async make(endpoint: string): Promise<PushBrowser> {
    const keys = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]) as CryptoKeyPair;
    return new PushBrowser(
      endpoint,
      keys,
      new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)),
    );
  }

  /** As `PushSubscription.toJSON()` gives it. */
  toJSON() {
    const keys = { p256dh: base64Url(this.#publicKey), auth: base64Url(this.#auth) };
    return { endpoint: this.endpoint, expirationTime: null, keys };
  }

  /** Opens a body of the coding aes128gcm. @throws when it was not made for this browser, or was changed. */
  async open(body: Uint8Array<ArrayBuffer>): Promise<string> {
    const salt = body.slice(0, 16);
    const keyLength = body[20] ?? 0;
    const senderKey = body.slice(21, 21 + keyLength);
    const sealed = body.slice(21 + keyLength);
    const sender = await crypto.subtle.importKey("raw", senderKey, CURVE, false, []);
    const shared = await crypto.subtle.deriveBits(
      { name: "ECDH", public: sender },
      this.#keys.privateKey,
      256,
    );
    const about = concat(text("WebPush: info\0"), this.#publicKey, senderKey);
    const secret = await derive(new Uint8Array(shared), { salt: this.#auth, info: about, bytes: 32 });
    const keyBytes = await derive(secret, { salt, info: text("Content-Encoding: aes128gcm\0"), bytes: 16 });
    const iv = await derive(secret, { salt, info: text("Content-Encoding: nonce\0"), bytes: 12 });
    const key = await crypto.subtle.importKey("raw", keyBytes, "AES-GCM", false, ["decrypt"]);
    const padded = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
    // The last record ends with the octet 2 and padding of zeros.
    const end = padded.findLastIndex((byte) => byte !== 0);
    if (padded[end] !== 2) throw new Error("The record does not end as the last one does");
    return new TextDecoder().decode(padded.subarray(0, end));
  }
}

/** Listens with TLS on a free port. */
export class PushService implements AsyncDisposable {
  readonly notes: TakenNote[] = [];
  /** What it answers, by path; otherwise 201. */
  readonly answers = new Map<string, { status: number; body?: BodyInit; headers?: Record<string, string> }>();
  /** Requests, taken or not. */
  requests = 0;
  readonly #browsers = new Map<string, PushBrowser>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor({ cert, key }: ServerIdentity) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} },
      (request) => this.#take(request),
    );
  }

  static start(identity: ServerIdentity): PushService {
    return new PushService(identity);
  }

  get origin(): string {
    return `https://127.0.0.1:${this.#server.addr.port}`;
  }

  /** A browser that has subscribed here. */
  async subscribe(path: string): Promise<PushBrowser> {
    const browser = await PushBrowser.make(`${this.origin}${path}`);
    this.#browsers.set(path, browser);
    return browser;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #take(request: Request): Promise<Response> {
    this.requests++;
    const { pathname } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const answer = this.answers.get(pathname);
    if (answer) {
      return new Response(answer.body ?? null, { status: answer.status, headers: answer.headers ?? {} });
    }
    const browser = this.#browsers.get(pathname);
    if (!browser || request.method !== "POST") return new Response("No such subscription", { status: 404 });
    if (request.headers.get("content-encoding") !== "aes128gcm" || body.length > 4096) {
      return new Response("Not a message", { status: 400 });
    }
    const sender = await checkSender(request.headers.get("authorization") ?? "", this.origin);
    if (!sender) return new Response("Who are you?", { status: 403 });
    this.notes.push({
      path: pathname,
      text: await browser.open(body),
      ttl: Number(request.headers.get("ttl")),
      urgency: request.headers.get("urgency"),
      topic: request.headers.get("topic"),
      ...sender,
    });
    return new Response(null, { status: 201 });
  }
}

/** RFC 8292: `vapid t=TOKEN, k=KEY`, a token for this service that is good for a day at most. */
async function checkSender(
  header: string,
  origin: string,
): Promise<Pick<TakenNote, "claims" | "senderKey"> | undefined> {
  const [, token = "", senderKey = ""] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(header) ?? [];
  const [head = "", payload = "", signature = ""] = token.split(".");
  if (signature === "") return undefined;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("raw", fromBase64Url(senderKey), algorithm, false, ["verify"]);
  const hash = { name: "ECDSA", hash: "SHA-256" };
  const isRight = await crypto.subtle.verify(hash, key, fromBase64Url(signature), text(`${head}.${payload}`));
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as TakenNote["claims"];
  const leftS = claims.exp - Date.now() / 1000;
  return isRight && claims.aud === origin && leftS > 0 && leftS <= 86_400 ? { claims, senderKey } : undefined;
}

const CURVE = { name: "ECDH", namedCurve: "P-256" };

async function derive(
  secret: Uint8Array<ArrayBuffer>,
  { salt, info, bytes }: { salt: Uint8Array<ArrayBuffer>; info: Uint8Array<ArrayBuffer>; bytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, bytes * 8));
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function fromBase64Url(value: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(value, "base64url"));
}
