// What sessions, links and tokens are made of: random bits that are given out, and the hash that is kept of them.
import { createHash, randomBytes } from "node:crypto";

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept and looked up. Who could time the look-up would learn of the hash, and nothing of the token. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
