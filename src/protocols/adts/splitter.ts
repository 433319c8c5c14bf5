// Cuts a stream of AAC in ADTS (ISO/IEC 13818-7 §6.2) into frames, so that a listener can begin at any of them.

const HEADER_BYTES = 7;

/** Feed it with `push`; it calls back with each whole frame and finds its way back after garbage. */
export class AdtsSplitter {
  readonly #onFrame: (frame: Uint8Array<ArrayBuffer>) => void;
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(onFrame: (frame: Uint8Array<ArrayBuffer>) => void) {
    this.#onFrame = onFrame;
  }

  /** The chunk may be reused after the call. A frame has at most 8191 bytes, so little is ever kept. */
  push(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#kept.length + chunk.length);
    bytes.set(this.#kept);
    bytes.set(chunk, this.#kept.length);
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const length = frameLength(bytes, at);
      if (length === undefined) {
        at++;
        continue;
      }
      if (at + length > bytes.length) break;
      this.#onFrame(bytes.slice(at, at + length));
      at += length;
    }
    this.#kept = bytes.slice(at);
  }
}

/** Length of the frame whose header stands there; undefined when none does. */
function frameLength(bytes: Uint8Array, at: number): number | undefined {
  const byte = (index: number) => bytes[at + index] ?? 0;
  if (byte(0) !== 0xff || (byte(1) & 0xf6) !== 0xf0) return undefined;
  const length = ((byte(3) & 0x03) << 11) | (byte(4) << 3) | (byte(5) >> 5);
  return length > HEADER_BYTES ? length : undefined;
}
