// How long events are kept: deletes what is too old or too much, in small batches, and never because a clock was wrong.
import type { Clock } from "../base/clock.ts";
import type { EventsTable } from "../store/events_table.ts";

/** What is kept of events. */
export interface JournalRetention {
  keepDays: number;
  /** Bytes of rows with their share of the indexes. */
  maxBytes: number;
}

/** What deleting works with. */
export interface RetentionDeps {
  table: EventsTable;
  clock: Clock;
  /** Asked each time: it may change while the hub runs. */
  retention: () => JournalRetention;
  /** Told of kept pictures that no event names any more. */
  onPicturesGone?: ((ids: readonly string[]) => void) | undefined;
}

const DAY_MS = 86_400_000;
/** One statement deletes no more: others wait for the database meanwhile. */
const BATCH = 500;
/** A wall clock that went on by so much more or less than the time that passed was set. */
const JUMP_MS = 600_000;
/** After the clock was set, nothing is called too old for so long: it may be set right. */
const DOUBT_MS = DAY_MS;

/** Deletes events. */
export class Retention {
  readonly #deps: RetentionDeps;
  /** Wall clock less monotonic clock, as last seen. */
  #offsetMs: number;
  /** Until then, on the monotonic clock, the wall clock is doubted. */
  #doubtUntilMs = -Infinity;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
    this.#offsetMs = this.#offset();
  }

  /** To be told at the start when the hub was last known to run, by the wall clock. */
  begin(aliveAtMs: number): void {
    const pauseMs = this.#deps.clock.now() - aliveAtMs;
    if (pauseMs < -JUMP_MS || pauseMs > DAY_MS) this.#doubt();
  }

  /** To be called every few minutes: sees when the wall clock is set. */
  look(): void {
    const offsetMs = this.#offset();
    if (Math.abs(offsetMs - this.#offsetMs) > JUMP_MS) this.#doubt();
    this.#offsetMs = offsetMs;
  }

  /** Deletes all that is to go. @throws HubError when the database cannot be written. */
  async prune(signal: AbortSignal): Promise<void> {
    this.look();
    const { clock, table, onPicturesGone } = this.#deps;
    const { keepDays, maxBytes } = this.#deps.retention();
    const isDoubted = clock.monotonic() < this.#doubtUntilMs;
    const endedBeforeMs = isDoubted ? undefined : clock.now() - keepDays * DAY_MS;
    for (let count = BATCH; count === BATCH && !signal.aborted;) {
      const deleted = await table.prune({ maxBytes, endedBeforeMs, batch: BATCH });
      if (deleted.pictures.length > 0) onPicturesGone?.(deleted.pictures);
      count = deleted.count;
    }
  }

  #doubt(): void {
    this.#doubtUntilMs = this.#deps.clock.monotonic() + DOUBT_MS;
  }

  #offset(): number {
    return this.#deps.clock.now() - this.#deps.clock.monotonic();
  }
}
