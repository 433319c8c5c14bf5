// The journal followed over a WebSocket without losing or repeating anything. It is read page by page through list_events.
import { type Context, Hono } from "hono";
import { z } from "zod";
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { idSchema } from "../config/schema.ts";
import { EVENT_KINDS, type EventKind, type HubEvent } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import { type EventMessage, eventView } from "../operations/event_views.ts";
import { eventPicture, hiddenKinds } from "../operations/events.ts";
import type { Hub } from "../operations/hub.ts";
import { sightOf } from "../operations/sight.ts";
import { timerView } from "../operations/timer_views.ts";
import type { Timers } from "../timers/timers.ts";
import type { GateEnv } from "./gate.ts";
import type { OpenStreams } from "./open_streams.ts";

/** What these routes need. */
export interface EventDeps {
  hub: Hub;
  log: Logger;
  openStreams: OpenStreams;
}

/** A socket that does not answer a ping within this time is closed. */
const IDLE_TIMEOUT_S = 60;

const follow = z.strictObject({
  after: z.coerce.number().int().min(0).optional(),
  camera: idSchema.optional(),
  kind: z.enum(EVENT_KINDS).optional(),
  timers: z.literal("true").optional(),
});

/** Routes of the journal. */
export function eventRoutes(deps: EventDeps): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  app.get("/api/events/live", (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new HubError("invalid_input", "This address speaks WebSocket only");
    }
    const asked = follow.safeParse(c.req.query());
    if (!asked.success) throw new HubError("invalid_input", z.prettifyError(asked.error));
    const hidden = hiddenKinds(c.get("principal").role, asked.data.kind);
    const { socket, response } = Deno.upgradeWebSocket(c.req.raw, { idleTimeout: IDLE_TIMEOUT_S });
    const forget = deps.openStreams.add(c.get("session"), () => socket.close(4401, "The login has ended"));
    const { clock, journal } = deps.hub;
    const { timers, ...wanted } = asked.data;
    const options = { ...wanted, hidden, clock, log: deps.log, onEnd: forget };
    serveEvents(socket, journal, { ...options, ...(timers ? { timers: deps.hub.timers } : {}) });
    return response;
  });
  app.get("/api/events/:seq/snapshot", (c) => snapshot(c, deps.hub));
  return app;
}

/** An event is named by its number alone: no path of a request ever reaches the file system. */
async function snapshot(c: Context<GateEnv>, hub: Hub): Promise<Response> {
  const seq = z.string().regex(/^\d{1,15}$/).safeParse(c.req.param("seq"));
  if (!seq.success) {
    throw new HubError("invalid_input", "An event is named by its seq, a whole number", {
      hint: "list_events tells it",
    });
  }
  const sight = sightOf(c.get("principal"));
  const bytes = await eventPicture(hub, Number(seq.data), { sight, signal: c.req.raw.signal });
  // It never changes, but nobody else may see it, and privacy zones may come.
  return c.body(bytes, 200, {
    "content-type": "image/jpeg",
    "cache-control": sight === "open" ? "private, max-age=86400, immutable" : "private, no-store",
  });
}

/** What is used of a WebSocket. */
export type EventSocket = Pick<
  WebSocket,
  "readyState" | "bufferedAmount" | "send" | "close" | "onopen" | "onclose" | "onerror"
>;

/** What a follower wants, and what is needed to serve it. */
export interface FollowOptions extends Omit<z.infer<typeof follow>, "timers"> {
  /** Timers that it wants told, too. */
  timers?: Pick<Timers, "list" | "changes"> | undefined;
  /** Kinds that the follower may not see. */
  hidden?: readonly EventKind[] | undefined;
  clock: Clock;
  log: Logger;
  /** Called once when the socket is closed. */
  onEnd(): void;
}

/**
 * Serves one socket until it closes: says where the journal stands, then each event written after `after` (without
 * it, from now on), in the order of writing and each write once.
 */
export function serveEvents(socket: EventSocket, journal: Journal, options: FollowOptions): void {
  const session = new EventSession(socket, journal, options);
  socket.onopen = () => session.start();
  socket.onerror = () => session.end();
  socket.onclose = () => {
    session.end();
    options.onEnd();
  };
}

