// A receiver that takes what an ntfy server takes (docs.ntfy.sh/publish) and answers as one does. With faults.
import { LoopbackHttp } from "../loopback_http.ts";

/** A message as subscribers would get it. */
export interface NtfyMessage {
  id: string;
  time: number;
  event: "message";
  topic: string;
  message: string;
  title?: string;
  priority?: number;
  tags?: string[];
  click?: string;
  attachment?: { name: string; size: number; bytes: Uint8Array };
  /** What only the wire knows. */
  headers: Record<string, string>;
}

/** What it answers in place of taking a message. */
export interface NtfyFault {
  status: number;
  headers?: Record<string, string>;
}

const MAX_MESSAGE_BYTES = 4096;

export class NtfyServer extends LoopbackHttp {
  readonly messages: NtfyMessage[] = [];
  /** Requests in all, those refused included. */
  requests = 0;
  /** Topics that need a token, and which. */
  readonly #tokens: ReadonlyMap<string, string>;
  /** While set, every message is answered so. */
  fault: NtfyFault | undefined;

  constructor(tokens: Record<string, string> = {}) {
    super();
    this.#tokens = new Map(Object.entries(tokens));
  }

  protected override async answer(request: Request): Promise<Response> {
    this.requests++;
    const { pathname } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const topic = /^\/([-_A-Za-z0-9]{1,64})$/.exec(pathname)?.[1];
    if (topic === undefined) return refusal(404, 40401, "page not found");
    if (request.method === "GET") return Response.json(this.messages.map(({ headers: _, ...each }) => each));
    if (request.method !== "PUT" && request.method !== "POST") {
      return refusal(405, 40501, "method not allowed");
    }
    if (this.fault) {
      const { status, headers = {} } = this.fault;
      return refusal(status, status * 100 + 1, "limit reached or out of order", headers);
    }
    const token = this.#tokens.get(topic);
    if (token !== undefined && request.headers.get("authorization") !== `Bearer ${token}`) {
      return refusal(403, 40301, "forbidden");
    }
    return this.#take(topic, request.headers, body);
  }

  #take(topic: string, headers: Headers, body: Uint8Array): Response {
    const read = (name: string) => decode(headers.get(`x-${name}`) ?? headers.get(name) ?? undefined);
    const priority = read("priority");
    if (priority !== undefined && !/^[1-5]$/.test(priority)) return refusal(400, 40007, "invalid priority");
    const filename = read("filename");
    const isText = filename === undefined && body.length <= MAX_MESSAGE_BYTES;
    const text = isText ? new TextDecoder().decode(body) : read("message")?.replaceAll("\\n", "\n") ?? "";
    const [title, tags, click] = [read("title"), read("tags"), read("click")];
    const message: NtfyMessage = {
      id: crypto.randomUUID().slice(0, 12),
      time: Math.floor(Date.now() / 1000),
      event: "message",
      topic,
      message: text,
      ...(title === undefined ? {} : { title }),
      ...(priority === undefined ? {} : { priority: Number(priority) }),
      ...(tags === undefined ? {} : { tags: tags.split(",") }),
      ...(click === undefined ? {} : { click }),
      ...(isText
        ? {}
        : { attachment: { name: filename ?? "attachment.txt", size: body.length, bytes: body } }),
      headers: Object.fromEntries(headers),
    };
    this.messages.push(message);
    return Response.json({ id: message.id, time: message.time, event: "message", topic, message: text });
  }
}

function refusal(
  status: number,
  code: number,
  error: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ code, http: status, error, link: "https://ntfy.sh/docs/publish" }, {
    status,
    headers,
  });
}

/** RFC 2047, as far as ntfy reads it. */
function decode(text: string | undefined): string | undefined {
  const encoded = text === undefined ? undefined : /^=\?UTF-8\?B\?([^?]*)\?=$/i.exec(text)?.[1];
  if (encoded === undefined) return text;
  return new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)));
}
