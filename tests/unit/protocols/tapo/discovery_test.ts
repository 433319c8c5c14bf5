// The search on UDP 20002: packets as bytes, answers encrypted by openssl, and a search over the loopback.
import { Buffer } from "node:buffer";
import { createSocket } from "node:dgram";
import { createPrivateKey } from "node:crypto";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { crc32 } from "../../../../src/protocols/tapo/crc32.ts";
import {
  createDiscoveryKeys,
  createProbe,
  type DiscoveryKeys,
  parseReply,
} from "../../../../src/protocols/tapo/discovery.ts";
import { searchTapo } from "../../../../src/protocols/tapo/discovery_search.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { until } from "../../tools/processes.ts";
import { openssl } from "./openssl.ts";

type Json = Record<string, unknown>;

const CAMERA: Json = {
  device_id: "CAM",
  device_model: "C520WS",
  device_name: "Yard",
  device_type: "SMART.IPCAMERA",
  encrypt_type: ["3"],
  factory_default: false,
  firmware_version: "1.2.8",
  hardware_version: "1.0",
  ip: "10.9.9.9",
  mac: "F0-A7-31-00-00-00",
  mgt_encrypt_schm: { is_support_https: true },
};

function packet(result: unknown): Uint8Array {
  return Buffer.concat([Buffer.alloc(16), Buffer.from(JSON.stringify({ error_code: 0, result }))]);
}

