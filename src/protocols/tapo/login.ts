// The login on port 443: finds out which kind the camera speaks, checks the password without sending it where
// that is possible, and never sends more than one attempt.
import type { Clock } from "../../base/clock.ts";
import type { HubError } from "../../base/errors.ts";
import type { Secret } from "../../base/secret.ts";
import { PlainChannel, SealedChannel, type TapoChannel } from "./channel.ts";
import {
  digestPassword,
  hashPassword,
  matchPassword,
  md5Hex,
  type PasswordForm,
  sessionKeys,
  tagKey,
} from "./crypto.ts";
import {
  lockedOutError,
  newestLoginError,
  notRootError,
  olderLoginError,
  TAPO_CODES,
  tapoError,
  unreadableError,
  wrongPasswordError,
} from "./errors.ts";
import type { TapoTransport } from "./transport.ts";
import { asNumber, asText, asTexts, at, type TapoObject } from "./values.ts";
import { errorCodeOf, lockoutSeconds, postJson, refusalData, sessionPath } from "./wire.ts";

/** Decides whether a login may be sent, and is told how it went. It must outlive restarts of the hub. */
export interface LoginGuard {
  /**
   * Waits for this login's turn. Returns what is to be called when it is over.
   * @throws HubError while no login may be sent; AbortError.
   */
  begin(signal: AbortSignal): Promise<() => void>;
  /** The camera does not accept these credentials: the same must not be sent again. */
  refused(error: HubError): Promise<void>;
  /** The camera refuses every login until then, milliseconds since 1970. */
  lockedOut(untilMs: number): Promise<void>;
  accepted(): Promise<void>;
}

/** What a login needs. */
export interface LoginContext {
  transport: TapoTransport;
  guard: LoginGuard;
  clock: Clock;
  username: string;
  password: Secret;
  /** A fresh client nonce, 16 hexadecimal digits. */
  nonce: () => string;
  sealed?: SealedMemory | undefined;
}

/** Remembers that a device knows the encrypted login: it is then never sent the plain hash of the old one. */
export interface SealedMemory {
  wasSealed(): Promise<boolean>;
  noteSealed(): Promise<void>;
}

/** What the first answer says about the way in. */
type Offer =
  | { kind: "sealed"; nonce: string; deviceConfirm: string }
  | { kind: "hashed" }
  | { kind: "newest"; code: number }
  | { kind: "refused"; code: number }
  | { kind: "other"; code: number };

const REFUSALS: ReadonlySet<number> = new Set([
  TAPO_CODES.badCredentials,
  TAPO_CODES.unknownUser,
  TAPO_CODES.invalidSession,
  -40412,
  -40209,
  -60506,
  -1501,
  1003,
]);
const NEWEST: ReadonlySet<number> = new Set([
  TAPO_CODES.missingParameters,
  TAPO_CODES.tpapAuthentication,
  TAPO_CODES.tpapSignature,
  TAPO_CODES.tpapToken,
]);

/**
 * Logs in and returns the open session.
 * @throws HubError `unauthenticated` for a wrong password, `forbidden` for an account without control,
 * `locked_out`, `unsupported` for firmware with the newest login only, `device_rejected` for what is no camera,
 * and what the transport and the guard throw; AbortError.
 */
export async function logIn(context: LoginContext, signal: AbortSignal): Promise<TapoChannel> {
  const over = await context.guard.begin(signal);
  try {
    return await tryLogin(context, signal);
  } finally {
    over();
  }
}

async function tryLogin(context: LoginContext, signal: AbortSignal): Promise<TapoChannel> {
  const cnonce = context.nonce();
  const params = { cnonce, encrypt_type: "3", username: context.username };
  const offer = readOffer(await postLogin(context, params, signal));
  if (offer.kind === "newest") throw newestLoginError(offer.code);
  if (offer.kind === "refused") throw await refuse(context, wrongPasswordError(offer.code));
  if (offer.kind === "other") throw tapoError(offer.code, "login");
  if (offer.kind === "hashed" && await context.sealed?.wasSealed()) throw olderLoginError();
  const channel = offer.kind === "sealed"
    ? await openSealed(context, { ...offer, cnonce }, signal)
    : await openHashed(context, signal);
  if (offer.kind === "sealed") await context.sealed?.noteSealed();
  await context.guard.accepted();
  return channel;
}

/** Posts one login message. @throws HubError `locked_out`, `device_rejected`. */
async function postLogin(
  context: LoginContext,
  params: TapoObject,
  signal: AbortSignal,
): Promise<TapoObject> {
  const body = JSON.stringify({ method: "login", params });
  const { status, json } = await postJson(context.transport, { path: "/", body }, signal);
  if (!json) throw unreadableError("the login was not answered in JSON", { http_status: status });
  await throwIfLocked(context, json);
  return json;
}

