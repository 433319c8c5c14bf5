// Pictures and the like in memory, as many as fit; those that were asked for least recently go first.

/** Keeps at most so many bytes. */
export class BoundedCache<V> {
  readonly #maxBytes: number;
  readonly #sizeOf: (value: V) => number;
  /** In the order in which they were last asked for. */
  readonly #entries = new Map<string, V>();
  #bytes = 0;

  /** @param sizeOf How many bytes one takes; always the same for the same. */
  constructor(maxBytes: number, sizeOf: (value: V) => number) {
    this.#maxBytes = maxBytes;
    this.#sizeOf = sizeOf;
  }

  /** What it holds at present. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** The caller must not change it. */
  get(key: string): V | undefined {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  put(key: string, value: V): void {
    this.#remove(key);
    this.#entries.set(key, value);
    this.#bytes += this.#sizeOf(value);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  /** Removes all whose keys begin so. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#remove(key);
  }

  #remove(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#bytes -= this.#sizeOf(value);
    this.#entries.delete(key);
  }
}
