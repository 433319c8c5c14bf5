// A source of bytes that a test fills as it likes, in place of a socket.
import type { ByteSource } from "../../../../src/protocols/tls_rsa/records.ts";

/** Gives out what was pushed, in the same pieces unless the reader wants less at a time. */
export class BytePipe implements ByteSource {
  readonly #chunks: Uint8Array[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
    this.#wake?.();
  }

  /** What the other side closes. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async read(into: Uint8Array): Promise<number | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const chunk = this.#chunks.shift() ?? new Uint8Array();
    const taken = chunk.subarray(0, into.length);
    into.set(taken);
    if (taken.length < chunk.length) this.#chunks.unshift(chunk.subarray(taken.length));
    return taken.length;
  }
}
