// What was measured and is not on the disk yet.
import type { Tick } from "./series.ts";

/** About 45 hours of ten cameras and the hub, measured every 30 seconds; some 10 MB. */
export const MAX_ROWS = 60_000;

/** Ticks in the order in which they came; bounded, the oldest go first. */
export class Buffer {
  readonly #maxRows: number;
  #ticks: Tick[] = [];
  #rows = 0;
  #dropped = 0;

  constructor(maxRows = MAX_ROWS) {
    this.#maxRows = maxRows;
  }

  /** Caller must not mutate it. */
  get ticks(): readonly Tick[] {
    return this.#ticks;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows that were lost for want of room since the last `written`. */
  get dropped(): number {
    return this.#dropped;
  }

  add(tick: Tick): void {
    this.#ticks.push(tick);
    this.#rows += tick.rows.size;
    let goes = 0;
    while (this.#rows > this.#maxRows && goes < this.#ticks.length - 1) {
      const rows = this.#ticks[goes++]?.rows.size ?? 0;
      this.#rows -= rows;
      this.#dropped += rows;
    }
    if (goes > 0) this.#ticks = this.#ticks.slice(goes);
  }

  /** These are on the disk now. */
  written(ticks: readonly Tick[]): void {
    const gone = new Set(ticks);
    this.#ticks = this.#ticks.filter((tick) => !gone.has(tick));
    this.#rows = this.#ticks.reduce((sum, { rows }) => sum + rows.size, 0);
    this.#dropped = 0;
  }
}
