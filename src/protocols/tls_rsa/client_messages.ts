// The handshake messages that the hub sends (RFC 5246 §7.4).
import { HANDSHAKE } from "./handshake_input.ts";
import { VERSION_TLS12 } from "./protection.ts";
import { SUITES } from "./suites.ts";
import { joinBytes, numberBytes, vectorBytes } from "./wire.ts";

/** Numbers of the extensions that the hub offers (IANA TLS ExtensionType Values). */
export const EXTENSION = {
  serverName: 0,
  signatureAlgorithms: 13,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  renegotiationInfo: 0xff01,
} as const;

const NO_COMPRESSION = 0;
const HOST_NAME = 0;
/** RSA PKCS#1 with SHA-256, SHA-384, SHA-512 and SHA-1: a device may look here whether its certificate will do. */
const SIGNATURE_ALGORITHMS = [0x0401, 0x0501, 0x0601, 0x0201];

/** Returns a whole handshake message. */
export function handshakeMessage(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return joinBytes(numberBytes(type, 1), vectorBytes(body, 3));
}

/** Returns the ClientHello. A server name is sent only when given. */
export function clientHello(hello: { random: Uint8Array; serverName?: string }): Uint8Array<ArrayBuffer> {
  const noSession = new Uint8Array();
  const body = joinBytes(
    numberBytes(VERSION_TLS12, 2),
    hello.random,
    vectorBytes(noSession, 1),
    vectorBytes(numbers(SUITES.map(({ id }) => id)), 2),
    vectorBytes(Uint8Array.of(NO_COMPRESSION), 1),
    vectorBytes(extensions(hello.serverName), 2),
  );
  return handshakeMessage(HANDSHAKE.clientHello, body);
}

function extensions(serverName: string | undefined): Uint8Array {
  const empty = new Uint8Array();
  return joinBytes(
    ...serverName === undefined ? [] : [extension(EXTENSION.serverName, hostName(serverName))],
    extension(EXTENSION.renegotiationInfo, vectorBytes(empty, 1)),
    extension(EXTENSION.signatureAlgorithms, vectorBytes(numbers(SIGNATURE_ALGORITHMS), 2)),
    extension(EXTENSION.encryptThenMac, empty),
    extension(EXTENSION.extendedMasterSecret, empty),
  );
}

function extension(type: number, content: Uint8Array): Uint8Array {
  return joinBytes(numberBytes(type, 2), vectorBytes(content, 2));
}

/** RFC 6066 §3. */
function hostName(name: string): Uint8Array {
  const entry = joinBytes(numberBytes(HOST_NAME, 1), vectorBytes(new TextEncoder().encode(name), 2));
  return vectorBytes(entry, 2);
}

function numbers(values: readonly number[]): Uint8Array {
  return joinBytes(...values.map((value) => numberBytes(value, 2)));
}

/** Returns the answer to a CertificateRequest: the hub has no certificate. */
export function noCertificate(): Uint8Array<ArrayBuffer> {
  return handshakeMessage(HANDSHAKE.certificate, vectorBytes(new Uint8Array(), 3));
}

/** Returns the ClientKeyExchange that carries the encrypted premaster secret. */
export function clientKeyExchange(encryptedPremaster: Uint8Array): Uint8Array<ArrayBuffer> {
  return handshakeMessage(HANDSHAKE.clientKeyExchange, vectorBytes(encryptedPremaster, 2));
}

/** Returns the Finished message. */
export function finished(verifyData: Uint8Array): Uint8Array<ArrayBuffer> {
  return handshakeMessage(HANDSHAKE.finished, verifyData);
}
