// A small camera for unit tests: the login and the sealed messages of port 443, written from the protocol's
// description with nothing of the client's in it, so that both must have understood the same.
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { abortError, type HubError } from "../../../../src/base/errors.ts";
import type { LoginGuard } from "../../../../src/protocols/tapo/session.ts";
import type { TapoPost, TapoTransport } from "../../../../src/protocols/tapo/transport.ts";

/** Any JSON. */
export type Json = Record<string, unknown>;
/** What came in. */
export interface Post {
  path: string;
  body: string;
  headers: Record<string, string>;
}
/** What goes out: an object is sent as JSON, a text as it is. */
export interface Reply {
  status: number;
  body: Json | string;
}
/** The result of a method, or the code with which it is refused. */
export type Method = (params: Json) => Json | number;

function hex(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest("hex").toUpperCase();
}

function aesKeys(password: string, cnonce: string, nonce: string) {
  const inner = hex("sha256", `${cnonce}${password}${nonce}`);
  const part = (name: string) =>
    createHash("sha256").update(`${name}${cnonce}${nonce}${inner}`).digest().subarray(0, 16);
  return { key: part("lsk"), iv: part("ivb") };
}

interface OpenSession {
  stok: string;
  seq: number;
  cnonce: string;
  keys?: { key: Uint8Array; iv: Uint8Array };
}

/** Answers posts as a camera does. Faults are used up one by one, each for one post. */
export class MiniCamera {
  readonly posts: Post[] = [];
  /** The messages after the login, deciphered. */
  readonly messages: Json[] = [];
  readonly methods = new Map<string, Method>();
  /** The next fault looks at each post; what it returns is sent instead, undefined is for the next post. */
  readonly faults: ((post: Post, camera: MiniCamera) => Reply | undefined)[] = [];
  form: "sha256" | "md5" = "sha256";
  encryptTypes = ["3"];
  userGroup = "root";
  stopsAtFirstError = false;
  /** Bytes appended to each plaintext before it is padded. */
  trailer = Buffer.alloc(0);
  arrange: (responses: Json[]) => Json[] = (responses) => responses;
  logins = 0;
  session: OpenSession | undefined;
  #offer: { cnonce: string; nonce: string } | undefined;

  constructor(readonly password = "Secret1!") {}

  get hashed(): string {
    return this.hashedFor(this.form);
  }

  hashedFor(form: "sha256" | "md5"): string {
    return hex(form, this.password);
  }

  handle(post: Post): Reply {
    this.posts.push(post);
    const fault = this.faults[0];
    const reply = fault?.(post, this);
    if (reply) {
      this.faults.shift();
      return reply;
    }
    return post.path === "/" ? this.#login(JSON.parse(post.body)) : this.#message(post);
  }

  /** Makes the camera forget its session. */
  forget(): void {
    this.session = undefined;
  }

  /** The message under the current session's key, as a reply. */
  sealed(message: Json | string, status = 200): Reply {
    const keys = this.session?.keys;
    if (!keys) throw new Error("No session to seal for");
    const cipher = createCipheriv("aes-128-cbc", keys.key, keys.iv);
    const text = typeof message === "string" ? message : JSON.stringify(message);
    const bytes = [cipher.update(Buffer.concat([Buffer.from(text), this.trailer])), cipher.final()];
    const response = Buffer.concat(bytes).toString("base64");
    return { status, body: { error_code: 0, seq: 1, result: { response } } };
  }

