// The register of all cameras, what it says when asked for what is not there, and devices that are plugged in.
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { aborted } from "../../../src/base/scope.ts";
import type { CameraSpec } from "../../../src/devices/camera.ts";
import { runPlugAndPlay } from "../../../src/devices/plug_and_play.ts";
import { settle } from "../../tools/fake_clock.ts";
import { foundToy, toyDriver, withHouse } from "../tools/devices.ts";

const spec = (id: string, change: Partial<CameraSpec> = {}): CameraSpec => ({
  id,
  name: id,
  type: "toy",
  enabled: true,
  origin: "store",
  options: { fps: 5 },
  ...change,
});

Deno.test("DeviceManager: tells of cameras that come, go and change", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager }) => {
    let told = 0;
    manager.changes.subscribe(() => told++);
    manager.add(spec("a"));
    assertEquals(told, 1);
    await settle();
    const afterOpening = told;
    assert(afterOpening > 1);
    await manager.remove("a");
    assert(told > afterOpening);
    assertEquals(manager.cameras.length, 0);
  });
});

Deno.test("DeviceManager: one that is replaced stays, one that is removed does not", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager }) => {
    manager.add(spec("a"));
    await settle();
    const replacing = manager.replace(spec("a"));
    assertEquals([manager.find("a"), manager.stays("a")], [undefined, true]);
    await replacing;
    await settle();
    assertEquals(toys.log, ["open a", "close a", "open a"]);
    const removing = manager.remove("a");
    assertEquals(manager.stays("a"), false);
    await removing;
    await assertRejects(() => manager.replace(spec("a")), HubError);
    assertEquals(manager.stays("a"), false);
  });
});

Deno.test("DeviceManager: remove waits until the device is let go of", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager }) => {
    manager.add(spec("a"));
    await settle();
    await manager.remove("a");
    assertEquals(toys.log, ["open a", "close a"]);
    assertEquals((await assertRejects(() => manager.remove("a"), HubError)).kind, "not_found");
    manager.add(spec("a"));
    await settle();
    assertEquals(manager.get("a").status.status, "online");
  });
});

Deno.test("DeviceManager: names what there is when asked for what is not", async () => {
  const toys = toyDriver();
  toys.capabilities = {
    settings: { list: () => Promise.resolve([]), set: () => Promise.reject(new Error("no")) },
  };
  await withHouse([toys.driver], async ({ manager }) => {
    assertStringIncludes(assertThrows(() => manager.get("x"), HubError).hint ?? "", "No camera");
    manager.add(spec("a"));
    manager.add(spec("off", { enabled: false }));
    await settle();
    const unknown = assertThrows(() => manager.get("x"), HubError);
    assertEquals([unknown.kind, unknown.hint], ["not_found", "The cameras are: a, off"]);
    const type = assertThrows(() => manager.driver("ring"), HubError);
    assertEquals([type.kind, type.hint], ["invalid_input", "The types are: toy"]);
    assertEquals(assertThrows(() => manager.add(spec("a")), HubError).kind, "conflict");
    assertEquals(typeof manager.require("a", "settings").list, "function");
    const lacking = assertThrows(() => manager.require("a", "ptz"), HubError);
    assertEquals([lacking.kind, lacking.message], [
      "unsupported",
      'Camera "a" cannot be moved; no camera of this hub can',
    ]);
    const stopped = assertThrows(() => manager.require("off", "settings"), HubError);
    assertEquals([stopped.kind, stopped.message], [
      "unavailable",
      'Camera "off" is disabled: Stopped by a user',
    ]);
  });
});

Deno.test("DeviceManager: requireSoon waits some seconds for a camera that is being opened, no longer", async () => {
  const toys = toyDriver();
  toys.capabilities = {
    settings: { list: () => Promise.resolve([]), set: () => Promise.reject(new Error("no")) },
  };
  const gate = Promise.withResolvers<void>();
  toys.gate = gate.promise;
  await withHouse([toys.driver], async ({ manager, clock }) => {
    manager.add(spec("a"));
    const { signal } = new AbortController();
    const late = assertRejects(() => manager.requireSoon("a", "settings", signal), HubError);
    await clock.advance(5000);
    assertEquals((await late).message, 'Camera "a" is connecting: Opening the device');
    const soon = manager.requireSoon("a", "settings", signal);
    await clock.advance(4000);
    gate.resolve();
    assert((await soon).list);
    assertEquals(
      (await assertRejects(() => manager.requireSoon("a", "ptz", signal), HubError)).kind,
      "unsupported",
    );
    assertEquals(
      (await assertRejects(() => manager.requireSoon("x", "ptz", signal), HubError)).kind,
      "not_found",
    );
  });
});

Deno.test("DeviceManager: runs a companion beside each camera, for as long as the camera is there", async () => {
  const toys = toyDriver();
  const seen: string[] = [];
  await withHouse([toys.driver], async ({ manager }) => {
    manager.add(spec("a"));
    manager.add(spec("b"));
    await settle();
    assertEquals(seen, ["+a", "+b"]);
    await manager.remove("a");
    assertEquals(seen, ["+a", "+b", "-a"]);
  }, async (camera, signal) => {
    seen.push(`+${camera.id}`);
    await aborted(signal);
    seen.push(`-${camera.id}`);
  });
  assertEquals(seen, ["+a", "+b", "-a", "-b"]);
});

Deno.test("runPlugAndPlay: found devices become cameras, at once and when they come; waiting ones are woken", async () => {
  let plug = () => {};
  const toys = toyDriver({
    watch: (_, onChange, signal) => {
      plug = onChange;
      return aborted(signal);
    },
  });
  await withHouse([toys.driver], async ({ manager, catalog, context }) => {
    const stop = new AbortController();
    let isWanted = true;
    toys.found = [foundToy("one")];
    const running = runPlugAndPlay({ manager, catalog, context, isWanted: () => isWanted }, stop.signal);
    await settle();
    assertEquals(manager.cameras.map((camera) => [camera.id, camera.status.status]), [["one", "online"]]);
    toys.refusal = new HubError("unavailable", "gone");
    toys.lose("one");
    await settle();
    toys.refusal = undefined;
    toys.found = [foundToy("one"), foundToy("two")];
    plug();
    await settle();
    assertEquals(manager.cameras.map((camera) => [camera.id, camera.status.status]), [["one", "online"], [
      "two",
      "online",
    ]]);
    isWanted = false;
    toys.found.push(foundToy("three"));
    plug();
    await settle();
    assertEquals(manager.cameras.length, 2);
    stop.abort();
    await running;
  });
});

Deno.test("runPlugAndPlay: a search that fails is repeated, then logged, and the next one works", async () => {
  let plug = () => {};
  let fails = true;
  const toys = toyDriver({
    watch: (_, onChange, signal) => {
      plug = onChange;
      return aborted(signal);
    },
    discover: () =>
      fails ? Promise.reject(new HubError("timeout", "no answer")) : Promise.resolve([foundToy("one")]),
  });
  await withHouse([toys.driver], async ({ manager, catalog, context, clock, lines }) => {
    const stop = new AbortController();
    const running = runPlugAndPlay({ manager, catalog, context, isWanted: () => true }, stop.signal);
    await clock.advance(60_000);
    assertEquals(lines.filter((line) => line.includes("Looking for devices failed")).length, 1);
    plug();
    await settle();
    fails = false;
    await clock.advance(1000);
    assertEquals(manager.cameras.map(({ id }) => id), ["one"]);
    stop.abort();
    await running;
  });
});
