// The device's side of a handshake, played by a test step by step, rules kept or broken as wanted.
import { constants, privateDecrypt } from "node:crypto";
import { assert, assertEquals } from "@std/assert";
import { handshakeMessage } from "../../../../src/protocols/tls_rsa/client_messages.ts";
import type { HandshakeLink } from "../../../../src/protocols/tls_rsa/handshake.ts";
import {
  HANDSHAKE,
  HandshakeInput,
  type HandshakeMessage,
} from "../../../../src/protocols/tls_rsa/handshake_input.ts";
import {
  type ConnectionKeys,
  deriveKeys,
  extendedMasterSecret,
  hashTranscript,
  masterSecret,
  verifyData,
} from "../../../../src/protocols/tls_rsa/key_schedule.ts";
import { CONTENT, type RecordSealer } from "../../../../src/protocols/tls_rsa/protection.ts";
import { RecordEncoder, RecordReader, type TlsRecord } from "../../../../src/protocols/tls_rsa/records.ts";
import { createOpener, createSealer } from "../../../../src/protocols/tls_rsa/suite_protection.ts";
import { type CipherSuite, SUITES } from "../../../../src/protocols/tls_rsa/suites.ts";
import { joinBytes, numberBytes, vectorBytes } from "../../../../src/protocols/tls_rsa/wire.ts";
import { BytePipe } from "./byte_pipe.ts";
import type { Identity } from "./certificates.ts";

/** What the device agrees to. */
export interface DeviceWishes {
  readonly suite?: CipherSuite | undefined;
  readonly extendedMasterSecret?: boolean;
  readonly encryptThenMac?: boolean;
}

const RANDOM = new Uint8Array(32).fill(0x5a);

/** A device with a certificate, at the other end of `link`. */
export class FakeDevice {
  readonly toHub = new BytePipe();
  readonly #fromHub = new BytePipe();
  readonly link: HandshakeLink = {
    reader: new RecordReader(this.toHub),
    encoder: new RecordEncoder(),
    input: new HandshakeInput(),
    send: (bytes) => Promise.resolve(this.#fromHub.push(bytes)),
  };
  readonly #reader = new RecordReader(this.#fromHub);
  readonly #encoder = new RecordEncoder();
  readonly #input = new HandshakeInput();
  readonly #identity: Identity;
  readonly #wishes: Required<DeviceWishes> & { suite: CipherSuite };
  readonly #transcript: Uint8Array[] = [];
  #clientRandom: Uint8Array = new Uint8Array();
  #master: Uint8Array = new Uint8Array();
  #keys: ConnectionKeys | undefined;
  #sealer: RecordSealer | undefined;

  constructor(identity: Identity, wishes: DeviceWishes = {}) {
    const [first] = SUITES;
    assert(first);
    this.#identity = identity;
    this.#wishes = {
      extendedMasterSecret: false,
      encryptThenMac: false,
      ...wishes,
      suite: wishes.suite ?? first,
    };
  }

  /** Reads the hub's next record. */
  async hear(): Promise<TlsRecord> {
    const record = await this.#reader.read();
    assert(record, "the hub closed");
    return record;
  }

  /** Reads the hub's next handshake message, which must be of the type, into the transcript. */
  async hearMessage(type: number): Promise<HandshakeMessage> {
    for (;;) {
      const message = this.#input.next();
      if (message) {
        assertEquals(message.type, type);
        this.#transcript.push(message.raw);
        return message;
      }
      const record = await this.hear();
      assertEquals(record.type, CONTENT.handshake);
      this.#input.push(record.body);
    }
  }

  async hearHello(): Promise<void> {
    this.#clientRandom = (await this.hearMessage(HANDSHAKE.clientHello)).body.subarray(2, 34);
  }

