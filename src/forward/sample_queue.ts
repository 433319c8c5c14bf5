// Values that wait for a target: in memory, oldest first, bounded by size and age.
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import type { Parcel, Source } from "./target.ts";

/** How much may wait. */
export interface QueueLimits {
  maxBytes: number;
  maxAgeMs: number;
}

export interface QueueDeps {
  clock: Pick<Clock, "monotonic">;
  limits(): QueueLimits;
  /** Told of values that are dropped: too old or too many. */
  onDropped(count: number): void;
}

interface Waiting extends Parcel {
  atMs: number;
  bytes: number;
}

/** So much goes in one request. */
const BATCH_BYTES = 1024 * 1024;

/** Kept over a reload of the configuration. */
export class SampleQueue implements Source {
  readonly #deps: QueueDeps;
  readonly #news = new Changes();
  #waiting: Waiting[] = [];
  /** What is out. Nothing of it is dropped meanwhile. */
  #out: readonly Waiting[] = [];
  #bytes = 0;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  /** Bytes of memory that the texts need, about: what is out included. */
  get bytes(): number {
    return this.#bytes;
  }

  push(parcel: Parcel): void {
    if (parcel.count === 0) return;
    const bytes = parcel.text.length;
    this.#waiting.push({ ...parcel, bytes, atMs: this.#deps.clock.monotonic() });
    this.#bytes += bytes;
    this.#trim();
    this.#news.notify();
  }

  subscribe(listener: () => void): () => void {
    return this.#news.subscribe(listener);
  }

  next(most: number): Promise<readonly Parcel[]> {
    this.#trim();
    let bytes = 0;
    const end = this.#waiting.findIndex((each, at) => at >= most || (bytes += each.bytes) > BATCH_BYTES);
    const taken = end < 0 ? this.#waiting.length : Math.max(1, end);
    this.#out = this.#waiting.splice(0, Math.min(taken, this.#waiting.length));
    return Promise.resolve(this.#out);
  }

  done(): void {
    this.#bytes -= sizeOf(this.#out);
    this.#out = [];
  }

  again(): void {
    this.#waiting.unshift(...this.#out);
    this.#out = [];
    this.#trim();
  }

  #trim(): void {
    const { clock, limits, onDropped } = this.#deps;
    const { maxBytes, maxAgeMs } = limits();
    const oldestMs = clock.monotonic() - maxAgeMs;
    let dropped = 0;
    while (this.#waiting[0] && (this.#waiting[0].atMs < oldestMs || this.#bytes > maxBytes)) {
      const [gone] = this.#waiting.splice(0, 1);
      this.#bytes -= gone?.bytes ?? 0;
      dropped += gone?.count ?? 0;
    }
    if (dropped > 0) onDropped(dropped);
  }
}

function sizeOf(parcels: readonly Waiting[]): number {
  return parcels.reduce((total, { bytes }) => total + bytes, 0);
}
