// The one hand that writes the journal: in order, again after failures, and never with more waiting than is bearable.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Backoff } from "../base/retry.ts";
import type { EventRow, EventsTable, StoredEvent } from "../store/events_table.ts";
import type { Statement } from "../store/protocol.ts";
import { Entry } from "./entry.ts";
import { LASTING_KINDS } from "./event.ts";

/** What the writer works with. */
export interface WriterDeps {
  table: EventsTable;
  clock: Clock;
  log: Logger;
  /** What is to be written in the same transaction: alerts and their outbox. `seq` is absent for a new event. */
  alongside?: ((row: EventRow, seq: number | undefined) => Statement[]) | undefined;
  /** Told of each row after it was written. */
  onWritten(event: StoredEvent): void;
  /** Told of each event that is given up without ever having been written, and what belongs to it with it. */
  onDropped?: ((row: EventRow) => void) | undefined;
}

/** What goes on and on is written at most this often: flash memory wears out. */
const EXTEND_EVERY_MS = 10_000;
/** Events of one transaction: each costs the wait for the disk, which on a memory card can be a second. */
const BATCH = 50;
/** Events that wait while the database cannot be written. */
const MAX_WAITING = 1000;
const BACKOFF = { firstMs: 1000, maxMs: 60_000 };

/** Writes entries that have changed. `recover` comes first, then `run` does the work. */
export class JournalWriter {
  readonly #deps: WriterDeps;
  /** Entries with something unwritten, in the order of their turn, and from when on it is their turn. */
  #waiting = new Map<Entry, number>();
  readonly #changes = new Changes();
  readonly #backoff = new Backoff(BACKOFF);
  #failure: HubError | undefined;
  #lost = { count: 0, sinceMs: 0 };

  constructor(deps: WriterDeps) {
    this.#deps = deps;
  }

  /** Why the database cannot be written at present. */
  get failure(): HubError | undefined {
    return this.#failure;
  }

  /** Takes a changed entry. What is not urgent is written with what comes next, or some seconds after the last time. */
  readonly put = (entry: Entry, isUrgent: boolean): void => {
    const nowMs = this.#deps.clock.monotonic();
    const dueMs = isUrgent ? nowMs : Math.max(nowMs, entry.writtenAtMs + EXTEND_EVERY_MS);
    const known = this.#waiting.get(entry);
    if (known === undefined) this.#makeRoom();
    else if (known <= dueMs) return;
    // An entry whose turn comes earlier now stands behind those whose turn it is already.
    this.#waiting.delete(entry);
    this.#waiting.set(entry, dueMs);
    this.#changes.notify();
  };

