// The last messages of the sessions, so that a client whose connection broke can go on with Last-Event-ID.
import type { EventStore, JSONRPCMessage } from "@modelcontextprotocol/server";

interface Stored {
  id: number;
  streamId: string;
  message: JSONRPCMessage;
  sizeBytes: number;
  /** Its stream has had the answer: nobody but a client that lost it will ask for it. */
  isFinished: boolean;
  forget(): void;
}

/** Kept of each session; the oldest go first. A picture counts with its size. */
const LIMITS = { events: 200, bytes: 2_000_000 };

/** Kept of all sessions together. */
const ALL_BYTES = 20_000_000;

/** Bounds what all sessions keep: beyond, the oldest of finished streams go first, then the oldest of all. */
export class EventBudget {
  readonly #limitBytes: number;
  readonly #events = new Set<Stored>();
  #sizeBytes = 0;

  constructor(limitBytes = ALL_BYTES) {
    this.#limitBytes = limitBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Counts an event, and makes room for it. */
  add(event: Stored): void {
    while (this.#events.size > 0 && this.#sizeBytes + event.sizeBytes > this.#limitBytes) {
      this.#oldest()?.forget();
    }
    this.#events.add(event);
    this.#sizeBytes += event.sizeBytes;
  }

  remove(event: Stored): void {
    if (this.#events.delete(event)) this.#sizeBytes -= event.sizeBytes;
  }

  #oldest(): Stored | undefined {
    let oldest: Stored | undefined;
    for (const event of this.#events) {
      if (event.isFinished) return event;
      oldest ??= event;
    }
    return oldest;
  }
}

/** Keeps the messages of one session in memory, within bounds. */
export class RecentEvents implements EventStore {
  readonly #events: Stored[] = [];
  readonly #limits: typeof LIMITS;
  readonly #budget: EventBudget;
  #next = 1;
  #sizeBytes = 0;
  #isClosed = false;

  constructor(limits = LIMITS, budget = new EventBudget()) {
    this.#limits = limits;
    this.#budget = budget;
  }

  /** Forgets everything, and what comes later: the session is over. */
  close(): void {
    this.#isClosed = true;
    for (const event of [...this.#events]) this.#forget(event);
  }

  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const id = this.#next++;
    if (this.#isClosed) return Promise.resolve(String(id));
    const isFinished = isAnswer(message);
    const event: Stored = {
      id,
      streamId,
      message,
      sizeBytes: JSON.stringify(message).length,
      isFinished,
      forget: () => this.#forget(event),
    };
    for (const each of this.#events) if (each.streamId === streamId) each.isFinished ||= isFinished;
    this.#budget.add(event);
    this.#events.push(event);
    this.#sizeBytes += event.sizeBytes;
    while (this.#events.length > 1 && this.#isTooMuch()) this.#events[0]?.forget();
    return Promise.resolve(String(id));
  }

  getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return Promise.resolve(this.#find(eventId)?.streamId);
  }

  /** Sends what came after an event of the same stream; returns the stream, or "" when the event is gone. */
  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const last = this.#find(lastEventId);
    if (!last) return "";
    for (const { id, streamId, message } of [...this.#events]) {
      if (streamId === last.streamId && id > last.id) await send(String(id), message);
    }
    return last.streamId;
  }

  #forget(event: Stored): void {
    const at = this.#events.indexOf(event);
    if (at < 0) return;
    this.#events.splice(at, 1);
    this.#sizeBytes -= event.sizeBytes;
    this.#budget.remove(event);
  }

  #isTooMuch(): boolean {
    return this.#events.length > this.#limits.events || this.#sizeBytes > this.#limits.bytes;
  }

  #find(eventId: string): Stored | undefined {
    return this.#events.find(({ id }) => String(id) === eventId);
  }
}

function isAnswer(message: JSONRPCMessage): boolean {
  return "result" in message || "error" in message;
}
