// A camera that takes the newest login only (TPAP): it says so, and refuses everything older.
import { asText, type JsonObject } from "./json.ts";
import type { LoginAnswer, LoginContext } from "./login.ts";
import { CODES } from "./vendor_error.ts";

/** What such a camera says about its login, here and in discovery. */
export function tpapOffer(port: number): JsonObject {
  return { tls: 1, noc: 1, pake: [2], port, user_hash_type: 0 };
}

/** Answers `{"method":"login"}`. The handshake itself is not emulated: it ends with an unsupported method. */
export function answerLoginTpap(context: LoginContext, params: JsonObject, port: number): LoginAnswer {
  const body = (): JsonObject => {
    if (context.lockout.isLocked) return context.lockout.answer();
    const subMethod = asText(params["sub_method"]);
    if (subMethod === "discover") return { error_code: 0, result: { tpap: tpapOffer(port) } };
    return { error_code: subMethod === undefined ? CODES.missingParameters : CODES.unsupportedMethod };
  };
  if (params["digest_passwd"] !== undefined || params["password"] !== undefined) {
    context.received.loginAttempts.digests++;
  }
  return { status: 200, body: body() };
}
