// Which cameras there are: file, database and found ones together; duplicates refused; a reload leaves the rest alone.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { CameraEntry } from "../../../src/config/schema.ts";
import type { Camera } from "../../../src/devices/camera.ts";
import type { DeviceManager } from "../../../src/devices/manager.ts";
import { lostBy, reloadResult } from "../../../src/devices/reload_plan.ts";
import { settle } from "../../tools/fake_clock.ts";
import { foundToy, type House, toyDriver, withHouse } from "../tools/devices.ts";

const entry = (id: string, change: Record<string, unknown> = {}): CameraEntry => ({
  id,
  type: "toy",
  enabled: true,
  fps: 10,
  format: "auto",
  ...change,
});
const { signal } = new AbortController();

const list = (manager: DeviceManager) => manager.cameras.map(({ id, spec }) => `${id} ${spec.origin}`).sort();
const rejected = (action: () => Promise<unknown>) => assertRejects(action, HubError);

/** Found devices as the catalog sees them now. */
async function adopt({ catalog }: Pick<House, "catalog">): Promise<void> {
  await catalog.adopt(await catalog.discover(signal));
}

Deno.test("CameraCatalog: loads the file's cameras, then the stored; of two with one id the file's is taken", async () => {
  await withHouse([toyDriver().driver], async ({ catalog, manager, table, lines }) => {
    const stored = { name: "Stored", type: "toy", enabled: true, hidden: false, options: { fps: 3 } };
    await table.put({ ...stored, id: "both" });
    await table.put({ ...stored, id: "stored" });
    await table.put({ ...stored, id: "unknown", type: "not a type" });
    await table.put({ ...stored, id: "hidden", hidden: true });
    await catalog.load([entry("file", { name: "From the file" }), entry("both")]);
    assertEquals(list(manager), ["both file", "file file", "stored store"]);
    assertEquals([manager.get("file").spec.name, manager.get("both").spec.name], ["From the file", "both"]);
    assertEquals(manager.get("file").spec.options, { fps: 10, format: "auto" });
    assertEquals(lines.filter((line) => line.includes('"level":"warn"')).length, 2);
  });
});

Deno.test("CameraCatalog: an added camera is checked, gets defaults, and is there after a restart", async () => {
  await withHouse([toyDriver().driver], async ({ catalog, manager, table }) => {
    const camera = await catalog.add({ type: "toy", name: " Front Door! ", options: { fps: 3 } });
    assertEquals([camera.id, camera.spec.name, camera.spec.origin], ["front-door", "Front Door!", "store"]);
    assertEquals(camera.spec.options, { fps: 3, format: "auto" });
    assertEquals((await catalog.add({ type: "toy", name: "Front door", options: {} })).id, "front-door-2");
    assertEquals((await catalog.add({ type: "toy", name: "日本", options: {} })).id, "camera");
    assertEquals((await catalog.add({ type: "toy", options: {} })).spec.name, "Toy camera");
    assertEquals((await table.list()).map(({ id }) => id), [
      "camera",
      "front-door",
      "front-door-2",
      "toy-camera",
    ]);
    assertEquals(manager.cameras.length, 4);
  });
});

Deno.test("CameraCatalog: wrong input is refused with its place and touches nothing", async () => {
  await withHouse([toyDriver().driver], async ({ catalog, manager, table }) => {
    await catalog.load([entry("taken")]);
    const error = await rejected(() => catalog.add({ type: "toy", options: { fsp: 3, fps: "fast" } }));
    assertEquals(error.kind, "invalid_input");
    const problems = error.details?.problems as { path: string; suggestion?: string }[];
    assertEquals(problems.map(({ path }) => path).sort(), ["options.fps", "options.fsp"]);
    assertEquals(problems.find(({ path }) => path === "options.fsp")?.suggestion, "fps");
    assertStringIncludes(error.message, 'did you mean "fps"?');
    assertEquals((await rejected(() => catalog.add({ type: "tyo", options: {} }))).kind, "invalid_input");
    assertEquals(
      (await rejected(() => catalog.add({ type: "toy", id: "No!", options: {} }))).kind,
      "invalid_input",
    );
    assertEquals(
      (await rejected(() => catalog.add({ type: "toy", id: "taken", options: {} }))).kind,
      "conflict",
    );
    assertEquals([list(manager), await table.list()], [["taken file"], []]);
  });
});

