// Cameras behind a Tapo hub: listed in pages, on batteries or not, with methods of their own.
import { assertEquals } from "@std/assert";
import { readChildComponents, readChildren } from "../../src/protocols/tapo/children.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import type { TapoCaller } from "../../src/protocols/tapo/caller.ts";
import { at } from "../../src/protocols/tapo/values.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { D130, H200 } from "../emulators/tapo/models/index.ts";
import { capabilityNames, forever, Opened, stage } from "./stage.ts";

/** A hub that tells of three children at a time, as real ones do of ten. */
function pagedHub(count: number): TapoCaller & { asked: number } {
  const ids = Array.from({ length: count }, (_, index) => `CHILD${index}`);
  const hub = {
    asked: 0,
    request: (method: string, params: Record<string, unknown>) => {
      hub.asked++;
      const start = Number(at(params, "childControl", "start_index"));
      const page = ids.slice(start, start + 3);
      const table = method === "getChildDeviceList" ? "child_device_list" : "child_component_list";
      const row = (id: string) => ({ device_id: id, component_list: [{ name: `of${id}`, version: 2 }] });
      return Promise.resolve({ [table]: page.map(row), start_index: start, sum: count });
    },
    batch: () => Promise.reject(new Error("not asked")),
    single: () => Promise.reject(new Error("not asked")),
  };
  return hub;
}

Deno.test("readChildren: finds the children of all pages, and the components of each", async () => {
  for (const [count, pages] of [[0, 1], [2, 1], [3, 1], [7, 3]] as const) {
    const hub = pagedHub(count);
    assertEquals([(await readChildren(hub, forever)).length, hub.asked], [count, pages]);
  }
  const components = await readChildComponents(pagedHub(7), "CHILD6", forever);
  assertEquals([...components], [["ofCHILD6", 2]]);
});

Deno.test("Tapo: a camera behind a hub that has a wire has no battery, and is asked for its alarms", async () => {
  await using hub = await TapoEmulator.start({
    model: { ...H200, children: [...H200.children ?? [], D130] },
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: hub.host, port: hub.port, cloud_password: CLOUD_PASSWORD };
  for (const [index, own] of [[0, "power"], [1, "observations"]] as const) {
    const child_id = hub.device.children!.list[index]!.id;
    await using opened = await Opened.open(tapoDriver, { ...login, child_id }, stage());
    const names = capabilityNames(opened.device);
    assertEquals(names.filter((name) => name === "power" || name === "observations"), [own]);
  }
});

Deno.test("Tapo: a camera behind a hub that knows no days is searched by time", async () => {
  await using hub = await TapoEmulator.start({
    model: H200,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const child = hub.device.children!.list[0]!;
  const login = { host: hub.host, port: hub.port, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, { ...login, child_id: child.id }, stage());
  // Midnight in the camera's time zone is an hour before that of UTC.
  const startS = Date.UTC(2026, 0, 13, 23, 30) / 1000;
  child.device.recordings!.clips = [0, 86_400].map((byS) => ({
    startS: startS + byS,
    endS: startS + byS + 60,
    type: 2,
  }));
  const day = () => opened.can("storage").recordings!("2026-01-14", forever);
  const usual = await day();
  assertEquals(usual, [{ startMs: startS * 1000, endMs: (startS + 60) * 1000, kind: "motion" }]);
  hub.faults.add({ kind: "error-code", code: -40106, method: "searchVideoOfDay" });
  const byTime = await day();
  assertEquals([hub.faults.pending, hub.received.count("searchVideoWithUTC")], [0, 1]);
  assertEquals(byTime.map(({ kind }) => kind), ["motion"]);
});
