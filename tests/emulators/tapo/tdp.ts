// The packets of the Tapo discovery: a header of 16 bytes with a checksum, then JSON.
import { Buffer } from "node:buffer";
import { constants, createCipheriv, publicEncrypt, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { type Json, type JsonObject, parseObject } from "./json.ts";

const HEADER_BYTES = 16;
const CRC_AT = 12;
/** Stands in the checksum's place while the checksum is made. */
const CRC_START = 0x5a6b7c8d;
const VERSION = 2;
const PROBE = 1;
const WITH_PAYLOAD = 0x11;

export interface TdpPacket {
  opcode: number;
  flags: number;
  serial: number;
  payload: string;
}

/** Takes a datagram apart; nothing when its header, length or checksum is wrong. */
export function readTdp(bytes: Uint8Array): TdpPacket | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(4);
  if (view.getUint8(0) !== VERSION || length !== bytes.length - HEADER_BYTES) return undefined;
  if (view.getUint32(CRC_AT) !== checksumOf(bytes)) return undefined;
  return {
    opcode: view.getUint16(2),
    flags: view.getUint8(6),
    serial: view.getUint32(8),
    payload: new TextDecoder().decode(bytes.subarray(HEADER_BYTES)),
  };
}

/** Puts a datagram together. */
export function writeTdp({ opcode, flags, serial, payload }: TdpPacket): Uint8Array {
  const text = new TextEncoder().encode(payload);
  const bytes = new Uint8Array(HEADER_BYTES + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(2, opcode);
  view.setUint16(4, text.length);
  view.setUint8(6, flags);
  view.setUint32(8, serial);
  bytes.set(text, HEADER_BYTES);
  view.setUint32(CRC_AT, checksumOf(bytes));
  return bytes;
}

function checksumOf(bytes: Uint8Array): number {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(CRC_AT, CRC_START);
  return crc32(copy);
}

/** The asker's public key where the probe carries one; `undefined` when this is no probe at all. */
export function readProbe(bytes: Uint8Array): { serial: number; rsaKey: string | undefined } | undefined {
  const packet = readTdp(bytes);
  if (!packet || packet.opcode !== PROBE) return undefined;
  if (packet.payload === "") return { serial: packet.serial, rsaKey: undefined };
  const params = parseObject(packet.payload)?.["params"] as JsonObject | undefined;
  const key = params?.["rsa_key"];
  return typeof key === "string" ? { serial: packet.serial, rsaKey: key } : undefined;
}

/** The answer to a probe; `secrets` only the asker can read, and only if it sent its key. */
export function answerProbe(
  probe: { serial: number; rsaKey: string | undefined },
  result: JsonObject,
  secrets: JsonObject,
): Uint8Array {
  const info = probe.rsaKey === undefined ? {} : { encrypt_info: encryptFor(probe.rsaKey, secrets) };
  const body: Json = { error_code: 0, result: { ...result, ...info } };
  return writeTdp({
    opcode: PROBE,
    flags: WITH_PAYLOAD,
    serial: probe.serial,
    payload: JSON.stringify(body),
  });
}

/** AES-128-CBC with a fresh key and IV, both locked with RSA-OAEP and SHA-1. */
function encryptFor(rsaKey: string, secrets: JsonObject): JsonObject {
  const keyAndIv = randomBytes(32);
  const cipher = createCipheriv("aes-128-cbc", keyAndIv.subarray(0, 16), keyAndIv.subarray(16));
  const data = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const key = publicEncrypt({ key: rsaKey, padding, oaepHash: "sha1" }, keyAndIv);
  return { sym_schm: "AES", key: key.toString("base64"), data: data.toString("base64") };
}
