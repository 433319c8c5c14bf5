// The hashes and the cipher of Tapo's control protocol on port 443. Nothing here keeps or sends anything.
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";

/** How a camera keeps the password: newer firmware as SHA-256, older as MD5. */
export type PasswordForm = "sha256" | "md5";

/** Both sides' random texts of one login: the client's (16 hexadecimal digits) and the camera's. */
export interface LoginNonces {
  cnonce: string;
  nonce: string;
}

/** Key and initialisation vector of one session, 16 bytes each. The vector stays the same for every message. */
export interface SessionKeys {
  key: Buffer;
  iv: Buffer;
}

const BLOCK_BYTES = 16;

/** SHA-256 of the text in upper-case hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex").toUpperCase();
}

/** MD5 of the text in upper-case hexadecimal. */
export function md5Hex(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex").toUpperCase();
}

/** The password in the form that the camera keeps. */
export function hashPassword(password: string, form: PasswordForm): string {
  return form === "sha256" ? sha256Hex(password) : md5Hex(password);
}

/** What a camera that knows the hashed password answers as `device_confirm`. */
export function expectedConfirm(hashed: string, { cnonce, nonce }: LoginNonces): string {
  return sha256Hex(cnonce + hashed + nonce) + nonce + cnonce;
}

/**
 * Which form of the password the camera holds, by its `device_confirm`; undefined when it is another
 * password. Nothing has to be sent to find that out.
 */
export function matchPassword(
  password: string,
  answer: LoginNonces & { deviceConfirm: string },
): PasswordForm | undefined {
  const forms: readonly PasswordForm[] = ["sha256", "md5"];
  return forms.find((form) => expectedConfirm(hashPassword(password, form), answer) === answer.deviceConfirm);
}

/** The `digest_passwd` of the second login message. */
export function digestPassword(hashed: string, { cnonce, nonce }: LoginNonces): string {
  return sha256Hex(hashed + cnonce + nonce) + cnonce + nonce;
}

/** The keys of the session that the login opens. */
export function sessionKeys(hashed: string, { cnonce, nonce }: LoginNonces): SessionKeys {
  const shared = sha256Hex(cnonce + hashed + nonce);
  const derive = (label: string) =>
    createHash("sha256").update(label + cnonce + nonce + shared, "utf8").digest().subarray(0, BLOCK_BYTES);
  return { key: derive("lsk"), iv: derive("ivb") };
}

/** The part of the tag that is the same for every request of a session. */
export function tagKey(hashed: string, cnonce: string): string {
  return sha256Hex(hashed + cnonce);
}

/** The `Tapo_tag` header: binds the exact bytes of the body to the number in the `Seq` header. */
export function requestTag(key: string, request: { body: string; seq: number }): string {
  return sha256Hex(key + request.body + String(request.seq));
}

/** AES-128-CBC with PKCS #7 padding, as base64. */
export function encryptMessage(text: string, { key, iv }: SessionKeys): string {
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final()]).toString("base64");
}

/**
 * Reverses `encryptMessage`. Some firmware pads its JSON twice, or with zeros; whatever of that kind stands at
 * the end is taken off. Returns undefined when the text is no base64 or no whole number of blocks; under a
 * wrong key it returns nonsense, which is then no JSON.
 */
export function decryptMessage(base64: string, { key, iv }: SessionKeys): string | undefined {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(base64)) return undefined;
  const sealed = Buffer.from(base64, "base64");
  if (sealed.length === 0 || sealed.length % BLOCK_BYTES !== 0) return undefined;
  const decipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(sealed), decipher.final()]);
  return plain.subarray(0, lengthWithoutPadding(plain)).toString("utf8");
}

/** JSON ends in a printable character, so that bytes 0x00–0x10 at its end are padding, however often applied. */
function lengthWithoutPadding(plain: Buffer): number {
  let length = plain.length;
  while (length > 0 && (plain[length - 1] ?? 0) <= BLOCK_BYTES) length--;
  return length;
}