/** The keys of a search, and `encrypt_info` as a device makes it: openssl is the device. */
async function withHidden(hidden: Json): Promise<{ keys: DiscoveryKeys; encrypt_info: Json }> {
  const dir = await Deno.makeTempDir();
  try {
    const privatePem = await openssl(["genrsa", "2048"]);
    const publicPem = await openssl(["rsa", "-pubout"], privatePem);
    await Deno.writeFile(`${dir}/public.pem`, publicPem);
    const secret = Uint8Array.from({ length: 32 }, (_, n) => 7 * n + 1);
    const oaep = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1"];
    const key = await openssl(
      ["pkeyutl", "-encrypt", "-pubin", "-inkey", `${dir}/public.pem`, ...oaep],
      secret,
    );
    const hex = Buffer.from(secret).toString("hex");
    const data = await openssl(
      ["enc", "-aes-128-cbc", "-K", hex.slice(0, 32), "-iv", hex.slice(32)],
      new TextEncoder().encode(JSON.stringify(hidden)),
    );
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    const encrypt_info = { sym_schm: "AES", key: base64(key), data: base64(data) };
    const privateKey = createPrivateKey(Buffer.from(privatePem));
    return { keys: { publicKeyPem: Buffer.from(publicPem).toString(), privateKey }, encrypt_info };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("crc32: the check value of the catalogue", () => {
  assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

Deno.test("crc32: a probe's checksum is that of the packet with the seed in its place", () => {
  const seeded = Buffer.from("0200000100000000000000005a6b7c8d", "hex");
  assertEquals(crc32(seeded), 0x463cb5d3);
});

Deno.test("createProbe: header, checksum and payload stand where devices look for them", () => {
  const probe = Buffer.from(createProbe("-----BEGIN PUBLIC KEY-----\nAAAA\n", 0x01020304));
  const payload = '{"params":{"rsa_key":"-----BEGIN PUBLIC KEY-----\\nAAAA\\n"}}';
  assertEquals(probe.subarray(16).toString(), payload);
  assertEquals(probe.subarray(0, 12).toString("hex"), "02000001003b110001020304");
  assertEquals(probe.subarray(12, 16).toString("hex"), "553b1527");
});

Deno.test("createDiscoveryKeys: makes an RSA key of 2048 bits that devices can read", async () => {
  const keys = await createDiscoveryKeys();
  const printed = await openssl(
    ["rsa", "-pubin", "-noout", "-text"],
    new TextEncoder().encode(keys.publicKeyPem),
  );
  assert(new TextDecoder().decode(printed).includes("(2048 bit)"));
});

Deno.test("parseReply: a camera says how it wants to be talked to", () => {
  assertEquals(parseReply(packet(CAMERA)), {
    type: "SMART.IPCAMERA",
    model: "C520WS",
    deviceId: "CAM",
    mac: "F0:A7:31:00:00:00",
    name: "Yard",
    firmware: "1.2.8",
    hardware: "1.0",
    isFactoryNew: false,
    transports: { https: true, loginKinds: ["3"] },
  });
});

const TRANSPORTS: [string, Json, unknown][] = [
  [
    "a bulb with KLAP",
    { mgt_encrypt_schm: { encrypt_type: "KLAP", http_port: 80, is_support_https: false, lv: 2 } },
    { https: false, encrypt: "KLAP", port: 80, loginKinds: [] },
  ],
  [
    "a camera with the newest login",
    {
      encrypt_type: ["4"],
      tpap: { noc: 1, pake: [2], port: 4433, tls: 1 },
      mgt_encrypt_schm: { encrypt_type: "TPAP" },
    },
    { encrypt: "TPAP", port: 4433, loginKinds: ["4", "tpap"] },
  ],
  ["one that tells nothing", {}, { loginKinds: [] }],
];
for (const [what, extra, expected] of TRANSPORTS) {
  Deno.test(`parseReply: ${what}`, () => {
    const reply = parseReply(packet({ device_type: "T", device_model: "M", ...extra }));
    assertEquals<unknown>(reply?.transports, expected);
  });
}

Deno.test("parseReply: reads what openssl encrypted for us, and only with our key", async () => {
  const hidden = {
    http_port: 443,
    last_alarm_time: "1734386954",
    last_alarm_type: "motion",
    sd_status: "offline",
  };
  const { keys, encrypt_info } = await withHidden(hidden);
  const bytes = packet({ ...CAMERA, encrypt_info });
  const reply = parseReply(bytes, keys);
  assertEquals(reply?.lastAlarmAtMs, 1734386954000);
  assertEquals([reply?.lastAlarmType, reply?.sdStatus], ["motion", "offline"]);
  assertEquals(reply?.transports, { https: true, encrypt: "AES", port: 443, loginKinds: ["3"] });
  const stranger = parseReply(bytes, await createDiscoveryKeys());
  assertEquals([stranger?.model, stranger?.sdStatus], ["C520WS", undefined]);
  const broken = parseReply(packet({ ...CAMERA, encrypt_info: { ...encrypt_info, data: "AAAA" } }), keys);
  assertEquals([broken?.model, broken?.sdStatus], ["C520WS", undefined]);
});

const GARBAGE: [string, Uint8Array][] = [
  ["nothing", new Uint8Array()],
  ["a header alone", new Uint8Array(16)],
  ["text", new TextEncoder().encode("Hello, this is no Tapo device at all")],
  ["cut JSON", packet(CAMERA).subarray(0, 60)],
  ["no result", packet(undefined)],
  ["a list", packet([])],
  ["no model", packet({ device_type: "SMART.IPCAMERA" })],
  ["too much", packet({ ...CAMERA, device_name: "x".repeat(20_000) })],
  ["bytes", Uint8Array.from({ length: 200 }, (_, n) => n)],
];
for (const [what, bytes] of GARBAGE) {
  Deno.test(`parseReply: ${what} is no answer`, () => assertEquals(parseReply(bytes), undefined));
}

Deno.test("parseReply: no mutation of an answer makes it throw", async () => {
  const keys = await createDiscoveryKeys();
  const encrypt_info = { sym_schm: "AES", key: "AAAA", data: "AAAA" };
  const good = packet({ ...CAMERA, encrypt_info });
  let seed = 99;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from(good);
    for (let n = random(6); n >= 0; n--) bytes[random(bytes.length)] = random(256);
    parseReply(bytes.subarray(0, 1 + random(bytes.length)), keys);
  }
});

/** A device on the loopback that answers each question with the packets it was given. */
async function device(replies: (probe: Uint8Array) => Uint8Array[]) {
  const socket = createSocket("udp4");
  const probes: Uint8Array[] = [];
  socket.on("message", (bytes, from) => {
    probes.push(new Uint8Array(bytes));
    for (const reply of replies(bytes)) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  return { port, probes, close: () => new Promise<void>((resolve) => socket.close(() => resolve())) };
}

Deno.test("searchTapo: asks three times, finds each device once, and ignores the rest", async () => {
  const { keys, encrypt_info } = await withHidden({ sd_status: "normal" });
  let asked = 0;
  const it = await device(() => [
    new TextEncoder().encode("garbage"),
    packet({ ...CAMERA, ...(++asked > 1 ? { encrypt_info } : {}) }),
    packet({ ...CAMERA, mac: "00-00-00-00-00-02", device_model: "C210" }),
  ]);
  const clock = new FakeClock();
  const options = { targets: ["127.0.0.1"], ports: [it.port], keys, clock, timeoutMs: 4000 };
  const search = searchTapo({ ...options, signal: new AbortController().signal });
  for (let time = 1; time <= 3; time++) {
    await until(() => it.probes.length === time && clock.sleeping === 1, `question ${time}`);
    await clock.advance(500);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  await clock.advance(2500);
  const found = await search;
  await it.close();
  assertEquals(found.map(({ address, model, sdStatus }) => [address, model, sdStatus]), [
    ["127.0.0.1", "C520WS", "normal"],
    ["127.0.0.1", "C210", undefined],
  ]);
  assertEquals(it.probes.length, 3);
  assertEquals(it.probes[0]?.[3], 1);
});

Deno.test("searchTapo: ends at once when it is aborted", async () => {
  const it = await device(() => []);
  const stop = new AbortController();
  const keys = await createDiscoveryKeys();
  const clock = new FakeClock();
  const options = { targets: ["127.0.0.1"], ports: [it.port], keys, clock, timeoutMs: 60_000 };
  const search = assertRejects(() => searchTapo({ ...options, signal: stop.signal }), DOMException);
  await until(() => it.probes.length === 1);
  stop.abort();
  await search;
  await it.close();
  assertEquals(clock.sleeping, 0);
});

Deno.test("searchTapo: where nothing can be sent it says so", async () => {
  const keys = await createDiscoveryKeys();
  const clock = new FakeClock();
  // Nothing can be sent to port 0.
  const options = { targets: ["127.0.0.1"], ports: [0], keys, clock, timeoutMs: 2000 };
  const search = assertRejects(
    () => searchTapo({ ...options, signal: new AbortController().signal }),
    HubError,
  );
  for (let time = 0; time < 4; time++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(500);
  }
  assertEquals((await search).kind, "unavailable");
});
