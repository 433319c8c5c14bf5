// Answers as Telegram's Bot API does (core.telegram.org/bots/api) for the two methods by which messages are sent.
import { LoopbackHttp } from "../loopback_http.ts";

/** What was sent to a chat. */
export interface TelegramMessage {
  chat_id: string;
  text: string;
  isQuiet: boolean;
  photo?: { name: string; type: string; bytes: Uint8Array };
}

export class TelegramBotApi extends LoopbackHttp {
  readonly messages: TelegramMessage[] = [];
  readonly #token: string;
  /** Seconds; while set, every message is answered with 429. */
  retryAfter: number | undefined;

  constructor(token: string) {
    super();
    this.#token = token;
  }

  protected override async answer(request: Request): Promise<Response> {
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(new URL(request.url).pathname) ?? [];
    const fields = method === "sendPhoto" ? await readForm(request) : await readJson(request);
    if (token !== this.#token) return refusal(401, `Unauthorized: bot${token}`);
    if (this.retryAfter !== undefined) {
      const parameters = { retry_after: this.retryAfter };
      return refusal(429, `Too Many Requests: retry after ${this.retryAfter}`, { parameters });
    }
    if (!fields.chat_id) return refusal(400, "Bad Request: chat_id is empty");
    if (fields.text.length > (fields.photo ? 1024 : 4096)) {
      return refusal(400, "Bad Request: message is too long");
    }
    this.messages.push(fields);
    return Response.json({ ok: true, result: { message_id: this.messages.length } });
  }
}

function refusal(error_code: number, description: string, more: Record<string, unknown> = {}): Response {
  return Response.json({ ok: false, error_code, description, ...more }, { status: error_code });
}

async function readJson(request: Request): Promise<TelegramMessage> {
  const body = await request.json();
  return {
    chat_id: String(body.chat_id),
    text: String(body.text),
    isQuiet: body.disable_notification === true,
  };
}

async function readForm(request: Request): Promise<TelegramMessage> {
  const form = await request.formData();
  const file = form.get("photo");
  return {
    chat_id: String(form.get("chat_id")),
    text: String(form.get("caption")),
    isQuiet: form.get("disable_notification") === "true",
    ...(file instanceof File
      ? { photo: { name: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) } }
      : {}),
  };
}
