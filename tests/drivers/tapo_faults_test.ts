// A Tapo camera that answers badly, late, or as somebody else: what the hub makes of it, and what it sends again.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { HubError } from "../../src/base/errors.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { VolatileMemory } from "../../src/devices/memory.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator, type TapoOptions } from "../emulators/tapo/emulator.ts";
import type { FaultKind } from "../emulators/tapo/faults.ts";
import { C210, H200 } from "../emulators/tapo/models/index.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever } from "./stage.ts";
import { Kept } from "./whole_camera.ts";

async function withCamera(
  work: (parts: { tapo: TapoEmulator; kept: Kept; memory: VolatileMemory }) => Promise<void>,
  options: Partial<TapoOptions> = {},
): Promise<void> {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
    ...options,
  });
  const child = tapo.device.children?.list[0];
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  const memory = new VolatileMemory();
  {
    await using kept = new Kept(tapoDriver, { ...login, ...(child ? { child_id: child.id } : {}) }, {
      memory,
    });
    await kept.is("online");
    await work({ tapo, kept, memory });
  }
  await until(() => tapo.connections === 0, "the connections to end");
}

/** What the camera was told is done once, whether the hub learns of it or not. */
const SPOILT: readonly [kind: FaultKind, error: HubError["kind"], sent: number][] = [
  ["truncate", "device_rejected", 1],
  ["non-json", "device_rejected", 1],
];
for (const [kind, error, sent] of SPOILT) {
  Deno.test(`[TAPO-FAULTS] Tapo: an answer that is spoilt (${kind}) is told, and nothing is done twice`, () =>
    withCamera(async ({ tapo, kept }) => {
      const { ptz, led } = kept.device.capabilities;
      tapo.faults.next = { kind, method: "motorMove" };
      const failure = await failureOf(ptz!.move({ pan: 0.1 }, { relative: true }, forever));
      assertEquals([failure.kind, tapo.received.count("motorMove")], [error, sent]);
      assertEquals([await led!.read(forever), kept.camera.status.status], [true, "online"]);
      assertEquals(tapo.loginAttempts.wrong, 0);
    }));
}

/** The connection ends under a command: nobody knows whether it was carried out. */
for (const takesEffect of [true, false]) {
  Deno.test(`[TAPO-FAULTS] Tapo: a command without an answer is told and not repeated (done: ${takesEffect})`, () =>
    withCamera(async ({ tapo, kept }) => {
      tapo.faults.next = { kind: "reset", method: "motorMove", takesEffect };
      const { ptz, led } = kept.device.capabilities;
      const failure = await failureOf(ptz!.move({ pan: 0.1 }, { relative: true }, forever));
      assertEquals([failure.kind, failure.retryable], ["unavailable", true]);
      assertMatch(failure.hint ?? "", /look before you try again/);
      assertEquals(tapo.received.count("motorMove"), takesEffect ? 1 : 0);
      assertEquals([await led!.read(forever), kept.camera.status.status], [true, "online"]);
    }));
}

Deno.test("[TAPO-FAULTS] Tapo: a connection that the camera ends while it is idle or asked costs a question nothing", () =>
  withCamera(async ({ tapo, kept }) => {
    const { led } = kept.device.capabilities;
    tapo.faults.next = { kind: "reset", method: "getLedStatus" };
    assertEquals(await led!.read(forever), true);
    tapo.dropConnections();
    assertEquals(await led!.read(forever), true);
    tapo.dropConnections();
    await until(() => tapo.connections === 0, "the connection to end");
    assertEquals(await led!.set(false, forever), false);
    assertEquals([kept.camera.status.status, tapo.loginAttempts.posts], ["online", 2]);
  }));

/** What the camera refused to take is sent again. */
for (const kind of ["http-500-encrypted", "drop-tag"] as const) {
  Deno.test(`Tapo: a request that did not get through (${kind}) is sent again once`, () =>
    withCamera(async ({ tapo, kept }) => {
      tapo.faults.next = { kind, method: "setLedStatus" };
      assertEquals(await kept.device.capabilities.led!.set(false, forever), false);
      assertEquals(tapo.device.settings.field("led", "config", "enabled"), "off");
      assert(tapo.loginAttempts.posts <= 4, `${tapo.loginAttempts.posts} posts`);
    }));
}

