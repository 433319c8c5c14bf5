// The full handshake of RFC 5246 §7.3 with static RSA: nothing else is offered, and nothing else accepted.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { readAlert, TlsFault } from "./alerts.ts";
import { clientHello, clientKeyExchange, finished, noCertificate } from "./client_messages.ts";
import { HANDSHAKE, type HandshakeInput, type HandshakeMessage } from "./handshake_input.ts";
import {
  deriveKeys,
  extendedMasterSecret,
  hashTranscript,
  masterSecret,
  verifyData,
} from "./key_schedule.ts";
import { CONTENT } from "./protection.ts";
import { cutOff, type RecordEncoder, type RecordReader, type TlsRecord } from "./records.ts";
import { createPremaster, encryptForDevice } from "./server_key.ts";
import { readCertificate, readServerHello, type ServerHello } from "./server_messages.ts";
import { createOpener, createSealer } from "./suite_protection.ts";
import { joinBytes } from "./wire.ts";

const RANDOM_BYTES = 32;
const CHANGE_CIPHER_SPEC = Uint8Array.of(1);
/** HelloRequests and warnings, which change nothing, in one handshake. */
const MAX_IGNORED = 16;

/** What a handshake works on. */
export interface HandshakeLink {
  readonly reader: RecordReader;
  readonly encoder: RecordEncoder;
  readonly input: HandshakeInput;
  send(bytes: Uint8Array): Promise<void>;
}

/** What a handshake led to. */
export interface Agreement {
  readonly suite: string;
  /** The certificate whose key the device has proved to hold. */
  readonly certificateDer: Uint8Array<ArrayBuffer>;
}

/**
 * Shakes hands: afterwards reader and encoder protect all records with the agreed keys.
 * @throws TlsFault for whatever the device does wrong or refuses; HubError `unavailable` when it hangs up.
 */
export function shakeHands(link: HandshakeLink, options: { serverName?: string }): Promise<Agreement> {
  return new Handshake(link, options.serverName).run();
}

class Handshake {
  readonly #link: HandshakeLink;
  readonly #serverName: string | undefined;
  readonly #clientRandom = randomBytes(RANDOM_BYTES);
  /** All messages so far but HelloRequests, header included. */
  readonly #transcript: Uint8Array[] = [];
  #ignored = 0;

  constructor(link: HandshakeLink, serverName: string | undefined) {
    this.#link = link;
    this.#serverName = serverName;
  }