const PAGE_EVENTS = 200;
/** More is not handed to a socket that has not sent what it has. */
const MAX_BUFFERED_BYTES = 1 << 20;
const LOOK_EVERY_MS = 200;
/** A socket that stays full for longer jumps to what is new. */
const TOO_SLOW_MS = 5000;

/**
 * Reads the journal on from where this follower is, whenever there is news: what waits for it waits in the database,
 * so between catching up and following live there is no seam at which something could be lost or come twice.
 */
class EventSession {
  readonly #socket: EventSocket;
  readonly #journal: Journal;
  readonly #options: FollowOptions;
  readonly #ended = new AbortController();
  readonly #news = new Changes();
  #hasNews = false;
  /** Everything up to here was sent, or was not wanted. */
  #reached = 0;
  #toldOldest = 0;

  constructor(socket: EventSocket, journal: Journal, options: FollowOptions) {
    this.#socket = socket;
    this.#journal = journal;
    this.#options = options;
  }

  start(): void {
    this.#follow().catch((error) => {
      if (isAbort(error)) return;
      this.#options.log.error("A follower of the event journal was cut off", { error });
      this.#socket.close(1011, "The journal cannot be read");
    });
  }

  end(): void {
    this.#ended.abort();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ended;
    const unsubscribe = this.#journal.subscribe((event) => {
      if (!this.#isWanted(event)) return;
      this.#hasNews = true;
      this.#news.notify();
    });
    let unfollow = () => {};
    try {
      await this.#greet();
      unfollow = this.#followTimers();
      while (!signal.aborted) {
        this.#hasNews = false;
        const hasMore = await this.#advance(signal);
        if (!hasMore && !this.#hasNews) await this.#news.next(signal);
      }
    } finally {
      unsubscribe();
      unfollow();
    }
  }

  /** With many pages open the journal is not read for each of them at every event. */
  #isWanted(event: HubEvent): boolean {
    const { camera, kind, hidden = [] } = this.#options;
    return (camera === undefined || camera === event.camera) && (kind === undefined || kind === event.kind) &&
      !hidden.includes(event.kind);
  }

  /** They are few and each message has all of them: the last word counts. */
  #followTimers(): () => void {
    const { timers } = this.#options;
    if (!timers) return () => {};
    const tell = () => {
      // Whoever comes again is told where they stand then.
      if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) this.#socket.close(1013, "Too slow");
      else this.#tell({ op: "timers", timers: timers.list.map(timerView) });
    };
    tell();
    return timers.changes.subscribe(tell);
  }

  async #greet(): Promise<void> {
    const { change, oldest } = await this.#journal.position();
    this.#reached = this.#options.after ?? change;
    this.#tell({ op: "hello", change, oldest });
    // The follower comes from another journal: the database was replaced, or is kept in memory only.
    if (this.#reached > change) this.#jump(change, "reset");
  }

  /** Sends a page of events; true when there are more already. */
  async #advance(signal: AbortSignal): Promise<boolean> {
    const { camera, kind, hidden } = this.#options;
    const page = await this.#journal.since(this.#reached, { camera, kind, hidden, limit: PAGE_EVENTS });
    if (this.#reached < page.oldest && this.#toldOldest < page.oldest) {
      this.#toldOldest = page.oldest;
      this.#tell({ op: "gap", from: this.#reached, to: page.oldest, reason: "pruned" });
    }
    for (const event of page.events) {
      if (!await this.#hasRoom(signal)) {
        this.#jump((await this.#journal.position()).change, "slow");
        return false;
      }
      this.#tell({ op: "event", change: event.change, event: eventView(event) });
      this.#reached = event.change;
    }
    this.#reached = page.reached;
    return page.more;
  }

  /** Waits until the socket has sent most of what it has; false when that took too long. */
  async #hasRoom(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const startMs = clock.monotonic();
    while (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) await clock.sleep(LOOK_EVERY_MS, signal);
    return clock.monotonic() - startMs < TOO_SLOW_MS;
  }

  #jump(to: number, reason: "slow" | "reset"): void {
    this.#tell({ op: "gap", from: this.#reached, to, reason });
    this.#reached = to;
  }

  #tell(message: EventMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