Deno.test("Tapo: a camera that ends each session at once is told, not hammered", () =>
  withCamera(async ({ tapo, kept }) => {
    tapo.received.clear();
    tapo.faults.next = { kind: "http-500-encrypted", count: 50, method: "getLedStatus" };
    const failure = await failureOf(kept.device.capabilities.led!.read(forever));
    assertEquals(failure.kind, "unavailable");
    assertMatch(failure.hint ?? "", /Another program/);
    assert(tapo.loginAttempts.posts <= 4, `${tapo.loginAttempts.posts} posts`);
    tapo.faults.clear();
    assertEquals(await kept.device.capabilities.led!.read(forever), true);
  }));

Deno.test("Tapo: a camera that says nothing more is given up after 8 s, and asked again afterwards", () =>
  withCamera(async ({ tapo, kept }) => {
    const { ptz, led } = kept.device.capabilities;
    tapo.faults.next = { kind: "stall", method: "motorMove" };
    const moving = failureOf(ptz!.move({ pan: 0.1 }, { relative: true }, forever));
    await until(() => tapo.faults.pending === 0, "the stall");
    await kept.clock.advance(8000);
    const failure = await moving;
    assertEquals([failure.kind, tapo.received.count("motorMove")], ["timeout", 0]);
    assertEquals(await led!.read(forever), true);
  }));

Deno.test("Tapo: answers in another order, or cut off by the first refusal, are all found", () =>
  withCamera(async ({ tapo, kept }) => {
    const { settings } = kept.device.capabilities;
    const usual = await settings!.list(forever);
    for (const kind of ["reorder", "stop-at-first-error"] as const) {
      tapo.faults.add({ kind, count: 20 });
      assertEquals(await settings!.list(forever), usual, kind);
      tapo.faults.clear();
    }
  }));

Deno.test("Tapo: a busy motor is stopped and asked once more; one that stays busy is told", () =>
  withCamera(async ({ tapo, kept }) => {
    const { ptz } = kept.device.capabilities;
    const move = () => ptz!.move({ pan: 0.1 }, { relative: true }, forever);
    tapo.device.motor?.cruise("x");
    await move();
    assertEquals([tapo.device.motor?.isCruising, tapo.moves.map(({ kind }) => kind)], [
      false,
      ["cruise", "stop", "move"],
    ]);
    tapo.motorBusy(1);
    await move();
    tapo.received.clear();
    tapo.motorBusy(5);
    const failure = await failureOf(move());
    assertEquals([failure.kind, failure.hint !== undefined], ["unavailable", true]);
    assertEquals([tapo.received.count("motorMove"), tapo.received.count("cruiseStop")], [2, 1]);
  }));

Deno.test("Tapo: who gives up is told at once, and a device that was let go of opens nothing any more", async () => {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const waiting: Promise<unknown>[] = [];
  {
    const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
    await using kept = new Kept(tapoDriver, login);
    await kept.is("online");
    tapo.gateway.latencyMs = 300;
    const { led, ptz } = kept.device.capabilities;
    const gone = new AbortController();
    const left = failureOf(led!.read(gone.signal));
    gone.abort();
    assertMatch((await left).message, /abort/i);
    for (let count = 0; count < 5; count++) {
      waiting.push(failureOf(ptz!.move({ pan: 0.01 * (count + 1) }, { relative: true }, forever)));
    }
    await until(() => tapo.connections > 0, "a request");
  }
  for (const failure of await Promise.all(waiting)) assertEquals((failure as HubError).kind, "unavailable");
  await until(() => tapo.connections === 0, "the connections to end");
  assert(tapo.received.count("motorMove") <= 1);
});

