// Records under AES-CBC with HMAC: MAC-then-encrypt (RFC 5246 §6.2.3.2) or encrypt-then-MAC (RFC 7366).
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { cbcContent } from "./cbc_padding.ts";
import type { DirectionKeys } from "./key_schedule.ts";
import { badRecord, RecordCounter, type RecordOpener, type RecordSealer } from "./protection.ts";
import { hashBytes } from "./suites.ts";
import { joinBytes } from "./wire.ts";

const BLOCK_BYTES = 16;
const MAX_PADDING_BYTES = 256;

/** How the records of one direction are protected. */
export interface CbcProtection {
  readonly cipher: "aes-128-cbc" | "aes-256-cbc";
  readonly macHash: "sha1" | "sha256";
  readonly keys: DirectionKeys;
  readonly encryptThenMac: boolean;
}

/** Seals records, each under a random IV of its own and with the shortest padding. */
export class CbcSealer implements RecordSealer {
  readonly #how: CbcProtection;
  readonly #counter = new RecordCounter();

  constructor(how: CbcProtection) {
    this.#how = how;
  }

  seal(type: number, plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
    if (!this.#how.encryptThenMac) {
      const header = this.#counter.header(type, plaintext.length);
      return this.#encrypt(joinBytes(plaintext, hmac(this.#how, header, plaintext)));
    }
    const encrypted = this.#encrypt(plaintext);
    const header = this.#counter.header(type, encrypted.length);
    return joinBytes(encrypted, hmac(this.#how, header, encrypted));
  }

  /** Returns IV and ciphertext. */
  #encrypt(content: Uint8Array): Uint8Array<ArrayBuffer> {
    const iv = randomBytes(BLOCK_BYTES);
    const paddingBytes = BLOCK_BYTES - content.length % BLOCK_BYTES;
    const padding = new Uint8Array(paddingBytes).fill(paddingBytes - 1);
    const cipher = createCipheriv(this.#how.cipher, this.#how.keys.key, iv);
    cipher.setAutoPadding(false);
    const encrypted = cipher.update(joinBytes(content, padding));
    return joinBytes(iv, encrypted, cipher.final());
  }
}

/** Opens records. Wrong padding and wrong MAC lead to the same fault after the same work. */
export class CbcOpener implements RecordOpener {
  readonly #how: CbcProtection;
  readonly #counter = new RecordCounter();
  readonly #macBytes: number;

  constructor(how: CbcProtection) {
    this.#how = how;
    this.#macBytes = hashBytes(how.macHash);
  }

  open(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#how.encryptThenMac ? this.#openMacOutside(type, body) : this.#openMacInside(type, body);
  }

  #openMacInside(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
    const plain = this.#decrypt(body, this.#macBytes + 1);
    const { sizeBytes, isValid } = cbcContent(plain, this.#macBytes);
    const content = plain.subarray(0, sizeBytes);
    const expected = hmac(this.#how, this.#counter.header(type, sizeBytes), content);
    const isMacRight = timingSafeEqual(expected, plain.subarray(sizeBytes, sizeBytes + this.#macBytes));
    this.#evenOut(plain.length - sizeBytes);
    // No short circuit: which of the two was wrong must not show (padding oracles).
    if ((Number(isMacRight) & isValid) === 0) throw badRecord();
    return content.slice();
  }

  #openMacOutside(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
    const end = body.length - this.#macBytes;
    if (end < 0) throw badRecord();
    const encrypted = body.subarray(0, end);
    const expected = hmac(this.#how, this.#counter.header(type, encrypted.length), encrypted);
    if (!timingSafeEqual(expected, body.subarray(end))) throw badRecord();
    const plain = this.#decrypt(encrypted, 1);
    const { sizeBytes, isValid } = cbcContent(plain, 0);
    if (isValid === 0) throw badRecord();
    return plain.slice(0, sizeBytes);
  }

  /** Decrypts IV and ciphertext, which must hold at least so many bytes. */
  #decrypt(body: Uint8Array, leastBytes: number): Uint8Array<ArrayBuffer> {
    const sizeBytes = body.length - BLOCK_BYTES;
    if (body.length % BLOCK_BYTES !== 0 || sizeBytes < leastBytes) throw badRecord();
    const decipher = createDecipheriv(this.#how.cipher, this.#how.keys.key, body.subarray(0, BLOCK_BYTES));
    decipher.setAutoPadding(false);
    const plain = decipher.update(body.subarray(BLOCK_BYTES));
    return joinBytes(plain, decipher.final());
  }

  /**
   * Hashes what the MAC left out as padding, at most 256 bytes, so that the time does not tell its length beyond
   * one block of the hash. JavaScript cannot do better; a wrong record ends the connection, which leaves an
   * attacker one guess for each handshake.
   */
  #evenOut(leftOutBytes: number): void {
    const filler = new Uint8Array(Math.min(leftOutBytes, MAX_PADDING_BYTES + this.#macBytes));
    createHmac(this.#how.macHash, this.#how.keys.macKey).update(filler).digest();
  }
}

function hmac(how: CbcProtection, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac(how.macHash, how.keys.macKey);
  for (const part of parts) state.update(part);
  return state.digest();
}
