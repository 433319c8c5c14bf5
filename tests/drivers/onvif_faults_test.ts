// ONVIF cameras whose clock is wrong, that forget, refuse, lock or vanish: what the hub makes of it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Observation } from "../../src/devices/capabilities.ts";
import { VolatileMemory } from "../../src/devices/memory.ts";
import { onvifDriver } from "../../src/drivers/onvif/driver.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { EventObserver } from "../../src/events/observer.ts";
import { OnvifEmulator } from "../emulators/onvif/emulator.ts";
import { type OnvifEmulatorOptions, TOPICS } from "../emulators/onvif/model.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { FakeClock, settle } from "../tools/fake_clock.ts";
import { withJournal } from "../unit/events/desk.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever } from "./stage.ts";
import { watch } from "./watched.ts";
import { Kept } from "./whole_camera.ts";

const ACCOUNT = { username: "admin", password: "secret" };
const DAY_MS = 86_400_000;

function keep(
  onvif: OnvifEmulator,
  options: Record<string, unknown> = {},
  memory = new VolatileMemory(),
): Kept {
  return new Kept(onvifDriver, { host: onvif.host, port: onvif.port, ...ACCOUNT, ...options }, { memory });
}

async function watching(
  options: OnvifEmulatorOptions,
  work: (parts: { onvif: OnvifEmulator; kept: Kept } & ReturnType<typeof watch>) => Promise<void>,
): Promise<void> {
  await using onvif = OnvifEmulator.start({ ...ACCOUNT, ...options });
  {
    await using kept = keep(onvif);
    await kept.is("online");
    await using watched = watch(kept.device.capabilities.observations!);
    await until(() => onvif.subscriptions[0]?.pulls === 1, "a subscription");
    await work({ onvif, kept, ...watched });
  }
  await until(() => onvif.connections === 0, "the connections to end");
}

for (const skewMs of [DAY_MS, -DAY_MS]) {
  Deno.test(`[ONVIF-FAULTS] ONVIF: a camera whose clock is off by ${skewMs / DAY_MS} day is controlled and heard`, () =>
    watching({ clockSkewMs: skewMs }, async ({ onvif, kept, seen, gaps }) => {
      assertEquals(
        (await kept.device.capabilities.ptz!.move({ pan: 0.2 }, { relative: true }, forever)).pan,
        0.2,
      );
      onvif.emit(...TOPICS.motion, true);
      await until(() => seen.length === 1, "motion");
      const [{ kind, active, source, deviceAtMs = 0 }] = seen as [Observation];
      assertEquals({ kind, active, source }, { kind: "motion", active: true, source: "onvif" });
      assert(Math.abs(deviceAtMs - Date.now() - skewMs) < 60_000, `${deviceAtMs}`);

      onvif.setClockSkew(0);
      assertEquals(
        (await kept.device.capabilities.ptz!.move({ pan: 0.2 }, { relative: true }, forever)).pan,
        0.4,
      );
      assertEquals([onvif.authFailures, gaps.length, kept.camera.status.status], [0, 0, "online"]);
    }));
}

Deno.test("[ONVIF-FAULTS] ONVIF: a lost subscription is made anew, and the gap is told once", () =>
  watching({}, async ({ onvif, kept, seen, gaps }) => {
    for (const lose of [() => onvif.loseSubscription(), () => onvif.expire()]) {
      const [before, told] = [onvif.subscriptionsCreated, gaps.length];
      lose();
      await until(() => gaps.length === told + 1, "the gap");
      await until(async () => {
        await kept.clock.advance(500);
        return onvif.subscriptionsCreated > before && onvif.subscriptions.some(({ pulls }) => pulls > 0);
      }, "the next subscription");
      onvif.emit(...TOPICS.people, true);
      await until(() => seen.at(-1)?.kind === "person", "a person");
      seen.length = 0;
      assertEquals(gaps.length, told + 1);
    }
    assertEquals(onvif.subscriptions.length, 1);
  }));

