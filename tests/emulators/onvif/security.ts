// Who may ask: WS-Security UsernameToken with digest, and HTTP digest, as a camera checks them.
import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import type { HttpReply } from "./http_server.ts";
import { attribute, faultEnvelope, has, inner, SoapFault, text } from "./soap.ts";

export interface SecurityOptions {
  username: string;
  password: string;
  /** How far a signature's time may be from the camera's clock. */
  clockToleranceMs: number;
  /** After so many failures nobody is let in; 0: never. */
  lockAfter: number;
  /** The camera's clock. */
  nowMs: () => number;
}

export class Security {
  readonly #options: SecurityOptions;
  readonly #used = new Set<string>();
  readonly #digestNonces = new Set<string>();
  /** Wrong user names and passwords. */
  failures = 0;
  /** Signatures of another time than the camera's. */
  clockRefusals = 0;
  /** Signatures that had been used before. */
  replays = 0;
  password: string;

  constructor(options: SecurityOptions) {
    this.#options = options;
    this.password = options.password;
  }

  /** Fails unless the envelope is signed by the account. */
  checkToken(envelope: string): undefined {
    const token = inner(envelope, "UsernameToken");
    if (token === undefined || !has(envelope, "Security")) throw refused();
    this.#checkLock();
    const created = text(token, "Created") ?? "";
    const nonce = text(token, "Nonce") ?? "";
    const skewMs = Math.abs(Date.parse(created) - this.#options.nowMs());
    if (!(skewMs <= this.#options.clockToleranceMs)) {
      this.clockRefusals++;
      throw refused();
    }
    // Time and nonce together: libonvif (Debian's onvif-tools) signs with one nonce for a whole second.
    const once = `${nonce} ${created}`;
    if (this.#used.has(once)) {
      this.replays++;
      throw refused();
    }
    const digest = createHash("sha1").update(Buffer.from(nonce, "base64")).update(created)
      .update(this.password, "utf8").digest("base64");
    const isDigest = attribute(token, "Password", "Type")?.endsWith("#PasswordDigest");
    const isRight = text(token, "Username") === this.#options.username &&
      text(token, "Password") === digest;
    this.#count(isRight && isDigest === true);
    if (!isRight || !isDigest) throw refused();
    this.#used.add(once);
  }

  /** A signature where HTTP digest is wanted, as cameras count it that have WS-Security switched off. */
  countToken(request: { headers: Headers }, envelope: string): void {
    if (request.headers.get("authorization") === null && has(envelope, "UsernameToken")) this.#count(false);
  }

  /** Takes whichever of the two comes; returns the refusal as a fault with a challenge. */
  checkEither(
    request: { method: string; path: string; headers: Headers },
    { envelope, isTerse }: { envelope: string; isTerse: boolean | undefined },
  ): HttpReply | undefined {
    const hasDigest = request.headers.get("authorization") !== null;
    const refusal = hasDigest ? this.checkDigest(request) : this.#challenge();
    if (hasDigest && !refusal) return undefined;
    try {
      if (hasDigest) throw refused();
      return this.checkToken(envelope);
    } catch (error) {
      if (!(error instanceof SoapFault) || !refusal) throw error;
      return isTerse ? refusal : { ...refusal, body: faultEnvelope(error) };
    }
  }

  /**
   * Returns what to answer to a request that gives no HTTP digest, or a wrong one; undefined when it is
   * right.
   * @param fault the body of the refusal, in place of a page.
   */
  checkDigest(
    request: { method: string; path: string; headers: Headers },
    fault?: SoapFault,
  ): HttpReply | undefined {
    const header = request.headers.get("authorization");
    const refusal = () => fault ? { ...this.#challenge(), body: faultEnvelope(fault) } : this.#challenge();
    if (header === null) return refusal();
    const part = (name: string) => new RegExp(`\\b${name}="?([^",]*)"?`).exec(header)?.[1] ?? "";
    const md5 = (...parts: string[]) => createHash("md5").update(parts.join(":")).digest("hex");
    const expected = md5(
      md5(this.#options.username, "emulator", this.password),
      part("nonce"),
      part("nc"),
      part("cnonce"),
      part("qop"),
      md5(request.method, request.path),
    );
    const isRight = part("username") === this.#options.username && part("response") === expected &&
      part("uri") === request.path && this.#digestNonces.delete(part("nonce"));
    this.#count(isRight);
    return isRight ? undefined : refusal();
  }

  #challenge(): HttpReply {
    const nonce = randomBytes(8).toString("hex");
    this.#digestNonces.add(nonce);
    const challenge = `Digest realm="emulator", qop="auth", nonce="${nonce}", algorithm=MD5`;
    return {
      status: 401,
      headers: { "WWW-Authenticate": challenge, "Content-Type": "text/html" },
      body: "<!DOCTYPE html><html><body>401 Unauthorized</body></html>",
    };
  }

  #count(isRight: boolean): void {
    this.failures = isRight ? this.failures : this.failures + 1;
  }

  #checkLock(): void {
    const { lockAfter } = this.#options;
    if (lockAfter > 0 && this.failures >= lockAfter) {
      throw new SoapFault(["env:Sender", "ter:NotAuthorized"], "The user has been locked out");
    }
  }
}

/** As cameras answer to a wrong password, and many of them to a missing right too. */
export function refused(): SoapFault {
  return new SoapFault(["env:Sender", "ter:NotAuthorized"], "Sender not Authorized");
}
