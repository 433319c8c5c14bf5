// The RSA key of the device's certificate, and what is encrypted for it.
import { constants, publicEncrypt, randomBytes, X509Certificate } from "node:crypto";
import { TlsFault } from "./alerts.ts";
import { VERSION_TLS12 } from "./protection.ts";
import { joinBytes, numberBytes } from "./wire.ts";

const PREMASTER_BYTES = 48;
/** Old cameras have keys of 1024 bits; shorter ones protect nothing. */
const MIN_KEY_BITS = 1024;

/** Returns a new premaster secret: the version that was offered, then random bytes (RFC 5246 §7.4.7.1). */
export function createPremaster(): Uint8Array<ArrayBuffer> {
  return joinBytes(numberBytes(VERSION_TLS12, 2), randomBytes(PREMASTER_BYTES - 2));
}

/**
 * Encrypts the premaster secret for the holder of the certificate's key, RSA with PKCS#1 v1.5 padding.
 * Nothing else of the certificate is looked at: whether it is the right one is the caller's question.
 * @throws TlsFault when the certificate cannot be read or its key is no RSA key of 1024 bits or more.
 */
export function encryptForDevice(certificateDer: Uint8Array, premaster: Uint8Array): Uint8Array {
  const key = readKey(certificateDer);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < MIN_KEY_BITS) {
    const what = key.asymmetricKeyType === "rsa"
      ? `RSA key of ${bits} bits`
      : `${key.asymmetricKeyType?.toUpperCase()} key`;
    throw new TlsFault("unsupported_certificate", `The device's certificate has an ${what}`, {
      hint: `An RSA key of ${MIN_KEY_BITS} bits or more is needed`,
    });
  }
  try {
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, premaster);
  } catch {
    // Beyond 4096 bits, or with an exponent of more than 33 bits, node:crypto does not do it.
    throw new TlsFault("unsupported_certificate", `The device's RSA key of ${bits} bits cannot be used`);
  }
}

function readKey(certificateDer: Uint8Array): X509Certificate["publicKey"] {
  try {
    return new X509Certificate(certificateDer).publicKey;
  } catch {
    throw new TlsFault("bad_certificate", "The device's certificate cannot be read");
  }
}
