// A Tapo camera that is moved for a time: as far as its motor gets in that time, and no longer.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Ptz } from "../../src/devices/capabilities.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever, Opened, stage } from "./stage.ts";

async function withMotor(
  work: (ptz: Ptz, tapo: TapoEmulator) => Promise<void>,
  clock: Clock = systemClock,
): Promise<void> {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, login, stage({ clock }));
  tapo.device.motor!.place({ panDegrees: -150, tiltDegrees: 0 });
  await work(opened.can("ptz"), tapo);
}

const right = (ptz: Ptz, durationMs: number, signal = forever) =>
  ptz.move({ pan: 0.5 }, { relative: true, durationMs }, signal);
const kinds = (tapo: TapoEmulator) => tapo.moves.map(({ kind }) => kind);
const turned = (tapo: TapoEmulator) => tapo.device.motor!.position.panDegrees + 150;

Deno.test("[TAPO-TIMED-MOVE] Tapo: a move of a second goes in a few steps, lasts a second, and stops", () =>
  withMotor(async (ptz, tapo) => {
    tapo.device.motor!.speedDegreesPerS = Infinity;
    const beginMs = performance.now();
    await right(ptz, 1000);
    const lastedMs = performance.now() - beginMs;
    assert(lastedMs >= 950 && lastedMs < 2000, `${lastedMs} ms`);
    assert(turned(tapo) >= 20 && turned(tapo) <= 40, `${turned(tapo)} degrees`);
    assertEquals(kinds(tapo).at(-1), "stop");
  }));

Deno.test("Tapo: who stops the camera ends a timed move, which takes no step more", () =>
  withMotor(async (ptz, tapo) => {
    tapo.device.motor!.speedDegreesPerS = 20;
    const beginMs = performance.now();
    const moving = right(ptz, 20_000);
    await until(() => tapo.device.motor!.isMoving, "the movement");
    await ptz.stop?.(forever);
    await moving;
    assert(performance.now() - beginMs < 5000, "it ends with the stop");
    assertEquals([kinds(tapo).filter((kind) => kind !== "stop"), kinds(tapo).at(-1)], [["move"], "stop"]);
    assert(turned(tapo) < 10, `${turned(tapo)} degrees`);
    assertEquals(tapo.device.motor!.isMoving, false);
  }));

Deno.test("Tapo: a motor that refuses the next step until the last is done is waited for, not stopped", () =>
  withMotor(async (ptz, tapo) => {
    Object.assign(tapo.device.motor!, { speedDegreesPerS: 25, isBusyWhileMoving: true });
    await right(ptz, 1000);
    assert(turned(tapo) >= 10 && turned(tapo) <= 25, `${turned(tapo)} degrees`);
    assertEquals(kinds(tapo), ["move", "move", "stop"]);
    assertEquals(tapo.device.motor!.isMoving, false);
  }));

Deno.test("Tapo: a camera that takes a command once a second is told no more often, and goes on", () =>
  withMotor(async (ptz, tapo) => {
    tapo.faults.next = { kind: "error-code", code: -40109, method: "motorMove" };
    await right(ptz, 1200);
    assertEquals([kinds(tapo), tapo.received.count("motorMove")], [["move", "stop"], 2]);
  }));

Deno.test("Tapo: a timed move that comes to the end of the range ends there; one that begins there is told", () =>
  withMotor(async (ptz, tapo) => {
    const motor = tapo.device.motor!;
    // Slower than the steps: it is still on its way when it refuses another one.
    motor.speedDegreesPerS = 20;
    const [, end] = motor.range.pan;
    motor.place({ panDegrees: end - 15, tiltDegrees: 0 });
    const beginMs = performance.now();
    assertEquals(await right(ptz, 20_000), {});
    assert(performance.now() - beginMs < 5000, "it goes no further");
    assertEquals([motor.position.panDegrees, kinds(tapo)], [end, ["move", "move", "stop"]]);
    const failure = await failureOf(right(ptz, 500));
    assertEquals([failure.kind, failure.details?.tapo_code], ["conflict", -64304]);
  }));

Deno.test("Tapo: a motor that is busy all the time is told of, and left standing", () =>
  withMotor(async (ptz, tapo) => {
    tapo.motorBusy(1000);
    const failure = await failureOf(right(ptz, 400));
    assertEquals([failure.kind, failure.hint !== undefined], ["unavailable", true]);
    assertEquals([turned(tapo), kinds(tapo).at(-1)], [0, "stop"]);
  }));

Deno.test("[TAPO-TIMED-MOVE] Tapo: whoever breaks off a timed move, or a step that fails, leaves the motor stopped", () =>
  withMotor(async (ptz, tapo) => {
    const leave = new AbortController();
    const left = failureOf(right(ptz, 20_000, leave.signal));
    await until(() => tapo.device.motor!.isMoving, "a movement");
    leave.abort();
    await left;
    assertEquals([tapo.device.motor!.isMoving, kinds(tapo)], [false, ["move", "stop"]]);
    tapo.faults.next = { kind: "error-code", code: -40407, method: "motorMove" };
    assertEquals((await failureOf(right(ptz, 1000))).kind, "device_rejected");
    assertEquals(kinds(tapo).at(-1), "stop");
  }));

Deno.test("[TAPO-TIMED-MOVE] Tapo: a camera that does not answer when it is told to stop is told of as one that may still turn", async () => {
  const clock = new FakeClock();
  await withMotor(async (ptz, tapo) => {
    tapo.faults.next = { kind: "stall", method: "cruiseStop" };
    const moving = failureOf(right(ptz, 100));
    await until(() => tapo.moves.length === 1, "a movement");
    await until(async () => {
      await clock.advance(100);
      return tapo.faults.pending === 0;
    }, "the stall");
    await clock.advance(8000);
    const failure = await moving;
    assertEquals([failure.kind, failure.retryable], ["unavailable", true]);
    assertMatch(failure.hint ?? "", /still turns/);
  }, clock);
});
