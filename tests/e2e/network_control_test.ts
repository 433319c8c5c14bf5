// Moving, covering and restarting a Tapo camera through the hub, and the cameras that a device brings along.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C220, C545D, H200 } from "../emulators/tapo/models/index.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import {
  awaitColour,
  awaitStatus,
  isBluish,
  isDark,
  isReddish,
  MOUNTS,
  row,
  snapshot,
  startHub,
} from "./network_bench.ts";

/** Calls operations of one camera. */
function operationsOf(hub: HubProcess, cameraId: string) {
  return (name: string, input: object = {}) => hub.client.operation(name, { camera_id: cameraId, ...input });
}

function refused(answer: { error_code?: string; recovery_options?: string[] }, code: string, hint: RegExp) {
  assertEquals(answer.error_code, code, JSON.stringify(answer));
  assertMatch(answer.recovery_options?.join() ?? "", hint);
}

Deno.test("[TAPO-PTZ] a move turns the camera, the picture shows it, and the position is read back", async () => {
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  rig.tapo.device.motor!.speedDegreesPerS = Infinity;
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  const run = operationsOf(hub, "t");
  const left = await run("move_ptz", { pan: -1 });
  assertEquals([left.success, left.verified, left.position.pan], [true, "readback", -1]);
  assertEquals(rig.tapo.view.panDegrees, -180);
  await awaitColour(hub, "t", isReddish);
  for (const pan of [0, 1]) assertEquals((await run("move_ptz", { pan: 1 })).position.pan, pan);
  assertEquals(rig.tapo.view.panDegrees, 180);
  await awaitColour(hub, "t", isBluish);
  const up = await run("move_ptz", { tilt: 0.5 });
  assertEquals(up.position.pan, 1, "what was not named stays");
  assert(rig.tapo.view.tiltDegrees > 20 && up.position.tilt > 0.4, JSON.stringify(up.position));
  assertEquals((await run("get_ptz_position")).position, up.position);
  refused(await run("move_ptz", { pan: 1 }), "conflict", /other way/);
  const there = await run("move_ptz", { pan: -0.5, relative: false });
  assertEquals([there.verified, there.position.pan, rig.onvif?.position.pan], ["readback", -0.5, -0.5]);
  refused(await run("move_ptz", { zoom: 0.5 }), "unsupported", /pan, tilt/);
  refused(await run("move_ptz", { pan: 3 }), "invalid_input", /./);
  refused(await run("move_ptz"), "invalid_input", /pan, tilt or zoom/);
});

Deno.test("[TAPO-PTZ] presets are saved, listed, recalled, replaced and deleted in the camera", async () => {
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  rig.tapo.device.motor!.speedDegreesPerS = Infinity;
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  const run = operationsOf(hub, "t");
  const names = async () => (await run("get_ptz_presets")).presets.map(({ name }: { name: string }) => name);
  await run("move_ptz", { pan: -0.5 });
  const saved = await run("save_ptz_preset", { name: "Window" });
  assertEquals([saved.preset.name, saved.verified], ["Window", "readback"]);
  await run("move_ptz", { pan: 1 });
  const there = rig.tapo.view.panDegrees;
  assertEquals((await run("recall_ptz_preset", { name: "window" })).preset.id, saved.preset.id);
  assertEquals([there, rig.tapo.view.panDegrees], [90, -90]);
  await awaitColour(hub, "t", isReddish);
  await run("move_ptz", { pan: 0.5 });
  await run("save_ptz_preset", { name: "Home" });
  assertEquals(await names(), ["Window", "Home"]);
  await run("move_ptz", { pan: 0.7 });
  assertEquals((await run("go_to_home_ptz")).preset.name, "Home");
  assertEquals(rig.tapo.view.panDegrees, 0);
  refused(await run("recall_ptz_preset", { name: "Attic" }), "not_found", /Window \(1\), Home \(2\)/);
  assertEquals(
    (await run("delete_ptz_preset", { preset_id: saved.preset.id, confirm: true })).verified,
    "readback",
  );
  assertEquals(await names(), ["Home"]);
  refused(await run("recall_ptz_preset", { name: "Window" }), "not_found", /Home/);
});

