// How messages travel after a login: sealed (firmware since about 2022) or as they are (older).
import { Buffer } from "node:buffer";
import { decryptMessage, encryptMessage, type PasswordForm, requestTag, type SessionKeys } from "./crypto.ts";
import { asText, at, type TapoObject } from "./values.ts";
import { parseObject, type WireRequest } from "./wire.ts";

/** An open session: turns messages into requests, and answers into messages. */
export interface TapoChannel {
  /** How the camera keeps the password: the media port on 8800 needs to know. */
  readonly passwordForm: PasswordForm;
  /** The request that carries the message. Numbers go up: every sealed message is to be sent, or lost. */
  seal(message: TapoObject): WireRequest;
  /** The message in an answer; undefined when it cannot be deciphered. */
  open(answer: TapoObject): TapoObject | undefined;
}

/** Messages as they are (login with a hashed password). */
export class PlainChannel implements TapoChannel {
  readonly passwordForm = "md5";
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  seal(message: TapoObject): WireRequest {
    return { path: this.#path, body: JSON.stringify(message) };
  }

  open(answer: TapoObject): TapoObject {
    return answer;
  }
}

/** What the encrypted login has agreed on. */
export interface SealedChannelOptions {
  path: string;
  passwordForm: PasswordForm;
  keys: SessionKeys;
  /** From `tagKey`. */
  tagKey: string;
  /** The number of the first request. */
  startSeq: number;
}

/** Messages in `securePassthrough`, AES-128-CBC, with a number and a tag for each. */
export class SealedChannel implements TapoChannel {
  readonly passwordForm: PasswordForm;
  readonly #options: SealedChannelOptions;
  #seq: number;

  constructor(options: SealedChannelOptions) {
    this.#options = options;
    this.passwordForm = options.passwordForm;
    this.#seq = options.startSeq;
  }

  seal(message: TapoObject): WireRequest {
    const { path, keys, tagKey } = this.#options;
    const request = encryptMessage(JSON.stringify(message), keys);
    const body = JSON.stringify({ method: "securePassthrough", params: { request } });
    const seq = this.#seq++;
    return { path, body, headers: { Seq: String(seq), Tapo_tag: requestTag(tagKey, { body, seq }) } };
  }

  /** Some answers come unsealed, as a whole or within the envelope: those are taken as they are. */
  open(answer: TapoObject): TapoObject | undefined {
    const sealed = asText(at(answer, "result", "response"));
    if (sealed === undefined) return answer;
    const plain = decryptMessage(sealed, this.#options.keys);
    return (plain === undefined ? undefined : parseObject(plain)) ?? parseObject(sealed);
  }

  /** Keys stay out of whatever prints this. */
  toJSON(): string {
    return "[session]";
  }
}

/** A client nonce: 16 upper-case hexadecimal digits. */
export function randomNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex").toUpperCase();
}
