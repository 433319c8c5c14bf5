// Rates over the last seconds, from counts: frames per second, bytes per second.

const SLOTS = 5;
const SLOT_MS = 1000;
/** A source that starts hands over at once what it has kept: that says nothing of its rate. */
const SETTLE_MS = 500;

/** Counts events and their size in five slots of one second. */
export class RateMeter {
  readonly #counts = new Float64Array(SLOTS);
  readonly #sums = new Float64Array(SLOTS);
  #slot = 0;
  /** When counting began, or will begin. */
  #startMs: number | undefined;

  /** @param nowMs on a clock that never jumps. */
  add(size: number, nowMs: number): void {
    this.#startMs ??= nowMs + SETTLE_MS;
    if (nowMs < this.#startMs) return;
    this.#moveTo(nowMs);
    this.#counts[this.#slot % SLOTS]! += 1;
    this.#sums[this.#slot % SLOTS]! += size;
  }

  /** Events and size units per second; undefined before a second was counted. */
  rates(nowMs: number): { count: number; sum: number } | undefined {
    if (this.#startMs === undefined) return undefined;
    this.#moveTo(nowMs);
    // The slot being filled counts with the part of it that has passed.
    const spanMs = Math.min(nowMs - this.#startMs, (SLOTS - 1) * SLOT_MS + (nowMs % SLOT_MS));
    if (spanMs < SLOT_MS) return undefined;
    const total = (slots: Float64Array) => slots.reduce((sum, each) => sum + each, 0);
    return { count: total(this.#counts) / spanMs * 1000, sum: total(this.#sums) / spanMs * 1000 };
  }

  /** Forgets everything, for a new run. */
  reset(): void {
    this.#counts.fill(0);
    this.#sums.fill(0);
    this.#startMs = undefined;
  }

  #moveTo(nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    const steps = Math.min(SLOTS, slot - this.#slot);
    for (let i = 1; i <= steps; i++) {
      const cleared = (slot - steps + i) % SLOTS;
      this.#counts[cleared] = 0;
      this.#sums[cleared] = 0;
    }
    this.#slot = Math.max(this.#slot, slot);
  }
}
