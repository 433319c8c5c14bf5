// The last messages of one session, so that a client whose connection broke can go on with Last-Event-ID.
import type { EventStore, JSONRPCMessage } from "@modelcontextprotocol/server";

interface Stored {
  id: number;
  streamId: string;
  message: JSONRPCMessage;
  sizeBytes: number;
}

/** Kept of each session; the oldest go first. A picture counts with its size. */
const LIMITS = { events: 200, bytes: 2_000_000 };

/** Keeps messages in memory, within bounds. */
export class RecentEvents implements EventStore {
  readonly #events: Stored[] = [];
  readonly #limits: typeof LIMITS;
  #next = 1;
  #sizeBytes = 0;

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const id = this.#next++;
    const sizeBytes = JSON.stringify(message).length;
    this.#events.push({ id, streamId, message, sizeBytes });
    this.#sizeBytes += sizeBytes;
    while (this.#events.length > 1 && this.#isTooMuch()) {
      this.#sizeBytes -= this.#events.shift()?.sizeBytes ?? 0;
    }
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

  #isTooMuch(): boolean {
    return this.#events.length > this.#limits.events || this.#sizeBytes > this.#limits.bytes;
  }

  #find(eventId: string): Stored | undefined {
    return this.#events.find(({ id }) => String(id) === eventId);
  }
}
