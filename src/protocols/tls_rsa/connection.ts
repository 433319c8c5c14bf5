// An established TLS connection: application data in both directions, and an orderly end.
import { HubError, toHubError } from "../../base/errors.ts";
import { Turns } from "../../base/turns.ts";
import { alertFor, CLOSE_NOTIFY, explainFault, readAlert, TlsFault } from "./alerts.ts";
import { HANDSHAKE, type HandshakeInput } from "./handshake_input.ts";
import type { Agreement } from "./handshake.ts";
import { CONTENT, MAX_PLAINTEXT_BYTES } from "./protection.ts";
import { cutOff, type RecordEncoder, type RecordReader } from "./records.ts";

/** Records in a row that carry nothing; OpenSSL allows as many. */
const MAX_EMPTY_RECORDS = 32;

/** A TLS connection as its users see it. */
export interface TlsSocket {
  /** The device's certificate, DER. The device has proved to hold its key, but nobody has vouched for it. */
  readonly peerCertificateDer: Uint8Array<ArrayBuffer>;
  /** Name of the cipher suite. */
  readonly suite: string;
  /**
   * Returns the next bytes, 16 KB at most; undefined once the device has ended the connection in order.
   * @throws HubError `unavailable` when it was lost, cut off without a word (`details.truncated`) or closed here;
   * `device_rejected` when the device broke the rules of TLS; `conflict` when a read is under way already.
   */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Sends the bytes, which must not change meanwhile. Writes that come together are sent one after the other.
   * @throws HubError like `read`.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection and frees the socket; what is under way fails. May be called again. */
  close(): void;
}

/** What a connection stands on after the handshake. */
export interface ConnectionParts {
  readonly stream: {
    write(bytes: Uint8Array): Promise<void>;
    /** Frees the socket; `lastWords` are sent first where that is possible. */
    close(lastWords?: () => Uint8Array): void;
  };
  readonly reader: RecordReader;
  readonly encoder: RecordEncoder;
  readonly input: HandshakeInput;
}

/** The connection after the handshake. */
export class TlsConnection implements TlsSocket {
  readonly peerCertificateDer: Uint8Array<ArrayBuffer>;
  readonly suite: string;
  readonly #parts: ConnectionParts;
  readonly #writing = new Turns(1);
  #isReading = false;
  /** Why nothing works any more; `byDevice` is an end in order. */
  #end: { byDevice: boolean; error: HubError } | undefined;

  constructor(parts: ConnectionParts, agreement: Agreement) {
    this.#parts = parts;
    this.peerCertificateDer = agreement.certificateDer;
    this.suite = agreement.suite;
  }

  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#isReading) throw new HubError("conflict", "The TLS connection is being read already");
    this.#isReading = true;
    try {
      if (!this.#end) return await this.#receive();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isReading = false;
    }
    if (this.#end && !this.#end.byDevice) throw this.#end.error;
    return undefined;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writing.run(() => this.#send(bytes));
  }

  close(): void {
    const error = new HubError("unavailable", "The TLS connection was closed");
    this.#finish({ byDevice: false, error }, CLOSE_NOTIFY);
  }

  async #receive(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (let empty = 0; empty < MAX_EMPTY_RECORDS; empty++) {
      const record = await this.#parts.reader.read();
      // Without the device's word for it, an end may be an attacker's: what came may be only a part.
      if (!record) throw cutOff("without ending the TLS connection");
      if (record.type === CONTENT.applicationData) {
        if (record.body.length > 0) return record.body;
      } else if (record.type === CONTENT.handshake) {
        this.#ignoreHelloRequests(record.body);
      } else if (record.type !== CONTENT.alert) {
        throw new TlsFault("unexpected_message", `The device sent a TLS record of type ${record.type}`);
      } else if (readAlert(record.body) === "closed") {
        const error = new HubError("unavailable", "The device has ended the TLS connection");
        this.#finish({ byDevice: true, error }, CLOSE_NOTIFY);
        return undefined;
      }
    }
    throw new TlsFault("unexpected_message", "The device sends TLS records without content");
  }

  /** A device may ask for new keys and must be content without (RFC 5246 §7.4.1.1). */
  #ignoreHelloRequests(body: Uint8Array): void {
    const { input } = this.#parts;
    input.push(body);
    for (let message = input.next(); message; message = input.next()) {
      if (message.type !== HANDSHAKE.helloRequest || message.body.length > 0) {
        throw new TlsFault("unexpected_message", "The device began another TLS handshake");
      }
    }
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const { encoder, stream } = this.#parts;
    for (let offset = 0; offset < bytes.length && !this.#end; offset += MAX_PLAINTEXT_BYTES) {
      const piece = bytes.subarray(offset, offset + MAX_PLAINTEXT_BYTES);
      try {
        await stream.write(encoder.encode(CONTENT.applicationData, piece));
      } catch (error) {
        this.#fail(error);
      }
    }
    if (this.#end) throw this.#end.error;
  }

  #fail(error: unknown): void {
    const isFault = error instanceof TlsFault;
    const lastAlert = isFault ? alertFor(error) : CLOSE_NOTIFY;
    this.#finish({ byDevice: false, error: isFault ? explainFault(error) : toHubError(error) }, lastAlert);
  }

  /** The first end counts. Frees the socket; the alert, if any, is sent as the last record. */
  #finish(end: { byDevice: boolean; error: HubError }, lastAlert: Uint8Array | undefined): void {
    if (this.#end) return;
    this.#end = end;
    const { stream, encoder } = this.#parts;
    stream.close(lastAlert && (() => encoder.encode(CONTENT.alert, lastAlert)));
  }
}
