// Handshake messages may be split over records, or several may share one: puts them together again.
import { TlsFault } from "./alerts.ts";
import { joinBytes } from "./wire.ts";

const HEADER_BYTES = 4;
const MAX_MESSAGE_BYTES = 65_536;

/** Types of handshake message (RFC 5246 §7.4); those that the hub knows. */
export const HANDSHAKE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  certificateRequest: 13,
  serverHelloDone: 14,
  clientKeyExchange: 16,
  finished: 20,
} as const;

/** One handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Header and body, as they go into the transcript. */
  readonly raw: Uint8Array<ArrayBuffer>;
}

/** Collects handshake records and gives out messages of at most 64 KB. */
export class HandshakeInput {
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array();

  /** True when no part of a message waits for its rest. */
  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Takes the body of a handshake record. All whole messages must have been taken out before.
   * @throws TlsFault for an empty record.
   */
  push(body: Uint8Array): void {
    if (body.length === 0) {
      throw new TlsFault("decode_error", "The device sent an empty TLS handshake record");
    }
    this.#pending = joinBytes(this.#pending, body);
  }

  /**
   * Takes out the next message, or returns undefined when more bytes are needed.
   * @throws TlsFault for a message that is too long.
   */
  next(): HandshakeMessage | undefined {
    if (this.#pending.length < HEADER_BYTES) return undefined;
    const header = new DataView(this.#pending.buffer, this.#pending.byteOffset).getUint32(0);
    const sizeBytes = header & 0xffffff;
    if (sizeBytes > MAX_MESSAGE_BYTES) {
      throw new TlsFault("decode_error", "The device sent a TLS handshake message that is too long");
    }
    const end = HEADER_BYTES + sizeBytes;
    if (this.#pending.length < end) return undefined;
    const raw = this.#pending.slice(0, end);
    this.#pending = this.#pending.slice(end);
    return { type: header >>> 24, body: raw.subarray(HEADER_BYTES), raw };
  }
}
