// How many observations came anew with each write of an event: the journal merges what is observed again and again.
import type { HubEvent } from "./event.ts";

/** Events whose count is remembered. */
const MAX_REMEMBERED = 1000;

/** Remembers how many were told of already. */
export class ReportCounts {
  readonly #told = new Map<number, number>();

  /** Observations that an event counts and that were not returned before. */
  fresh({ seq, count }: HubEvent): number {
    const more = count - (this.#told.get(seq) ?? 0);
    this.#told.delete(seq);
    // An event may go on again after its end: the last ones are remembered.
    this.#told.set(seq, count);
    for (const [old] of this.#told) {
      if (this.#told.size <= MAX_REMEMBERED) break;
      this.#told.delete(old);
    }
    return Math.max(0, more);
  }
}