Deno.test("ONVIF: motion whose end the camera never tells is ended by the hub", () =>
  withJournal(async ({ journal, clock, told, database: _ }) => {
    await using onvif = OnvifEmulator.start({ ...ACCOUNT, omitsFallingEdges: true });
    const options = { host: onvif.host, port: onvif.port, ...ACCOUNT };
    await using kept = new Kept(onvifDriver, options, { clock });
    const observer = new EventObserver({ journal, clock, log: kept.log });
    const stop = new AbortController();
    const observing = observer.accompany(kept.camera, stop.signal);
    await kept.is("online");
    await until(() => onvif.subscriptions[0]?.pulls === 1, "a subscription");
    onvif.emit(...TOPICS.motion, true);
    await until(() => observer.activeKinds("kept").includes("motion"), "motion");
    onvif.emit(...TOPICS.motion, false);
    // It may be a long motion of a camera that tells ends; told anew in place of an end it is none.
    await clock.advance(50_000);
    assertEquals(observer.activeKinds("kept"), ["motion"]);
    onvif.emit(...TOPICS.people, true);
    onvif.emit(...TOPICS.motion, true);
    await until(() => observer.activeKinds("kept").includes("person"), "a person");
    await settle();
    await clock.advance(61_000);
    assertEquals(observer.activeKinds("kept"), ["person"]);
    await until(
      () => told.some(({ kind, endedAtMs }) => kind === "motion" && endedAtMs !== undefined),
      "its end",
    );
    stop.abort();
    await observing;
  }));

Deno.test("ONVIF: of two rules one's end does not end the other's motion, and another lens's motion is none", () =>
  withJournal(async ({ journal, clock, database: _ }) => {
    await using onvif = OnvifEmulator.start({ ...ACCOUNT, hasSecondLens: true });
    await using kept = new Kept(onvifDriver, { host: onvif.host, port: onvif.port, ...ACCOUNT }, { clock });
    const observer = new EventObserver({ journal, clock, log: kept.log });
    const stop = new AbortController();
    const observing = observer.accompany(kept.camera, stop.signal);
    await kept.is("online");
    await until(() => onvif.subscriptions[0]?.pulls === 1, "a subscription");
    const active = () => observer.activeKinds("kept").join();
    /** What is told after it has been heard once this is. */
    const heard = async (kind: string, isOn: boolean, topic: readonly [string, string]) => {
      onvif.emit(...topic, isOn, { source: { VideoSourceConfigurationToken: "vsconf", Rule: "mark" } });
      await until(() => active().includes(kind) === isOn, `${kind} ${isOn}`);
    };
    onvif.emit(...TOPICS.motionAlarm, true, { source: { Source: "raw_vs2" } });
    onvif.emit(...TOPICS.motion, true, { source: { VideoSourceConfigurationToken: "vsconf2", Rule: "b" } });
    await heard("person", true, TOPICS.people);
    assertEquals(active(), "person");
    const rule = (name: string) => ({ source: { VideoSourceConfigurationToken: "vsconf", Rule: name } });
    onvif.emit(...TOPICS.motion, true, rule("door"));
    onvif.emit(...TOPICS.motion, true, rule("gate"));
    onvif.emit(...TOPICS.motion, false, rule("gate"));
    await heard("person", false, TOPICS.people);
    assertEquals(active(), "motion");
    onvif.emit(...TOPICS.motion, false, rule("door"));
    await until(() => active() === "", "the end of both");
    stop.abort();
    await observing;
  }));

Deno.test("ONVIF: a wrong password is sent once, over reopenings and a restart; a person may once more", async () => {
  await using onvif = OnvifEmulator.start(ACCOUNT);
  const memory = new VolatileMemory();
  for (const round of [1, 2]) {
    await using kept = keep(onvif, { password: "wrong" }, memory);
    await kept.is("auth_required");
    assertEquals(kept.camera.status.nextTryAtMs, undefined);
    for (let count = 0; count < 3; count++) {
      kept.camera.wake();
      await kept.clock.advance(120_000);
      await kept.is("auth_required");
    }
    assertEquals([round, onvif.authFailures], [round, 1]);
  }
  await using kept = keep(onvif, { password: "wrong" }, memory);
  await kept.is("auth_required");
  kept.camera.wake(true);
  await until(() => onvif.authFailures === 2, "the try of a person");
  await until(() => /^The camera refused the account$/.test(kept.camera.status.reason ?? ""), "its refusal");
  await kept.clock.advance(120_000);
  assertEquals([onvif.authFailures, kept.camera.status.status], [2, "auth_required"]);
  await using right = keep(onvif, {}, memory);
  await right.is("online");
});

