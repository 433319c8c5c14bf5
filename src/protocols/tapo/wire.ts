// One POST of JSON to a camera, and what every answer may say beside its content.
import { asNumber, asObject, asText, at, type TapoObject } from "./values.ts";
import { TAPO_CODES } from "./errors.ts";
import type { TapoTransport } from "./transport.ts";

/** What an answer is before anybody has interpreted it. */
export interface WireAnswer {
  /** HTTP status: cameras send 500 with a good body when a session is about to end. */
  status: number;
  /** Undefined when the body is no JSON object. */
  json: TapoObject | undefined;
}

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "application/json; charset=UTF-8",
  "Accept": "application/json",
  "requestByApp": "true",
  "User-Agent": "Tapo CameraClient Android",
};
/** How long a blocked camera stays blocked when it does not say. */
const DEFAULT_LOCKOUT_SECONDS = 1800;

/** One request body with the headers that go with it. */
export interface WireRequest {
  path: string;
  body: string;
  headers?: Record<string, string>;
  /** It may reach the camera twice. Default false. */
  isRepeatable?: boolean;
}

/** Posts the body. @throws what the transport throws. */
export async function postJson(
  transport: TapoTransport,
  request: WireRequest,
  signal: AbortSignal,
): Promise<WireAnswer> {
  const { path, body: text, isRepeatable = false } = request;
  const headers = { ...HEADERS, ...request.headers };
  const { status, body } = await transport.post({ path, headers, body: text, isRepeatable }, signal);
  return { status, json: parseObject(new TextDecoder().decode(body)) };
}

/** The text as a JSON object; undefined for anything else, truncated JSON included. */
export function parseObject(text: string): TapoObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The error code of an answer; 0 when it names none, as hubs do. */
export function errorCodeOf(json: TapoObject): number {
  return asNumber(json["error_code"]) ?? 0;
}

/** The part of a refused login's answer that says why: at `result.data`, or at the root for blocked cameras. */
export function refusalData(json: TapoObject): TapoObject {
  return asObject(at(json, "result", "data")) ?? asObject(json["data"]) ?? {};
}

/**
 * How long the camera refuses logins, seconds; undefined when it does not. Two shapes exist: a code with
 * `sec_left` at the root, and `time`, `max_time`, `sec_left` under `result.data`, where 0 means not blocked.
 */
export function lockoutSeconds(json: TapoObject): number | undefined {
  const data = refusalData(json);
  const secondsLeft = asNumber(data["sec_left"]);
  if (secondsLeft !== undefined && secondsLeft > 0) return secondsLeft;
  const codes = [errorCodeOf(json), asNumber(data["code"])];
  const isBlocked = codes.includes(TAPO_CODES.blocked) || codes.includes(TAPO_CODES.systemBlocked);
  return isBlocked ? DEFAULT_LOCKOUT_SECONDS : undefined;
}

/** The session's token as it stands in the path: raw, but for characters that would end the path. */
export function sessionPath(stok: unknown): string | undefined {
  const text = asText(stok);
  if (text === undefined || !/^[\x21-\x7e]{1,512}$/.test(text)) return undefined;
  return `/stok=${text.replace(/[%/?#"<>^`{}|\\]/g, encodeURIComponent)}/ds`;
}
