// Tapo cameras are found, added in one step, and never locked by the hub.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD, TapoRig } from "../emulators/rig/tapo_rig.ts";
import { TapoDiscoveryResponder } from "../emulators/tapo/discovery.ts";
import { C110, C220 } from "../emulators/tapo/models/index.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, Home, MOUNTS, ownHost, row, snapshot, startHub } from "./network_bench.ts";

interface Check {
  account: string;
  state: string;
}

const statesOf = (checks: Check[]) => checks.map(({ account, state }) => `${account} ${state}`);

/** What a person types in for a found camera; the last two only because the emulator's ports are not the real ones. */
function typedIn(rig: TapoRig): Record<string, unknown> {
  return { ...CAMERA_ACCOUNT, rtsp_port: rig.rtsp.port, onvif_port: rig.onvif?.port };
}

async function findHere(hub: HubProcess, host: string) {
  const { devices } = await hub.client.operation("discover_devices", { type: "tapo" });
  return devices.find((device: { options: { host: string } }) => device.options.host === host);
}

Deno.test("[TAPO-ADD] a found camera is added in one step; both accounts are tried once, and each is told", async () => {
  const host = ownHost(11);
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS, host, name: "Kitchen" });
  await using _responder = await TapoDiscoveryResponder.start({ emulators: [rig.tapo] });
  await using hub = await startHub([]);
  const found = await findHere(hub, host);
  assertEquals([found.type, found.title, found.details.model], ["tapo", "Kitchen", "C220"]);
  assertEquals(found.needs, ["username", "password", "cloud_password"]);
  assertEquals(found.options, { host, port: rig.tapo.port });
  assertEquals(rig.tapo.loginAttempts.posts, 0, "looking for cameras logs in to none");
  const options = { ...found.options, ...typedIn(rig) };
  const wrong = await hub.client.send("POST", "/api/cameras", {
    name: "Kitchen",
    type: "tapo",
    cloud_password: "not the password",
    options,
  });
  assertEquals([wrong.status, wrong.body.error_code], [502, "device_rejected"]);
  assertMatch(wrong.body.message, /not added\. Control: The camera does not accept the password/);
  assertMatch(wrong.body.recovery_options.join(), /TP-Link account/);
  assertEquals(statesOf(wrong.body.details.checks), ["control refused", "stream ok"]);
  assertEquals((await hub.client.json("/api/cameras")).total, 0, "nothing is added");
  assertEquals(rig.tapo.loginAttempts, { posts: 1, digests: 0, wrong: 0 }, "one login, without the password");
  const right = await hub.client.send("POST", "/api/cameras", {
    name: "Kitchen",
    type: "tapo",
    cloud_password: CLOUD_PASSWORD,
    options,
  });
  assertEquals([right.status, right.body.camera.id], [201, "kitchen"]);
  assertEquals(statesOf(right.body.checks), ["control ok", "stream ok"]);
  await awaitStatus(hub, "kitchen", "online");
  assert((await snapshot(hub, "kitchen")).length > 1000);
  assertEquals(rig.tapo.loginAttempts.wrong + (await rig.rtsp.sessions()).authFailures, 0);
  assertEquals((await findHere(hub, host)).camera_id, "kitchen");
  const twice = await hub.client.send("POST", "/api/cameras", {
    type: "tapo",
    cloud_password: CLOUD_PASSWORD,
    options,
  });
  assertEquals([twice.status, twice.body.error_code], [409, "conflict"]);
});

Deno.test("[TAPO-ADD] a wrong camera account is told as such, reaches the camera once, and adds nothing", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using hub = await startHub([]);
  const options = { ...rig.options, password: "not the password" };
  const wrong = await hub.client.send("POST", "/api/cameras", { type: "tapo", options });
  assertEquals([wrong.status, wrong.body.error_code], [502, "device_rejected"]);
  assertEquals(statesOf(wrong.body.details.checks), ["control ok", "stream refused"]);
  assertMatch(wrong.body.message, /Picture: The camera refused the account for its stream/);
  assertMatch(wrong.body.recovery_options.join(), /camera account/);
  assertEquals((await rig.rtsp.sessions()).authFailures, 1);
  assertEquals(rig.onvif?.authFailures, 0);
  assertEquals((await hub.client.json("/api/cameras")).total, 0);
});