  async run(): Promise<Agreement> {
    const hello = await this.#exchangeHellos();
    const certificateDer = readCertificate((await this.#expect(HANDSHAKE.certificate)).body);
    const isCertificateWanted = await this.#awaitHelloDone();
    const premaster = createPremaster();
    const keyExchange = this.#exchangeKeys(encryptForDevice(certificateDer, premaster), isCertificateWanted);
    const master = this.#deriveMaster(hello, premaster);
    premaster.fill(0);
    await this.#switchKeys(hello, { master, keyExchange });
    return { suite: hello.suite.name, certificateDer };
  }

  async #exchangeHellos(): Promise<ServerHello> {
    const serverName = this.#serverName === undefined ? {} : { serverName: this.#serverName };
    const hello = this.#note(clientHello({ random: this.#clientRandom, ...serverName }));
    await this.#link.send(this.#link.encoder.encode(CONTENT.handshake, hello));
    const answer = await this.#expect(HANDSHAKE.serverHello);
    return readServerHello(answer.body, { serverName: this.#serverName !== undefined });
  }

  /** Returns whether the device wants a certificate of the hub. What it would accept does not matter. */
  async #awaitHelloDone(): Promise<boolean> {
    const message = await this.#expect(HANDSHAKE.certificateRequest, HANDSHAKE.serverHelloDone);
    const isCertificateWanted = message.type === HANDSHAKE.certificateRequest;
    const done = isCertificateWanted ? await this.#expect(HANDSHAKE.serverHelloDone) : message;
    if (done.body.length > 0) throw new TlsFault("decode_error", "The device's ServerHelloDone is not empty");
    return isCertificateWanted;
  }

  /** Returns the messages that answer ServerHelloDone. */
  #exchangeKeys(encryptedPremaster: Uint8Array, isCertificateWanted: boolean): Uint8Array {
    const certificate = isCertificateWanted ? this.#note(noCertificate()) : new Uint8Array();
    return joinBytes(certificate, this.#note(clientKeyExchange(encryptedPremaster)));
  }

  #deriveMaster({ suite, random, usesExtendedMasterSecret }: ServerHello, premaster: Uint8Array): Uint8Array {
    return usesExtendedMasterSecret
      ? extendedMasterSecret(suite, premaster, hashTranscript(suite, this.#transcript))
      : masterSecret(suite, premaster, { client: this.#clientRandom, server: random });
  }

  /** Sends key exchange and Finished in one go, checks the device's Finished; both directions are then protected. */
  async #switchKeys(
    hello: ServerHello,
    own: { master: Uint8Array; keyExchange: Uint8Array },
  ): Promise<void> {
    const { encoder, reader, input } = this.#link;
    const keys = deriveKeys(hello.suite, own.master, { client: this.#clientRandom, server: hello.random });
    const opening = encoder.encode(CONTENT.handshake, own.keyExchange);
    const change = encoder.encode(CONTENT.changeCipherSpec, CHANGE_CIPHER_SPEC);
    encoder.protect(createSealer(hello, keys.client));
    const proof = this.#note(finished(this.#verifyData(hello, own.master, "client")));
    await this.#link.send(joinBytes(opening, change, encoder.encode(CONTENT.handshake, proof)));

    const expected = this.#verifyData(hello, own.master, "server");
    await this.#expectChangeCipherSpec();
    reader.protect(createOpener(hello, keys.server));
    const { body } = await this.#expect(HANDSHAKE.finished);
    if (body.length !== expected.length || !timingSafeEqual(body, expected)) {
      throw new TlsFault("decrypt_error", "The device's proof of the TLS handshake is wrong");
    }
    if (!input.isEmpty) throw unexpected("more than its last message of the handshake");
  }

  #verifyData(hello: ServerHello, master: Uint8Array, side: "client" | "server"): Uint8Array {
    const transcriptHash = hashTranscript(hello.suite, this.#transcript);
    return verifyData(hello.suite, master, { side, transcriptHash });
  }

  /** Adds a message to the transcript. */
  #note(message: Uint8Array): Uint8Array {
    this.#transcript.push(message);
    return message;
  }

  /** Returns the next handshake message, which must be of one of the types. */
  async #expect(...types: readonly number[]): Promise<HandshakeMessage> {
    for (;;) {
      const message = this.#link.input.next();
      if (message?.type === HANDSHAKE.helloRequest && message.body.length === 0) {
        this.#ignore();
        continue;
      }
      if (message) {
        if (!types.includes(message.type)) throw unexpected(`handshake message ${message.type}`);
        this.#note(message.raw);
        return message;
      }
      const record = await this.#nextRecord();
      if (record.type !== CONTENT.handshake) throw unexpected(`a record of type ${record.type}`);
      this.#link.input.push(record.body);
    }
  }

  async #expectChangeCipherSpec(): Promise<void> {
    // Part of a message before the keys change would become whole under others.
    if (!this.#link.input.isEmpty) throw unexpected("part of a handshake message");
    const { type, body } = await this.#nextRecord();
    if (type !== CONTENT.changeCipherSpec) throw unexpected(`a record of type ${type}`);
    if (body.length !== 1 || body[0] !== 1) {
      throw new TlsFault("decode_error", "The device sent a malformed ChangeCipherSpec");
    }
  }

  /** Returns the next record that is no alert. */
  async #nextRecord(): Promise<TlsRecord> {
    for (;;) {
      const record = await this.#link.reader.read();
      if (!record) throw cutOff("during the TLS handshake");
      if (record.type !== CONTENT.alert) return record;
      if (readAlert(record.body) === "closed") throw cutOff("during the TLS handshake");
      this.#ignore();
    }
  }

  #ignore(): void {
    if (++this.#ignored > MAX_IGNORED) throw unexpected("nothing but warnings and requests");
  }
}

function unexpected(what: string): TlsFault {
  return new TlsFault("unexpected_message", `The device sent ${what} at the wrong time of the TLS handshake`);
}
