// Tapo's search on UDP port 20002 (TDP), as bytes: builds the question, reads the answers. Whatever is no answer
// is undefined; nothing here throws on what comes from the network.
import { Buffer } from "node:buffer";
import {
  constants,
  createDecipheriv,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
  randomBytes,
} from "node:crypto";
import { crc32 } from "./crc32.ts";
import {
  asEpochSeconds,
  asMac,
  asNumber,
  asObject,
  asOnOff,
  asText,
  asTexts,
  at,
  type Known,
  known,
  type TapoObject,
} from "./values.ts";
import { parseObject } from "./wire.ts";

/** How a found device wants to be talked to. */
export interface TapoTransports {
  /** Whether it is controlled over HTTPS; undefined when it does not tell. */
  https?: boolean;
  /** `AES`, `KLAP` or `TPAP`; absent when the device does not tell. */
  encrypt?: string;
  port?: number;
  /** `"3"`: the encrypted login of cameras; `"4"` or `"tpap"`: the newest one only. */
  loginKinds: string[];
}

/** A device that answered a search. */
export interface TapoAnnouncement {
  /** `SMART.IPCAMERA`, `SMART.TAPODOORBELL`, `SMART.TAPOHUB`, `SMART.TAPOPLUG`, `SMART.TAPOBULB`, … */
  type: string;
  model: string;
  deviceId?: string;
  /** `AB:CD:…`, upper case. */
  mac?: string;
  name?: string;
  firmware?: string;
  hardware?: string;
  /** True for a device that has not been set up. */
  isFactoryNew?: boolean;
  transports: TapoTransports;
  /** The last thing a camera noticed, milliseconds since 1970 by the camera's clock. */
  lastAlarmAtMs?: number;
  lastAlarmType?: string;
  /** `normal`, `offline`, … */
  sdStatus?: string;
}

/** An RSA-2048 key pair for one search: devices encrypt part of their answer with it. */
export interface DiscoveryKeys {
  publicKeyPem: string;
  privateKey: KeyObject;
}

const HEADER_BYTES = 16;
const CRC_OFFSET = 12;
const CRC_SEED = 0x5a6b7c8d;
const VERSION = 2;
const OPCODE_PROBE = 1;
const FLAGS = 0x11;
/** The longest answer that is looked at. */
const MAX_REPLY_BYTES = 16 * 1024;

/** Makes the keys for a search: some tenths of a second on a Raspberry Pi. */
export function createDiscoveryKeys(): Promise<DiscoveryKeys> {
  return new Promise((resolve, reject) => {
    generateKeyPair("rsa", { modulusLength: 2048 }, (error, publicKey, privateKey) => {
      if (error) return reject(error);
      const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
      resolve({ publicKeyPem, privateKey });
    });
  });
}

/** Builds the question: 16 bytes of header with a CRC-32 over everything, then the public key in JSON. */
export function createProbe(
  publicKeyPem: string,
  serial: number = randomBytes(4).readUInt32BE(),
): Uint8Array {
  const payload = Buffer.from(JSON.stringify({ params: { rsa_key: publicKeyPem } }), "utf8");
  const packet = Buffer.alloc(HEADER_BYTES + payload.length);
  packet.writeUInt8(VERSION, 0);
  packet.writeUInt16BE(OPCODE_PROBE, 2);
  packet.writeUInt16BE(payload.length, 4);
  packet.writeUInt8(FLAGS, 6);
  packet.writeUInt32BE(serial, 8);
  packet.writeUInt32BE(CRC_SEED, CRC_OFFSET);
  payload.copy(packet, HEADER_BYTES);
  packet.writeUInt32BE(crc32(packet), CRC_OFFSET);
  return new Uint8Array(packet);
}

/** Reads an answer; undefined when it is none. Without keys, what is encrypted stays unknown. */
export function parseReply(bytes: Uint8Array, keys?: DiscoveryKeys): TapoAnnouncement | undefined {
  if (bytes.length <= HEADER_BYTES || bytes.length > MAX_REPLY_BYTES) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(HEADER_BYTES));
  const result = asObject(at(parseObject(text.replace(/\0+$/, "")), "result"));
  const [type, model] = [asText(result?.["device_type"]), asText(result?.["device_model"])];
  if (!result || type === undefined || model === undefined) return undefined;
  const hidden = (keys && decryptInfo(result["encrypt_info"], keys.privateKey)) ?? {};
  const lastAlarmSeconds = asEpochSeconds(hidden["last_alarm_time"]);
  const announcement: Known<TapoAnnouncement> = known({
    type,
    model,
    deviceId: asText(result["device_id"]),
    mac: asMac(result["mac"]),
    name: asText(result["device_name"]),
    firmware: asText(result["firmware_version"]),
    hardware: asText(result["hardware_version"]) ?? asText(result["hw_ver"]),
    isFactoryNew: asOnOff(result["factory_default"]),
    transports: readTransports(result, hidden),
    lastAlarmAtMs: lastAlarmSeconds === undefined ? undefined : lastAlarmSeconds * 1000,
    lastAlarmType: asText(hidden["last_alarm_type"]),
    sdStatus: asText(hidden["sd_status"]),
  });
  return announcement;
}

function readTransports(result: TapoObject, hidden: TapoObject): TapoTransports {
  const scheme = result["mgt_encrypt_schm"];
  const hasTpap = asObject(result["tpap"]) !== undefined;
  const loginKinds = [...asTexts(result["encrypt_type"]), ...(hasTpap ? ["tpap"] : [])];
  return known({
    https: asOnOff(at(scheme, "is_support_https")),
    encrypt: asText(at(scheme, "encrypt_type")) ?? asText(at(result, "encrypt_info", "sym_schm")),
    port: asNumber(at(scheme, "http_port")) ?? asNumber(at(result, "tpap", "port")) ??
      asNumber(hidden["http_port"]),
    loginKinds,
  });
}

/** Opens `encrypt_info`: an AES key and vector under our RSA key (OAEP, SHA-1), and JSON under that. */
function decryptInfo(info: unknown, privateKey: KeyObject): TapoObject | undefined {
  const [sealedKey, sealedData] = [asText(at(info, "key")), asText(at(info, "data"))];
  if (sealedKey === undefined || sealedData === undefined) return undefined;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const secret = privateDecrypt(
      { key: privateKey, padding, oaepHash: "sha1" },
      Buffer.from(sealedKey, "base64"),
    );
    const decipher = createDecipheriv("aes-128-cbc", secret.subarray(0, 16), secret.subarray(16, 32));
    const plain = [decipher.update(Buffer.from(sealedData, "base64")), decipher.final()];
    return parseObject(Buffer.concat(plain).toString("utf8"));
  } catch {
    // Encrypted for somebody else's question, or not at all.
    return undefined;
  }
}
