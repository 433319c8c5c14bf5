// What trying the accounts of a camera shows before it is added, and how often each is tried: once.
import { assert, assertEquals } from "@std/assert";
import type { AccountCheck, Driver } from "../../src/devices/driver.ts";
import { onvifDriver } from "../../src/drivers/onvif/driver.ts";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { OnvifEmulator } from "../emulators/onvif/emulator.ts";
import { CAMERA_ACCOUNT, TapoRig } from "../emulators/rig/tapo_rig.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { C210, C460, H200 } from "../emulators/tapo/models/index.ts";
import { until } from "../unit/tools/processes.ts";
import { forever, stage } from "./stage.ts";

async function check(driver: Driver, options: Record<string, unknown>): Promise<Record<string, string>> {
  const context = stage();
  const checks: AccountCheck[] = await driver.check!(options, context, forever);
  for (const { state, message, hint } of checks) assert(message && (state === "ok" || hint), message);
  assertEquals(context.launcher.living.length, 0);
  // Refusals are noted in the background.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return Object.fromEntries(checks.map(({ account, state }) => [account, state]));
}

Deno.test("Tapo: each account is tried once, and each shows what is wrong with it", async () => {
  await using rig = await TapoRig.start({ model: C210 });
  const { cloud_password: _cloud, ...withoutCloud } = rig.options;
  const { username: _name, password: _password, ...withoutAccount } = rig.options;
  assertEquals(await check(tapoDriver, rig.options), { control: "ok", stream: "ok" });
  assertEquals(await check(tapoDriver, withoutCloud), { control: "missing", stream: "ok" });
  assertEquals(await check(tapoDriver, withoutAccount), { control: "ok", stream: "missing" });
  rig.tapo.received.clear();
  const wrong = { ...rig.options, cloud_password: "wrong", password: "wrong" };
  assertEquals(await check(tapoDriver, wrong), { control: "refused", stream: "refused" });
  assertEquals([rig.tapo.loginAttempts.posts, (await rig.rtsp.sessions()).authFailures], [1, 1]);
  rig.tapo.lockout.lock();
  assertEquals((await check(tapoDriver, rig.options)).control, "locked_out");
  await rig.offline();
  assertEquals(await check(tapoDriver, rig.options), { control: "unreachable" });
  await until(() => rig.tapo.connections === 0, "the connections to end");
});

Deno.test("Tapo: a hub and the cameras behind it have no picture to be tried", async () => {
  await using rig = await TapoRig.start({ model: H200, mounts: [] });
  const child = rig.tapo.device.children!.list[0]!;
  assertEquals(await check(tapoDriver, rig.options), { control: "ok" });
  assertEquals(await check(tapoDriver, { ...rig.options, child_id: child.id }), { control: "ok" });
  await until(() => rig.tapo.connections === 0, "the connections to end");
});

Deno.test("Tapo: a camera on batteries has no picture to be tried", async () => {
  await using rig = await TapoRig.start({ model: C460, mounts: [] });
  assertEquals(await check(tapoDriver, rig.options), { control: "ok" });
});

Deno.test("ONVIF and RTSP: right and wrong accounts, and cameras that are away", async () => {
  const users = { [CAMERA_ACCOUNT.username]: CAMERA_ACCOUNT.password };
  const mounts = [{ path: "/stream1", width: 320, height: 184 }];
  await using rtsp = await RtspEmulator.start({ users, mounts });
  await using onvif = OnvifEmulator.start({ ...CAMERA_ACCOUNT, rtspBase: rtsp.url("") });
  const asOnvif = { host: onvif.host, port: onvif.port, ...CAMERA_ACCOUNT };
  const asRtsp = { stream_url: rtsp.url(), ...CAMERA_ACCOUNT };
  assertEquals(await check(onvifDriver, asOnvif), { camera: "ok", stream: "ok" });
  assertEquals(await check(rtspDriver, asRtsp), { stream: "ok" });
  assertEquals(await check(onvifDriver, { ...asOnvif, password: "wrong" }), { camera: "refused" });
  assertEquals(await check(rtspDriver, { ...asRtsp, password: "wrong" }), { stream: "refused" });
  assertEquals([onvif.authFailures, (await rtsp.sessions()).authFailures], [1, 1]);
  await onvif.offline();
  await rtsp.offline();
  assertEquals(await check(onvifDriver, asOnvif), { camera: "unreachable" });
  assertEquals(await check(rtspDriver, asRtsp), { stream: "unreachable" });
});
