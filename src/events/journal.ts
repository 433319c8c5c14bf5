// The journal: every event of the hub, durable first. Who listens is told of an event when it has been written.
import type { Clock } from "../base/clock.ts";
import { type HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { EventPage, EventQuery, EventsTable, JournalPosition } from "../store/events_table.ts";
import { Entry, type EventHandle } from "./entry.ts";
import { type EventDraft, type EventKind, type HubEvent, hubEvent } from "./event.ts";
import { JournalWriter, type WriterDeps } from "./writer.ts";

/** Which events are wanted; see `EventQuery`. */
export type JournalQuery = Omit<EventQuery, "kind"> & { kind?: EventKind | undefined };

/** Events written after some point, for a reader who follows the journal. */
export interface JournalAdvance extends EventPage<HubEvent> {
  /** Where to go on: everything that is wanted up to here was given. */
  reached: number;
}

/** What is kept. */
export interface JournalRetention {
  maxRows: number;
  maxAgeDays: number;
}

/** What the journal works with. */
export interface JournalDeps {
  table: EventsTable;
  clock: Clock;
  log: Logger;
  retention?: Partial<JournalRetention>;
  /** What is written in one transaction with an event; see `WriterDeps`. */
  alongside?: WriterDeps["alongside"];
}

const RETENTION: JournalRetention = { maxRows: 100_000, maxAgeDays: 90 };
const DAY_MS = 86_400_000;
/** One statement deletes no more: others wait for the database meanwhile. */
const PRUNE_BATCH = 500;
/** After a crash, a camera's state ends at most so long before it did. */
const ALIVE_EVERY_MS = 300_000;
const PRUNE_EVERY_MS = 3_600_000;

/** Takes events at once, writes them in order, and reads them back. `run` does the writing. */
export class Journal {
  readonly #deps: JournalDeps;
  readonly #writer: JournalWriter;
  readonly #listeners = new Set<(event: HubEvent) => void>();

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#writer = new JournalWriter({ ...deps, onWritten: (stored) => this.#tell(hubEvent(stored)) });
  }

  /** Why events cannot be written at present; they wait in memory, the oldest are dropped beyond 1000. */
  get failure(): HubError | undefined {
    return this.#writer.failure;
  }

  /** Begins an event. It stands in the journal soon after. */
  open(draft: EventDraft): EventHandle {
    return new Entry(draft, this.#writer.put);
  }

  /** Notes something that happened at one moment. */
  record(draft: EventDraft): void {
    this.open(draft).close(draft.startedAtMs);
  }

  /** Finds events that have been written. @throws HubError when the database cannot be read. */
  async list(query: JournalQuery): Promise<EventPage<HubEvent>> {
    const page = await this.#deps.table.list(query);
    return { ...page, events: page.events.map(hubEvent) };
  }

  /**
   * Events written after a `change`, in that order. An event that was written more than once meanwhile comes once,
   * as it stands. Where `oldest` is greater than the change given, some may be gone.
   * @throws HubError when the database cannot be read.
   */
  async since(
    change: number,
    query: Pick<JournalQuery, "camera" | "kind" | "limit">,
  ): Promise<JournalAdvance> {
    const page = await this.list({ ...query, after: change });
    const last = page.more ? page.events.at(-1) : undefined;
    return { ...page, reached: last?.change ?? Math.max(change, page.change) };
  }

  /** Where the journal stands. @throws HubError when the database cannot be read. */
  position(): Promise<JournalPosition> {
    return this.#deps.table.position();
  }

  /** Calls back with each event after it was written, until the returned function is called. */
  subscribe(listener: (event: HubEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes until the signal aborts, and then what is left. Never fails: the hub works without a journal, too. */
  async run(signal: AbortSignal): Promise<void> {
    if (!await this.#writer.recover(signal)) return;
    await using scope = new Scope(signal);
    scope.spawn((own) => this.#writer.run(own));
    scope.spawn((own) => this.#keep(own));
    await scope.join();
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { clock, log, table } = this.#deps;
    let pruneAtMs = clock.monotonic();
    while (!signal.aborted) {
      try {
        await table.noteAlive(clock.now());
        if (clock.monotonic() >= pruneAtMs) {
          await this.#prune(signal);
          pruneAtMs = clock.monotonic() + PRUNE_EVERY_MS;
        }
      } catch (error) {
        log.warn("The event journal could not be kept in order", { error });
      }
      await clock.sleep(ALIVE_EVERY_MS, signal);
    }
  }

  async #prune(signal: AbortSignal): Promise<void> {
    const { clock, table } = this.#deps;
    const { maxRows, maxAgeDays } = { ...RETENTION, ...this.#deps.retention };
    const endedBeforeMs = clock.now() - maxAgeDays * DAY_MS;
    for (let deleted = PRUNE_BATCH; deleted === PRUNE_BATCH && !signal.aborted;) {
      deleted = await table.prune({ maxRows, endedBeforeMs, batch: PRUNE_BATCH });
    }
  }

  #tell(event: HubEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        if (!isAbort(error)) this.#deps.log.error("A listener of the event journal failed", { error });
      }
    }
  }
}