  /** Sends a record. */
  send(type: number, body: Uint8Array): void {
    this.toHub.push(this.#encoder.encode(type, body));
  }

  /** Sends a protected record of application data without any. */
  sendEmpty(): void {
    assert(this.#sealer);
    const body = this.#sealer.seal(CONTENT.applicationData, new Uint8Array());
    this.toHub.push(joinBytes(Uint8Array.of(CONTENT.applicationData, 3, 3), vectorBytes(body, 2)));
  }

  /** Returns a handshake message after adding it to the transcript. */
  message(type: number, body: Uint8Array): Uint8Array {
    const message = handshakeMessage(type, body);
    this.#transcript.push(message);
    return message;
  }

  /** ServerHello, Certificate and ServerHelloDone as three messages. `extra` goes in before the last. */
  flight(...extra: readonly (readonly [type: number, body: Uint8Array])[]): Uint8Array[] {
    return [
      this.message(HANDSHAKE.serverHello, this.#hello()),
      this.message(HANDSHAKE.certificate, vectorBytes(vectorBytes(this.#identity.certificateDer, 3), 3)),
      ...extra.map(([type, body]) => this.message(type, body)),
      this.message(HANDSHAKE.serverHelloDone, new Uint8Array()),
    ];
  }

  #hello(): Uint8Array {
    const { suite, extendedMasterSecret, encryptThenMac } = this.#wishes;
    const extensions = [numberBytes(0xff01, 2), vectorBytes(Uint8Array.of(0), 2)];
    if (encryptThenMac) extensions.push(numberBytes(22, 2), numberBytes(0, 2));
    if (extendedMasterSecret) extensions.push(numberBytes(23, 2), numberBytes(0, 2));
    const [noSession, noCompression] = [Uint8Array.of(0), Uint8Array.of(0)];
    const suiteId = numberBytes(suite.id, 2);
    return joinBytes(Uint8Array.of(3, 3), RANDOM, noSession, suiteId, noCompression, ...[
      vectorBytes(joinBytes(...extensions), 2),
    ]);
  }

  /** Reads key exchange, ChangeCipherSpec and Finished, and checks them. */
  async hearKeys(): Promise<void> {
    const exchange = await this.hearMessage(HANDSHAKE.clientKeyExchange);
    const key = { key: this.#identity.keyPem, padding: constants.RSA_PKCS1_PADDING };
    const premaster = privateDecrypt(key, exchange.body.subarray(2));
    assertEquals([premaster.length, premaster[0], premaster[1]], [48, 3, 3]);
    const { suite, extendedMasterSecret: isExtended } = this.#wishes;
    const randoms = { client: this.#clientRandom, server: RANDOM };
    this.#master = isExtended
      ? extendedMasterSecret(suite, premaster, this.#hash())
      : masterSecret(suite, premaster, randoms);
    this.#keys = deriveKeys(suite, this.#master, randoms);
    assertEquals(await this.hear(), { type: CONTENT.changeCipherSpec, body: Uint8Array.of(1) });
    this.#reader.protect(createOpener(this.#agreed, this.#keys.client));
    const expected = verifyData(suite, this.#master, { side: "client", transcriptHash: this.#hash() });
    assertEquals((await this.hearMessage(HANDSHAKE.finished)).body, expected);
  }

  /** Sends ChangeCipherSpec and protects what follows. */
  changeKeys(body = Uint8Array.of(1)): void {
    this.send(CONTENT.changeCipherSpec, body);
    assert(this.#keys);
    this.#sealer = createSealer(this.#agreed, this.#keys.server);
    this.#encoder.protect(this.#sealer);
  }

  /** Returns the right Finished. */
  finished(): Uint8Array {
    const by = { side: "server", transcriptHash: this.#hash() } as const;
    return this.message(HANDSHAKE.finished, verifyData(this.#wishes.suite, this.#master, by));
  }

  get #agreed() {
    return { suite: this.#wishes.suite, usesEncryptThenMac: this.#wishes.encryptThenMac };
  }

  #hash(): Uint8Array {
    return hashTranscript(this.#wishes.suite, this.#transcript);
  }
}
