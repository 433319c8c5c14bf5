// How far a person's word reaches when a Tapo camera shows less than it did before: one decision, and no longer.
import { assertEquals, assertMatch } from "@std/assert";
import { VolatileMemory } from "../../src/devices/memory.ts";
import { Shared } from "../../src/devices/shared.ts";
import { connectTapo } from "../../src/drivers/tapo/connection.ts";
import type { TapoOptions } from "../../src/drivers/tapo/options.ts";
import { readDeviceInfo } from "../../src/protocols/tapo/device.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { failureOf, forever, Opened, stage } from "./stage.ts";

function start(): Promise<TapoEmulator> {
  return TapoEmulator.start({ model: C210, cloudPassword: CLOUD_PASSWORD, cameraAccount: CAMERA_ACCOUNT });
}

const loginOf = ({ host, port }: TapoEmulator) => ({ host, port, cloud_password: CLOUD_PASSWORD });
const pinOf = (memory: VolatileMemory, { host, port }: TapoEmulator) =>
  memory.read(`tapo ${host}:${port}`, "certificate");

Deno.test("Tapo: who connected a camera has not agreed to an older login that it asks for later", async () => {
  await using tapo = await start();
  const memory = new VolatileMemory();
  await using opened = await Opened.open(tapoDriver, loginOf(tapo), stage({ memory, isAsked: true }));
  tapo.gateway.login = "v2";
  tapo.expireSessions();
  const { wrong } = tapo.loginAttempts;
  const failure = await failureOf(opened.can("led").read(forever));
  assertMatch(failure.message, /old login/);
  assertEquals([failure.kind, tapo.loginAttempts.wrong - wrong], ["device_rejected", 0]);
});

Deno.test("Tapo: a person's word lets a camera go back to the old login, until it knows the encrypted one again", async () => {
  await using tapo = await start();
  const memory = new VolatileMemory();
  {
    await using _before = await Opened.open(tapoDriver, loginOf(tapo), stage({ memory }));
  }
  tapo.gateway.login = "v2";
  const open = (isAsked: boolean) => Opened.open(tapoDriver, loginOf(tapo), stage({ memory, isAsked }));
  assertMatch((await failureOf(open(false))).message, /old login/);
  await using opened = await open(true);
  // It stays so until the camera shows the encrypted login again.
  tapo.expireSessions();
  assertEquals(await opened.can("led").read(forever), true);
  tapo.gateway.login = "v3";
  tapo.expireSessions();
  assertEquals(await opened.can("led").read(forever), true);
  tapo.gateway.login = "v2";
  tapo.expireSessions();
  assertMatch((await failureOf(opened.can("led").read(forever))).message, /old login/);
});

Deno.test("Tapo: the end of one opening that a person asked for takes no word from another over the same session", async () => {
  await using tapo = await start();
  const [memory, shared] = [new VolatileMemory(), new Shared()];
  await memory.write(`tapo ${tapo.host}:${tapo.port}`, "login", "sealed");
  tapo.gateway.login = "v2";
  const options = tapoDriver.options.parse(loginOf(tapo)) as unknown as TapoOptions;
  const connect = () => connectTapo(options, tapo.host, stage({ memory, shared, isAsked: true }))!;
  const [first, second, third] = [connect(), connect(), connect()];
  first.opened();
  first.opened();
  assertEquals((await readDeviceInfo(second.session, forever)).model, "C210");
  // The word that was taken was one of the two that were left.
  await memory.write(`tapo ${tapo.host}:${tapo.port}`, "login", "sealed");
  for (const done of [second, third]) done.opened();
  tapo.expireSessions();
  assertMatch((await failureOf(readDeviceInfo(second.session, forever))).message, /old login/);
  for (const each of [first, second, third]) each.close();
});

Deno.test("[TAPO-PIN] Tapo: trying the accounts accepts no other certificate, however often it is done", async () => {
  await using tapo = await start();
  const memory = new VolatileMemory();
  const check = async () => {
    const [control] = await tapoDriver.check!(loginOf(tapo), stage({ memory }), forever);
    return control?.state;
  };
  assertEquals([await check(), await pinOf(memory, tapo)], ["ok", undefined]);
  {
    await using _opened = await Opened.open(tapoDriver, loginOf(tapo), stage({ memory }));
  }
  const pinned = await pinOf(memory, tapo);
  assertEquals(pinned, tapo.fingerprint);
  await tapo.rotateCertificate();
  tapo.received.clear();
  for (let count = 0; count < 3; count++) assertEquals(await check(), "failed");
  assertEquals([await pinOf(memory, tapo), tapo.log.length], [pinned, 0]);
});
