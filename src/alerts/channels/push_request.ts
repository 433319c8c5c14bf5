// One message to one browser: encrypted for it (RFC 8291), signed by the hub (RFC 8292), handed to its push service.
import { HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { NetworkGuard } from "../../base/network.ts";
import { exchangeHttp, type HttpRequest, type HttpResponse } from "../../protocols/http/exchange.ts";
import type { PushKeys, StoredPushSubscription } from "../../store/push_table.ts";
import { hideSecrets, secretsOfAddress } from "../../base/hidden_text.ts";

/** What is wanted of the npm package web-push, which has no types of its own. */
interface WebPush {
  generateVAPIDKeys(): PushKeys;
  generateRequestDetails(
    subscription: { endpoint: string; keys: { p256dh: string; auth: string } },
    payload: string,
    options: {
      vapidDetails: PushKeys & { subject: string };
      TTL: number;
      urgency: PushUrgency;
      contentEncoding: "aes128gcm";
      topic?: string;
    },
  ): { headers: Record<string, string | number>; body: Uint8Array<ArrayBuffer> };
}

export type PushUrgency = "very-low" | "low" | "normal" | "high";

/** A message and how it is to be handled. */
export interface PushNote {
  /** At most 3993 bytes. */
  payload: string;
  urgency: PushUrgency;
  /** Of two notes with the same topic that could not be delivered yet, the newer is. */
  topic?: string;
  /** Who sends it, as `mailto:` or `https:`. */
  contact: string;
}

/** What requests go out by. */
export interface PushTransport {
  network: Pick<NetworkGuard, "resolvePublic">;
  /** Sends a request; default: `exchangeHttp`. */
  exchange?: typeof exchangeHttp;
}

/** How long a push service keeps a note for a browser that is away. */
const TTL_S = 24 * 3600;
const DEADLINE_MS = 20_000;
/** RFC 8291, section 4: 4096 bytes with the header, the tag and a byte of padding. */
const MAX_PAYLOAD_BYTES = 3993;
const MAX_ANSWER_CHARS = 200;
const MAX_ANSWER_BYTES = 64 * 1024;

/** A browser has taken its subscription back, or it has run out. */
export class SubscriptionGone extends Error {}

/** Loads the package when it is first needed. */
async function webPush(): Promise<WebPush> {
  return (await import("web-push")).default as WebPush;
}

/** A fresh pair of keys. */
export async function newPushKeys(): Promise<PushKeys> {
  return (await webPush()).generateVAPIDKeys();
}

/**
 * Says where a subscription may lead: to a push service in the internet, over HTTPS. Returns the address to connect to,
 * as a second look-up of the name could differ.
 * @throws HubError `invalid_input` for another kind of address, `forbidden` for one that is not public.
 */
export async function checkEndpoint(
  endpoint: string,
  network: Pick<NetworkGuard, "resolvePublic">,
  signal: AbortSignal,
): Promise<string> {
  const url = URL.parse(endpoint);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new HubError("invalid_input", "A push service has an address that begins with https://");
  }
  return await network.resolvePublic(url.hostname, signal);
}

/**
 * Delivers a note to a push service.
 * @throws SubscriptionGone; HubError, `retryable` for what may pass by itself.
 */
export async function pushNote(
  subscription: StoredPushSubscription,
  { payload, urgency, topic, contact }: PushNote,
  { keys, transport, signal }: { keys: PushKeys; transport: PushTransport; signal: AbortSignal },
): Promise<void> {
  if (new TextEncoder().encode(payload).length > MAX_PAYLOAD_BYTES) {
    throw new HubError("invalid_input", `A push message may have at most ${MAX_PAYLOAD_BYTES} bytes`);
  }
  const { endpoint, p256dh, auth } = subscription;
  const address = await checkEndpoint(endpoint, transport.network, signal);
  const { headers, body } = (await webPush()).generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    payload,
    {
      vapidDetails: { ...keys, subject: contact },
      TTL: TTL_S,
      urgency,
      contentEncoding: "aes128gcm",
      ...(topic === undefined ? {} : { topic }),
    },
  );
  const request = { url: endpoint, method: "POST" as const, headers: textHeaders(headers), body };
  const { status, bytes } = await exchange(request, address, { transport, signal });
  if (status >= 200 && status < 300) return;
  const said = new TextDecoder().decode(bytes).trim().slice(0, MAX_ANSWER_CHARS);
  throw refusal(status, endpoint, said);
}

/** No redirect is followed: it could lead to where the endpoint itself may not. */
async function exchange(
  request: HttpRequest,
  address: string,
  { transport, signal }: { transport: PushTransport; signal: AbortSignal },
): Promise<HttpResponse> {
  const peer = `The push service ${new URL(request.url).host}`;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  using either = new LinkedSignal(signal, deadline);
  try {
    const send = transport.exchange ?? exchangeHttp;
    return await send(request, {
      signal: either.signal,
      maxBytes: MAX_ANSWER_BYTES,
      // Taken is taken: another try would notify once more.
      isBodyOptional: true,
      peer,
      hint: "Check that this machine reaches the internet",
      address,
    });
  } catch (error) {
    if (signal.aborted || !deadline.aborted) throw error;
    throw new HubError("timeout", `${peer} took longer than ${DEADLINE_MS / 1000} s`);
  }
}

function textHeaders(headers: Record<string, string | number>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name !== "Content-Length");
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

function refusal(status: number, endpoint: string, said: string): Error {
  const { host } = new URL(endpoint);
  if (status === 404 || status === 410) return new SubscriptionGone(`${host} answered ${status}`);
  const shown = hideSecrets(said, secretsOfAddress(endpoint));
  const answer = `${status}${shown === "" ? "" : `: ${shown}`}`;
  if (status === 429 || status >= 500) {
    return new HubError("unavailable", `The push service ${host} puts it off: ${answer}`);
  }
  return new HubError("unavailable", `The push service ${host} refuses the message: ${answer}`, {
    retryable: false,
  });
}
