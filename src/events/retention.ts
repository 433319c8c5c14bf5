// How long events are kept: deletes what is too old or too much, in small batches, and never because a clock was wrong.
import type { Clock } from "../base/clock.ts";
import type { ClockDoubt } from "../base/clock_doubt.ts";
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
  doubt: ClockDoubt;
  /** Asked each time: it may change while the hub runs. */
  retention: () => JournalRetention;
  /** Told of kept pictures that no event names any more. */
  onPicturesGone?: ((ids: readonly string[]) => void) | undefined;
}

const DAY_MS = 86_400_000;
/** One statement deletes no more: others wait for the database meanwhile. */
const BATCH = 500;

/** Deletes events. */
export class Retention {
  readonly #deps: RetentionDeps;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
  }

  /** Deletes all that is to go. @throws HubError when the database cannot be written. */
  async prune(signal: AbortSignal): Promise<void> {
    const { clock, doubt, table, onPicturesGone } = this.#deps;
    const { keepDays, maxBytes } = this.#deps.retention();
    const endedBeforeMs = doubt.isDoubted ? undefined : clock.now() - keepDays * DAY_MS;
    for (let count = BATCH; count === BATCH && !signal.aborted;) {
      const deleted = await table.prune({ maxBytes, endedBeforeMs, batch: BATCH });
      if (deleted.pictures.length > 0) onPicturesGone?.(deleted.pictures);
      count = deleted.count;
    }
  }
}