  #login({ params }: { params: Json }): Reply {
    const cnonce = String(params["cnonce"]);
    if (!this.encryptTypes.includes("3")) return this.#hashedLogin(params);
    if (params["digest_passwd"] === undefined) {
      const nonce = hex("sha256", `nonce ${this.posts.length}`).slice(0, 24);
      this.#offer = { cnonce, nonce };
      const device_confirm = hex("sha256", `${cnonce}${this.hashed}${nonce}`) + nonce + cnonce;
      const data = { code: -40413, encrypt_type: ["3"], key: "x", nonce, device_confirm };
      return { status: 200, body: { error_code: -40413, result: { data } } };
    }
    const nonce = this.#offer?.nonce ?? "";
    const expected = hex("sha256", `${this.hashed}${cnonce}${nonce}`) + cnonce + nonce;
    if (params["digest_passwd"] !== expected || this.#offer?.cnonce !== cnonce) {
      return { status: 200, body: { error_code: -40401, result: { data: { code: -40411 } } } };
    }
    this.logins++;
    const stok = `stok${this.logins}`;
    this.session = { stok, seq: 700 + this.logins, cnonce, keys: aesKeys(this.hashed, cnonce, nonce) };
    const result = { stok, user_group: this.userGroup, start_seq: 700 + this.logins };
    return { status: 200, body: { error_code: 0, result } };
  }

  #hashedLogin(params: Json): Reply {
    const data = { code: -40401, time: 9, max_time: 10, sec_left: 0, encrypt_type: this.encryptTypes };
    const isRight = params["hashed"] === true && params["password"] === hex("md5", this.password);
    if (!isRight) return { status: 200, body: { error_code: -40401, result: { data } } };
    this.logins++;
    this.session = { stok: `plain${this.logins}`, seq: 0, cnonce: "" };
    return {
      status: 200,
      body: { error_code: 0, result: { stok: this.session.stok, user_group: this.userGroup } },
    };
  }

  #message(post: Post): Reply {
    const session = this.session;
    if (!session || post.path !== `/stok=${session.stok}/ds`) {
      return { status: 401, body: { error_code: -40401 } };
    }
    if (!session.keys) return { status: 200, body: this.#answer(JSON.parse(post.body)) };
    const tag = hex(
      "sha256",
      hex("sha256", this.hashed + session.cnonce) + post.body + post.headers["Seq"],
    );
    if (post.headers["Seq"] !== String(session.seq++) || post.headers["Tapo_tag"] !== tag) {
      return { status: 500, body: { error_code: -1, msg: "Check tapo tag failed" } };
    }
    const decipher = createDecipheriv("aes-128-cbc", session.keys.key, session.keys.iv);
    const request = Buffer.from(JSON.parse(post.body).params.request, "base64");
    const plain = Buffer.concat([decipher.update(request), decipher.final()]).toString("utf8");
    return this.sealed(this.#answer(JSON.parse(plain)));
  }

  #answer(message: Json): Json {
    this.messages.push(message);
    if (message["method"] !== "multipleRequest") {
      const subject = Object.keys(message).find((key) => key !== "method") ?? "";
      const outcome = this.methods.get(`${message["method"]} ${subject}`)?.(message) ?? -40210;
      return typeof outcome === "number" ? { error_code: outcome } : { error_code: 0, ...outcome };
    }
    const { requests } = message["params"] as { requests: { method: string; params: Json }[] };
    const responses: Json[] = [];
    for (const { method, params } of requests) {
      const outcome = this.methods.get(method)?.(params ?? {}) ?? -40106;
      const isRefused = typeof outcome === "number";
      responses.push(
        isRefused ? { method, error_code: outcome } : { method, result: outcome, error_code: 0 },
      );
      if (isRefused && this.stopsAtFirstError) break;
    }
    return { error_code: 0, result: { responses: this.arrange(responses) } };
  }
}

/** Carries posts to a mini camera without any network, and sees how many are under way at once. */
export class MiniTransport implements TapoTransport {
  underWay = 0;
  mostAtOnce = 0;
  closes = 0;
  /** Posts wait for this; tests put a gate here. */
  gate: Promise<void> = Promise.resolve();

  constructor(readonly camera: MiniCamera) {}

  async post({ path, body, headers }: TapoPost, signal: AbortSignal) {
    if (signal.aborted) throw abortError();
    this.underWay++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    try {
      await new Promise<void>((resolve, reject) => {
        this.gate.then(resolve);
        signal.addEventListener("abort", () => reject(abortError()), { once: true });
      });
      const reply = this.camera.handle({ path, body, headers });
      const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
      return { status: reply.status, body: new TextEncoder().encode(text) };
    } finally {
      this.underWay--;
    }
  }

  close(): void {
    this.closes++;
  }
}

/** A guard that allows everything until it is told otherwise, and remembers what it was told. */
export class MiniGuard implements LoginGuard {
  readonly told: string[] = [];
  readonly errors: HubError[] = [];
  lockedUntilMs: number | undefined;
  barrier: HubError | undefined;

  begin(): Promise<() => void> {
    this.told.push("asked");
    return this.barrier ? Promise.reject(this.barrier) : Promise.resolve(() => {});
  }

  refused(error: HubError): Promise<void> {
    this.told.push("refused");
    this.errors.push(error);
    this.barrier = error;
    return Promise.resolve();
  }

  lockedOut(untilMs: number): Promise<void> {
    this.told.push("locked out");
    this.lockedUntilMs = untilMs;
    return Promise.resolve();
  }

  accepted(): Promise<void> {
    this.told.push("accepted");
    return Promise.resolve();
  }
}
