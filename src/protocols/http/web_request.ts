// The one way by which alerts and pushed values leave over HTTP. Addresses come from people: each is looked up once, judged, and then
// connected to as it was judged (no second look-up that could differ), and no answer leads to another address.
import type { Clock } from "../../base/clock.ts";
import { abortError, HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { Network } from "../../base/network.ts";
import { exchangeHttp, type HttpRequest, type HttpResponse } from "./exchange.ts";
import { hideSecrets } from "../../base/hidden_text.ts";

/** A request to a service that the configuration names. */
export interface WebRequest extends HttpRequest {
  /** Who is asked, as errors begin: `The webhook`. */
  peer: string;
  /** What of the configuration to look at, as hints name it; `channel` where nothing is given. */
  part?: string;
  /** Texts that must not stand in an error, should the other side repeat them. */
  secrets: readonly string[];
}

/** What sending needs. */
export interface WebDeps {
  network: Network;
  clock: Pick<Clock, "now">;
}

/** Sends a request, and is content with nothing but success. */
export type SendWeb = (request: WebRequest, signal: AbortSignal) => Promise<HttpResponse>;

const TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_SHOWN_CHARS = 200;
/** Who asks for more patience is asked again after this time all the same. */
const MAX_RETRY_AFTER_MS = 6 * 3_600_000;
/** "Try again later" in HTTP (RFC 9110, RFC 8470, RFC 6585), beside 5xx. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Returns the function that channels send with.
 * It throws HubError: `forbidden` for an address that is not allowed; `unavailable` or `timeout`, which are worth
 * another try, with `retryAtMs` where the other side says when; `device_rejected` for what it refused, with the answer's
 * status in `details.status`.
 */
export function webSender({ network, clock }: WebDeps): SendWeb {
  return async (request, signal) => {
    const url = new URL(request.url);
    using limit = new LinkedSignal(signal, AbortSignal.timeout(TIMEOUT_MS));
    try {
      const address = await resolve(url, network, request, limit.signal);
      const response = await exchangeHttp(request, {
        signal: limit.signal,
        maxBytes: MAX_ANSWER_BYTES,
        peer: request.peer,
        hint: `Check the ${partOf(request)}'s address, and that this machine reaches it`,
        address,
      });
      refuseFailure(response, request, clock.now());
      return response;
    } catch (error) {
      if (signal.aborted) throw abortError();
      if (!limit.signal.aborted) throw error;
      throw new HubError("timeout", `${request.peer} did not answer within ${TIMEOUT_MS / 1000} s`);
    }
  };
}

function partOf({ part = "channel" }: WebRequest): string {
  return part;
}

async function resolve(
  url: URL,
  network: Network,
  request: WebRequest,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await network.resolve(url.hostname, signal);
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== "unavailable") throw error;
    throw new HubError(
      "unavailable",
      `${request.peer} cannot be reached: no address is known for ${url.hostname}`,
      {
        hint: `Check the ${partOf(request)}'s address, and that this machine can look names up`,
        cause: error,
      },
    );
  }
}

function refuseFailure({ status, headers, bytes }: HttpResponse, request: WebRequest, nowMs: number): void {
  if (status >= 200 && status < 300) return;
  const { peer } = request;
  if (status >= 300 && status < 400) {
    throw new HubError("device_rejected", `${peer} answers with a redirect (HTTP ${status})`, {
      hint: "Redirects are not followed: give the address to which it leads",
    });
  }
  const said = shown(bytes, request.secrets);
  const what = `HTTP ${status}${said === "" ? "" : `: ${said}`}`;
  if (status < 500 && !LATER.has(status)) {
    throw new HubError("device_rejected", `${peer} refuses the message (${what})`, {
      hint: status === 401 || status === 403
        ? `Check the ${partOf(request)}'s token or password`
        : `Check the ${partOf(request)}'s options`,
      details: { status },
    });
  }
  // Telegram and Discord say it in their JSON.
  const inBody = /"retry_after"\s*:\s*(\d{1,9})/.exec(new TextDecoder().decode(bytes))?.[1];
  const inHead = headers.find(([name]) => name === "retry-after")?.[1];
  const retryAtMs = retryAfter(inHead ?? inBody, nowMs);
  throw new HubError("unavailable", `${peer} cannot take the message now (${what})`, { retryAtMs });
}

/** When the other side wants to be asked again (RFC 9110, 10.2.3): seconds, or a date. */
export function retryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const atMs = /^\d{1,30}$/.test(text.trim()) ? nowMs + Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.min(Math.max(atMs, nowMs), nowMs + MAX_RETRY_AFTER_MS);
}

function shown(bytes: Uint8Array, secrets: readonly string[]): string {
  const text = new TextDecoder().decode(bytes);
  const bare = hideSecrets(text, secrets);
  // deno-lint-ignore no-control-regex -- what the other side says may hold anything
  return bare.replace(/[\x00-\x1f\x7f]+/g, " ").trim().slice(0, MAX_SHOWN_CHARS);
}
