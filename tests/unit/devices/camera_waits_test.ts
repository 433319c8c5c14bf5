// When a camera tries again by itself, when it waits for a person, and what a part of it that fails does to its status.
import { assert, assertEquals } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { aborted } from "../../../src/base/scope.ts";
import type { Camera, CameraSpec } from "../../../src/devices/camera.ts";
import type { Driver } from "../../../src/devices/driver.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type House, toyDriver, withHouse } from "../tools/devices.ts";

const SPEC: CameraSpec = { id: "a", name: "a", type: "toy", enabled: true, origin: "store", options: {} };
const MINUTE = 60_000;

/** A driver that notes whether each opening was asked for; `toys.refusal` makes it fail. */
function askedToys() {
  const asked: boolean[] = [];
  const impairment = { error: undefined as HubError | undefined, changes: new Changes() };
  const toys = toyDriver();
  const open: Driver["open"] = async (options, context, signal) => {
    asked.push(context.isAsked);
    return { ...await toys.driver.open(options, context, signal), impairment };
  };
  const impair = (error: HubError | undefined) => {
    impairment.error = error;
    impairment.changes.notify();
  };
  return { toys, asked, impair, driver: { ...toys.driver, open } };
}

async function withCamera(
  parts: ReturnType<typeof askedToys>,
  work: (parts: House & { camera: Camera }) => Promise<void>,
): Promise<void> {
  await withHouse([parts.driver], async (house) => {
    const camera = house.manager.add(SPEC);
    await settle();
    await work({ ...house, camera });
  });
}

const wrongPassword = new HubError("unauthenticated", "wrong password", { retryAtMs: Infinity });

Deno.test("Camera: where only a person can help it does not try again by itself, and names no next try", async () => {
  const parts = askedToys();
  parts.toys.refusal = wrongPassword;
  await withCamera(parts, async ({ camera, clock }) => {
    await clock.advance(400 * 24 * 60 * MINUTE);
    assertEquals([parts.asked, camera.status.nextTryAtMs], [[false], undefined]);
    assertEquals([camera.status.status, clock.sleeping], ["auth_required", 0]);
  });
});

Deno.test("Camera: a person's word is passed on once; what wakes it otherwise is none", async () => {
  const parts = askedToys();
  parts.toys.refusal = wrongPassword;
  await withCamera(parts, async ({ camera, manager }) => {
    for (const isAsked of [undefined, true, undefined, true]) {
      camera.wake(isAsked);
      await settle();
    }
    manager.wake("toy");
    await settle();
    assertEquals(parts.asked, [false, false, true, false, true, false]);
  });
});

Deno.test("Camera: switching it on is a person's word for one opening", async () => {
  const parts = askedToys();
  await withCamera(parts, async ({ camera }) => {
    camera.update({ enabled: false });
    await settle();
    parts.toys.refusal = wrongPassword;
    camera.update({ enabled: true, name: "b" });
    // The operation that switches a camera on wakes it as well: the same word, not a second one.
    camera.wake(true);
    await settle();
    assertEquals(parts.asked, [false, true]);
    camera.wake();
    await settle();
    camera.update({ name: "c", enabled: true });
    await settle();
    assertEquals(parts.asked, [false, true, false]);
  });
});

Deno.test("Camera: a word given while it is being opened for a person counts for that opening", async () => {
  const parts = askedToys();
  parts.toys.refusal = wrongPassword;
  const gate = Promise.withResolvers<void>();
  await withCamera(parts, async ({ camera }) => {
    parts.toys.gate = gate.promise;
    camera.wake(true);
    await settle();
    camera.wake(true);
    gate.resolve();
    await settle();
    camera.wake();
    await settle();
    assertEquals(parts.asked, [false, true, false]);
  });
});

Deno.test("Camera: a word given while it is being opened by itself counts for the next opening", async () => {
  const parts = askedToys();
  const gate = Promise.withResolvers<void>();
  parts.toys.gate = gate.promise;
  parts.toys.refusal = new HubError("unavailable", "away", { details: { unreachable: true } });
  await withCamera(parts, async ({ camera, clock }) => {
    camera.wake(true);
    gate.resolve();
    await clock.advance(5000);
    assertEquals(parts.asked.slice(0, 3), [false, true, false]);
  });
});

Deno.test("Camera: a word to a camera that works changes nothing, also not later", async () => {
  const parts = askedToys();
  await withCamera(parts, async ({ camera, clock }) => {
    camera.wake(true);
    await settle();
    parts.toys.lose("a");
    await clock.advance(1000);
    assertEquals([parts.asked, camera.status.status], [[false, false], "online"]);
  });
});

