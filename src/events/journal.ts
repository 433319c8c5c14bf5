// The journal: every event of the hub, durable first. Who listens is told of an event when it has been written.
import type { Clock } from "../base/clock.ts";
import { ClockDoubt } from "../base/clock_doubt.ts";
import { HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { EventPage, EventQuery, JournalPosition, JournalSize } from "../store/event_rows.ts";
import type { EventsTable } from "../store/events_table.ts";
import { Entry, type EventHandle } from "./entry.ts";
import { type EventDraft, type EventKind, type HubEvent, hubEvent } from "./event.ts";
import { type JournalRetention, Retention, type RetentionDeps } from "./retention.ts";
import { JournalWriter, type WriterDeps } from "./writer.ts";

/** Which events are wanted; see `EventQuery`. */
export type JournalQuery = Omit<EventQuery, "kind"> & { kind?: EventKind | undefined };

/** Events written after some point, for a reader who follows the journal. */
export interface JournalAdvance extends EventPage<HubEvent> {
  /** Where to go on: everything that is wanted up to here was given. */
  reached: number;
}

/** What the journal works with. */
export interface JournalDeps {
  table: EventsTable;
  clock: Clock;
  log: Logger;
  /** How long events are kept; for ever where it is absent. */
  retention?: RetentionDeps["retention"] | undefined;
  /** Whether the wall clock is to be believed; told when the hub was last known to run. */
  doubt?: ClockDoubt | undefined;
  /** What is written in one transaction with an event; see `WriterDeps`. */
  alongside?: WriterDeps["alongside"];
  onDropped?: WriterDeps["onDropped"];
  onPicturesGone?: RetentionDeps["onPicturesGone"];
}

const FOR_EVER: JournalRetention = { keepDays: 1e6, maxBytes: Infinity };
/** After a crash, a camera's state ends at most so long before it did. */
const ALIVE_EVERY_MS = 300_000;
const PRUNE_EVERY_MS = 3_600_000;

/** Takes events at once, writes them in order, and reads them back. `run` does the writing. */
export class Journal {
  readonly #deps: JournalDeps;
  readonly #writer: JournalWriter;
  readonly #retention: Retention;
  readonly #doubt: ClockDoubt;
  readonly #listeners = new Set<(event: HubEvent) => void>();
  readonly #beginners = new Set<(draft: EventDraft, event: EventHandle) => void>();

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#doubt = deps.doubt ?? new ClockDoubt(deps.clock);
    const retention = deps.retention ?? (() => FOR_EVER);
    this.#retention = new Retention({ ...deps, retention, doubt: this.#doubt });
    this.#writer = new JournalWriter({ ...deps, onWritten: (stored) => this.#tell(hubEvent(stored)) });
  }

  /** Why events cannot be written at present; they wait in memory, the oldest are dropped beyond 1000. */
  get failure(): HubError | undefined {
    return this.#writer.failure;
  }

  /** Begins an event. It stands in the journal soon after. */
  open(draft: EventDraft): EventHandle {
    const event = new Entry(draft, this.#writer.put);
    for (const told of this.#beginners) told(draft, event);
    return event;
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

  /** One event that has been written. @throws HubError `not_found`. */
  async get(seq: number): Promise<HubEvent> {
    const found = await this.#deps.table.find(seq);
    if (found) return hubEvent(found);
    throw new HubError("not_found", `There is no event ${seq} in the journal`, {
      hint: "It may have been deleted, as it was too old; list_events tells which there are",
    });
  }

  /**
   * Events written after a `change`, in that order. An event that was written more than once meanwhile comes once,
   * as it stands. Where `oldest` is greater than the change given, some may be gone.
   * @throws HubError when the database cannot be read.
   */
  async since(
    change: number,
    query: Pick<JournalQuery, "camera" | "kind" | "hidden" | "limit">,
  ): Promise<JournalAdvance> {
    const page = await this.list({ ...query, after: change });
    return { ...page, reached: page.reached ?? Math.max(change, page.change) };
  }

  /** Where the journal stands. @throws HubError when the database cannot be read. */
  position(): Promise<JournalPosition> {
    return this.#deps.table.position();
  }

  /** How large it is. @throws HubError when the database cannot be read. */
  size(): Promise<JournalSize> {
    return this.#deps.table.size();
  }

  /** Those of the kept pictures that an event names. @throws HubError when the database cannot be read. */
  picturesNamed(ids: readonly string[]): Promise<Set<string>> {
    return this.#deps.table.picturesNamed(ids);
  }

  /** Calls back with each event that is begun, before it is written, until the returned function is called. */
  onBegin(listener: (draft: EventDraft, event: EventHandle) => void): () => void {
    this.#beginners.add(listener);
    return () => this.#beginners.delete(listener);
  }

  /** Calls back with each event after it was written, until the returned function is called. */
  subscribe(listener: (event: HubEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes until the signal aborts, and then what is left. Never fails: the hub works without a journal, too. */
  async run(signal: AbortSignal): Promise<void> {
    if (!await this.#writer.recover(signal, (aliveAtMs) => this.#doubt.begin(aliveAtMs))) return;
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
        // Looked at often: a clock that is set is only seen by what came before.
        void this.#doubt.isDoubted;
        await table.noteAlive(clock.now());
        if (clock.monotonic() >= pruneAtMs) {
          await this.#retention.prune(signal);
          pruneAtMs = clock.monotonic() + PRUNE_EVERY_MS;
        }
      } catch (error) {
        log.warn("The event journal could not be kept in order", { error });
      }
      await clock.sleep(ALIVE_EVERY_MS, signal);
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
