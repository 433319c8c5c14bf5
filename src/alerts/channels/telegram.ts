// Alerts through a Telegram bot (core.telegram.org/bots/api#sendmessage, #sendphoto). The bot's token is a part of
// the address, which therefore is never shown.
import type { ChannelConfigOf } from "../../config/alert_channels.ts";
import type { Channel } from "../channel.ts";
import { multipart } from "./multipart.ts";
import type { SendWeb } from "../../protocols/http/web_request.ts";

/** Longest text and longest caption; Telegram refuses more. */
const MAX_TEXT_CHARS = 4096;
const MAX_CAPTION_CHARS = 1024;
/** Telegram names no such header; it is there for a server between. */
const KEY_HEADER = "Idempotency-Key";

/** The channel `telegram`: a message, or a photo with the message below it. */
export function telegramChannel(config: ChannelConfigOf<"telegram">, send: SendWeb): Channel {
  const { id, type, server, token, chat_id, silent, snapshot } = config;
  const base = `${server.replace(/\/+$/, "")}/bot${token.reveal()}`;
  return {
    id,
    type,
    send: async (message, signal) => {
      const picture = snapshot ? await message.snapshot?.(signal) : undefined;
      const lines = [message.title, message.text, ...(message.url === undefined ? [] : [message.url])];
      const text = [...new Set(lines)].join("\n");
      const isQuiet = silent || message.state !== "firing";
      const form = picture
        ? { method: "sendPhoto", ...photo(picture, { chat_id, text, isQuiet }) }
        : { method: "sendMessage", ...plain({ chat_id, text, isQuiet }) };
      await send({
        url: `${base}/${form.method}`,
        method: "POST",
        headers: { "Content-Type": form.type, "User-Agent": "tapo-camera-mcp", [KEY_HEADER]: message.id },
        body: form.body,
        peer: `Telegram, for "${id}",`,
        secrets: [token.reveal()],
      }, signal);
    },
  };
}

interface Words {
  chat_id: string;
  text: string;
  isQuiet: boolean;
}

function plain({ chat_id, text, isQuiet }: Words): { type: string; body: string } {
  const body = JSON.stringify({
    chat_id,
    text: text.slice(0, MAX_TEXT_CHARS),
    disable_notification: isQuiet,
    link_preview_options: { is_disabled: true },
  });
  return { type: "application/json", body };
}

function photo(picture: Uint8Array, { chat_id, text, isQuiet }: Words): { type: string; body: Uint8Array } {
  return multipart({
    chat_id,
    caption: text.slice(0, MAX_CAPTION_CHARS),
    disable_notification: String(isQuiet),
  }, { field: "photo", name: "snapshot.jpg", type: "image/jpeg", bytes: picture });
}
