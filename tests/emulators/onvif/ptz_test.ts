// The hub's ONVIF client moves the emulated camera; what counts is where the camera then looks.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { OnvifDevice } from "../../../src/protocols/onvif/device.ts";
import { connect, forever, until } from "./client.ts";
import { OnvifEmulator } from "./emulator.ts";
import type { OnvifEmulatorOptions, Position } from "./model.ts";

async function openPtz(device: OnvifDevice) {
  const [profile] = await device.profiles(forever);
  assert(profile);
  const ptz = await device.ptz(profile, forever);
  assert(ptz);
  return ptz;
}

/** What floating point leaves is no difference. */
function rounded(position: Partial<Position>): Partial<Position> {
  return Object.fromEntries(
    Object.entries(position).map(([axis, value]) => [axis, Math.round(value * 1e4) / 1e4]),
  );
}

Deno.test("ptz tells its limits", async () => {
  await using camera = OnvifEmulator.start({ maxPresets: 5 });
  using device = await connect(camera);
  const ptz = await openPtz(device);
  assertEquals(ptz.axes, ["pan", "tilt", "zoom"]);
  assertEquals(ptz.limits, {
    absolute: ["pan", "tilt", "zoom"],
    relative: ["pan", "tilt", "zoom"],
    continuous: ["pan", "tilt", "zoom"],
    hasSpeed: true,
    timeoutMs: { min: 100, max: 10_000 },
    maxPresets: 5,
  });
  assert(ptz.home?.set);
});

Deno.test("ptz is absent for a camera that does not move", async () => {
  await using camera = OnvifEmulator.start({ ptz: false });
  using device = await connect(camera);
  const [profile] = await device.profiles(forever);
  assertEquals([profile?.hasPtz, profile && await device.ptz(profile, forever)], [false, undefined]);
});

const UNITS: Record<string, OnvifEmulatorOptions["ranges"]> = {
  "generic units": {},
  "pan 0…1, tilt −90…90, zoom 1…30": { pan: [0, 1], tilt: [-90, 90], zoom: [1, 30] },
};
for (const [name, ranges] of Object.entries(UNITS)) {
  Deno.test(`absoluteMove and status: places are the same in ${name}`, async () => {
    await using camera = OnvifEmulator.start({ ...(ranges ? { ranges } : {}) });
    using device = await connect(camera);
    const ptz = await openPtz(device);
    const place = { pan: -0.5, tilt: 0.25, zoom: 0.75 };
    await ptz.absoluteMove(place, {}, forever);
    assertEquals(rounded(camera.position), place);
    const status = await ptz.status(forever);
    assertEquals([rounded(status.position), status.moving], [place, false]);
    await ptz.absoluteMove({ pan: 5, tilt: -5 }, { speed: 0.5 }, forever);
    assertEquals(rounded(camera.position), { pan: 1, tilt: -1, zoom: 0.75 });
    await ptz.absoluteMove({ tilt: 0.5 }, {}, forever);
    assertEquals(rounded(camera.position), { pan: 1, tilt: 0.5, zoom: 0.75 });
    await ptz.absoluteMove({ zoom: 0 }, {}, forever);
    assertEquals(rounded(camera.position), { pan: 1, tilt: 0.5, zoom: 0 });
  });
}

Deno.test("relativeMove moves by so much, each time once", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const ptz = await openPtz(device);
  await ptz.relativeMove({ pan: 0.25, tilt: -0.5 }, {}, forever);
  await ptz.relativeMove({ pan: 0.25, zoom: 0.5 }, { speed: 1 }, forever);
  assertEquals(rounded(camera.position), { pan: 0.5, tilt: -0.5, zoom: 0.5 });
  camera.fail("hang_up", { operation: "RelativeMove", times: 1 });
  await assertRejects(() => ptz.relativeMove({ pan: 0.25 }, {}, forever), HubError);
  assertEquals(camera.calls.filter((call) => call === "RelativeMove").length, 3);
});

Deno.test("continuousMove goes on until it is stopped, and the view follows", async () => {
  const seen: Position[] = [];
  await using camera = OnvifEmulator.start({ view: (position) => seen.push(position) });
  using device = await connect(camera);
  const ptz = await openPtz(device);
  await ptz.continuousMove({ pan: 1, tilt: -0.5 }, { timeoutMs: 60_000 }, forever);
  assertEquals((await ptz.status(forever)).moving, true);
  await until(() => seen.length > 3, "the view to move");
  await ptz.stop(forever);
  assertEquals([camera.isMoving, (await ptz.status(forever)).moving], [false, false]);
  assert(camera.position.pan > 0 && camera.position.tilt < 0 && camera.position.zoom === 0);
  assertEquals(seen.at(-1), camera.position);
  assertEquals(camera.moves, ["ContinuousMove", "Stop"]);
});

