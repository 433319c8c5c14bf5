// The webcam path with stand-in devices: found, passed through, unplugged, replugged, refused, controlled.
// deno-lint-ignore-file no-console -- it prints for people
// The same on a real V4L2 device runs in a virtual machine: make test-vm.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { StandInBus } from "../emulators/v4l2/stand_in.ts";
import { HubProcess } from "../tools/hub_process.ts";

const FAST = "streams: {linger_s: 0.5, retry_first_s: 0.2, retry_max_s: 1}\n";

async function statusOf(hub: HubProcess, id: string) {
  return await hub.client.json(`/api/cameras/${id}`);
}

/** The pictures of a clip of bare JPEGs. */
function picturesOf(clip: Uint8Array): string[] {
  const text = new TextDecoder("latin1").decode(clip);
  return text.split("\xff\xd8\xff").slice(1).map((rest) => `\xff\xd8\xff${rest}`);
}

Deno.test("[WEBCAM-FOUND] a plugged-in webcam is a camera by its stable name; MJPEG goes through byte for byte", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0, mjpeg: ["640x360"], yuyv: ["640x360"] });
  await webcam.plug();
  await using hub = await HubProcess.start({ prefix: bus.prefix });
  await hub.login();
  await hub.waitFor(async () => (await hub.client.json("/api/cameras?type=webcam")).total === 1);
  const [view] = (await hub.client.json("/api/cameras?type=webcam")).cameras;
  assertEquals([view.id, view.origin, view.name], ["acme-cam-sn0", "auto", "Acme Cam"]);
  const parts = await hub.client.parts("/api/cameras/acme-cam-sn0/stream", 20);
  const sent = new Set(picturesOf(await webcam.clip("640x360")));
  for (const { bytes } of parts) {
    assert(sent.has(new TextDecoder("latin1").decode(bytes)), "passed through untouched");
  }
  assertMatch((await webcam.calls()).at(-1) ?? "", /-input_format mjpeg .* -c:v copy /);
  const detail = await statusOf(hub, "acme-cam-sn0");
  assertEquals(detail.device.path, webcam.link);
  assertEquals(detail.modes.map((mode: { format: string }) => mode.format), ["MJPG", "YUYV"]);
});

Deno.test("[WEBCAM-YUYV] a camera without JPEG is encoded once for all viewers", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0, mjpeg: [], yuyv: ["320x240"] });
  await webcam.plug();
  const config = `${FAST}webcams: {auto: false}\ncameras: [{id: y, type: webcam, device: ${webcam.node}}]`;
  await using hub = await HubProcess.start({ prefix: bus.prefix, config });
  await hub.login();
  await Promise.all([1, 2, 3].map(() => hub.client.parts("/api/cameras/y/stream", 10)));
  const calls = await webcam.calls();
  assertEquals(calls.length, 1);
  assertMatch(calls[0] ?? "", /-input_format yuyv422 .* -c:v mjpeg /);
});

Deno.test("[WEBCAM-HOTPLUG] unplugging tells why, replugging streams again without a restart, also to who kept watching", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0 });
  await webcam.plug();
  await using hub = await HubProcess.start({
    prefix: bus.prefix,
    config: `${FAST}cameras: [{id: w, type: webcam, device: ${webcam.link}}]`,
  });
  await hub.login();
  await hub.waitFor(async () => (await statusOf(hub, "w")).status === "online");
  for (let round = 0; round < 3; round++) {
    const watching = hub.client.parts("/api/cameras/w/stream", 60);
    await hub.waitFor(async () => (await statusOf(hub, "w")).stream.running);
    const pulledMs = Date.now();
    await webcam.unplug();
    await hub.waitFor(async () => (await statusOf(hub, "w")).status === "offline");
    const toldMs = Date.now() - pulledMs;
    const offline = await statusOf(hub, "w");
    assertMatch(offline.reason, /unplugged/);
    assertMatch(offline.hint, /Plug it in again/);
    assert(Date.parse(offline.since) >= pulledMs - 1000);
    const pluggedMs = Date.now();
    await webcam.plug();
    assertEquals((await watching).length, 60, "the viewer's stream went on");
    console.log(
      `    unplug told after ${toldMs} ms; 60 frames in all ${Date.now() - pluggedMs} ms after replugging`,
    );
    assertEquals((await statusOf(hub, "w")).status, "online");
  }
});

