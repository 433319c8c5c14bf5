// The login of older firmware: one POST with the MD5 of the password, then plain requests.
import { md5Hex, randomHex } from "./digests.ts";
import { asText, type JsonObject } from "./json.ts";
import {
  type LoginAnswer,
  type LoginContext,
  passwordOf,
  refuseWrongPassword,
  userGroupOf,
} from "./login.ts";
import { CODES } from "./vendor_error.ts";

/** Answers `{"method":"login"}` on a camera that knows the hashed login only. */
export function answerLoginV2(context: LoginContext, params: JsonObject): LoginAnswer {
  const username = asText(params["username"]) ?? "";
  const password = asText(params["password"]);
  if (context.lockout.isLocked) return { status: 200, body: context.lockout.answer() };
  // Newer clients ask first with the V3 form. There is no password in it, so nothing is counted.
  if (password === undefined) return { status: 200, body: refusal(context, CODES.sessionInvalid) };
  context.received.loginAttempts.digests++;
  const expected = passwordOf(context.accounts, username);
  if (expected === undefined) return { status: 200, body: refusal(context, CODES.badUsername) };
  const right = params["hashed"] === true ? md5Hex(expected) : expected;
  if (password !== right) {
    return refuseWrongPassword(context, refusal(context, CODES.sessionInvalid, 1));
  }
  context.lockout.rightPassword();
  const userGroup = userGroupOf(username);
  const { stok } = context.sessions.open({ username, userGroup, secure: undefined });
  return { status: 200, body: { error_code: 0, result: { stok, user_group: userGroup } } };
}

function refusal({ lockout }: LoginContext, code: number, counted = 0): JsonObject {
  const data = {
    code,
    time: lockout.limit - Math.min(lockout.attempts + counted, lockout.limit),
    max_time: lockout.limit,
    sec_left: 0,
    encrypt_type: ["1", "2"],
    key: randomHex(16),
    nonce: randomHex(8),
  };
  return { error_code: CODES.sessionInvalid, result: { data } };
}
