// Alerts as notifications of browsers, also of phones whose browser is closed. The picture stays at the hub: a push
// message holds four kilobytes.
import { createHash } from "node:crypto";
import { HubError } from "../../base/errors.ts";
import type { WebPushOptions } from "../../config/channels.ts";
import type { AlertMessage, Channel } from "../channel.ts";
import { DEFAULT_CONTACT, type PushDevices } from "../push_devices.ts";
import { Delivered } from "./delivered.ts";
import type { PushNote, PushUrgency } from "./push_request.ts";

export interface WebPushDeps {
  devices: PushDevices;
}

const URGENCY: Readonly<Record<AlertMessage["severity"], PushUrgency>> = {
  info: "low",
  warning: "normal",
  critical: "high",
};
const MAX_TITLE_CHARS = 150;
const MAX_TEXT_CHARS = 600;

/** Tells every device of every user, each once. */
export class WebPushChannel implements Channel {
  readonly type = "web_push";
  readonly id: string;
  readonly #contact: string;
  readonly #devices: PushDevices;
  readonly #delivered = new Delivered();

  constructor(id: string, { contact }: Omit<WebPushOptions, "type">, { devices }: WebPushDeps) {
    this.id = id;
    this.#contact = contact ?? DEFAULT_CONTACT;
    this.#devices = devices;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const devices = await this.#devices.list();
    if (devices.length === 0) {
      throw new HubError("not_found", "No browser has asked to be notified", {
        hint: "Open Settings in the browser that is to be notified, and enable notifications there",
      });
    }
    const left = devices.filter(({ id }) => !this.#delivered.has(message.id, id));
    const note = noteOf(message, this.#contact);
    const outcomes = await Promise.all(left.map((device) => this.#devices.tell(device, note, signal)));
    const failed = outcomes.flatMap(({ device, error }) => error ? [{ device, error }] : []);
    if (failed.length === 0) return this.#delivered.forget(message.id);
    this.#delivered.note(message.id, outcomes.filter(({ error }) => !error).map(({ device }) => device.id));
    const { device, error } = failed.find((each) => each.error.retryable) ?? failed[0]!;
    throw new HubError(error.kind, `${device.device} of ${device.user}: ${error.message}`, {
      hint: error.hint,
      retryable: error.retryable,
      cause: error.cause,
    });
  }
}

/** What the service worker is told; `static/push_worker.js` reads it. */
export function noteOf(message: AlertMessage, contact: string): PushNote {
  const { title, text, state, severity, alert, startedAtMs, url } = message;
  const payload = {
    title: `${state === "resolved" ? "Over: " : state === "test" ? "Test: " : ""}${title}`.slice(
      0,
      MAX_TITLE_CHARS,
    ),
    body: text.slice(0, MAX_TEXT_CHARS),
    tag: `alert-${alert}`,
    severity,
    state,
    at: startedAtMs,
    path: pathOf(url),
  };
  return {
    payload: JSON.stringify(payload),
    urgency: URGENCY[severity],
    topic: createHash("sha256").update(payload.tag).digest("base64url").slice(0, 32),
    contact,
  };
}

/** The browser knows the hub by the address that it has subscribed at, which may be another one. */
function pathOf(url: string | undefined): string {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed === null ? "/events" : parsed.pathname + parsed.search;
}

/** Builds the channel from its configuration. */
export function buildWebPush(
  { id, ...options }: WebPushOptions & { id: string },
  deps: WebPushDeps,
): WebPushChannel {
  return new WebPushChannel(id, options, deps);
}