Deno.test("[WEBCAM-REASONS] busy, no bandwidth, no right and a silent end are each explained, and healed by themselves", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0 });
  await webcam.plug();
  await using hub = await HubProcess.start({
    prefix: bus.prefix,
    config: `${FAST}cameras: [{id: w, type: webcam, device: ${webcam.node}, motion: {detector: off}}]`,
  });
  await hub.login();
  await hub.waitFor(async () => (await statusOf(hub, "w")).status === "online");
  const cases = [["EBUSY", /in use by another program/, /fuser/], [
    "ENOSPC",
    /no bandwidth left/,
    /smaller size/,
  ], [
    "EACCES",
    /may not open/,
    /group "video"/,
  ], ["EXIT", /ended/, /./]] as const;
  for (const [fault, reason, hint] of cases) {
    await hub.waitFor(async () => !(await statusOf(hub, "w")).stream.running);
    await webcam.fail(fault);
    const answer = await hub.client.send("GET", "/api/cameras/w/stream");
    assertEquals(answer.status, 503, fault);
    assertMatch(answer.body.message, reason);
    assertMatch(answer.body.recovery_options.join(), hint);
    await webcam.fail(undefined);
    await hub.waitFor(async () => (await statusOf(hub, "w")).status === "online");
    assertEquals((await hub.client.parts("/api/cameras/w/stream", 5)).length, 5, `after ${fault}`);
  }
});

Deno.test("[WEBCAM-CONTROLS] settings and PTZ reach the device and are read back from it", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0 });
  await webcam.plug();
  await using hub = await HubProcess.start({
    prefix: bus.prefix,
    config: `cameras: [{id: w, type: webcam, device: ${webcam.node}}]`,
  });
  await hub.login();
  const set = (setting: string, value: unknown) =>
    hub.client.operation("set_camera_setting", { camera_id: "w", setting, value });
  assertEquals((await set("brightness", 200)).verified, "readback");
  assertEquals(await webcam.control("brightness"), 200);
  assertEquals((await set("power_line_frequency", "60 Hz")).value, "2");
  assertEquals((await set("white_balance_automatic", false)).value, false);
  assertEquals((await set("brightness", 999)).error_code, "invalid_input");
  assertEquals(await webcam.control("brightness"), 200, "a wrong value changes nothing");
  assertEquals((await set("white_balance_temperature", 3000)).error_code, "device_rejected");
  assertEquals((await set("nonsense", 1)).error_code, "not_found");
  const move = (input: object) => hub.client.operation("move_ptz", { camera_id: "w", ...input });
  assertEquals((await move({ pan: 1, relative: false })).position.pan, 1);
  assertEquals(await webcam.control("pan_absolute"), 36000);
  assertEquals((await move({ pan: 0.5 })).position.pan, 1, "it stops at its limit");
  assertEquals((await move({ tilt: -0.5, zoom: 0.5 })).position, { pan: 1, tilt: -0.5, zoom: 0.5 });
  assertEquals((await hub.client.operation("get_ptz_position", { camera_id: "w" })).position.zoom, 0.5);
  assertEquals((await move({ pan: 7 })).error_code, "invalid_input");
});

Deno.test("[WEBCAM-ADD] a found webcam can be added by hand, renamed and removed, and a device is not added twice", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0 });
  await webcam.plug();
  const dataDir = await Deno.makeTempDir();
  const hub = await HubProcess.start({ prefix: bus.prefix, config: "webcams: {auto: false}", dataDir });
  await hub.login();
  const { devices } = await hub.client.operation("discover_devices", { type: "webcam" });
  assertEquals(devices.map((device: { title: string }) => device.title), ["Acme Cam"]);
  const added = await hub.client.send("POST", "/api/cameras", {
    name: "Front door",
    type: "webcam",
    options: devices[0].options,
  });
  assertEquals([added.status, added.body.camera.id], [201, "front-door"]);
  const twice = await hub.client.send("POST", "/api/cameras", {
    name: "Again",
    type: "webcam",
    device: webcam.node,
  });
  assertEquals([twice.status, twice.body.error_code], [409, "conflict"]);
  assertEquals(
    (await hub.client.operation("discover_devices", { type: "webcam" })).devices[0].camera_id,
    "front-door",
  );
  const renamed = await hub.client.send("PATCH", "/api/cameras/front-door", { name: "Back door" });
  assertEquals(renamed.body.camera.name, "Back door");
  await hub.stop();
  await using again = await HubProcess.start({
    prefix: bus.prefix,
    config: "webcams: {auto: false}",
    dataDir,
  });
  await again.login();
  assertEquals((await again.client.json("/api/cameras")).cameras[0].name, "Back door", "it is kept");
  assertEquals((await again.client.send("DELETE", "/api/cameras/front-door?confirm=true")).status, 200);
  assertEquals((await again.client.json("/api/cameras")).total, 0);
});
