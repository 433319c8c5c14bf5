// What is shown of a camera and of its switches: what is known, what is not, what failed, and never a secret.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { abortError, HubError, isAbort } from "../../../src/base/errors.ts";
import type { Capabilities, Device } from "../../../src/devices/device.ts";
import type { Driver } from "../../../src/devices/driver.ts";
import { discoveredView } from "../../../src/operations/camera_views.ts";
import { readControls } from "../../../src/operations/control_views.ts";
import { ofDevice } from "../../../src/operations/error_table.ts";
import type { CameraDetailView, CameraView } from "../../../src/operations/views.ts";
import { foundToy, toyDriver } from "../tools/devices.ts";
import { type Bench, gadgets, withGadgets } from "../tools/gadgets.ts";
import { settle } from "../../tools/fake_clock.ts";

const never = new AbortController().signal;
const deviceWith = (capabilities: Capabilities): Device => ({
  info: {},
  capabilities,
  run: () => Promise.resolve(),
});

Deno.test("readControls: tells what every switch stands at", async () => {
  const { capabilities } = gadgets();
  const { settings, controls } = await readControls(deviceWith(capabilities), never);
  assertEquals(settings?.map(({ name }) => name), ["brightness"]);
  assertEquals(controls, {
    privacy: false,
    led: true,
    motion: { enabled: true, sensitivity: 50 },
    siren_active: false,
    presets: [{ id: "1", name: "Door", position: { pan: 0.5 } }, { id: "2", name: "Home" }],
    storage: [{ id: "1", state: "normal", total_bytes: 100, free_bytes: 40 }],
    power: { asleep: false, battery_percent: 80 },
  });
});

Deno.test("readControls: what the camera does not say, or does not have, is absent", async () => {
  const { capabilities, state } = gadgets();
  state.isMute = true;
  state.presets = [];
  const { controls } = await readControls(deviceWith(capabilities), never);
  assertEquals(controls, {
    motion: {},
    presets: [],
    storage: [],
    power: { asleep: false, battery_percent: 80 },
  });
  assertEquals(await readControls(deviceWith({}), never), { settings: undefined, controls: undefined });
});

Deno.test("readControls: what fails is told beside the rest, each by its name", async () => {
  const { capabilities } = gadgets();
  const fail = () => Promise.reject(new HubError("timeout", "no answer"));
  const odd = () => Promise.reject(new TypeError("odd"));
  const device = deviceWith({
    ...capabilities,
    led: { read: fail, set: fail },
    settings: { list: fail, set: fail },
    storage: { media: odd },
  });
  const { settings, controls } = await readControls(device, never);
  assertEquals([settings, controls?.led, controls?.storage, controls?.privacy], [
    undefined,
    undefined,
    undefined,
    false,
  ]);
  assertEquals(controls?.problems?.toSorted((a, b) => a.what.localeCompare(b.what)), [
    { what: "led", message: "no answer" },
    { what: "settings", message: "no answer" },
    { what: "storage", message: "odd" },
  ]);
});

Deno.test("readControls: an abort is an abort, and no list of problems", async () => {
  const { capabilities } = gadgets();
  const stopped = () => Promise.reject(abortError());
  const device = deviceWith({ ...capabilities, led: { read: stopped, set: stopped } });
  assert(isAbort(await assertRejects(() => readControls(device, never), DOMException)));
});

const detail = async ({ op }: Bench, camera_id = "a") =>
  (await op("get_camera_info", { camera_id })).camera as CameraDetailView;

Deno.test("get_camera_info: everything known of a camera, with its switches", async () => {
  await withGadgets(async (bench) => {
    const shown = await detail(bench);
    assertEquals([shown.id, shown.status, shown.ptz_axes], ["a", "online", ["pan", "tilt", "zoom"]]);
    assertEquals([shown.controls?.led, shown.settings?.length, shown.viewers], [true, 1, []]);
    assertEquals(shown.capabilities.includes("reboot"), true);
    const plain = await detail(bench, "plain");
    const absent = [
      "ptz_axes",
      "settings",
      "controls",
      "children",
      "notices",
      "modes",
      "reason",
      "next_try_at",
    ];
    for (const key of absent) assertEquals(key in plain, false, key);
    assertEquals(plain.capabilities, []);
  });
});

Deno.test("get_camera_info: a camera that is not open shows its options and why, and is asked nothing", async () => {
  await withGadgets(async (bench) => {
    bench.toys.refusal = new HubError("unavailable", "no power", { hint: "plug it in" });
    bench.toys.lose("a");
    await bench.clock.advance(600);
    const shown = await detail(bench);
    assertEquals([shown.status, shown.reason, shown.hint], ["offline", "no power", "plug it in"]);
    assert((shown.next_try_at ?? "") > "2026-01-01T00:00:00");
    for (const key of ["device", "controls", "settings"]) assertEquals(key in shown, false, key);
    bench.toys.refusal = new HubError("unauthenticated", "wrong", { retryAtMs: Infinity });
    await bench.clock.advance(10_000);
    const stuck = (await bench.op("list_cameras", {})).cameras as CameraView[];
    assertEquals([stuck[0]?.status, "next_try_at" in stuck[0]!], ["auth_required", false]);
  });
});

