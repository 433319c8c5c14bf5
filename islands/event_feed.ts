// Follows the hub's journal of events over a WebSocket; without the DOM, so that it can be tested.
import type { EventKind, EventMessage, EventPageView, EventView } from "../src/operations/event_views.ts";
import type { TimerView } from "../src/operations/timer_views.ts";
import { type LiveSocket, type LiveSocketEvents, type LiveTimers, retryDelayMs } from "./live_client.ts";

/** Which events are wanted; what is absent does not matter. */
export interface EventFilter {
  camera?: string;
  kind?: EventKind;
}

/** Where the socket stands. "waiting": it was lost or could not be opened, and is tried again by itself. */
export type FeedState = "connecting" | "open" | "waiting";

/** What a socket is asked for: events, and timers where they are wanted. */
export interface FeedFilter extends EventFilter {
  timers?: true;
}

/** Who is told. After a gap, what is shown must be loaded anew; the events after it come by themselves. */
export interface FeedListener {
  event(event: EventView): void;
  gap(): void;
  state(state: FeedState): void;
  /** All timers, at first and after each change, where they were asked for. */
  timers?(timers: TimerView[]): void;
}

/** What a feed is made of. */
export interface FeedOptions {
  filter: FeedFilter;
  /** Follow what is written after this change; left out: from now on. */
  after?: number;
  openSocket(path: string, events: LiveSocketEvents): LiveSocket;
  timers: LiveTimers;
}

const FIRST_RETRY_MS = 500;

/** The address of events in the API. */
export function eventsPath(
  base: "/api/events" | "/api/events/live" | "/events",
  query: FeedFilter & { after?: number; before?: number },
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  return params.size === 0 ? base : `${base}?${params}`;
}

/** Follows until it is stopped; after a loss of the connection it goes on where it was. */
export class EventFeed {
  readonly #options: FeedOptions;
  readonly #listener: FeedListener;
  #reached: number | undefined;
  #socket: LiveSocket | undefined;
  #failures = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: FeedOptions, listener: FeedListener) {
    this.#options = options;
    this.#listener = listener;
    this.#reached = options.after;
  }

  start(): void {
    this.#listener.state("connecting");
    this.#connect();
  }

  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  /** Ends a wait for the next attempt, for example because the network is back. */
  retryNow(): void {
    if (this.#cancelRetry) this.#connect();
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const { openSocket } = this.#options;
    let socket: LiveSocket | undefined = undefined;
    const isCurrent = () => socket !== undefined && socket === this.#socket;
    socket = openSocket(eventsPath("/api/events/live", this.#query), {
      // The hub speaks first: only then it is known to serve.
      opened: () => {},
      text: (data) => isCurrent() && this.#receive(data),
      binary: () => {},
      closed: () => isCurrent() && this.#closed(),
    });
    this.#socket = socket;
  }

  get #query(): FeedFilter & { after?: number } {
    const { filter } = this.#options;
    return this.#reached === undefined ? filter : { ...filter, after: this.#reached };
  }

  #receive(data: string): void {
    const message = parseEventMessage(data);
    if (!message) return;
    if (message.op === "hello") {
      this.#failures = 0;
      this.#reached ??= message.change;
      this.#listener.state("open");
    } else if (message.op === "event") {
      this.#reached = message.change;
      this.#listener.event(message.event);
    } else if (message.op === "timers") {
      this.#listener.timers?.(message.timers);
    } else {
      // What is missed before events that are still kept does not end the following of those.
      if (message.reason !== "pruned") this.#reached = message.to;
      this.#listener.gap();
    }
  }

  #closed(): void {
    this.#socket = undefined;
    this.#failures++;
    this.#listener.state("waiting");
    const { timers } = this.#options;
    const delayMs = retryDelayMs(this.#failures, FIRST_RETRY_MS, timers.random());
    this.#cancelRetry = timers.after(delayMs, () => this.#connect());
  }
}

/** Reads a message of the hub; undefined for one that is not known here. */
export function parseEventMessage(data: string): EventMessage | undefined {
  const message = parseObject(data);
  const isNumber = (name: string) => typeof message?.[name] === "number";
  const isKnown = message?.["op"] === "hello" ||
    message?.["op"] === "event" && isNumber("change") && typeof message["event"] === "object" ||
    message?.["op"] === "timers" && Array.isArray(message["timers"]) ||
    message?.["op"] === "gap" && isNumber("from") && isNumber("to");
  return isKnown ? message as unknown as EventMessage : undefined;
}

function parseObject(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

/** More are not kept on the page. */
export const MAX_SHOWN = 1000;

/** The page with an event that is new, or stands otherwise now; newest first. */
export function withEvent(page: EventPageView, event: EventView): EventPageView {
  const known = page.events.find(({ seq }) => seq === event.seq);
  if (known && known.change >= event.change) return page;
  // What lies beyond the end of the page is loaded when it is asked for.
  const last = page.events.at(-1);
  if (!known && page.more && last && event.seq < last.seq) return page;
  const events = [event, ...page.events.filter((each) => each !== known)].sort((a, b) => b.seq - a.seq);
  return { ...page, events: events.slice(0, MAX_SHOWN), more: page.more || events.length > MAX_SHOWN };
}

/** A page that was loaded, with what has come live since it was read. */
export function withLive(loaded: EventPageView, shown: EventPageView): EventPageView {
  return shown.events.filter(({ change }) => change > loaded.change).reduce(withEvent, loaded);
}
