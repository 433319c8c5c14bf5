// The bytes of TLS messages: big-endian numbers and vectors that carry their length (RFC 5246 §4).
import { TlsFault } from "./alerts.ts";

/** Reads a message from its beginning to its end; every read past the end is a fault. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes have not been read yet. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /**
   * Reads an unsigned number of so many bytes.
   * @throws TlsFault decode_error past the end.
   */
  number(sizeBytes: 1 | 2 | 3): number {
    return this.take(sizeBytes).reduce((value, byte) => value * 256 + byte, 0);
  }

  /**
   * Reads so many bytes, as a view of the message.
   * @throws TlsFault decode_error past the end.
   */
  take(sizeBytes: number): Uint8Array {
    if (sizeBytes > this.left) throw malformed();
    this.#offset += sizeBytes;
    return this.#bytes.subarray(this.#offset - sizeBytes, this.#offset);
  }

  /**
   * Reads a vector that is preceded by its length in so many bytes.
   * @throws TlsFault decode_error past the end.
   */
  vector(lengthBytes: 1 | 2 | 3): Uint8Array {
    return this.take(this.number(lengthBytes));
  }

  /**
   * Makes sure that nothing follows.
   * @throws TlsFault decode_error otherwise.
   */
  end(): void {
    if (this.left > 0) throw malformed();
  }
}

function malformed(): TlsFault {
  return new TlsFault("decode_error", "The device sent a malformed TLS handshake message");
}

/** Returns the number as so many bytes, the highest first. */
export function numberBytes(value: number, sizeBytes: 1 | 2 | 3): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length: sizeBytes },
    (_, i) => Math.floor(value / 256 ** (sizeBytes - 1 - i)) & 0xff,
  );
}

/** Returns the content with its length in front, in so many bytes. */
export function vectorBytes(content: Uint8Array, lengthBytes: 1 | 2 | 3): Uint8Array<ArrayBuffer> {
  return joinBytes(numberBytes(content.length, lengthBytes), content);
}

/** Returns all parts in one new array. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
