// Counters and histograms that the hub's parts add to while they work; read whenever somebody asks.
import type { MetricName } from "./catalogue/catalogue.ts";
import type { Labels, Sample } from "./sample.ts";

/** More combinations of labels than this are not told apart: a fault must not fill the memory. */
const MAX_SERIES = 2000;

/** Values by combination of labels. */
class Family<T> {
  readonly #series = new Map<string, { labels: Labels; value: T }>();
  readonly #make: () => T;

  constructor(make: () => T) {
    this.#make = make;
  }

  /** Undefined when there are too many. */
  of(labels: Labels): { labels: Labels; value: T } | undefined {
    const key = JSON.stringify(Object.values(labels));
    const known = this.#series.get(key);
    if (known) return known;
    if (this.#series.size >= MAX_SERIES) return undefined;
    const begun = { labels, value: this.#make() };
    this.#series.set(key, begun);
    return begun;
  }

  get all(): Iterable<{ labels: Labels; value: T }> {
    return this.#series.values();
  }

  forget(isGone: (labels: Labels) => boolean): void {
    for (const [key, { labels }] of this.#series) if (isGone(labels)) this.#series.delete(key);
  }
}

/** Counts up. Labels are given in the catalogue's order. */
export class Counter {
  readonly #metric: MetricName;
  readonly #family = new Family(() => 0);

  constructor(metric: MetricName) {
    this.#metric = metric;
  }

  /** @param by 0 makes a series known that has not counted yet: what it counts first would else be missed. */
  add(labels: Labels, by = 1): void {
    const series = this.#family.of(labels);
    if (series) series.value += by;
  }

  /** Drops the series of which that is true. */
  forget(isGone: (labels: Labels) => boolean): void {
    this.#family.forget(isGone);
  }

  get samples(): Sample[] {
    return [...this.#family.all].map(({ labels, value }) => ({ metric: this.#metric, labels, value }));
  }
}

/** Counts by size. */
export class Histogram {
  readonly #metric: MetricName;
  readonly #bounds: readonly number[];
  readonly #family: Family<{ counts: number[]; sum: number; count: number }>;

  /** @param bounds upper ends of its buckets, rising; the one without an end is added. */
  constructor(metric: MetricName, bounds: readonly number[]) {
    this.#metric = metric;
    this.#bounds = bounds;
    this.#family = new Family(() => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }));
  }

  observe(labels: Labels, value: number): void {
    const series = this.#family.of(labels)?.value;
    if (!series) return;
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) series.counts[at]!++;
    series.sum += value;
    series.count++;
  }

  /** Drops the series of which that is true. */
  forget(isGone: (labels: Labels) => boolean): void {
    this.#family.forget(isGone);
  }

  get samples(): Sample[] {
    return [...this.#family.all].flatMap(({ labels, value }) => this.#samplesOf(labels, value));
  }

  #samplesOf(
    labels: Labels,
    { counts, sum, count }: { counts: number[]; sum: number; count: number },
  ): Sample[] {
    const metric = this.#metric;
    let below = 0;
    const buckets = this.#bounds.map((bound, at): Sample => {
      below += counts[at] ?? 0;
      return { metric, part: "bucket", labels: { ...labels, le: String(bound) }, value: below };
    });
    return [
      ...buckets,
      { metric, part: "bucket", labels: { ...labels, le: "+Inf" }, value: count },
      { metric, part: "sum", labels, value: sum },
      { metric, part: "count", labels, value: count },
    ];
  }
}
