// Records under AES-GCM (RFC 5288).
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { DirectionKeys } from "./key_schedule.ts";
import { badRecord, RecordCounter, type RecordOpener, type RecordSealer } from "./protection.ts";
import { joinBytes } from "./wire.ts";

const EXPLICIT_NONCE_BYTES = 8;
const TAG_BYTES = 16;

type GcmCipher = "aes-128-gcm" | "aes-256-gcm";

/** Seals records. The nonce is the record's number, so it never comes twice under one key. */
export class GcmSealer implements RecordSealer {
  readonly #cipher: GcmCipher;
  readonly #keys: DirectionKeys;
  readonly #counter = new RecordCounter();

  constructor(cipher: GcmCipher, keys: DirectionKeys) {
    this.#cipher = cipher;
    this.#keys = keys;
  }

  seal(type: number, plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
    const header = this.#counter.header(type, plaintext.length);
    const explicitNonce = header.subarray(0, EXPLICIT_NONCE_BYTES);
    const cipher = createCipheriv(this.#cipher, this.#keys.key, joinBytes(this.#keys.salt, explicitNonce));
    cipher.setAAD(header);
    const sealed = cipher.update(plaintext);
    const rest = cipher.final();
    return joinBytes(explicitNonce, sealed, rest, cipher.getAuthTag());
  }
}

/** Opens records. The device chooses its own nonces. */
export class GcmOpener implements RecordOpener {
  readonly #cipher: GcmCipher;
  readonly #keys: DirectionKeys;
  readonly #counter = new RecordCounter();

  constructor(cipher: GcmCipher, keys: DirectionKeys) {
    this.#cipher = cipher;
    this.#keys = keys;
  }

  open(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
    const sizeBytes = body.length - EXPLICIT_NONCE_BYTES - TAG_BYTES;
    if (sizeBytes < 0) throw badRecord();
    const nonce = joinBytes(this.#keys.salt, body.subarray(0, EXPLICIT_NONCE_BYTES));
    const decipher = createDecipheriv(this.#cipher, this.#keys.key, nonce);
    decipher.setAAD(this.#counter.header(type, sizeBytes));
    decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
    try {
      const opened = decipher.update(body.subarray(EXPLICIT_NONCE_BYTES, body.length - TAG_BYTES));
      return joinBytes(opened, decipher.final());
    } catch {
      // node:crypto tells a wrong tag by a bare Error; nothing of the record is handed on.
      throw badRecord();
    }
  }
}
