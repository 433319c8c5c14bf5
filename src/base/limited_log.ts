// Keeps a fault that repeats from filling the journal: the first is told, then a count at most once a period.

/** Says when a repeated message may be logged again, and how many were held back. */
export class RepetitionLimit {
  readonly #periodMs: number;
  readonly #monotonic: () => number;
  readonly #entries = new Map<string, { lastMs: number; held: number }>();

  /** @param options.periodMs shortest time between two lines of one key. */
  constructor(options: { periodMs: number; monotonic: () => number }) {
    this.#periodMs = options.periodMs;
    this.#monotonic = options.monotonic;
  }

  /** Returns how many were held back since the last line when this one may be logged, else undefined. */
  pass(key: string): number | undefined {
    const nowMs = this.#monotonic();
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#forgetOld(nowMs);
      this.#entries.set(key, { lastMs: nowMs, held: 0 });
      return 0;
    }
    if (nowMs - entry.lastMs < this.#periodMs) {
      entry.held++;
      return undefined;
    }
    const held = entry.held;
    entry.lastMs = nowMs;
    entry.held = 0;
    return held;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, entry] of this.#entries) {
      if (nowMs - entry.lastMs > 10 * this.#periodMs) this.#entries.delete(key);
    }
  }
}