/** Tells the guard of a lockout. @throws HubError `locked_out` when the answer speaks of one. */
export async function throwIfLocked(
  { guard, clock }: Pick<LoginContext, "guard" | "clock">,
  json: TapoObject,
): Promise<void> {
  const secondsLeft = lockoutSeconds(json);
  if (secondsLeft === undefined) return;
  const nowMs = clock.now();
  await guard.lockedOut(nowMs + secondsLeft * 1000);
  throw lockedOutError(secondsLeft, nowMs);
}

async function refuse(context: LoginContext, error: HubError): Promise<HubError> {
  await context.guard.refused(error);
  return error;
}

/** −40413 with a nonce is how a camera asks for the password; everything else is old, new or a refusal. */
function readOffer(json: TapoObject): Offer {
  const data = refusalData(json);
  const code = asNumber(data["code"]) ?? errorCodeOf(json);
  const types = asTexts(data["encrypt_type"]);
  const nonce = asText(data["nonce"]);
  const isSealed = types.includes("3") || (types.length === 0 && data["device_confirm"] !== undefined);
  if (errorCodeOf(json) === TAPO_CODES.invalidNonce && nonce !== undefined && isSealed) {
    return { kind: "sealed", nonce, deviceConfirm: asText(data["device_confirm"]) ?? "" };
  }
  const tpap = data["tpap"] ?? at(json, "result", "tpap") ?? json["tpap"];
  const isNewest = NEWEST.has(code) || types.includes("4") || tpap !== undefined;
  if (isNewest && !types.includes("3")) return { kind: "newest", code };
  if (code === TAPO_CODES.badCredentials || code === TAPO_CODES.unknownUser) return { kind: "refused", code };
  if (code === -40414 || code === -40405 || saysLater(code)) return { kind: "other", code };
  // Firmware that knows nothing of the encrypted login answers with one of many codes, or lists "1" and "2".
  return { kind: "hashed" };
}

/** Codes of newer firmware in a bad moment: a hash sent after them would count as a wrong password. */
function saysLater(code: number): boolean {
  return code !== -1 && code !== 9999 && tapoError(code).kind === "unavailable";
}

interface SealedOffer {
  cnonce: string;
  nonce: string;
  deviceConfirm: string;
}

/** The camera shows first that it knows the password; only when that is ours, anything made of it is sent. */
async function openSealed(
  context: LoginContext,
  offer: SealedOffer,
  signal: AbortSignal,
): Promise<TapoChannel> {
  const password = context.password.reveal();
  const passwordForm = matchPassword(password, offer);
  if (passwordForm === undefined) throw await refuse(context, wrongPasswordError());
  const hashed = hashPassword(password, passwordForm);
  const json = await postLogin(context, {
    cnonce: offer.cnonce,
    encrypt_type: "3",
    digest_passwd: digestPassword(hashed, offer),
    username: context.username,
  }, signal);
  const path = await acceptedPath(context, json);
  const startSeq = asNumber(at(json, "result", "start_seq"));
  if (startSeq === undefined || !Number.isSafeInteger(startSeq)) {
    throw unreadableError("the login gives no number to begin with");
  }
  return sealedChannel({ hashed, passwordForm, offer, path, startSeq });
}

function sealedChannel(agreed: {
  hashed: string;
  passwordForm: PasswordForm;
  offer: SealedOffer;
  path: string;
  startSeq: number;
}): SealedChannel {
  const { hashed, passwordForm, offer, path, startSeq } = agreed;
  return new SealedChannel({
    path,
    passwordForm,
    keys: sessionKeys(hashed, offer),
    tagKey: tagKey(hashed, offer.cnonce),
    startSeq,
  });
}

/** The login of old firmware: the hash itself is sent, so that a wrong password counts as an attempt. */
async function openHashed(context: LoginContext, signal: AbortSignal): Promise<TapoChannel> {
  const params = {
    hashed: true,
    username: context.username,
    password: md5Hex(context.password.reveal()),
  };
  return new PlainChannel(await acceptedPath(context, await postLogin(context, params, signal)));
}

/** The path of the session that the answer opens. @throws HubError when it opens none. */
async function acceptedPath(context: LoginContext, json: TapoObject): Promise<string> {
  const outer = errorCodeOf(json);
  // The password is known to be right by now: somebody else, such as the app, began a login in between.
  if (outer === TAPO_CODES.invalidNonce || outer === TAPO_CODES.nonceExpired) throw tapoError(outer, "login");
  const code = outer === 0 ? 0 : asNumber(refusalData(json)["code"]) ?? outer;
  if (NEWEST.has(code)) throw newestLoginError(code);
  if (REFUSALS.has(code)) throw await refuse(context, wrongPasswordError(code));
  if (code !== 0) throw tapoError(code, "login");
  const path = sessionPath(at(json, "result", "stok"));
  if (path === undefined) throw unreadableError("the login opens no session");
  const group = asText(at(json, "result", "user_group"));
  if (group !== undefined && group !== "root") throw await refuse(context, notRootError());
  return path;
}
