// A print of user name and password by which the hub tells whether they were changed, without keeping them.
import { pbkdf2, timingSafeEqual } from "node:crypto";
import type { Secret } from "../base/secret.ts";

/** What a print is made of. */
export interface Credentials {
  username: string;
  password: Secret;
}

/** PBKDF2 rounds: a tenth of a second on a small machine, and slow to guess from. */
const ROUNDS = 100_000;

/** Returns `salt:hash`, both hexadecimal: PBKDF2-SHA-256 of user name and password. */
export function printOf({ username, password }: Credentials, salt: Uint8Array): Promise<string> {
  const text = `${username}\n${password.reveal()}`;
  return new Promise((resolve, reject) =>
    pbkdf2(text, salt, ROUNDS, 32, "sha256", (error, hash) => {
      if (error) reject(error);
      else resolve(`${toHex(salt)}:${toHex(hash)}`);
    })
  );
}

/** True when the print was made of these credentials. */
export async function matchesPrint(print: string, credentials: Credentials): Promise<boolean> {
  const [salt = ""] = print.split(":");
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], (hex) => parseInt(hex, 16));
  const own = new TextEncoder().encode(await printOf(credentials, bytes));
  const kept = new TextEncoder().encode(print);
  return own.length === kept.length && timingSafeEqual(own, kept);
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
