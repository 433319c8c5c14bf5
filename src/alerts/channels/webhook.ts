// Alerts as JSON to an address of the user's choice.
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { isoTime } from "../../base/clock.ts";
import type { ChannelConfigOf } from "../../config/alert_channels.ts";
import type { AlertMessage, Channel } from "../channel.ts";
import { secretsOfAddress } from "../../base/hidden_text.ts";
import type { SendWeb } from "../../protocols/http/web_request.ts";

/**
 * The channel `webhook`. The header `Idempotency-Key` is the same for every try. With a secret,
 * `X-Tapocam-Signature` is `sha256=` and the HMAC of the body in hexadecimal digits.
 */
export function webhookChannel(config: ChannelConfigOf<"webhook">, send: SendWeb): Channel {
  const { id, type, url, secret, headers, snapshot } = config;
  return {
    id,
    type,
    send: async (message, signal) => {
      const picture = snapshot ? await message.snapshot?.(signal) : undefined;
      const body = JSON.stringify(webhookBody(message, picture));
      const own = Object.entries(headers).map(([name, value]) => [name, value.reveal()] as const);
      const signature = secret && createHmac("sha256", secret.reveal()).update(body).digest("hex");
      await send({
        url: url.reveal(),
        method: "POST",
        headers: {
          ...Object.fromEntries(own),
          "Content-Type": "application/json",
          "User-Agent": "tapo-camera-mcp",
          "Idempotency-Key": message.id,
          ...(signature === undefined ? {} : { "X-Tapocam-Signature": `sha256=${signature}` }),
        },
        body,
        peer: `The webhook "${id}"`,
        secrets: [
          ...secretsOfAddress(url.reveal()),
          secret?.reveal() ?? "",
          ...own.map(([, value]) => value),
        ],
      }, signal);
    },
  };
}

/** What is posted; docs/alerts.md describes it. */
export function webhookBody(
  message: AlertMessage,
  picture: Uint8Array | undefined,
): Record<string, unknown> {
  return {
    id: message.id,
    alert_id: message.alert,
    rule: message.rule,
    severity: message.severity,
    state: message.state,
    title: message.title,
    text: message.text,
    kind: message.kind,
    camera_id: message.camera?.id,
    camera_name: message.camera?.name,
    started_at: isoTime(message.startedAtMs),
    ended_at: message.endedAtMs === undefined ? undefined : isoTime(message.endedAtMs),
    count: message.count,
    url: message.url,
    snapshot_base64: picture && Buffer.from(picture).toString("base64"),
  };
}