Deno.test("[TAPO-PIN] Tapo: another certificate gets nothing, is told with both fingerprints, and is accepted by a person", () =>
  withCamera(async ({ tapo, kept }) => {
    const before = tapo.fingerprint;
    await tapo.rotateCertificate();
    tapo.received.clear();
    const failure = await failureOf(kept.device.capabilities.led!.read(forever));
    assertEquals([failure.kind, failure.details?.certificate_changed], ["device_rejected", true]);
    await kept.is("offline");
    const { reason = "", hint = "", nextTryAtMs } = kept.camera.status;
    assertMatch(reason, /certificate/);
    for (const print of [before, tapo.fingerprint]) assert(hint.includes(print.slice(0, 23)), hint);
    assertEquals(nextTryAtMs, undefined);
    await kept.clock.advance(600_000);
    kept.camera.wake();
    await kept.clock.advance(60_000);
    assertEquals([kept.camera.device, tapo.log.length], [undefined, 0]);

    // It changes once more: the person has agreed to the one that was told, not to any.
    await tapo.rotateCertificate();
    kept.camera.wake(true);
    await until(() => kept.camera.status.hint?.includes(tapo.fingerprint.slice(0, 23)) ?? false, "the third");
    assertEquals([kept.camera.status.status, tapo.log.length], ["offline", 0]);
    kept.camera.wake(true);
    await kept.is("online");
    assertEquals(await kept.device.capabilities.led!.read(forever), true);
  }));

Deno.test("Tapo: a certificate is remembered over a restart, and a new one is noticed then", async () => {
  await withCamera(async ({ tapo, kept, memory }) => {
    await tapo.rotateCertificate();
    tapo.received.clear();
    await using again = new Kept(tapoDriver, { ...kept.camera.spec.options }, { memory });
    await again.is("offline");
    assertMatch(again.camera.status.reason ?? "", /certificate/);
    assertEquals(tapo.log.length, 0);
  });
});

Deno.test("Tapo: a camera on batteries that sleeps is not woken to be looked at", () =>
  withCamera(async ({ tapo, kept }) => {
    const child = tapo.device.children!.list[0]!;
    const calls = () => tapo.calls.filter(({ childId }) => childId === child.id).length;
    const { settings, privacy, led, motion, storage, power } = kept.device.capabilities;
    assertEquals(await power!.read(forever), { asleep: false, batteryPercent: 84, charging: false });
    child.isAsleep = true;
    await kept.clock.advance(1000);
    const before = calls();
    for (let count = 0; count < 10; count++) {
      const reads: Promise<unknown>[] = [
        settings!.list(forever),
        privacy!.read(forever),
        led!.read(forever),
        motion!.read(forever),
        storage!.media(forever),
        storage!.recordings!("2026-03-14", forever),
      ];
      for (const failure of await Promise.all(reads.map(failureOf))) {
        assertEquals([failure.kind, failure.details?.asleep], ["unavailable", true]);
      }
      await kept.clock.advance(5000);
    }
    assertEquals((await power!.read(forever)).asleep, true);
    assertEquals([calls(), kept.camera.status.status], [before, "online"]);
  }, { model: H200 }));

Deno.test("Tapo: what a person wants done goes through to a camera that sleeps", () =>
  withCamera(async ({ tapo, kept }) => {
    const child = tapo.device.children!.list[0]!;
    const { settings, privacy, motion, storage } = kept.device.capabilities;
    const asleep = async () => {
      [child.isAsleep, child.wakesAfter] = [true, 0];
      await kept.clock.advance(6000);
    };
    await asleep();
    assertEquals([await privacy!.set(true, forever), child.device.isPrivate], [true, true]);
    await asleep();
    assertEquals(await motion!.set({ enabled: false }, forever), { enabled: false, sensitivity: 55 });
    await asleep();
    assertEquals((await settings!.set("speaker_volume", 20, forever)).value, 20);
    await asleep();
    await storage!.format!("1", forever);
    assertEquals(child.device.storage?.formats, 1);
    [child.isAsleep, child.wakesAfter] = [true, undefined];
    await kept.clock.advance(6000);
    const failure = await failureOf(privacy!.set(false, forever));
    assertEquals([failure.kind, failure.hint !== undefined], ["unavailable", true]);
  }, { model: H200 }));

Deno.test("Tapo: a camera whose account for the picture is missing says so, and one without control too", async () => {
  const clock = new FakeClock();
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const where = { host: tapo.host, port: tapo.port };
  await using control = new Kept(tapoDriver, { ...where, cloud_password: CLOUD_PASSWORD }, { clock });
  await using picture = new Kept(tapoDriver, { ...where, ...CAMERA_ACCOUNT }, { clock });
  await control.is("online");
  await picture.is("online");
  assertMatch(control.device.notices?.join() ?? "", /No camera account/);
  assertMatch(picture.device.notices?.join() ?? "", /No TP-Link password/);
  assertEquals(Object.keys(picture.device.capabilities).toSorted(), ["observations", "video"]);
});