Deno.test("CameraCatalog: one device cannot be two cameras, however it is named", async () => {
  const toys = toyDriver({
    identify: (options) => Promise.resolve(String(options.device ?? "").toLowerCase()),
  });
  await withHouse([toys.driver], async ({ catalog, manager }) => {
    await catalog.add({ type: "toy", id: "first", options: { device: "USB1" } });
    const error = await rejected(() =>
      catalog.add({ type: "toy", id: "second", options: { device: "usb1" } })
    );
    assertEquals([error.kind, error.details], ["conflict", { camera_id: "first" }]);
    await catalog.add({ type: "toy", id: "third", options: { device: "usb3" } });
    assertEquals(
      (await rejected(() => catalog.change("third", { options: { device: "usb1" } }))).kind,
      "conflict",
    );
    await catalog.change("first", { options: { device: "usb1" } });
    assertEquals(manager.cameras.length, 2);
    const both = await Promise.allSettled([
      catalog.add({ type: "toy", id: "x", options: { device: "usb9" } }),
      catalog.add({ type: "toy", id: "y", options: { device: "usb9" } }),
    ]);
    assertEquals(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });
});

Deno.test("CameraCatalog: a change of name or use leaves the device alone, one of options opens it anew", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ catalog, table }) => {
    const camera = await catalog.add({ type: "toy", id: "a", options: { fps: 3 } });
    await settle();
    const { device } = camera;
    assert(device);
    assertEquals(await catalog.change("a", { name: "Porch" }), camera);
    assertEquals(await catalog.change("a", { options: { fps: 3 } }), camera);
    assertEquals([camera.device === device, camera.spec.name, toys.log], [true, "Porch", ["open a"]]);
    const changed = await catalog.change("a", { options: { fps: 4, format: "raw" } });
    await settle();
    assertEquals(toys.log, ["open a", "close a", "open a"]);
    assertEquals([changed.spec.options, changed.spec.name], [{ fps: 4, format: "raw" }, "Porch"]);
    assertEquals((await catalog.change("a", { options: { fps: null } })).spec.options, {
      fps: 10,
      format: "raw",
    });
    await catalog.change("a", { enabled: false });
    const [stored] = await table.list();
    assertEquals([stored?.enabled, stored?.name, stored?.options], [false, "Porch", {
      fps: 10,
      format: "raw",
    }]);
    assertEquals((await rejected(() => catalog.change("a", { options: { fps: 0 } }))).kind, "invalid_input");
    assertEquals((await rejected(() => catalog.change("gone", {}))).kind, "not_found");
  });
});

Deno.test("CameraCatalog: a camera of the file can be stopped and started, all else is changed in the file", async () => {
  await withHouse([toyDriver().driver], async ({ catalog, manager, table }) => {
    await catalog.load([entry("a")]);
    assertEquals((await catalog.change("a", { enabled: false })).spec.enabled, false);
    const actions = [
      () => catalog.change("a", { name: "x" }),
      () => catalog.change("a", { options: {} }),
      () => catalog.remove("a"),
    ];
    for (const action of actions) assertEquals((await rejected(action)).kind, "conflict");
    assertEquals([list(manager), await table.list()], [["a file"], []]);
  });
});

Deno.test("CameraCatalog: found devices become cameras once; those in use name their camera", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async (house) => {
    const { catalog, manager, table } = house;
    await catalog.add({ type: "toy", id: "mine", options: { device: "usb1" } });
    toys.found = [foundToy("usb1"), foundToy("usb2")];
    assertEquals((await catalog.discover(signal)).map(({ cameraId }) => cameraId), ["mine", undefined]);
    await adopt(house);
    await adopt(house);
    assertEquals(list(manager), ["mine store", "usb2 auto"]);
    assertEquals(manager.get("usb2").spec.name, "Toy usb2");
    assertEquals((await table.list()).map(({ id }) => id), ["mine"]);
    assertEquals((await catalog.discover(signal, "toy")).length, 2);
    assertEquals((await rejected(() => catalog.discover(signal, "ring"))).kind, "invalid_input");
  });
});

Deno.test("CameraCatalog: a found camera that was removed stays away, also after a restart, until it is added", async () => {
  const toys = toyDriver();
  toys.found = [foundToy("usb1")];
  await withHouse([toys.driver], async (house) => {
    const { catalog, manager } = house;
    await adopt(house);
    await catalog.remove("usb1");
    await adopt(house);
    assertEquals(list(manager), []);
    const after = house.newCatalog();
    await after.load([]);
    await adopt({ catalog: after });
    assertEquals(list(manager), []);
    await after.add({ type: "toy", id: "usb1", options: { device: "usb1" } });
    assertEquals(list(manager), ["usb1 store"]);
  });
});

Deno.test("CameraCatalog: a found camera that was changed is kept as changed", async () => {
  const toys = toyDriver();
  toys.found = [foundToy("usb1")];
  await withHouse([toys.driver], async (house) => {
    const { manager } = house;
    await adopt(house);
    await house.catalog.change("usb1", { name: "Porch" });
    assertEquals(list(manager), ["usb1 store"]);
    await manager.remove("usb1");
    const after = house.newCatalog();
    await after.load([]);
    await adopt({ catalog: after });
    assertEquals(manager.cameras.map(({ spec }) => spec.name), ["Porch"]);
  });
});

