// What targets over HTTP share: the account, the address below theirs, and whose fault a refusal is.
import { Buffer } from "node:buffer";
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import type { HttpResponse } from "../protocols/http/exchange.ts";
import type { SendWeb } from "../protocols/http/web_request.ts";

/** How a target over HTTP is reached. */
export interface WebTarget {
  /** What it is, as errors begin: `InfluxDB "attic"`. */
  peer: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Texts that must not stand in an error. */
  secrets: readonly string[];
}

/** The answers that say that what was sent can never be taken: malformed, too large, not to be worked on. */
const REFUSED: ReadonlySet<unknown> = new Set([400, 413, 422]);

/** Posts a text. @throws HubError as `Target.send` does. */
export async function post(
  target: WebTarget,
  { body, type }: { body: string; type: string },
  { send, signal }: { send: SendWeb; signal: AbortSignal },
): Promise<void> {
  const headers = { ...target.headers, "Content-Type": type, "User-Agent": "tapo-camera-mcp" };
  try {
    const answer = await send({ ...target, method: "POST", headers, body, part: "target" }, signal);
    refusePage(answer, target);
  } catch (error) {
    const status = error instanceof HubError ? error.details?.["status"] : undefined;
    if (!(error instanceof HubError) || !REFUSED.has(status)) throw error;
    const { kind, message, hint, cause } = error;
    throw new HubError(kind, message, { hint, cause, details: { status, refused: true } });
  }
}

/** A proxy's page for logging in comes with status 200: nothing was stored. */
function refusePage({ headers }: HttpResponse, { peer }: WebTarget): void {
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  if (!/^\s*text\/html\b/i.test(type)) return;
  throw new HubError("device_rejected", `${peer} answers with a page for people`, {
    hint: "Check the target's address; a proxy before the store may want a login",
  });
}

/** The header of an account or a token; none without either. */
export function authorization(
  { username, password, token }: {
    username?: string | undefined;
    password?: Secret | undefined;
    token?: Secret | undefined;
  },
  scheme = "Bearer",
): Record<string, string> {
  if (token) return { Authorization: `${scheme} ${token.reveal()}` };
  if (username === undefined) return {};
  const account = Buffer.from(`${username}:${password?.reveal() ?? ""}`).toString("base64");
  return { Authorization: `Basic ${account}` };
}

/** An address below another: `http://a/x` and `y/z` are `http://a/x/y/z`. */
export function below(base: string, path: string, query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url.href;
}

/** Headers of the user's own, in plain text. */
export function ownHeaders(headers: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
}
