// The pseudorandom function from which TLS 1.2 makes all its keys (RFC 5246 §5).
import { createHmac } from "node:crypto";
import type { HashName } from "./suites.ts";

/** What goes into the function. The label is ASCII. */
export interface PrfInput {
  readonly hash: HashName;
  readonly secret: Uint8Array;
  readonly label: string;
  readonly seed: Uint8Array;
}

/** Returns as many pseudorandom bytes as asked for: P_hash(secret, label + seed). */
export function prf(input: PrfInput, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const label = new TextEncoder().encode(input.label);
  const hmac = (...parts: readonly Uint8Array[]) => {
    const state = createHmac(input.hash, input.secret);
    for (const part of parts) state.update(part);
    return state.digest();
  };
  const output = new Uint8Array(sizeBytes);
  let chain = hmac(label, input.seed);
  for (let filled = 0; filled < sizeBytes;) {
    const block = hmac(chain, label, input.seed).subarray(0, sizeBytes - filled);
    output.set(block, filled);
    filled += block.length;
    chain = hmac(chain);
  }
  return output;
}
