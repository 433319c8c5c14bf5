// One session of the 2025 era: its server, its transport, and what its client left unfinished.
import type { McpServer, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { followStream } from "../base/followed_stream.ts";
import type { RecentEvents } from "./event_store.ts";

/** What a session is made of. */
export interface SessionParts {
  owner: string;
  server: McpServer;
  transport: WebStandardStreamableHTTPServerTransport;
  events: RecentEvents;
  now: () => number;
  /** A call whose client has gone is cancelled after this time, unless the client comes back for the answer. */
  abandonMs: number;
}

/** Knows how long it was not used, and cancels calls that nobody waits for any more. */
export class Session {
  readonly owner: string;
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly #parts: SessionParts;
  readonly #abandoned = new Set<ReturnType<typeof setTimeout>>();
  #usedAtMs: number;
  #open = 0;

  constructor(parts: SessionParts) {
    this.owner = parts.owner;
    this.server = parts.server;
    this.transport = parts.transport;
    this.#parts = parts;
    this.#usedAtMs = parts.now();
  }

  /** Since when no request was under way and no stream open; undefined while one is. */
  get idleSinceMs(): number | undefined {
    return this.#open === 0 ? this.#usedAtMs : undefined;
  }

  /** Notes the session as in use until the response's stream ends. */
  count(response: Response, body: unknown): Response {
    this.#usedAtMs = this.#parts.now();
    if (!response.body) return response;
    this.#open++;
    const { stream } = followStream(response.body, (isCutOff) => {
      this.#open--;
      this.#usedAtMs = this.#parts.now();
      if (isCutOff) this.#cancelSoon(callsOf(body));
    });
    return new Response(stream, response);
  }

  /** The client has come back with Last-Event-ID: its calls go on. */
  resume(): void {
    for (const timer of this.#abandoned) clearTimeout(timer);
    this.#abandoned.clear();
  }

  async close(): Promise<void> {
    this.resume();
    this.#parts.events.close();
    await this.server.close();
  }

  /** In this era a lost connection does not end a call, for the client may resume it. One that does not is gone. */
  #cancelSoon(calls: (string | number)[]): void {
    if (calls.length === 0) return;
    const timer = setTimeout(() => {
      this.#abandoned.delete(timer);
      for (const requestId of calls) {
        const params = { requestId, reason: "The client has gone" };
        this.transport.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params });
      }
    }, this.#parts.abandonMs);
    Deno.unrefTimer(timer);
    this.#abandoned.add(timer);
  }
}

/** Ids of the requests in a body. */
function callsOf(body: unknown): (string | number)[] {
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  return messages.flatMap((message) => {
    const { id, method } = (message ?? {}) as { id?: unknown; method?: unknown };
    return typeof method === "string" && (typeof id === "string" || typeof id === "number") ? [id] : [];
  });
}