Deno.test("continuousMove ends by itself after its time", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const ptz = await openPtz(device);
  await ptz.continuousMove({ zoom: 1 }, { timeoutMs: 1 }, forever);
  await until(() => !camera.isMoving, "the camera to stop");
  assertEquals(rounded(camera.position), { pan: 0, tilt: 0, zoom: 0.05 });
});

Deno.test("a camera without zoom is never sent one", async () => {
  await using camera = OnvifEmulator.start({ flavour: "tapo", ranges: { zoom: undefined } });
  using device = await connect(camera);
  const ptz = await openPtz(device);
  assertEquals(ptz.axes, ["pan", "tilt"]);
  await ptz.relativeMove({ pan: 0.1 }, {}, forever);
  await ptz.absoluteMove({ pan: 0.2, tilt: 0.3 }, {}, forever);
  await ptz.continuousMove({ tilt: 0.5 }, { timeoutMs: 100 }, forever);
  assertEquals((await ptz.status(forever)).position.zoom, undefined);
  const error = await assertRejects(() => ptz.absoluteMove({ zoom: 1 }, {}, forever), HubError);
  assertEquals([error.kind, error.hint], ["unsupported", "It can move so: pan, tilt"]);
});

Deno.test("a camera that tells nothing of its spaces is moved by velocities", async () => {
  await using camera = OnvifEmulator.start({ refuses: ["GetNodes", "GetConfigurationOptions"] });
  using device = await connect(camera);
  const ptz = await openPtz(device);
  assertEquals([ptz.limits.absolute, ptz.limits.continuous, ptz.home], [[], ["pan", "tilt"], undefined]);
  await ptz.continuousMove({ pan: -1 }, { timeoutMs: 1000 }, forever);
  await ptz.stop(forever);
  assertEquals(camera.moves, ["ContinuousMove", "Stop"]);
});

Deno.test("presets are stored, told, recalled, replaced and removed", async () => {
  await using camera = OnvifEmulator.start({ maxPresets: 2 });
  using device = await connect(camera);
  const ptz = await openPtz(device);
  const { presets } = ptz;
  assertEquals(await presets.list(forever), []);
  const place = { pan: 0.5, tilt: -0.5, zoom: 0.25 };
  await ptz.absoluteMove(place, {}, forever);
  const token = await presets.save("Tür & <Tor>", undefined, forever);
  await ptz.absoluteMove({ pan: 0, tilt: 0, zoom: 0 }, {}, forever);
  const other = await presets.save("Tür & <Tor>", undefined, forever);
  assertEquals((await presets.list(forever)).map(({ token, name }) => [token, name]), [
    [token, "Tür & <Tor>"],
    [other, "Tür & <Tor>"],
  ]);
  assertEquals((await presets.list(forever))[0]?.position, place);
  const full = await assertRejects(() => presets.save("third", undefined, forever), HubError);
  assertEquals([full.kind, full.message, full.hint], [
    "conflict",
    "The camera has no room for another position",
    "Delete a position first",
  ]);
  await presets.recall(token, forever);
  assertEquals(rounded(camera.position), place);
  assertEquals(await presets.save("renamed", other, forever), other);
  assertEquals(camera.presets.get(other), { name: "renamed", position: place });
  await presets.remove(token, forever);
  assertEquals([...camera.presets.keys()], [other]);
  for (const action of [presets.recall, presets.remove]) {
    const error = await assertRejects(() => action.call(presets, "<99>", forever), HubError);
    assertEquals(error.kind, "not_found");
  }
});

Deno.test("home is gone to and set; a fixed one cannot be set", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const ptz = await openPtz(device);
  await ptz.absoluteMove({ pan: 0.5, tilt: 0.5 }, {}, forever);
  await ptz.home?.set?.(forever);
  await ptz.absoluteMove({ pan: -0.5, tilt: 0 }, {}, forever);
  await ptz.home?.go(forever);
  assertEquals(rounded(camera.position), { pan: 0.5, tilt: 0.5, zoom: 0 });
  await using fixed = OnvifEmulator.start({ fixedHome: true });
  using other = await connect(fixed);
  const { home } = await openPtz(other);
  assert(home?.go && !home.set);
});
