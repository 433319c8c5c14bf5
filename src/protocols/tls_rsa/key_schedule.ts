// From the premaster secret to the keys of both directions, and the proof that both sides saw the same handshake.
import { createHash } from "node:crypto";
import { prf } from "./prf.ts";
import { type CipherSuite, hashBytes } from "./suites.ts";
import { joinBytes } from "./wire.ts";

const MASTER_SECRET_BYTES = 48;
const VERIFY_DATA_BYTES = 12;
const GCM_SALT_BYTES = 4;

/** What both sides contributed in the open. */
export interface Randoms {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** Keys of one direction. */
export interface DirectionKeys {
  readonly key: Uint8Array;
  /** Of the record's HMAC; empty for GCM. */
  readonly macKey: Uint8Array;
  /** The fixed part of GCM's nonce; empty for CBC. */
  readonly salt: Uint8Array;
}

/** Keys of both directions. */
export interface ConnectionKeys {
  readonly client: DirectionKeys;
  readonly server: DirectionKeys;
}

/** Returns the hash of the handshake messages so far. */
export function hashTranscript(suite: CipherSuite, messages: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(suite.prfHash);
  for (const message of messages) hash.update(message);
  return hash.digest();
}

/** Returns the master secret of RFC 5246 §8.1. */
export function masterSecret(suite: CipherSuite, premaster: Uint8Array, randoms: Randoms): Uint8Array {
  const seed = joinBytes(randoms.client, randoms.server);
  return prf({ hash: suite.prfHash, secret: premaster, label: "master secret", seed }, MASTER_SECRET_BYTES);
}

/** Returns the master secret of RFC 7627 §4, bound to the handshake up to and with ClientKeyExchange. */
export function extendedMasterSecret(
  suite: CipherSuite,
  premaster: Uint8Array,
  sessionHash: Uint8Array,
): Uint8Array {
  const label = "extended master secret";
  return prf({ hash: suite.prfHash, secret: premaster, label, seed: sessionHash }, MASTER_SECRET_BYTES);
}

/** Cuts the key block (RFC 5246 §6.3) into the keys of both directions. */
export function deriveKeys(suite: CipherSuite, master: Uint8Array, randoms: Randoms): ConnectionKeys {
  const macBytes = suite.mode === "cbc" ? hashBytes(suite.macHash) : 0;
  const saltBytes = suite.mode === "gcm" ? GCM_SALT_BYTES : 0;
  const seed = joinBytes(randoms.server, randoms.client);
  const size = 2 * (macBytes + suite.keyBytes + saltBytes);
  const block = prf({ hash: suite.prfHash, secret: master, label: "key expansion", seed }, size);
  let offset = 0;
  const cut = (sizeBytes: number) => block.subarray(offset, offset += sizeBytes);
  const [clientMac, serverMac] = [cut(macBytes), cut(macBytes)];
  const [clientKey, serverKey] = [cut(suite.keyBytes), cut(suite.keyBytes)];
  const [clientSalt, serverSalt] = [cut(saltBytes), cut(saltBytes)];
  return {
    client: { key: clientKey, macKey: clientMac, salt: clientSalt },
    server: { key: serverKey, macKey: serverMac, salt: serverSalt },
  };
}

/** Returns what the Finished message of a side must hold (RFC 5246 §7.4.9). */
export function verifyData(
  suite: CipherSuite,
  master: Uint8Array,
  by: { side: "client" | "server"; transcriptHash: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const label = `${by.side} finished`;
  return prf({ hash: suite.prfHash, secret: master, label, seed: by.transcriptHash }, VERIFY_DATA_BYTES);
}
