// Discovery: packets with their checksum, answers from each device's own address, and what only the asker reads.
import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from "node:crypto";
import dgram from "node:dgram";
import { TapoDiscoveryResponder } from "./discovery.ts";
import { TapoEmulator } from "./emulator.ts";
import { C220, C520WS, H200 } from "./models/index.ts";
import { readTdp, writeTdp } from "./tdp.ts";

/** As it stands in the protocol page: empty, serial 0, with its checksum. */
const BARE_PROBE = Uint8Array.fromHex("020000010000000000000000463cb5d3");
const CAMERA = { cloudPassword: "c", cameraAccount: { username: "u", password: "p" } };

/** Sends a datagram and collects answers until so many have come. */
async function ask(packet: Uint8Array, to: string, port: number, answers: number) {
  const socket = dgram.createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  socket.setBroadcast(true);
  const got: { from: string; bytes: Uint8Array }[] = [];
  const enough = Promise.withResolvers<void>();
  socket.on("message", (bytes, { address }) => {
    got.push({ from: address, bytes });
    if (got.length === answers) enough.resolve();
  });
  socket.send(packet, port, to);
  await enough.promise;
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return got;
}

function resultOf(bytes: Uint8Array) {
  const packet = readTdp(bytes);
  return packet ? JSON.parse(packet.payload).result : undefined;
}

Deno.test("a bare probe to the broadcast address is answered from each device's address, without secrets", async () => {
  await using indoor = await TapoEmulator.start({ model: C220, host: "127.0.1.11", ...CAMERA });
  await using hub = await TapoEmulator.start({ model: H200, host: "127.0.1.12", login: "tpap", ...CAMERA });
  const emulators = [indoor, hub];
  await using responder = await TapoDiscoveryResponder.start({ emulators, bindPort: 0 });
  const answers = await ask(BARE_PROBE, "127.255.255.255", responder.port, 2);
  const byFrom = new Map(answers.map(({ from, bytes }) => [from, resultOf(bytes)]));
  assertEquals([...byFrom.keys()].sort(), ["127.0.1.11", "127.0.1.12"]);
  const camera = byFrom.get("127.0.1.11");
  assertEquals([camera.device_model, camera.device_type, camera.encrypt_type], ["C220", "SMART.IPCAMERA", [
    "3",
  ]]);
  assertEquals([camera.mac, camera.encrypt_info], [indoor.identity.mac, undefined]);
  assertEquals(byFrom.get("127.0.1.12").tpap.port, hub.port);
  await hub.offline();
  const alone = await ask(BARE_PROBE, "127.255.255.255", responder.port, 1);
  assertEquals(alone.map(({ from }) => from), ["127.0.1.11"]);
});

Deno.test("a probe with a key is answered with what that key opens; garbage around it can be told apart", async () => {
  await using camera = await TapoEmulator.start({ model: C520WS, host: "127.0.1.13", ...CAMERA });
  await using responder = await TapoDiscoveryResponder.start({
    emulators: [camera],
    bindPort: 0,
    garbage: true,
  });
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const rsa_key = publicKey.export({ type: "spki", format: "pem" });
  const payload = JSON.stringify({ params: { rsa_key } });
  const probe = writeTdp({ opcode: 1, flags: 0x11, serial: 77, payload });
  const answers = await ask(probe, "127.0.1.13", responder.port, 5);
  const [good, ...more] = answers.map(({ bytes }) => readTdp(bytes)).filter((packet) => packet !== undefined);
  assertEquals([more.length, good!.serial], [0, 77]);
  const { key, data } = JSON.parse(good!.payload).result.encrypt_info;
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const opened = privateDecrypt({ key: privateKey, padding, oaepHash: "sha1" }, Buffer.from(key, "base64"));
  const decipher = createDecipheriv("aes-128-cbc", opened.subarray(0, 16), opened.subarray(16, 32));
  const text = decipher.update(data, "base64", "utf8") + decipher.final("utf8");
  assertEquals([JSON.parse(text).sd_status, JSON.parse(text).http_port], ["normal", camera.port]);
});

Deno.test("what is no probe is not answered", async () => {
  await using camera = await TapoEmulator.start({ model: C220, ...CAMERA });
  await using responder = await TapoDiscoveryResponder.start({ emulators: [camera], bindPort: 0 });
  const damaged = BARE_PROBE.slice();
  damaged[15]! ^= 1;
  const both = dgram.createSocket("udp4");
  await new Promise<void>((resolve) => both.send(damaged, responder.port, "127.0.0.1", () => resolve()));
  await new Promise<void>((resolve) => both.close(() => resolve()));
  const answers = await ask(BARE_PROBE, "127.0.0.1", responder.port, 1);
  assert(resultOf(answers[0]!.bytes).device_model === "C220");
  assertEquals([responder.probes, responder.rejected], [1, 1]);
});
