// Alerts to an ntfy server (docs.ntfy.sh/publish), and from there to telephones.
import { Buffer } from "node:buffer";
import type { ChannelConfigOf } from "../../config/alert_channels.ts";
import type { AlertMessage, Channel, Severity } from "../channel.ts";
import type { SendWeb } from "../../protocols/http/web_request.ts";

/** docs.ntfy.sh/publish, "Message priority": 1 to 5. */
const PRIORITIES: Record<Severity, number> = { info: 3, warning: 4, critical: 5 };
/** "Tags & emojis": these names become symbols. */
const TAGS: Record<AlertMessage["state"], Record<Severity, string>> = {
  firing: { info: "information_source", warning: "warning", critical: "rotating_light" },
  resolved: { info: "white_check_mark", warning: "white_check_mark", critical: "white_check_mark" },
  test: { info: "wave", warning: "wave", critical: "wave" },
};
const MAX_TEXT_BYTES = 4000;

/**
 * The channel `ntfy`. Without a picture the text is the body; with one the picture is, and the text stands in a header.
 * ntfy knows no idempotency key: `X-Idempotency-Key` carries it for servers between.
 */
export function ntfyChannel(config: ChannelConfigOf<"ntfy">, send: SendWeb): Channel {
  const { id, type, server, topic, token, snapshot } = config;
  const url = `${server.replace(/\/+$/, "")}/${encodeURIComponent(topic.reveal())}`;
  return {
    id,
    type,
    send: async (message, signal) => {
      const picture = snapshot ? await message.snapshot?.(signal) : undefined;
      const text = shorten(message.text);
      const headers: Record<string, string> = {
        "X-Title": headerText(message.title),
        "X-Priority": String(message.state === "firing" ? PRIORITIES[message.severity] : 3),
        "X-Tags": [TAGS[message.state][message.severity], ...(message.kind ? [message.kind] : [])].join(","),
        "X-Idempotency-Key": message.id,
        "User-Agent": "tapo-camera-mcp",
        ...(message.url === undefined ? {} : { "X-Click": message.url }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token.reveal()}` }),
      };
      const request = picture
        ? {
          headers: { ...headers, "X-Message": headerText(text), "X-Filename": "snapshot.jpg" },
          body: picture,
        }
        : { headers, body: text };
      await send({
        url,
        method: "PUT",
        ...request,
        peer: `The ntfy server of "${id}"`,
        secrets: [topic.reveal(), token?.reveal() ?? ""],
      }, signal);
    },
  };
}

/** RFC 2047: headers hold ASCII only; ntfy decodes this. A line break becomes two characters that ntfy turns back. */
function headerText(text: string): string {
  const line = text.replace(/\r?\n/g, "\\n");
  if (/^[\x20-\x7e]*$/.test(line)) return line;
  return `=?UTF-8?B?${Buffer.from(line).toString("base64")}?=`;
}

function shorten(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_TEXT_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, MAX_TEXT_BYTES)).replace(/\ufffd$/, "") + "…";
}
