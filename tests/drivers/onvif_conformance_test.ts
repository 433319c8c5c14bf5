// The onvif driver against an emulated camera of the standard's kind, one of Tapo's, and some with less.
import { assert, assertEquals } from "@std/assert";
import { onvifDriver } from "../../src/drivers/onvif/driver.ts";
import { OnvifEmulator } from "../emulators/onvif/emulator.ts";
import type { OnvifEmulatorOptions } from "../emulators/onvif/model.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { type Rig, testConformance } from "./conformance.ts";
import { forever, Opened, stage } from "./stage.ts";

const ACCOUNT = { username: "admin", password: "pa & <ss> ü" };
const ALL = ["video", "ptz", "presets", "settings", "observations", "reboot"];

function rigOf(onvif: OnvifEmulator, options: OnvifEmulatorOptions): Rig {
  const hasPtz = options.ptz !== false;
  return {
    options: { host: onvif.host, port: onvif.port, ...ACCOUNT },
    expects: {
      capabilities: ALL.filter((name) => hasPtz || (name !== "ptz" && name !== "presets")),
      info: { profile: "mainStream", firmware: "1.20", serial: "00123e4" },
    },
    settings: () => JSON.stringify(onvif.imaging),
    head: {
      position: () => onvif.position,
      place: (pan, tilt) => onvif.place({ pan, tilt }),
      isMoving: () => onvif.isMoving,
      presets: () => [...onvif.presets.values()].map(({ name }) => name),
      maxPresets: 8,
    },
    offline: () => onvif.offline(),
    online: () => Promise.resolve(onvif.online()),
    connections: () => onvif.connections,
    [Symbol.asyncDispose]: () => onvif[Symbol.asyncDispose](),
  };
}

function start(options: OnvifEmulatorOptions): Promise<Rig> {
  return Promise.resolve(rigOf(OnvifEmulator.start({ ...ACCOUNT, ...options }), options));
}

/** With the stream that it names. */
async function startWhole(options: OnvifEmulatorOptions): Promise<Rig> {
  const users = { [ACCOUNT.username]: ACCOUNT.password };
  const small = { width: 320, height: 184, fps: 10, gop: 10 };
  const mounts = [{ ...small, path: "/stream1" }, { ...small, path: "/stream2" }];
  const rtsp = await RtspEmulator.start({ users, mounts });
  const rig = await start({ ...options, rtspBase: rtsp.url("") });
  return {
    ...rig,
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      await rtsp[Symbol.asyncDispose]();
    },
  };
}

const WITHOUT_VIDEO = /^(?!video)/;
const SUBJECTS: readonly [name: string, options: OnvifEmulatorOptions][] = [
  ["Tapo's kind", { flavour: "tapo" }],
  ["HTTP digest", { authentication: "digest" }],
  ["open to everybody", { authentication: "none" }],
  ["without motors", { ptz: false }],
  ["its own units", { ranges: { pan: [-180, 180], tilt: [0, 90], zoom: [1, 10] } }],
  ["Media2", { media2: true }],
];

testConformance({ name: "ONVIF the standard's kind", driver: onvifDriver, start: () => startWhole({}) });
for (const [name, options] of SUBJECTS) {
  testConformance({ name: `ONVIF ${name}`, driver: onvifDriver, start: () => start(options) }, WITHOUT_VIDEO);
}

Deno.test("ONVIF: zoom, places and home, where the camera has them", async () => {
  await using onvif = OnvifEmulator.start({ ...ACCOUNT, ranges: { zoom: [1, 10] } });
  await using opened = await Opened.open(
    onvifDriver,
    { host: onvif.host, port: onvif.port, ...ACCOUNT },
    stage(),
  );
  const ptz = opened.can("ptz");
  assertEquals(ptz.axes, ["pan", "tilt", "zoom"]);
  assertEquals(await ptz.move({ zoom: 0.5 }, { relative: true }, forever), { pan: 0, tilt: 0, zoom: 0.5 });
  const there = await ptz.move({ pan: -0.5, tilt: 0.25, zoom: 1 }, { relative: false }, forever);
  assertEquals([there, onvif.position], [{ pan: -0.5, tilt: 0.25, zoom: 1 }, onvif.position]);
  assertEquals((await ptz.move({ tilt: -1 }, { relative: false }, forever)).pan, -0.5);
  assert(ptz.home);
  await ptz.home(forever);
  assertEquals(onvif.position, { pan: 0, tilt: 0, zoom: 0 });
});

Deno.test("ONVIF: a movement that lasts for a time is stopped after it", async () => {
  await using onvif = OnvifEmulator.start(ACCOUNT);
  await using opened = await Opened.open(
    onvifDriver,
    { host: onvif.host, port: onvif.port, ...ACCOUNT },
    stage(),
  );
  await opened.can("ptz").move({ pan: 1, tilt: -1 }, { relative: true, durationMs: 200 }, forever);
  assertEquals([onvif.isMoving, onvif.moves.at(-1)], [false, "Stop"]);
  assert(onvif.position.pan > 0.02 && onvif.position.tilt < -0.02, JSON.stringify(onvif.position));
});

Deno.test("ONVIF: a camera whose services are not told in the new way is asked in the old", async () => {
  await using onvif = OnvifEmulator.start({ ...ACCOUNT, hasServices: false });
  await using opened = await Opened.open(
    onvifDriver,
    { host: onvif.host, port: onvif.port, ...ACCOUNT },
    stage(),
  );
  assert(opened.device.capabilities.ptz && opened.device.capabilities.observations);
});

Deno.test("ONVIF: restarts when it is told to", async () => {
  await using onvif = OnvifEmulator.start(ACCOUNT);
  await using opened = await Opened.open(
    onvifDriver,
    { host: onvif.host, port: onvif.port, ...ACCOUNT },
    stage(),
  );
  await opened.can("reboot")(forever);
  assertEquals(onvif.reboots, 1);
});
