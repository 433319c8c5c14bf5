// The handshake messages that the device sends, read and held against what was offered (RFC 5246 §7.4).
import { TlsFault } from "./alerts.ts";
import { EXTENSION } from "./client_messages.ts";
import { VERSION_TLS12 } from "./protection.ts";
import { type CipherSuite, SUITES } from "./suites.ts";
import { WireReader } from "./wire.ts";

const RANDOM_BYTES = 32;
const MAX_SESSION_ID_BYTES = 32;
const MAX_CERTIFICATES = 16;

/** What the device chose. */
export interface ServerHello {
  readonly random: Uint8Array;
  readonly suite: CipherSuite;
  readonly usesExtendedMasterSecret: boolean;
  readonly usesEncryptThenMac: boolean;
}

/**
 * Reads a ServerHello.
 * @throws TlsFault when it is malformed or chooses what was not offered.
 */
export function readServerHello(body: Uint8Array, offered: { serverName: boolean }): ServerHello {
  const reader = new WireReader(body);
  const version = reader.number(2);
  if (version !== VERSION_TLS12) {
    throw new TlsFault("protocol_version", `The device chose ${versionName(version)} instead of TLS 1.2`);
  }
  const random = reader.take(RANDOM_BYTES);
  if (reader.vector(1).length > MAX_SESSION_ID_BYTES) throw notOffered("an overlong session id");
  const suite = readSuite(reader.number(2));
  if (reader.number(1) !== 0) throw notOffered("compression");
  const chosen = readExtensions(reader, offered);
  reader.end();
  const usesEncryptThenMac = chosen.has(EXTENSION.encryptThenMac);
  // RFC 7366 §3.
  if (usesEncryptThenMac && suite.mode !== "cbc") throw notOffered("encrypt-then-MAC for GCM");
  return {
    random,
    suite,
    usesExtendedMasterSecret: chosen.has(EXTENSION.extendedMasterSecret),
    usesEncryptThenMac,
  };
}

function readSuite(id: number): CipherSuite {
  const suite = SUITES.find((each) => each.id === id);
  if (!suite) throw notOffered(`the cipher suite 0x${id.toString(16).padStart(4, "0")}`);
  return suite;
}

/** Returns the numbers of the extensions. Very old devices send no list at all. */
function readExtensions(hello: WireReader, offered: { serverName: boolean }): ReadonlySet<number> {
  const seen = new Set<number>();
  if (hello.left === 0) return seen;
  const list = new WireReader(hello.vector(2));
  while (list.left > 0) {
    const type = list.number(2);
    checkExtension(type, list.vector(2), offered);
    if (seen.has(type)) throw new TlsFault("illegal_parameter", "The device named a TLS extension twice");
    seen.add(type);
  }
  return seen;
}

function checkExtension(type: number, content: Uint8Array, offered: { serverName: boolean }): void {
  const isOffered = type === EXTENSION.renegotiationInfo || type === EXTENSION.encryptThenMac ||
    type === EXTENSION.extendedMasterSecret || (type === EXTENSION.serverName && offered.serverName);
  if (!isOffered) {
    throw new TlsFault("unsupported_extension", `The device chose the TLS extension ${type}, not offered`);
  }
  if (type !== EXTENSION.renegotiationInfo) return new WireReader(content).end();
  // RFC 5746 §3.4: in a first handshake it holds an empty vector.
  if (content.length !== 1 || content[0] !== 0) {
    throw new TlsFault("handshake_failure", "The device took a first TLS handshake for a renegotiation");
  }
}

/**
 * Reads a Certificate message and returns the device's own certificate, DER; the rest of the chain is not used.
 * @throws TlsFault when it is malformed or holds no certificate.
 */
export function readCertificate(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new WireReader(body);
  const list = new WireReader(message.vector(3));
  message.end();
  const leaf = list.left > 0 ? list.vector(3) : new Uint8Array();
  if (leaf.length === 0) throw new TlsFault("bad_certificate", "The device sent no certificate");
  for (let count = 1; list.left > 0; count++) {
    if (count === MAX_CERTIFICATES) {
      throw new TlsFault("bad_certificate", `The device sent more than ${MAX_CERTIFICATES} certificates`);
    }
    list.vector(3);
  }
  return leaf.slice();
}

function versionName(version: number): string {
  const names: Record<number, string> = { 0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1" };
  return names[version] ?? `the unknown version 0x${version.toString(16)}`;
}

function notOffered(what: string): TlsFault {
  return new TlsFault("illegal_parameter", `The device chose ${what}, which was not offered`);
}
