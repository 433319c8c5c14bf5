// Password hashes: scrypt (RFC 7914) with parameters that stand in the hash, so that they can grow.
import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";

const COST = 2 ** 15;
const BLOCK_SIZE = 8;
const PARALLEL = 1;
const KEY_BYTES = 32;
const MIN_LENGTH = 8;
const MAX_LENGTH = 1000;

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options = { N: cost, r: BLOCK_SIZE, p: PARALLEL, maxmem: 256 * cost * BLOCK_SIZE };
  return new Promise((resolve, reject) => {
    scrypt(
      password.normalize("NFKC"),
      salt,
      KEY_BYTES,
      options,
      (error, key) => error ? reject(error) : resolve(key),
    );
  });
}

/** Refuses what is too short to protect a house. @throws HubError `invalid_input`. */
export function checkNewPassword(password: Secret): void {
  const { length } = password.reveal();
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return;
  throw new HubError("invalid_input", `A password of ${length} characters cannot be used`, {
    hint:
      `Take at least ${MIN_LENGTH} and at most ${MAX_LENGTH} characters; a few words are easy to keep in mind`,
  });
}

/** Returns `scrypt$N$salt$key`. */
export async function hashPassword(password: Secret): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.reveal(), salt, COST);
  return `scrypt$${COST}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** True when the password is the one that was hashed. Without a hash it takes as long, and is false. */
export async function verifyPassword(password: Secret, hash: string | undefined): Promise<boolean> {
  const [kind, cost, salt, key] = (hash ?? "").split("$");
  const isKnown = kind === "scrypt" && cost !== undefined && salt !== undefined && key !== undefined;
  if (password.reveal().length > MAX_LENGTH) return false;
  const expected = isKnown ? Buffer.from(key, "base64url") : randomBytes(KEY_BYTES);
  const saltBytes = isKnown ? Buffer.from(salt, "base64url") : randomBytes(16);
  const actual = await derive(password.reveal(), saltBytes, isKnown ? Number(cost) : COST);
  return isKnown && actual.length === expected.length && timingSafeEqual(actual, expected);
}
