// Which protection belongs to which cipher suite.
import { CbcOpener, type CbcProtection, CbcSealer } from "./cbc_records.ts";
import { GcmOpener, GcmSealer } from "./gcm_records.ts";
import type { DirectionKeys } from "./key_schedule.ts";
import type { RecordOpener, RecordSealer } from "./protection.ts";
import type { CipherSuite } from "./suites.ts";

/** What both sides agreed on, as far as records are concerned. */
export interface AgreedProtection {
  readonly suite: CipherSuite;
  /** RFC 7366; for CBC only. */
  readonly usesEncryptThenMac: boolean;
}

/** Returns what protects the records that are sent under the keys. */
export function createSealer(agreed: AgreedProtection, keys: DirectionKeys): RecordSealer {
  const { suite } = agreed;
  return suite.mode === "gcm" ? new GcmSealer(suite.cipher, keys) : new CbcSealer(cbc(suite, agreed, keys));
}

/** Returns what opens the records that come under the keys. */
export function createOpener(agreed: AgreedProtection, keys: DirectionKeys): RecordOpener {
  const { suite } = agreed;
  return suite.mode === "gcm" ? new GcmOpener(suite.cipher, keys) : new CbcOpener(cbc(suite, agreed, keys));
}

function cbc(
  suite: CipherSuite & { mode: "cbc" },
  agreed: AgreedProtection,
  keys: DirectionKeys,
): CbcProtection {
  return { cipher: suite.cipher, macHash: suite.macHash, keys, encryptThenMac: agreed.usesEncryptThenMac };
}
