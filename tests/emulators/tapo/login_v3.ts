// The login of V3: nonces first, then a digest over both and the password; the client can check the device too.
import { hashPassword, randomHex, SessionCipher, sha256Hex } from "./digests.ts";
import { asText, type JsonObject } from "./json.ts";
import {
  type LoginAnswer,
  type LoginContext,
  passwordOf,
  refuseWrongPassword,
  userGroupOf,
} from "./login.ts";
import type { Session } from "./sessions.ts";
import { CODES } from "./vendor_error.ts";

const MAX_PENDING = 64;

/** The login desk of a V3 camera; remembers which nonce it gave to which client nonce. */
export class LoginV3 {
  readonly #context: LoginContext;
  readonly #nonces = new Map<string, string>();

  constructor(context: LoginContext) {
    this.#context = context;
  }

  /** Answers `{"method":"login"}`, first and second step alike. */
  answer(params: JsonObject): LoginAnswer {
    const { lockout, received, accounts } = this.#context;
    const username = asText(params["username"]) ?? "";
    const cnonce = asText(params["cnonce"]);
    const digest = asText(params["digest_passwd"]);
    if (digest !== undefined || params["password"] !== undefined) received.loginAttempts.digests++;
    if (lockout.isLocked) return { status: 200, body: lockout.answer() };
    const password = passwordOf(accounts, username);
    if (password === undefined) return { status: 401, body: badUsername() };
    if (cnonce === undefined) return this.#answerOldForm(params);
    const hashed = hashPassword(password, accounts.passwordForm);
    if (digest === undefined) return this.#offerNonce(cnonce, hashed);
    return this.#checkDigest({ username, cnonce, digest, hashed });
  }

  /** A V2 login carries a password that this camera cannot use: it counts as a wrong one. */
  #answerOldForm(params: JsonObject): LoginAnswer {
    const body = this.#nonceBody(CODES.sessionInvalid, randomHex(8), "");
    body["error_code"] = CODES.sessionInvalid;
    return params["password"] === undefined
      ? { status: 200, body }
      : refuseWrongPassword(this.#context, body);
  }

  #offerNonce(cnonce: string, hashed: string): LoginAnswer {
    const nonce = randomHex(8);
    this.#nonces.set(cnonce, nonce);
    const [oldest] = this.#nonces.keys();
    if (this.#nonces.size > MAX_PENDING && oldest !== undefined) this.#nonces.delete(oldest);
    const confirm = sha256Hex(cnonce + hashed + nonce) + nonce + cnonce;
    return { status: 200, body: this.#nonceBody(CODES.nonce, nonce, confirm) };
  }

  #checkDigest(login: { username: string; cnonce: string; digest: string; hashed: string }): LoginAnswer {
    const { username, cnonce, digest, hashed } = login;
    const nonce = this.#nonces.get(cnonce);
    if (nonce === undefined) return this.#offerNonce(cnonce, hashed);
    this.#nonces.delete(cnonce);
    if (digest !== sha256Hex(hashed + cnonce + nonce) + cnonce + nonce) {
      return refuseWrongPassword(this.#context, this.#nonceBody(CODES.sessionInvalid, nonce, ""));
    }
    this.#context.lockout.rightPassword();
    const secure = {
      cipher: SessionCipher.ofLogin(cnonce, nonce, hashed),
      tagKey: sha256Hex(hashed + cnonce),
    };
    const session = this.#context.sessions.open({ username, userGroup: userGroupOf(username), secure });
    const { stok, userGroup, startSeq } = session;
    return {
      status: 200,
      body: { error_code: 0, result: { stok, user_group: userGroup, start_seq: startSeq } },
    };
  }

  #nonceBody(code: number, nonce: string, confirm: string): JsonObject {
    const data = { code, encrypt_type: ["3"], key: randomHex(24), nonce, device_confirm: confirm };
    return { error_code: CODES.nonce, result: { data } };
  }
}

function badUsername(): JsonObject {
  return { error_code: CODES.sessionInvalid, result: { data: { code: CODES.badUsername } } };
}

/** The tag that a request must carry: over the exact body and its number. */
export function tagOf(session: NonNullable<Session["secure"]>, body: string, seq: number): string {
  return sha256Hex(session.tagKey + body + String(seq));
}