Deno.test("CameraCatalog: an added camera that was removed is gone for good", async () => {
  await withHouse([toyDriver({ plugAndPlay: false }).driver], async ({ catalog, manager, table }) => {
    await catalog.add({ type: "toy", id: "a", options: {} });
    await catalog.remove("a");
    assertEquals([list(manager), await table.list()], [[], []]);
    assertEquals((await rejected(() => catalog.remove("a"))).kind, "not_found");
  });
});

Deno.test("CameraCatalog: the built-in camera comes with its defaults, not over another, not when removed", async () => {
  const builtIn = { id: "test", name: "Test", type: "toy", enabled: true, options: {} };
  await withHouse([toyDriver().driver], async (house) => {
    const { catalog, manager } = house;
    catalog.addBuiltIn(builtIn);
    catalog.addBuiltIn(builtIn);
    assertEquals([list(manager), manager.get("test").spec.options], [["test auto"], {
      fps: 10,
      format: "auto",
    }]);
    await catalog.remove("test");
    const after = house.newCatalog();
    await after.load([]);
    after.addBuiltIn(builtIn);
    assertEquals(list(manager), []);
  });
});

Deno.test("CameraCatalog: a reload opens, closes and reopens only what changed; the rest keeps its very device", async () => {
  const toys = toyDriver();
  toys.found = [foundToy("found")];
  await withHouse([toys.driver], async (house) => {
    const { catalog, manager } = house;
    await catalog.load([entry("same"), entry("renamed"), entry("stopped"), entry("faster"), entry("gone")]);
    await catalog.add({ type: "toy", id: "stored", options: {} });
    await adopt(house);
    await settle();
    const kept = ["same", "renamed", "stored", "found"];
    const before = new Map(manager.cameras.map((camera): [string, Camera] => [camera.id, camera]));
    const devices = new Map(manager.cameras.map((camera) => [camera.id, camera.device]));
    toys.log.length = 0;
    const result = await catalog.reload([
      entry("same"),
      entry("renamed", { name: "New name" }),
      entry("stopped", { enabled: false }),
      entry("faster", { fps: 20 }),
      entry("new"),
    ]);
    await settle();
    assertEquals(result, {
      added: ["new"],
      removed: ["gone"],
      changed: ["faster"],
      unchanged: ["same", "renamed", "stopped"],
    });
    for (const id of kept) {
      assert(manager.get(id) === before.get(id), `${id}: another camera`);
      assert(
        manager.get(id).device !== undefined && manager.get(id).device === devices.get(id),
        `${id}: another device`,
      );
    }
    assertEquals(toys.log.sort(), ["close faster", "close gone", "close stopped", "open faster", "open new"]);
    assertEquals([manager.get("renamed").spec.name, manager.get("stopped").status.status], [
      "New name",
      "disabled",
    ]);
  });
});

Deno.test("CameraCatalog: a reload takes over a stored camera and gives it back when the file lets go of it", async () => {
  await withHouse([toyDriver().driver], async ({ catalog, manager }) => {
    await catalog.add({ type: "toy", id: "a", name: "Stored", options: { fps: 3 } });
    await settle();
    const { device } = manager.get("a");
    assertEquals((await catalog.reload([entry("a", { fps: 3, name: "File" })])).unchanged, ["a"]);
    assertEquals([list(manager), manager.get("a").device === device], [["a file"], true]);
    assertEquals((await catalog.reload([])).unchanged, ["a"]);
    assertEquals([list(manager), manager.get("a").spec.name], [["a store"], "Stored"]);
    assertEquals(manager.get("a").device === device, true, "the device was left alone both times");
  });
});

Deno.test("CameraCatalog: a plan says what a reload would do, and does nothing", async () => {
  const toys = toyDriver();
  toys.found = [foundToy("found")];
  await withHouse([toys.driver], async (house) => {
    const { catalog, manager } = house;
    await catalog.load([entry("gone"), entry("stopped"), entry("faster")]);
    await adopt(house);
    await settle();
    const found = manager.cameras.find(({ spec }) => spec.origin === "auto");
    toys.log.length = 0;
    const before = list(manager);
    const plan = await catalog.plan([
      entry("stopped", { enabled: false }),
      entry("faster", { fps: 20 }),
      entry("mine", found?.spec.options),
    ]);
    await settle();
    assertEquals(reloadResult(plan), {
      added: ["mine"],
      removed: ["gone"],
      changed: ["faster"],
      unchanged: ["stopped"],
    });
    assertEquals(plan.yield, [found?.id]);
    assertEquals(lostBy(plan), ["gone", found?.id, "stopped"]);
    assertEquals([list(manager), toys.log], [before, []]);
  });
});
