// The cipher suites that old cameras offer and Deno's own TLS does not: those with static RSA key exchange.

/** Name of a hash as node:crypto knows it. */
export type HashName = "sha1" | "sha256" | "sha384";

interface AnySuite {
  /** Number of the suite (IANA TLS Cipher Suites). */
  readonly id: number;
  readonly name: string;
  readonly keyBytes: 16 | 32;
  /** Hash of the pseudorandom function and of the handshake transcript. */
  readonly prfHash: "sha256" | "sha384";
}

/** A suite whose records are protected by AES-GCM (RFC 5288). */
export interface GcmSuite extends AnySuite {
  readonly mode: "gcm";
  readonly cipher: "aes-128-gcm" | "aes-256-gcm";
}

/** A suite whose records are protected by AES-CBC and HMAC (RFC 5246 appendix C). */
export interface CbcSuite extends AnySuite {
  readonly mode: "cbc";
  readonly cipher: "aes-128-cbc" | "aes-256-cbc";
  /** Hash of the record's HMAC. */
  readonly macHash: "sha1" | "sha256";
}

/** What a cipher suite fixes. */
export type CipherSuite = GcmSuite | CbcSuite;

const AES_128_GCM = { mode: "gcm", cipher: "aes-128-gcm", keyBytes: 16 } as const;
const AES_256_GCM = { mode: "gcm", cipher: "aes-256-gcm", keyBytes: 32 } as const;
const AES_128_CBC = { mode: "cbc", cipher: "aes-128-cbc", keyBytes: 16, prfHash: "sha256" } as const;
const AES_256_CBC = { mode: "cbc", cipher: "aes-256-cbc", keyBytes: 32, prfHash: "sha256" } as const;

/** All suites the hub offers, the best first. */
export const SUITES: readonly CipherSuite[] = [
  { id: 0x009c, name: "TLS_RSA_WITH_AES_128_GCM_SHA256", ...AES_128_GCM, prfHash: "sha256" },
  { id: 0x009d, name: "TLS_RSA_WITH_AES_256_GCM_SHA384", ...AES_256_GCM, prfHash: "sha384" },
  { id: 0x003c, name: "TLS_RSA_WITH_AES_128_CBC_SHA256", ...AES_128_CBC, macHash: "sha256" },
  { id: 0x003d, name: "TLS_RSA_WITH_AES_256_CBC_SHA256", ...AES_256_CBC, macHash: "sha256" },
  { id: 0x002f, name: "TLS_RSA_WITH_AES_128_CBC_SHA", ...AES_128_CBC, macHash: "sha1" },
  { id: 0x0035, name: "TLS_RSA_WITH_AES_256_CBC_SHA", ...AES_256_CBC, macHash: "sha1" },
];

const HASH_BYTES: Readonly<Record<HashName, number>> = { sha1: 20, sha256: 32, sha384: 48 };

/** Returns the length of the hash, bytes. */
export function hashBytes(hash: HashName): number {
  return HASH_BYTES[hash];
}
