// The hub's ONVIF client against the emulated camera: connecting, streams, pictures and refusals.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { connectOnvif } from "../../../src/protocols/onvif/device.ts";
import { connect, forever } from "./client.ts";
import { OnvifEmulator } from "./emulator.ts";
import { SMALL_JPEG } from "./model.ts";

const DAY_MS = 86_400_000;

async function failure(action: () => Promise<unknown>): Promise<HubError> {
  return await assertRejects(action, HubError);
}

Deno.test("connectOnvif tells what the camera is, in the camera's own spelling", async () => {
  await using camera = OnvifEmulator.start({ information: { Model: 'Cam & "Door" <2>' } });
  using device = await connect(camera);
  assertEquals(device.information, {
    manufacturer: "Emulated",
    model: 'Cam & "Door" <2>',
    firmware: "1.20",
    serial: "00123e4",
    hardware: "1.0",
  });
  assertEquals([...device.services].sort(), ["device", "events", "imaging", "media", "ptz"]);
  assert(Math.abs(device.clockSkewMs) <= 1500, `${device.clockSkewMs}`);
  // The first question that needs the account is asked without it before.
  const calls = ["GetSystemDateAndTime", "GetServices", "GetDeviceInformation", "GetDeviceInformation"];
  assertEquals(camera.calls, calls);
});

for (const skewMs of [-DAY_MS, DAY_MS, 3 * 365 * DAY_MS]) {
  Deno.test(`connectOnvif logs in to a camera whose clock is off by ${skewMs / DAY_MS} days`, async () => {
    await using camera = OnvifEmulator.start({ clockSkewMs: skewMs });
    using device = await connect(camera);
    assert(Math.abs(device.clockSkewMs - skewMs) <= 1500, `${device.clockSkewMs}`);
    assertEquals((await device.profiles(forever)).length, 2);
    assertEquals([camera.clockRefusals, camera.authFailures], [0, 0]);
  });
}

Deno.test("OnvifDevice goes on when the camera's clock is set while it is connected", async () => {
  await using camera = OnvifEmulator.start({ clockSkewMs: -DAY_MS });
  using device = await connect(camera);
  camera.setClockSkew(0);
  assertEquals((await device.profiles(forever)).length, 2);
  assert(Math.abs(device.clockSkewMs) <= 1500, `${device.clockSkewMs}`);
  assertEquals([camera.clockRefusals, camera.authFailures], [1, 0]);
});

Deno.test("connectOnvif tries a wrong password exactly once", async () => {
  await using camera = OnvifEmulator.start();
  const error = await failure(() => connect(camera, { password: new Secret("wrong") }));
  assertEquals([error.kind, error.message], ["unauthenticated", "The camera refused the account"]);
  assertEquals([error.retryable, error.retryAtMs, camera.authFailures], [false, Infinity, 1]);
});

Deno.test("connectOnvif without an account is refused, and no attempt is counted", async () => {
  await using camera = OnvifEmulator.start();
  const target = { host: camera.host, port: camera.port, signal: forever };
  assertEquals((await failure(() => connectOnvif(target))).kind, "unauthenticated");
  assertEquals(camera.authFailures, 0);
});

Deno.test("connectOnvif without an account reaches an open camera", async () => {
  await using camera = OnvifEmulator.start({ authentication: "none" });
  using device = await connectOnvif({ host: camera.host, port: camera.port, signal: forever });
  assertEquals(await device.snapshot("profile_1", forever), SMALL_JPEG);
});

Deno.test("connectOnvif tells a locked account from a wrong password", async () => {
  await using camera = OnvifEmulator.start({ lockAfter: 1 });
  const wrong = { password: new Secret("wrong") };
  assertEquals((await failure(() => connect(camera, wrong))).kind, "unauthenticated");
  const error = await failure(() => connect(camera));
  assertEquals([error.kind, camera.authFailures], ["locked_out", 1]);
});

Deno.test("connectOnvif takes names and passwords with special characters", async () => {
  const [username, password] = ['a&b<c>"', "pä$$wörd & <雪>"];
  await using camera = OnvifEmulator.start({ username, password });
  using device = await connect(camera, { username, password: new Secret(password) });
  assertEquals(device.information.manufacturer, "Emulated");
});

Deno.test("connectOnvif gives HTTP digest to cameras that want it", async () => {
  await using camera = OnvifEmulator.start({ authentication: "digest", username: "me", password: "pä:ss" });
  using device = await connect(camera, { username: "me", password: new Secret("pä:ss") });
  assertEquals((await device.profiles(forever)).length, 2);
  const error = await failure(() => connect(camera, { username: "me", password: new Secret("no") }));
  assertEquals([error.kind, camera.authFailures], ["unauthenticated", 1]);
});

Deno.test("connectOnvif asks in the old way where GetServices is unknown", async () => {
  await using camera = OnvifEmulator.start();
  camera.fail("error500", { operation: "GetServices", times: 1 });
  assertEquals((await failure(() => connect(camera))).kind, "unavailable");
  await using old = OnvifEmulator.start({ refuses: ["GetServices"] });
  using device = await connect(old);
  assertEquals([...device.services].sort(), ["device", "events", "imaging", "media", "ptz"]);
  assertEquals((await device.profiles(forever)).length, 2);
});

