// What the hub keeps in memory of a stream's last seconds, so that a recording can begin before it was asked for:
// only while somebody wants that, within bounds of bytes for a camera and for all cameras together.

/** What may be kept of one stream. */
const MAX_STREAM_BYTES = 48 << 20;
/** What may be kept of all streams together. */
const MAX_ALL_BYTES = 192 << 20;

/** Counts what all streams keep. */
export class PreRollBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes = MAX_ALL_BYTES) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get isOver(): boolean {
    return this.#usedBytes > this.#limitBytes;
  }

  /** Negative gives back. */
  add(bytes: number): void {
    this.#usedBytes += bytes;
  }
}

/** Something that is kept or let go of as a whole: a group of pictures, a frame. */
interface Piece<T> {
  items: readonly T[];
  bytes: number;
  /** When it began, on the monotonic clock. */
  atMs: number;
}

/** The last pieces of a stream, as many as cover the time that is wanted. */
export class PreRollMemory<T> {
  readonly #budget: PreRollBudget;
  readonly #maxBytes: number;
  readonly #wishes = new Set<{ durationMs: number }>();
  #pieces: Piece<T>[] = [];
  #bytes = 0;

  constructor(budget = new PreRollBudget(), maxBytes = MAX_STREAM_BYTES) {
    this.#budget = budget;
    this.#maxBytes = maxBytes;
  }

  /** How far back it must reach; 0 while nobody wants it. */
  get wantedMs(): number {
    return Math.max(0, ...[...this.#wishes].map(({ durationMs }) => durationMs));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest that is kept began, on the monotonic clock. */
  get sinceMs(): number | undefined {
    return this.#pieces[0]?.atMs;
  }

  /** Keeps so much from now on, until the returned function is called. */
  want(durationMs: number): () => void {
    const wish = { durationMs };
    this.#wishes.add(wish);
    return () => {
      if (this.#wishes.delete(wish) && this.#wishes.size === 0) this.clear();
    };
  }

  /**
   * Adds what is newest, and lets go of what is not needed.
   * @param nextAtMs when what follows it began: a piece is needed until the next one is old enough.
   */
  add(piece: Piece<T>, nextAtMs: number): void {
    const wantedMs = this.wantedMs;
    if (wantedMs === 0) return;
    this.#pieces.push(piece);
    this.#count(piece.bytes);
    for (;;) {
      const [first, second] = this.#pieces;
      if (!first) return;
      const isCovered = (second?.atMs ?? nextAtMs) <= nextAtMs - wantedMs;
      if (!isCovered && this.#bytes <= this.#maxBytes && !this.#budget.isOver) return;
      this.#pieces.shift();
      this.#count(-first.bytes);
    }
  }

  /** Everything that is kept, the oldest first: from the piece on in which that time lies. */
  from(atMs: number): T[] {
    let index = 0;
    while (index + 1 < this.#pieces.length && (this.#pieces[index + 1]?.atMs ?? Infinity) <= atMs) index++;
    return this.#pieces.slice(index).flatMap(({ items }) => items);
  }

  clear(): void {
    this.#pieces = [];
    this.#count(-this.#bytes);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(bytes);
  }
}