Deno.test("ONVIF: a password that is changed in the camera is noticed at the first refusal, and not sent again", () =>
  watching({}, async ({ onvif, kept, gaps }) => {
    const { settings, ptz } = kept.device.capabilities;
    onvif.setPassword("changed");
    assertEquals((await failureOf(settings!.list(forever))).kind, "unauthenticated");
    for (const again of [settings!.list(forever), ptz!.position(forever), ptz!.stop!(forever)]) {
      assertEquals((await failureOf(again)).kind, "unauthenticated");
    }
    await kept.is("auth_required");
    await kept.clock.advance(3_600_000);
    assert(
      onvif.authFailures <= 2,
      `${onvif.authFailures} tries: the question and the pull that was under way`,
    );
    assert(gaps.length <= 1, gaps.join());
    onvif.setPassword(ACCOUNT.password);
    kept.camera.wake(true);
    await kept.is("online");
  }));

Deno.test("ONVIF: a camera that has locked the account is left alone for half an hour", async () => {
  await using onvif = OnvifEmulator.start({ ...ACCOUNT, lockAfter: 1 });
  await using kept = keep(onvif, { password: "wrong" });
  await kept.is("auth_required");
  const memory = new VolatileMemory();
  await using locked = keep(onvif, { password: "another wrong" }, memory);
  await locked.is("locked_out");
  assertEquals(locked.camera.status.nextTryAtMs, locked.clock.now() + 1_800_000);
  const { calls: { length } } = onvif;
  await locked.clock.advance(1_700_000);
  await using again = keep(onvif, {}, memory);
  await again.is("locked_out");
  assertEquals([onvif.calls.length, locked.camera.status.status], [length, "locked_out"]);
});

Deno.test("ONVIF: what is no ONVIF, or answers with nonsense, is told in words", async () => {
  await using onvif = OnvifEmulator.start(ACCOUNT);
  for (
    const [fault, kind] of [["garbage", /no ONVIF/], ["error500", /no ONVIF/], ["hang_up", /./]] as const
  ) {
    onvif.fail(fault);
    await using kept = keep(onvif);
    await kept.is("offline");
    assertMatch(kept.camera.status.reason ?? "", kind);
    onvif.behave();
    await kept.becomes("online", 30_000);
  }
  assertEquals(onvif.authFailures, 0);
});

Deno.test("Tapo: a wrong camera account is tried once over ONVIF, and moving needs it not", async () => {
  await using onvif = OnvifEmulator.start({ ...CAMERA_ACCOUNT, flavour: "tapo" });
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  // Its last alarm would be asked for on a clock that runs ahead of all answers.
  tapo.faults.next = { kind: "error-code", code: -40106, method: "getLastAlarmInfo" };
  const login = { host: tapo.host, port: tapo.port, onvif_port: onvif.port, cloud_password: CLOUD_PASSWORD };
  await using kept = new Kept(tapoDriver, { ...login, username: "viewer", password: "wrong" });
  await kept.is("online");
  const { ptz, observations } = kept.device.capabilities;
  await using watched = watch(observations!);
  for (let count = 0; count < 4; count++) {
    assertEquals(await ptz!.move({ pan: 0.05 }, { relative: true }, forever), {});
    assertEquals(
      (await failureOf(ptz!.move({ pan: 0.5 }, { relative: false }, forever))).kind,
      "unauthenticated",
    );
    await kept.clock.advance(61_000);
  }
  await until(() => watched.gaps.length > 0, "the refusal");
  assertEquals([onvif.authFailures, watched.gaps.length, kept.camera.status.status], [1, 1, "online"]);
});

Deno.test("Tapo: ONVIF that hangs holds up neither moving nor letting go", async () => {
  const clock = new FakeClock();
  await using onvif = OnvifEmulator.start({ ...CAMERA_ACCOUNT, flavour: "tapo" });
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  onvif.fail("stall");
  const login = { host: tapo.host, port: tapo.port, onvif_port: onvif.port, cloud_password: CLOUD_PASSWORD };
  {
    await using kept = new Kept(tapoDriver, { ...login, ...CAMERA_ACCOUNT }, { clock });
    await kept.is("online");
    const { ptz, observations } = kept.device.capabilities;
    await using _watched = watch(observations!);
    assertEquals(await ptz!.move({ pan: 0.1 }, { relative: true }, forever), {});
    assertEquals(tapo.moves.length, 1);
  }
  await until(() => onvif.connections === 0, "the connections to end");
});
