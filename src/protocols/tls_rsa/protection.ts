// What the protection of records has in common, whichever cipher does it (RFC 5246 §6.2).
import { TlsFault } from "./alerts.ts";

/** Types of record. */
export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** TLS 1.2, as it stands in records and hellos. */
export const VERSION_TLS12 = 0x0303;

/** Most bytes that one record may hold in the clear. */
export const MAX_PLAINTEXT_BYTES = 16_384;

/** Most bytes by which protection may make a record longer. */
export const MAX_EXPANSION_BYTES = 2048;

/** Protects the records of one direction. Counts them, so each is to be called once for each record, in order. */
export interface RecordSealer {
  /** Returns the protected body of a record; at most 16384 bytes go in. */
  seal(type: number, plaintext: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** Opens the records of one direction, counting them like the sealer. */
export interface RecordOpener {
  /**
   * Returns what the record holds.
   * @throws TlsFault bad_record_mac for anything that is wrong with its protection.
   */
  open(type: number, body: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** Numbers the records of one direction and names what their protection covers beside their content. */
export class RecordCounter {
  #next = 0n;

  /** Returns the 13 bytes that go into MAC or AEAD: sequence number, type, version, length; and counts on. */
  header(type: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
    const header = new Uint8Array(13);
    const view = new DataView(header.buffer);
    view.setBigUint64(0, this.#next++);
    header[8] = type;
    view.setUint16(9, VERSION_TLS12);
    view.setUint16(11, sizeBytes);
    return header;
  }
}

/** The one fault for a record that was changed on its way, which tells nothing about where it was noticed. */
export function badRecord(): TlsFault {
  return new TlsFault("bad_record_mac", "A TLS record of the device did not pass its check");
}