for (const part of ["stream", "control"]) {
  Deno.test(`Camera: when the ${part}'s account was refused, a person's word opens the device anew`, async () => {
    const parts = askedToys();
    await withCamera(parts, async ({ camera, clock }) => {
      const refuse = (error: HubError) =>
        part === "stream" ? camera.reportStream({ state: "waiting", error }) : parts.impair(error);
      refuse(new HubError("unavailable", "in a moment"));
      camera.wake(true);
      await settle();
      assertEquals(parts.asked, [false]);
      refuse(wrongPassword);
      assertEquals(camera.status.status, "auth_required");
      camera.wake();
      await clock.advance(MINUTE);
      assertEquals(parts.asked, [false]);
      parts.impair(undefined);
      refuse(wrongPassword);
      camera.wake(true);
      await settle();
      assertEquals([parts.asked, parts.toys.log], [[false, true], ["open a", "close a", "open a"]]);
    });
  });
}

Deno.test("Camera: during a lockout it asks the driver at most once a minute, and tells the end", async () => {
  const parts = askedToys();
  await withHouse([parts.driver], async ({ manager, clock }) => {
    const untilMs = clock.now() + 30 * MINUTE;
    parts.toys.refusal = new HubError("locked_out", "locked", { retryAtMs: untilMs });
    const camera = manager.add(SPEC);
    await settle();
    for (let minute = 0; minute < 29; minute++) {
      assertEquals([camera.status.status, camera.status.nextTryAtMs], ["locked_out", untilMs]);
      await clock.advance(MINUTE);
    }
    assertEquals(parts.asked.length, 30);
    parts.toys.refusal = undefined;
    await clock.advance(MINUTE - 1);
    assertEquals([camera.status.status, parts.asked.length], ["locked_out", 30]);
    await clock.advance(1);
    assertEquals([camera.status.status, parts.asked.length], ["online", 31]);
  });
});

Deno.test("Camera: one that cannot be reached is looked for every two seconds at least, for as long as it takes", async () => {
  const parts = askedToys();
  parts.toys.refusal = new HubError("unavailable", "no answer", { details: { unreachable: true } });
  await withCamera(parts, async ({ camera, clock }) => {
    await clock.advance(10 * MINUTE);
    const before = parts.asked.length;
    for (let look = 1; look <= 30; look++) {
      assert((camera.status.nextTryAtMs ?? 0) - clock.now() <= 2000);
      await clock.advance(2000);
      assert(parts.asked.length - before >= look, `${parts.asked.length - before} tries in ${2 * look} s`);
    }
    parts.toys.refusal = undefined;
    await clock.advance(2000);
    assertEquals(camera.status.status, "online");
  });
});

Deno.test("Camera: a part that fails is the status while the device is open, and gone when it works again", async () => {
  const parts = askedToys();
  await withCamera(parts, async ({ camera, clock, lines }) => {
    let told = 0;
    camera.changes.subscribe(() => told++);
    const retryAtMs = clock.now() + MINUTE;
    parts.impair(new HubError("locked_out", "control locked", { hint: "wait", retryAtMs }));
    const { sinceMs: _, ...status } = camera.status;
    assertEquals(status, {
      status: "locked_out",
      reason: "control locked",
      hint: "wait",
      nextTryAtMs: retryAtMs,
    });
    assertEquals([told, camera.device !== undefined], [1, true]);
    await clock.advance(1000);
    parts.impair(undefined);
    assertEquals([camera.status.status, camera.status.sinceMs, told], ["online", clock.now(), 2]);
    assertEquals(lines.filter((line) => line.includes("control locked")).length, 1);
    parts.impair(wrongPassword);
    parts.toys.lose("a");
    await settle();
    assertEquals([camera.status.status, camera.status.reason], ["offline", "pulled out"]);
    const before = told;
    parts.impair(undefined);
    assertEquals(told, before);
  });
});

Deno.test("Camera: a device that ends by itself is opened again", async () => {
  const toys = toyDriver();
  let isDone = true;
  const open: Driver["open"] = async (options, context, signal) => ({
    ...await toys.driver.open(options, context, signal),
    run: (own) => isDone ? Promise.resolve() : aborted(own),
  });
  await withHouse([{ ...toys.driver, open }], async ({ manager, clock }) => {
    const camera = manager.add(SPEC);
    await settle();
    assertEquals([camera.status.status, camera.status.reason], [
      "offline",
      "The device ended its session",
    ]);
    isDone = false;
    await clock.advance(500);
    assertEquals(camera.status.status, "online");
  });
});
