// The hashes and the cipher of the camera protocol. Hexadecimal digests are upper case on the wire.
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** How a device keeps the password: older firmware MD5, newer SHA-256. */
export type PasswordForm = "sha256" | "md5";

/** SHA-256 of the text, 64 upper-case digits. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex").toUpperCase();
}

/** MD5 of the text, 32 upper-case digits. */
export function md5Hex(text: string): string {
  return createHash("md5").update(text).digest("hex").toUpperCase();
}

/** The password in the form in which it enters all other digests. */
export function hashPassword(password: string, form: PasswordForm): string {
  return form === "sha256" ? sha256Hex(password) : md5Hex(password);
}

/** Upper-case hexadecimal of that many random bytes. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex").toUpperCase();
}

/** AES-128-CBC with PKCS#7 and an IV that never changes, as in securePassthrough. */
export class SessionCipher {
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;

  constructor(key: Uint8Array, iv: Uint8Array) {
    this.#key = key;
    this.#iv = iv;
  }

  /** The cipher of a V3 login: both nonces and the hashed password go in. */
  static ofLogin(cnonce: string, nonce: string, hashed: string): SessionCipher {
    const inner = sha256Hex(cnonce + hashed + nonce);
    const derive = (label: string) =>
      createHash("sha256").update(label + cnonce + nonce + inner).digest().subarray(0, 16);
    return new SessionCipher(derive("lsk"), derive("ivb"));
  }

  encrypt(text: string): string {
    const cipher = createCipheriv("aes-128-cbc", this.#key, this.#iv);
    return Buffer.concat([cipher.update(text, "utf8"), cipher.final()]).toString("base64");
  }

  /**
   * Some clients pad twice and real cameras take it, so padding left inside the text is dropped.
   * @throws Error when the text was not made with this key.
   */
  decrypt(base64: string): string {
    const cipher = createDecipheriv("aes-128-cbc", this.#key, this.#iv);
    const bytes = Buffer.concat([cipher.update(Buffer.from(base64, "base64")), cipher.final()]);
    let end = bytes.length;
    while (end > 0 && bytes[end - 1]! <= 16) end--;
    return bytes.subarray(0, end).toString("utf8");
  }
}
