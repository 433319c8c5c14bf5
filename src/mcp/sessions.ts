// Sessions of the 2025 era over HTTP. A session belongs to the principal that opened it.
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/roles.ts";
import { EventBudget, RecentEvents } from "./event_store.ts";
import { authInfoOf, ownerOf } from "./principal.ts";
import { rpcError } from "./rpc_error.ts";
import type { McpFactory } from "./server.ts";
import { Session } from "./session.ts";

/** How sessions are kept. Times in milliseconds. */
export interface SessionOptions {
  make: McpFactory;
  onError: (error: unknown) => void;
  now?: () => number;
  /** Unused for so long, a session ends. */
  idleMs?: number;
  abandonMs?: number;
  /** So many at once; beyond, the one unused for longest makes room. */
  max?: number;
}

/** A request that has passed the gate. */
export interface McpRequest {
  request: Request;
  principal: Principal;
  /** Undefined where there was none. */
  body: unknown;
}

const IDLE_MS = 10 * 60_000;
const ABANDON_MS = 10_000;
const MAX_SESSIONS = 200;
const SWEEP_MS = 30_000;
/** Told to clients as the wait before they come back. */
const RETRY_MS = 1000;

/** Opens, finds and ends sessions. `close` ends all. */
export class Sessions {
  readonly #options: Required<SessionOptions>;
  readonly #sessions = new Map<string, Session>();
  /** Of what sessions keep for clients that come back. */
  readonly #budget = new EventBudget();
  readonly #sweep: ReturnType<typeof setInterval>;

  constructor(options: SessionOptions) {
    this.#options = { now: Date.now, idleMs: IDLE_MS, abandonMs: ABANDON_MS, max: MAX_SESSIONS, ...options };
    this.#sweep = setInterval(() => this.evictIdle(), SWEEP_MS);
    Deno.unrefTimer(this.#sweep);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** What is kept for clients that come back. */
  get keptBytes(): number {
    return this.#budget.sizeBytes;
  }

  /** Answers a request of the 2025 era. */
  async handle({ request, principal, body }: McpRequest): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id === null) {
      if (isInitialize(body)) return await this.#open({ request, principal, body });
      return rpcError(400, -32000, "The header Mcp-Session-Id is missing; begin with initialize");
    }
    const session = this.#sessions.get(id);
    // The same answer for a session of somebody else: its id tells nothing.
    if (session?.owner !== ownerOf(principal)) return rpcError(404, -32001, "There is no such session");
    if (request.headers.has("last-event-id")) session.resume();
    const extra = { authInfo: authInfoOf(principal), parsedBody: body };
    return session.count(await session.transport.handleRequest(request, extra), body);
  }

  /** Ends sessions that nobody has used for too long. */
  evictIdle(): void {
    const limit = this.#options.now() - this.#options.idleMs;
    for (const [id, { idleSinceMs }] of this.#sessions) {
      if (idleSinceMs !== undefined && idleSinceMs < limit) this.#drop(id);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(all.map((session) => session.close()));
  }

  async #open({ request, principal, body }: McpRequest): Promise<Response> {
    if (!this.#makeRoom()) return rpcError(503, -32000, "Too many sessions are in use; try again later");
    const { make, now, abandonMs } = this.#options;
    const authInfo = authInfoOf(principal);
    const server = make({ era: "legacy", authInfo, requestInfo: request });
    const events = new RecentEvents(undefined, this.#budget);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      eventStore: events,
      retryInterval: RETRY_MS,
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
        events.close();
      },
    });
    const session = new Session({ owner: ownerOf(principal), server, transport, events, now, abandonMs });
    await server.connect(transport);
    const response = await transport.handleRequest(request, { authInfo, parsedBody: body });
    if (transport.sessionId === undefined) await session.close();
    return session.count(response, body);
  }

  /** False where every session is in use. */
  #makeRoom(): boolean {
    if (this.#sessions.size < this.#options.max) return true;
    const idle =
      [...this.#sessions].flatMap(([id, { idleSinceMs }]) =>
        idleSinceMs === undefined ? [] : [{ id, idleSinceMs }]
      ).sort((a, b) => a.idleSinceMs - b.idleSinceMs)[0];
    if (!idle) return false;
    this.#drop(idle.id);
    return true;
  }

  #drop(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    session?.close().catch(this.#options.onError);
  }
}

function isInitialize(body: unknown): boolean {
  return Array.isArray(body) ? body.some(isInitializeRequest) : isInitializeRequest(body);
}
