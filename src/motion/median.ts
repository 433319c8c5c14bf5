// Medians of many small numbers by counting them: of differences between two pictures.

/** Differences are looked at in steps of so much of a grey level. */
const STEPS = 4;
const LIMIT = 255 * STEPS;

/** Finds medians; keeps its counters, so that nothing is allocated for each picture. */
export class MedianOfDifferences {
  readonly #counts = new Uint32Array(2 * LIMIT + 1);
  #total = 0;

  /** Begins anew. */
  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** @param difference of two grey levels, −255 to 255. */
  add(difference: number): void {
    const step = Math.round(Math.max(-LIMIT, Math.min(LIMIT, difference * STEPS)));
    this.#counts[step + LIMIT]! += 1;
    this.#total++;
  }

  /** The median in grey levels; 0 of nothing. */
  get value(): number {
    const half = this.#total / 2;
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index] ?? 0;
      if (seen > half) return (index - LIMIT) / STEPS;
    }
    return 0;
  }
}