Deno.test("list_cameras: tells of a covered lens what the camera last said, and asks it nothing", async () => {
  await withGadgets(async (bench) => {
    const { op, state, toys, clock } = bench;
    const covered = async () => ((await op("list_cameras", {})).cameras as CameraView[])[0]?.covered;
    const set = (enabled: boolean) => op("set_privacy_mode", { camera_id: "a", enabled });
    state.privacy = true;
    assertEquals(await covered(), undefined);
    await detail(bench);
    assertEquals(await covered(), true);
    await set(false);
    assertEquals(await covered(), undefined);
    await set(true);
    assertEquals(await covered(), true);
    state.isMute = true;
    await set(true);
    assertEquals(await covered(), undefined);
    state.isMute = false;
    await set(true);
    assertEquals([await covered(), state.privacy], [true, true]);
    toys.lose("a");
    await clock.advance(600);
    await settle();
    assertEquals(await covered(), undefined);
  });
});

/** A driver whose device brings others along. */
function parentDriver(change: Partial<Device>): Partial<Driver> {
  const toys = toyDriver();
  return {
    options: z.strictObject({
      host: z.string(),
      password: z.string().optional(),
      lens: z.string().optional(),
    }),
    secrets: ["password"],
    // The toy itself would tell its options as its model.
    open: async (given, context, signal) => ({
      ...await toys.driver.open(given, context, signal),
      info: { model: "Two lenses" },
      ...change,
    }),
  };
}

Deno.test("[VIEWER-OPTIONS] get_camera_info: children are told as they are to be added, without secrets, and whether they are", async () => {
  const child = (id: string, lens: string) => ({ title: `Lens ${lens}`, suggestedId: id, options: { lens } });
  const driver = parentDriver({
    children: [child("front-tele", "tele"), child("plain", "wide")],
    notices: ["The stream account is missing"],
  });
  await withGadgets(async (bench) => {
    await bench.op("add_camera", { type: "toy", id: "front", host: "h", password: "hunter2" });
    await settle();
    const shown = await detail(bench, "front");
    const common = { type: "toy", options_of: "front" };
    const options = (lens: string) => ({ host: "h", password: "[secret]", lens });
    assertEquals(shown.children, [
      { ...common, title: "Lens tele", suggested_id: "front-tele", options: options("tele") },
      { ...common, title: "Lens wide", suggested_id: "plain", options: options("wide"), camera_id: "plain" },
    ]);
    assertEquals(shown.options, { host: "h", password: "[secret]" });
    assertEquals(shown.notices, ["The stream account is missing"]);
    const [operator, viewer] = await Promise.all((["operator", "viewer"] as const).map(async (role) => {
      const authorization = `Bearer ${await bench.access.tokens.create(role, { role })}`;
      const seen = await (await bench.ask("/api/cameras/front", { headers: { authorization } })).json();
      return seen as CameraDetailView;
    }));
    assertEquals([operator?.options, operator?.children], [shown.options, shown.children]);
    assertEquals([viewer?.id, viewer?.children?.map(({ title }) => title)], ["front", [
      "Lens tele",
      "Lens wide",
    ]]);
    assert(!JSON.stringify(viewer).includes('"options"') && !JSON.stringify(viewer).includes('"h"'));
    for (const view of [shown, await bench.op("list_cameras"), await bench.op("get_camera_status")]) {
      assert(!JSON.stringify(view).includes("hunter2"));
    }
  }, { driver });
});

Deno.test("discoveredView: tells what is needed and whose it is, where there is something to tell", () => {
  const found = { ...foundToy("x"), type: "toy", cameraId: undefined };
  const view = { type: "toy", title: "Toy x", options: { device: "x" }, details: { bus: "1" } };
  assertEquals(discoveredView(found), view);
  assertEquals(discoveredView({ ...found, needs: [] }), view);
  assertEquals(discoveredView({ ...found, needs: ["password"], cameraId: "mine", address: "10.0.0.2" }), {
    ...view,
    needs: ["password"],
    camera_id: "mine",
  });
});

Deno.test("ofDevice: only a refusal of the camera's own account changes its kind, and keeps all it says", () => {
  const refusal = new HubError("unauthenticated", "wrong", {
    hint: "do",
    details: { a: 1 },
    retryAtMs: Infinity,
  });
  const told = ofDevice(refusal);
  assert(told instanceof HubError);
  const { kind, message, hint, details, retryAtMs, cause, retryable } = told;
  assertEquals([kind, message, hint, details, retryAtMs, cause === refusal, retryable], [
    "device_rejected",
    "wrong",
    "do",
    { a: 1 },
    Infinity,
    true,
    false,
  ]);
  for (
    const other of [
      new HubError("locked_out", "x"),
      new HubError("forbidden", "x"),
      abortError(),
      "x",
      undefined,
    ]
  ) {
    assert(ofDevice(other) === other);
  }
  assertStringIncludes(told.message, "wrong");
});