Deno.test("[TAPO-PTZ] privacy mode makes the picture dark, and moving tells why it cannot be", async () => {
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  const run = operationsOf(hub, "t");
  const before = await awaitColour(hub, "t", (colour) => !isDark(colour));
  const covered = await run("set_privacy_mode", { enabled: true });
  assertEquals([covered.enabled, covered.verified], [true, "readback"]);
  await awaitColour(hub, "t", isDark);
  refused(await run("move_ptz", { pan: 0.5 }), "conflict", /privacy mode off/i);
  assertEquals((await hub.client.json("/api/cameras/t")).controls.privacy, true);
  assertEquals((await run("set_privacy_mode", { enabled: false })).enabled, false);
  await awaitColour(hub, "t", ({ green }) => Math.abs(green - before.green) < 10);
});

Deno.test("[REBOOT] a restart is refused without confirm, saying what it would do; with it the camera goes and comes", async () => {
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  rig.tapo.rebootMs = Infinity;
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  const asked = await hub.client.send("POST", "/api/operations/reboot_camera", { camera_id: "t" });
  assertEquals([asked.status, asked.body.error_code, asked.body.details.needs], [
    409,
    "conflict",
    "confirm",
  ]);
  assertMatch(asked.body.message, /it is away for about a minute/);
  assertMatch(asked.body.recovery_options.join(), /confirm: true/);
  assertEquals(rig.tapo.reboots, 0);
  const done = await hub.client.operation("reboot_camera", { camera_id: "t", confirm: true });
  assertEquals([done.success, rig.tapo.reboots], [true, 1]);
  const away = await awaitStatus(hub, "t", "offline");
  assertMatch(away.reason, /refuses connections|does not answer/);
  await rig.tapo.online();
  await awaitStatus(hub, "t", "online");
  assertEquals((await hub.client.operation("move_ptz", { camera_id: "t", pan: 0.1 })).success, true);
});

Deno.test("[HUB-CHILD] a camera behind a Tapo hub is offered and can be added with the hub's passwords", async () => {
  await using rig = await TapoRig.start({ model: H200, mounts: MOUNTS, onvif: false });
  await using hub = await startHub([{ id: "h", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "h", "online");
  const [child, ...others] = (await hub.client.json("/api/cameras/h")).children;
  assertEquals([others.length, child.type, child.options_of, child.camera_id], [0, "tapo", "h", undefined]);
  assertMatch(child.title, /^D230/);
  assertEquals(child.options.cloud_password, "[secret]");
  const { title, type, suggested_id: id, options, options_of } = child;
  const added = await hub.client.send("POST", "/api/cameras", { id, name: title, type, options, options_of });
  assertEquals([added.status, added.body.camera?.id], [201, id], JSON.stringify(added.body));
  await awaitStatus(hub, id, "online");
  const detail = await hub.client.json(`/api/cameras/${id}`);
  assertEquals([detail.device.model, detail.controls.power.battery_percent], ["D230", 84]);
  assertMatch(detail.notices.join(), /no picture here/);
  assert(!(await row(hub, id)).capabilities.includes("video"));
  const covered = await hub.client.operation("set_privacy_mode", { camera_id: id, enabled: true });
  assertEquals([covered.enabled, covered.verified], [true, "readback"], JSON.stringify(covered));
  assertEquals(rig.tapo.device.children?.list[0]?.device.isPrivate, true);
  assertEquals((await hub.client.json("/api/cameras/h")).children[0].camera_id, id);
});

Deno.test("[DUAL-LENS] the second lens is offered and can be added; each shows its own picture", async () => {
  const mounts = [
    { path: "/stream1", width: 640, height: 360, gop: 5, title: "WIDE" },
    { path: "/stream2", width: 320, height: 184 },
    { path: "/stream6", width: 480, height: 272, gop: 5, title: "TELE" },
    { path: "/stream7", width: 240, height: 136 },
  ];
  await using rig = await TapoRig.start({ model: C545D, mounts });
  await using hub = await startHub([{ id: "two", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "two", "online");
  const [child] = (await hub.client.json("/api/cameras/two")).children;
  assertEquals([child.suggested_id, child.options.lens, child.options_of], ["two-tele", "tele", "two"]);
  const { title, type, suggested_id: id, options, options_of } = child;
  const added = await hub.client.send("POST", "/api/cameras", { id, name: title, type, options, options_of });
  assertEquals([added.status, added.body.camera?.id], [201, id], JSON.stringify(added.body));
  for (const [camera, width] of [["two", 640], ["two-tele", 480]] as const) {
    await snapshot(hub, camera);
    await hub.waitFor(async () => (await row(hub, camera)).stream.width === width, `${camera}'s own picture`);
  }
  assertEquals((await hub.client.json("/api/cameras/two")).children[0].camera_id, "two-tele");
  assertEquals((await hub.client.json("/api/cameras/two-tele")).children, undefined);
});
