// What a Tapo camera observes: over ONVIF, and what the hub makes of its last alarm while that is silent.
import { assertEquals, assertMatch } from "@std/assert";
import { HubError } from "../../src/base/errors.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { watchAlarms } from "../../src/drivers/tapo/last_alarm.ts";
import type { TapoCaller } from "../../src/protocols/tapo/caller.ts";
import { TOPICS } from "../emulators/onvif/model.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD, TapoRig } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { Kept } from "./whole_camera.ts";
import { watch } from "./watched.ts";

const DAY_S = 86_400;

/** The camera notices something. */
function alarm(tapo: TapoEmulator, epochSeconds: number, type = "motion"): void {
  const info = { last_alarm_time: String(epochSeconds), last_alarm_type: type };
  tapo.device.settings.put("system", "last_alarm_info", info);
}

const reads = (tapo: TapoEmulator) => tapo.received.count("getLastAlarmInfo");

/** Lets the next question for the last alarm be asked and answered. */
async function nextRead(kept: Kept, tapo: TapoEmulator): Promise<void> {
  const before = reads(tapo);
  await until(async () => {
    await kept.clock.advance(1000);
    return reads(tapo) > before;
  }, "a question for the last alarm");
  await kept.device.capabilities.led!.read(new AbortController().signal);
}

Deno.test("[TAPO-ALARMS] Tapo: an alarm from before is not told, though the first question for it failed", async () => {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const nowS = Math.floor(Date.now() / 1000);
  alarm(tapo, nowS - 3 * DAY_S);
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using kept = new Kept(tapoDriver, login);
  await kept.is("online");
  tapo.faults.next = { kind: "error-code", code: -40407, method: "getLastAlarmInfo" };
  await using watched = watch(kept.device.capabilities.observations!);
  await until(() => watched.gaps.length === 1, "the failure");
  for (let count = 0; count < 2; count++) await nextRead(kept, tapo);
  assertEquals(watched.seen, []);
  alarm(tapo, nowS, "people");
  await nextRead(kept, tapo);
  await until(() => watched.seen.length === 1, "the alarm");
  assertEquals(watched.seen[0], {
    kind: "person",
    active: undefined,
    deviceAtMs: nowS * 1000,
    source: "tapo",
  });
});

Deno.test("Tapo: what happened in a long silence of the camera is not told as happening now", async () => {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using kept = new Kept(tapoDriver, login);
  await kept.is("online");
  await using watched = watch(kept.device.capabilities.observations!);
  await until(() => reads(tapo) === 1, "the first question");
  tapo.faults.next = { kind: "error-code", code: -40407, method: "getLastAlarmInfo", count: 15 };
  alarm(tapo, 1_700_000_000);
  await until(async () => {
    await kept.clock.advance(5000);
    return tapo.faults.pending === 0;
  }, "a minute of failures");
  for (let count = 0; count < 2; count++) await nextRead(kept, tapo);
  assertEquals([watched.seen, watched.gaps.length], [[], 1]);
});

Deno.test("Tapo: a camera whose last alarm cannot be had is asked for it ever more seldom, until it answers", async () => {
  const clock = new FakeClock();
  const askedAtS: number[] = [];
  let failures = 6;
  const caller = {
    request: () => {
      askedAtS.push(clock.monotonic() / 1000 - 1);
      if (failures-- > 0) return Promise.reject(new HubError("timeout", "The camera gave no answer in 8 s"));
      return Promise.resolve({ system: { last_alarm_info: { last_alarm_time: "1" } } });
    },
  } as unknown as TapoCaller;
  const stop = new AbortController();
  const gaps: string[] = [];
  const callbacks = { onObservation: () => {}, onGap: (reason: string) => void gaps.push(reason) };
  const watching = watchAlarms({ caller, clock }, callbacks, stop.signal);
  await clock.advance(265_000);
  failures = 1;
  await clock.advance(15_000);
  stop.abort();
  await watching;
  assertEquals(askedAtS, [0, 10, 30, 70, 130, 190, 250, 255, 260, 265, 270, 280]);
  assertEquals(gaps.length, 2);
});

for (const why of ["unreachable", "refused"] as const) {
  Deno.test(`[TAPO-ALARMS] Tapo: while ONVIF is ${why} the last alarm is told, and it is said why`, async () => {
    await using rig = await TapoRig.start({ model: C210 });
    const { tapo } = rig;
    if (why === "unreachable") await rig.onvif!.offline();
    await using kept = new Kept(tapoDriver, {
      ...rig.options,
      ...(why === "refused" ? { password: "not-the-cameras" } : {}),
    });
    await kept.is("online");
    const notices = () => kept.device.notices?.join() ?? "";
    assertEquals(notices(), "");
    await using watched = watch(kept.device.capabilities.observations!);
    await until(() => watched.gaps.length === 1 && reads(tapo) > 0, "the alarms to be asked for");
    assertMatch(notices(), /last alarm instead: ./);
    alarm(tapo, 1_700_000_000);
    await nextRead(kept, tapo);
    await until(() => watched.seen.length === 1, "the alarm");
    assertEquals(watched.seen.map(({ kind, source }) => [kind, source]), [["motion", "tapo"]]);
    if (why === "refused") {
      // The clock is to run ahead of all answers: no more questions.
      tapo.faults.next = { kind: "error-code", code: -40106, method: "getLastAlarmInfo" };
      await nextRead(kept, tapo);
      await kept.clock.advance(600_000);
      assertEquals(rig.onvif!.authFailures, 1);
    }
  });
}

Deno.test("Tapo: when ONVIF is back it alone tells, and nothing twice", async () => {
  await using rig = await TapoRig.start({ model: C210 });
  const { tapo, onvif } = rig;
  await onvif!.offline();
  await using kept = new Kept(tapoDriver, rig.options);
  await kept.is("online");
  await using watched = watch(kept.device.capabilities.observations!);
  await until(() => reads(tapo) > 0, "the alarms to be asked for");
  onvif!.online();
  await until(async () => {
    await kept.clock.advance(1000);
    return onvif!.subscriptions[0]?.pulls === 1;
  }, "a subscription");
  onvif!.emit(...TOPICS.motion, true);
  await until(() => watched.seen.length === 1, "motion");
  alarm(tapo, 1_700_000_000);
  const asked = reads(tapo);
  await kept.clock.advance(60_000);
  assertEquals([reads(tapo), watched.seen.map(({ source }) => source)], [asked, ["onvif"]]);
  assertEquals([watched.gaps.length, kept.device.notices], [1, []]);
});