Deno.test("profiles: Media tells both streams", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const [main, sub, ...others] = await device.profiles(forever);
  assertEquals(main, {
    token: "profile_1",
    name: "mainStream",
    encoding: "h264",
    width: 2560,
    height: 1440,
    fps: 15,
    bitrateKbps: 2048,
    audio: { encoding: "g711", sampleRateKhz: 8 },
    hasPtz: true,
    videoSourceToken: "raw_vs1",
    videoSourceConfigurationToken: "vsconf",
    ptzConfiguration: { token: "PTZTOKEN", nodeToken: "PTZNODETOKEN" },
  });
  assertEquals([sub?.token, sub?.width, sub?.bitrateKbps, others.length], ["profile_2", 640, 512, 0]);
});

Deno.test("profiles: Media2 is preferred, because it knows H.265", async () => {
  await using camera = OnvifEmulator.start({ media2: true });
  using device = await connect(camera);
  const [main] = await device.profiles(forever);
  assertEquals([main?.encoding, main?.width, main?.hasPtz], ["h265", 2560, true]);
  assertMatch(await device.streamUri("profile_2", forever), /^rtsp:\/\/127\.0\.0\.1:554\/stream2$/);
  assertEquals(await device.snapshot("profile_1", forever), SMALL_JPEG);
});

Deno.test("profiles: a camera whose Media2 fails is asked by Media", async () => {
  await using camera = OnvifEmulator.start({ media2: "broken" });
  using device = await connect(camera);
  assertEquals((await device.profiles(forever))[0]?.encoding, "h264");
  assertMatch(await device.streamUri("profile_1", forever), /stream1$/);
});

Deno.test("streamUri names the host that we connected to, whatever the camera says", async () => {
  await using camera = OnvifEmulator.start({
    advertisedHost: "10.99.99.99",
    rtspBase: "rtsp://user:secret@0.0.0.0:8554",
  });
  using device = await connect(camera);
  assertEquals(await device.streamUri("profile_1", forever), "rtsp://127.0.0.1:8554/stream1");
  assertEquals(
    await device.snapshotUri("profile_1", forever),
    `http://127.0.0.1:${camera.port}/onvif/snapshot?token=profile_1`,
  );
  assertEquals(await device.snapshot("profile_1", forever), SMALL_JPEG);
});

Deno.test("streamUri of an unknown profile is not found", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const error = await failure(() => device.streamUri('x"<&>', forever));
  assertEquals(error.kind, "not_found");
  assertStringIncludes(error.message, 'x"<&>');
});

Deno.test("snapshot: HTTP digest; a camera without snapshots says so", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  assertEquals(await device.snapshot("profile_2", forever), SMALL_JPEG);
  camera.setPassword("changed");
  assertEquals((await failure(() => device.snapshot("profile_2", forever))).kind, "unauthenticated");
  await using tapo = OnvifEmulator.start({ flavour: "tapo" });
  using other = await connect(tapo);
  assertEquals((await failure(() => other.snapshot("profile_1", forever))).kind, "unsupported");
});

Deno.test("snapshot: what is no picture is refused", async () => {
  await using camera = OnvifEmulator.start({ snapshot: () => new TextEncoder().encode("<html>") });
  using device = await connect(camera);
  assertEquals((await failure(() => device.snapshot("profile_1", forever))).kind, "device_rejected");
});

Deno.test("a Tapo camera has one address for all services", async () => {
  await using camera = OnvifEmulator.start({ flavour: "tapo" });
  using device = await connect(camera);
  const [main] = await device.profiles(forever);
  assertEquals([device.information.manufacturer, main?.token], ["tp-link", "profile_1"]);
  assert(main);
  assert(await device.ptz(main, forever));
  assert(await device.imaging(main, forever));
});

Deno.test("reboot restarts the camera", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  await device.reboot(forever);
  assertEquals(camera.reboots, 1);
});

Deno.test("imaging: reads what the camera can adjust, changes it and reads it back", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const [profile] = await device.profiles(forever);
  assert(profile);
  const imaging = await device.imaging(profile, forever);
  assert(imaging);
  const level = { value: 50, min: 0, max: 100 };
  assertEquals(await imaging.settings(forever), {
    brightness: level,
    contrast: level,
    saturation: level,
    sharpness: level,
    irCutFilter: { value: "auto", choices: ["on", "off", "auto"] },
    wideDynamicRange: { enabled: false, level: { value: 30, min: 0, max: 100 } },
  });
  const after = await imaging.set({
    brightness: 0,
    sharpness: 71.5,
    irCutFilter: "off",
    wideDynamicRange: { enabled: true },
  }, forever);
  assertEquals([after.brightness?.value, after.sharpness?.value, after.contrast?.value], [0, 71.5, 50]);
  assertEquals(camera.imaging, {
    Brightness: 0,
    Contrast: 50,
    ColorSaturation: 50,
    Sharpness: 71.5,
    IrCutFilter: "OFF",
    wideMode: "ON",
    wideLevel: 30,
  });
  const error = await failure(() => imaging.set({ contrast: 101 }, forever));
  assertEquals([error.kind, error.hint], ["invalid_input", "It can be from 0 to 100"]);
});

Deno.test("imaging: a camera that tells no settings has none", async () => {
  await using camera = OnvifEmulator.start({ refuses: ["GetImagingSettings"] });
  using device = await connect(camera);
  const [profile] = await device.profiles(forever);
  assert(profile);
  assertEquals(await device.imaging(profile, forever), undefined);
});
