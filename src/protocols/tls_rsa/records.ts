// Cuts what comes over TCP into records and opens them; makes records of what is to go out (RFC 5246 §6.2).
import { HubError } from "../../base/errors.ts";
import { TlsFault } from "./alerts.ts";
import {
  CONTENT,
  MAX_EXPANSION_BYTES,
  MAX_PLAINTEXT_BYTES,
  type RecordOpener,
  type RecordSealer,
  VERSION_TLS12,
} from "./protection.ts";
import { joinBytes } from "./wire.ts";

const HEADER_BYTES = 5;
const CONTENT_TYPES: ReadonlySet<number> = new Set(Object.values(CONTENT));
/** What a ClientHello's record says, because old stacks drop connections that begin with a newer version. */
const VERSION_FIRST_RECORD = 0x0301;

/** Where bytes come from. */
export interface ByteSource {
  /** Fills some of the array and returns how much; undefined at the end. */
  read(into: Uint8Array): Promise<number | undefined>;
}

/** One record, opened. */
export interface TlsRecord {
  readonly type: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Reads records. Holds at most one at a time, of at most 18 KB. */
export class RecordReader {
  readonly #source: ByteSource;
  readonly #buffer = new Uint8Array(HEADER_BYTES + MAX_PLAINTEXT_BYTES + MAX_EXPANSION_BYTES);
  #filled = 0;
  #opener: RecordOpener | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** From the next record on, records are protected. */
  protect(opener: RecordOpener): void {
    this.#opener = opener;
  }

  /**
   * Returns the next record, or undefined when the source ends between two.
   * @throws TlsFault when it is none, too long or was changed; HubError `unavailable` when it ends halfway.
   */
  async read(): Promise<TlsRecord | undefined> {
    if (!await this.#fill(HEADER_BYTES)) return undefined;
    const { type, sizeBytes } = this.#readHeader();
    await this.#fill(HEADER_BYTES + sizeBytes);
    const sealed = this.#buffer.subarray(HEADER_BYTES, HEADER_BYTES + sizeBytes);
    const body = this.#opener ? this.#opener.open(type, sealed) : sealed.slice();
    this.#buffer.copyWithin(0, HEADER_BYTES + sizeBytes, this.#filled);
    this.#filled -= HEADER_BYTES + sizeBytes;
    if (body.length > MAX_PLAINTEXT_BYTES) throw tooLong();
    return { type, body };
  }

  #readHeader(): { type: number; sizeBytes: number } {
    const view = new DataView(this.#buffer.buffer);
    const type = view.getUint8(0);
    const version = view.getUint16(1);
    const sizeBytes = view.getUint16(3);
    if (!CONTENT_TYPES.has(type) || version >> 8 !== VERSION_TLS12 >> 8) {
      throw new TlsFault("unexpected_message", "What the device sent is not TLS", {
        hint: "Check that address and port are those of the device's encrypted service",
      });
    }
    // The first records may name an older version; afterwards a change would not be noticed by the MAC.
    if (this.#opener && version !== VERSION_TLS12) {
      throw new TlsFault("protocol_version", "The device changed the version of TLS halfway");
    }
    if (sizeBytes > MAX_PLAINTEXT_BYTES + (this.#opener ? MAX_EXPANSION_BYTES : 0)) throw tooLong();
    return { type, sizeBytes };
  }

  /** Reads until the buffer holds so many bytes; false when the source ends before the first of a record. */
  async #fill(sizeBytes: number): Promise<boolean> {
    while (this.#filled < sizeBytes) {
      const read = await this.#source.read(this.#buffer.subarray(this.#filled));
      if (read === undefined) {
        if (this.#filled === 0) return false;
        throw cutOff("in the middle of a TLS record");
      }
      this.#filled += read;
    }
    return true;
  }
}

/** Makes records. Each result must be sent, and in the order in which they were made. */
export class RecordEncoder {
  #sealer: RecordSealer | undefined;
  #version = VERSION_FIRST_RECORD;

  /** From the next record on, records are protected. */
  protect(sealer: RecordSealer): void {
    this.#sealer = sealer;
  }

  /** Returns the records that carry the content, in pieces of 16 KB at most; none when there is no content. */
  encode(type: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
    const records: Uint8Array[] = [];
    for (let offset = 0; offset < content.length; offset += MAX_PLAINTEXT_BYTES) {
      const piece = content.subarray(offset, offset + MAX_PLAINTEXT_BYTES);
      const body = this.#sealer ? this.#sealer.seal(type, piece) : piece;
      records.push(this.#header(type, body.length), body);
    }
    this.#version = VERSION_TLS12;
    return joinBytes(...records);
  }

  #header(type: number, sizeBytes: number): Uint8Array {
    return Uint8Array.of(type, this.#version >> 8, this.#version & 0xff, sizeBytes >> 8, sizeBytes & 0xff);
  }
}

/** The error for a connection that ended before TLS said so: `details.truncated` is true. */
export function cutOff(where: string): HubError {
  return new HubError("unavailable", `The device cut the connection off ${where}`, {
    details: { truncated: true },
  });
}

function tooLong(): TlsFault {
  return new TlsFault("record_overflow", "The device sent a TLS record that is longer than allowed");
}
