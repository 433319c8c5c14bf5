// A camera: its device opens, is lost, comes back, is switched off, and is let go of.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { CameraSpec } from "../../../src/devices/camera.ts";
import { settle } from "../../tools/fake_clock.ts";
import { toyDriver, withHouse } from "../tools/devices.ts";

const spec = (id: string, change: Partial<CameraSpec> = {}): CameraSpec => ({
  id,
  name: id,
  type: "toy",
  enabled: true,
  origin: "store",
  options: { fps: 5 },
  ...change,
});

Deno.test("Camera: connecting while it opens, online once it is open, with its device", async () => {
  const toys = toyDriver();
  const gate = Promise.withResolvers<void>();
  toys.gate = gate.promise;
  await withHouse([toys.driver], async ({ manager, clock }) => {
    const camera = manager.add(spec("a"));
    await settle();
    assertEquals([camera.status.status, camera.device], ["connecting", undefined]);
    const sinceMs = camera.status.sinceMs;
    await clock.advance(500);
    gate.resolve();
    await settle();
    assertEquals([camera.status.status, camera.status.sinceMs], ["online", sinceMs + 500]);
    assertEquals(camera.device?.info.model, 'toy {"fps":5}');
  });
  assertEquals(toys.log, ["open a", "close a"]);
});

Deno.test("Camera: a refusal is told with its reason and the next try, which comes later each time", async () => {
  const toys = toyDriver();
  toys.refusal = new HubError("unauthenticated", "wrong password", { hint: "set it" });
  await withHouse([toys.driver], async ({ manager, clock }) => {
    const camera = manager.add(spec("a"));
    await settle();
    const { status, reason, hint, sinceMs, nextTryAtMs } = camera.status;
    assertEquals([status, reason, hint], ["auth_required", "wrong password", "set it"]);
    const firstWaitMs = (nextTryAtMs ?? 0) - clock.now();
    assert(firstWaitMs > 300 && firstWaitMs <= 500, `${firstWaitMs}`);
    await clock.advance(600_000);
    assert(toys.log.length > 50 && toys.log.length < 100, `${toys.log.length} tries in ten minutes`);
    assertEquals(camera.status.sinceMs, sinceMs);
    toys.refusal = undefined;
    await clock.advance(10_000);
    assertEquals([camera.status.status, camera.status.nextTryAtMs], ["online", undefined]);
  });
});

Deno.test("Camera: a lost device is told, let go of, and opened again when it is back", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager }) => {
    const camera = manager.add(spec("a"));
    await settle();
    toys.refusal = new HubError("unavailable", "not there");
    toys.lose("a");
    await settle();
    assertEquals([camera.status.status, camera.status.reason, camera.device], [
      "offline",
      "pulled out",
      undefined,
    ]);
    toys.refusal = undefined;
    manager.wake("another type");
    await settle();
    assertEquals(camera.status.status, "offline");
    manager.wake("toy");
    await settle();
    assertEquals(camera.status.status, "online");
  });
  assertEquals(toys.log, ["open a", "close a", "open a", "close a"]);
});

Deno.test("Camera: switched off it lets go of its device, switched on it opens it again", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager, clock }) => {
    const camera = manager.add(spec("a"));
    await settle();
    camera.update({ enabled: false });
    await settle();
    assertEquals([camera.status.status, camera.device, toys.log], ["disabled", undefined, [
      "open a",
      "close a",
    ]]);
    await clock.advance(60_000);
    camera.update({ enabled: true });
    await settle();
    assertEquals(camera.status.status, "online");
  });
});

Deno.test("Camera: switched off while it opens or waits, it tries no more", async () => {
  const toys = toyDriver();
  toys.gate = new Promise(() => {});
  await withHouse([toys.driver], async ({ manager, clock }) => {
    const opening = manager.add(spec("opening"));
    await settle();
    opening.update({ enabled: false });
    toys.gate = undefined;
    toys.refusal = new HubError("unavailable", "no");
    const waiting = manager.add(spec("waiting"));
    await settle();
    waiting.update({ enabled: false });
    await clock.advance(60_000);
    assertEquals([opening.status.status, waiting.status.status], ["disabled", "disabled"]);
    assertEquals(toys.log, ["open opening", "open waiting"]);
  });
});

Deno.test("Camera: a new name touches neither device nor status", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager, clock }) => {
    const camera = manager.add(spec("a"));
    await settle();
    const { device, status } = camera;
    await clock.advance(1000);
    camera.update({ name: "Porch" });
    await settle();
    assertEquals([camera.spec.name, camera.device === device, camera.status.sinceMs], [
      "Porch",
      true,
      status.sinceMs,
    ]);
    assertEquals(toys.log, ["open a"]);
  });
});

Deno.test("Camera: the stream's faults show in the status until a picture comes", async () => {
  const toys = toyDriver();
  await withHouse([toys.driver], async ({ manager, lines }) => {
    const camera = manager.add(spec("a"));
    await settle();
    const fault = () => lines.filter((line) => line.includes("Camera is not online")).length;
    camera.reportStream({ state: "starting" });
    assertEquals(camera.status.status, "online");
    camera.reportStream({ state: "waiting", error: new HubError("unavailable", "in use"), nextTryAtMs: 7 });
    assertEquals([camera.status.status, camera.status.reason, camera.status.nextTryAtMs], [
      "offline",
      "in use",
      7,
    ]);
    camera.reportStream({ state: "starting" });
    assertEquals([camera.status.status, camera.status.nextTryAtMs, fault()], ["offline", undefined, 1]);
    camera.reportStream({ state: "running" });
    assertEquals(camera.status.status, "online");
    camera.reportStream({ state: "starting" });
    assertEquals([camera.status.status, fault()], ["online", 1]);
  });
});