  /**
   * Ends what an earlier run left open. False when the signal aborted before that could be done.
   * @param onAlive told when that run was last known to go on.
   */
  async recover(signal: AbortSignal, onAlive: (aliveAtMs: number) => void): Promise<boolean> {
    let isDone = false;
    while (!isDone && !signal.aborted) {
      isDone = await this.#attempt(async () => {
        onAlive(await this.#deps.table.aliveAtMs());
        const count = await this.#deps.table.closeLeftOpen({ closed_by: "restart" }, LASTING_KINDS);
        if (count > 0) this.#deps.log.info("Events that an earlier run left open were closed", { count });
      }, signal);
    }
    return isDone;
  }

  /** Writes until the signal aborts, then what is left, as far as the database takes it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { entries, waitMs } = this.#next();
      if (entries.length > 0) await this.#attempt(() => this.#write(entries), signal);
      else await sleepOrChange(waitMs, this.#changes, this.#deps.clock, signal);
    }
    await this.#writeRest();
  }

  /** Those whose turn it is, or how long it is until then. */
  #next(): { entries: Entry[]; waitMs: number } {
    const nowMs = this.#deps.clock.monotonic();
    const entries: Entry[] = [];
    let waitMs = Infinity;
    for (const [entry, dueMs] of this.#waiting) {
      if (dueMs <= nowMs) entries.push(entry);
      else waitMs = Math.min(waitMs, dueMs - nowMs);
      if (entries.length === BATCH) break;
    }
    return { entries, waitMs };
  }

  /** Writes entries in one transaction; where the table refuses one of them, each in its own. */
  async #write(entries: readonly Entry[]): Promise<void> {
    const { clock, log } = this.#deps;
    // One may change while it is being written, and then stands in the queue anew.
    for (const entry of entries) this.#waiting.delete(entry);
    try {
      await this.#writeTogether(entries);
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== "conflict") {
        this.#waiting = new Map([...entries.map((entry) => [entry, 0] as const), ...this.#waiting]);
        for (const entry of entries) this.#waiting.set(entry, 0);
        throw error;
      }
      const [entry] = entries;
      if (entries.length === 1 && entry) {
        // Tried again and again, a row that the table refuses would hold up all others.
        log.error("An event does not fit into the journal and is left out", { event: entry.row, error });
        if (entry.seq === undefined) this.#deps.onDropped?.(entry.row);
        return;
      }
      const nowMs = clock.monotonic();
      this.#waiting = new Map([...entries.map((each) => [each, nowMs] as const), ...this.#waiting]);
      for (const each of entries) await this.#write([each]);
    }
  }

  async #writeTogether(entries: readonly Entry[]): Promise<void> {
    const { table, clock, onWritten, alongside } = this.#deps;
    const writes = entries.map(({ row, seq }) => ({ row, seq, alongside: alongside?.(row, seq) ?? [] }));
    const written = await table.write(writes, clock.now());
    const nowMs = clock.monotonic();
    for (const [index, entry] of entries.entries()) {
      const stored = written[index];
      entry.seq ??= stored?.seq;
      entry.writtenAtMs = nowMs;
      if (stored) onWritten(stored);
    }
  }

  /** False when it failed, after a wait that grows with each failure in a row. */
  async #attempt(work: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    try {
      await work();
      this.#succeed();
      return true;
    } catch (error) {
      if (!this.#failure) {
        this.#deps.log.error("The event journal cannot be written; events wait in memory", { error });
      }
      this.#failure = toHubError(error);
      await sleepOrChange(this.#backoff.next(), new Changes(), this.#deps.clock, signal);
      return false;
    }
  }

  #succeed(): void {
    this.#backoff.reset();
    if (this.#failure) this.#deps.log.info("The event journal is written again", { lost: this.#lost.count });
    this.#failure = undefined;
    // As long as the queue overflows, the count grows.
    if (this.#lost.count > 0 && this.#waiting.size < MAX_WAITING / 2) this.#tellLost();
  }

  #tellLost(): void {
    const { count: lost, sinceMs } = this.#lost;
    this.#lost = { count: 0, sinceMs: 0 };
    const details = { reason: "The journal could not be written in time", lost };
    const gap = { kind: "gap" as const, source: "hub", startedAtMs: sinceMs, details };
    new Entry(gap, this.put).close(this.#deps.clock.now());
  }

  /** Forgets the oldest entry without a row. Those with one are few: at most one for each camera and kind. */
  #makeRoom(): void {
    if (this.#waiting.size < MAX_WAITING) return;
    for (const entry of this.#waiting.keys()) {
      if (entry.seq !== undefined) continue;
      this.#waiting.delete(entry);
      this.#deps.onDropped?.(entry.row);
      if (this.#lost.count++ === 0) this.#lost.sinceMs = entry.row.startedAtMs;
      return;
    }
  }

  async #writeRest(): Promise<void> {
    try {
      while (this.#waiting.size > 0) await this.#write([...this.#waiting.keys()].slice(0, BATCH));
    } catch (error) {
      const lost = this.#waiting.size + this.#lost.count;
      this.#deps.log.error("The last events could not be written", { lost, error });
    }
  }
}
