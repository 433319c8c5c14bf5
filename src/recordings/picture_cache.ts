// Pictures in memory, as many as fit; those that were asked for least recently go first.

/** Keeps at most so many bytes. */
export class PictureCache {
  readonly #maxBytes: number;
  /** In the order in which they were last asked for. */
  readonly #pictures = new Map<string, Uint8Array<ArrayBuffer>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What it holds at present. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** The caller must not change the bytes. */
  get(key: string): Uint8Array<ArrayBuffer> | undefined {
    const found = this.#pictures.get(key);
    if (!found) return undefined;
    this.#pictures.delete(key);
    this.#pictures.set(key, found);
    return found;
  }

  put(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#remove(key);
    this.#pictures.set(key, bytes);
    this.#bytes += bytes.length;
    for (const oldest of this.#pictures.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  /** Removes all whose keys begin so. */
  forget(prefix: string): void {
    for (const key of this.#pictures.keys()) if (key.startsWith(prefix)) this.#remove(key);
  }

  #remove(key: string): void {
    this.#bytes -= this.#pictures.get(key)?.length ?? 0;
    this.#pictures.delete(key);
  }
}