Deno.test("[TAPO-ONCE] a wrong camera account reaches the camera once, whoever asks for it at the same moment", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options, password: "not the password" }]);
  const failures = async () => (await rig.rtsp.sessions()).authFailures + (rig.onvif?.authFailures ?? 0);
  await Promise.allSettled(["", "?width=320", "?width=200", ""].map((query) => snapshot(hub, "t", query)));
  await hub.waitFor(async () => await failures() > 0, "the one refusal");
  const again = await Promise.allSettled(["", "?width=320"].map((query) => snapshot(hub, "t", query)));
  assertEquals(again.map(({ status }) => status), ["rejected", "rejected"]);
  assertEquals(await failures(), 1);
});

Deno.test("[TAPO-ONCE] a wrong TP-Link password is tried once, also over a restart; the picture works meanwhile", async () => {
  // The old login sends the password's hash: each try counts as one at the camera.
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS, login: "v2" });
  await using home = new Home();
  const camera = { id: "t", type: "tapo", ...rig.options, cloud_password: "not the password" };
  const first = await home.start([camera]);
  const refused = await awaitStatus(first, "t", "auth_required");
  assertMatch(refused.reason, /does not accept the password/);
  assertMatch(refused.hint, /TP-Link account/);
  assertEquals(refused.next_try_at, undefined, "nothing is tried again by itself");
  assert((await snapshot(first, "t")).length > 1000, "the picture works");
  assertEquals(rig.tapo.loginAttempts.digests, 1);
  const second = await home.start([camera]);
  const still = await awaitStatus(second, "t", "auth_required");
  assertMatch(still.reason, /does not accept the password; not tried again since 20/);
  assertMatch(still.hint, /TP-Link account/);
  assert((await snapshot(second, "t")).length > 1000, "the picture works");
  const moved = await second.client.operation("set_privacy_mode", { camera_id: "t", enabled: true });
  assert(moved.error_code && moved.recovery_options.length > 0);
  assertEquals(rig.tapo.loginAttempts.digests, 1, "one login over two starts");
  await second.client.operation("connect_camera", { camera_id: "t" });
  await second.waitFor(() => rig.tapo.loginAttempts.digests === 2, "the one try that a person asked for");
  await awaitStatus(second, "t", "auth_required");
  assert((await snapshot(second, "t")).length > 1000, "the picture works");
  assertEquals([rig.tapo.loginAttempts.digests, rig.tapo.lockout.isLocked], [2, false]);
});

Deno.test("[TAPO-LOCKOUT] a lockout is told with its end and survives a restart; nothing is sent inside it", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  rig.tapo.lockout.lock();
  const endMs = Date.now() + rig.tapo.lockout.secondsLeft * 1000;
  await using home = new Home();
  const camera = { id: "t", type: "tapo", ...rig.options };
  const first = await home.start([camera]);
  const told = await awaitStatus(first, "t", "locked_out");
  assert(Math.abs(Date.parse(told.next_try_at) - endMs) < 10_000, told.next_try_at);
  assertMatch(told.reason, /takes no logins until 20/);
  assertMatch(told.hint, /waits until then by itself/);
  assertEquals(rig.tapo.requestsWhileLocked, 1, "the one that learnt of it");
  const second = await home.start([camera]);
  const again = await awaitStatus(second, "t", "locked_out");
  assertEquals(again.next_try_at, told.next_try_at);
  await second.client.operation("connect_camera", { camera_id: "t" });
  await awaitStatus(second, "t", "locked_out");
  const check = await second.client.operation("check_camera", { type: "tapo", options: rig.options });
  assertEquals(statesOf(check.checks), ["control locked_out", "stream locked_out"]);
  assertEquals(check.checks[0].retry_at, told.next_try_at);
  assertEquals(rig.tapo.requestsWhileLocked, 1, "nothing is sent inside it, not even when asked for");
});

Deno.test("[TAPO-LOCKOUT] when it is over, control comes back by itself", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using hub = await startHub([{ id: "t", type: "tapo", enabled: false, ...rig.options }]);
  rig.tapo.lockout.lock(5);
  await hub.client.operation("connect_camera", { camera_id: "t" });
  await awaitStatus(hub, "t", "locked_out");
  await awaitStatus(hub, "t", "online");
  assert((await row(hub, "t")).capabilities.includes("privacy"));
  assertEquals(rig.tapo.requestsWhileLocked, 1);
});
