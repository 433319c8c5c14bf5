// What the history lets go of, and what it never does.
import { assert, assertEquals } from "@std/assert";
import { ClockDoubt } from "../../../../src/base/clock_doubt.ts";
import type { History } from "../../../../src/metrics/history/history.ts";
import type { HistoryAnswer } from "../../../../src/metrics/history/query.ts";
import { sampleOf } from "../../../../src/metrics/sample.ts";
import { BEGIN, DAY, HOUR, inScene, type Scene } from "./records.ts";

/** Measures one camera so often, for so long; written each hour, as `run` would. */
async function measureFor(
  scene: Scene,
  history: History,
  lastsMs: number,
  pass = (ms: number) => Promise.resolve(scene.clock.jumpTo(scene.clock.now() + ms)),
  everyMs = 60_000,
): Promise<void> {
  for (let passed = 0; passed < lastsMs; passed += everyMs) {
    await pass(everyMs);
    scene.samples = sampleOf("tapocam_stream_viewers", { camera: "door" }, 1);
    history.sample();
    if (passed % HOUR === 0) await history.flush();
  }
  await scene.clock.leap(HOUR);
  await history.flush();
}

function count(history: History, fromMs: number, toMs: number, stepMs: number): Promise<HistoryAnswer> {
  return history.query({
    subjects: ["door"],
    fields: ["viewers"],
    aggregation: "count",
    isFilled: false,
    maxSteps: 10_000,
    fromMs,
    toMs,
    stepMs,
  });
}

const total = ({ rows }: HistoryAnswer) => rows.reduce((sum, { values }) => sum + (values.viewers ?? 0), 0);

Deno.test("[METRICS-HISTORY-RETENTION] each tier is kept as long as it is to be, and nothing is lost of the coarser", async () => {
  await inScene(async (scene) => {
    scene.settings = { ...scene.settings, rawHours: 24, fiveMinuteDays: 2 };
    const history = scene.history();
    await measureFor(scene, history, 4 * DAY);
    const { rows } = history.size!;
    // Whole hours and days are deleted; the newest hours are not in the coarser tiers yet.
    assert(rows.raw >= 23 * 60 && rows.raw <= 26 * 60, `${rows.raw} rows of raw`);
    assert(rows["5m"] >= 2 * 280 && rows["5m"] <= 3 * 288, `${rows["5m"]} rows of 5m`);
    assert(rows["1h"] >= 4 * 24 - 3, `${rows["1h"]} rows of 1h`);
    const whole = await count(history, BEGIN, BEGIN + 5 * DAY, HOUR);
    assertEquals([whole.tier, total(whole)], ["1h", 4 * 1440]);
    assertEquals((await count(history, BEGIN + 3 * DAY, BEGIN + 5 * DAY, 300_000)).tier, "5m");
    assertEquals((await count(history, BEGIN + 3.5 * DAY, BEGIN + 5 * DAY, 60_000)).tier, "raw");
    // Asked for finer than is still known, it says what it has.
    const old = await count(history, BEGIN, BEGIN + DAY, 60_000);
    assertEquals([old.tier, old.stepMs, total(old)], ["1h", HOUR, 1439]);
    await history.run(AbortSignal.abort());
  });
});

Deno.test("[METRICS-HISTORY-CLOCK] a clock that leaps ahead deletes nothing, and one set far back loses nothing", async () => {
  await inScene(async (scene) => {
    scene.settings = { ...scene.settings, rawHours: 24, fiveMinuteDays: 2 };
    const doubt = new ClockDoubt(scene.clock);
    doubt.begin(BEGIN);
    scene.doubt = doubt;
    const history = scene.history();
    const half = HOUR / 2;
    const measure = (lastsMs: number) =>
      measureFor(scene, history, lastsMs, (ms) => scene.clock.leap(ms), half);
    await measure(20 * HOUR);
    const before = total(await count(history, BEGIN, BEGIN + 2 * DAY, HOUR));
    assertEquals(before, 40);
    // A year ahead, for four hours: nothing is too old for a clock that was set.
    scene.clock.jumpTo(BEGIN + 400 * DAY);
    await measure(4 * HOUR);
    assertEquals(scene.doubt.isDoubted, true);
    const still = await count(history, BEGIN, BEGIN + 2 * DAY, 60_000);
    assertEquals([still.tier, total(still)], ["raw", before]);
    assertEquals(total(await count(history, BEGIN + 400 * DAY, BEGIN + 401 * DAY, HOUR)), 8);
    // Back again, until raw of the first day is deleted.
    scene.clock.jumpTo(BEGIN + DAY + 2 * HOUR);
    await measure(3 * DAY);
    assertEquals(total(await count(history, BEGIN, BEGIN + 6 * DAY, HOUR)), before + 3 * 48);
    assert((history.size?.rows.raw ?? 0) < 3 * 48, "raw was never deleted");
    // Back to that first day: what is measured then is added to the coarser tiers, on top of what they have.
    scene.clock.jumpTo(BEGIN);
    await measure(4 * HOUR);
    assertEquals(total(await count(history, BEGIN, BEGIN + 6 * DAY, HOUR)), before + 3 * 48 + 8);
    assertEquals(total(await count(history, BEGIN, BEGIN + DAY, HOUR)), before + 8);
    await history.run(AbortSignal.abort());
  });
});

Deno.test("[METRICS-HISTORY-CLOCK] after days under a clock that is years ahead, every tier is used again", async () => {
  await inScene(async (scene) => {
    const doubt = new ClockDoubt(scene.clock);
    doubt.begin(BEGIN);
    scene.doubt = doubt;
    const history = scene.history();
    const measure = (lastsMs: number) =>
      measureFor(scene, history, lastsMs, (ms) => scene.clock.leap(ms), HOUR / 2);
    scene.clock.jumpTo(BEGIN + 1500 * DAY);
    await measure(4 * DAY);
    scene.clock.jumpTo(BEGIN + 5 * DAY);
    await measure(2 * DAY);
    const [fromMs, toMs] = [BEGIN + 6.5 * DAY, BEGIN + 7 * DAY];
    const fine = await count(history, fromMs, toMs, 60_000);
    assertEquals([fine.tier, total(fine)], ["raw", 24]);
    assertEquals(total(await count(history, BEGIN + 5 * DAY, toMs, HOUR)), 95);
    // What was taken down in between is in the coarser tiers once.
    await measure(DAY);
    assertEquals(total(await count(history, BEGIN + 5 * DAY, toMs, HOUR)), 95);
    assertEquals((await count(history, fromMs, toMs, 300_000)).tier, "5m");
    await history.run(AbortSignal.abort());
  });
});

Deno.test("[METRICS-HISTORY-SIZE] too large, the oldest of the finest tier goes first, and the file shrinks", async () => {
  await inScene(async (scene) => {
    scene.settings = { ...scene.settings, rawHours: 8760 };
    const history = scene.history();
    const cameras = Array.from({ length: 40 }, (_, index) => `camera-${index}`);
    for (let minute = 0; minute < 2880; minute++) {
      scene.clock.jumpTo(scene.clock.now() + 60_000);
      scene.samples = cameras.flatMap((camera) => [
        ...sampleOf("tapocam_stream_viewers", { camera }, minute % 7),
        ...sampleOf("tapocam_camera_probe_duration_seconds", { camera }, minute / 1000),
      ]);
      history.sample();
      if (minute % 360 === 359) await history.flush();
    }
    scene.settings = { ...scene.settings, maxBytes: 2e6 };
    await scene.clock.leap(HOUR);
    await history.flush();
    const { rows, bytes } = history.size!;
    assertEquals(rows["1h"] >= 45 * 40, true);
    assert(rows["5m"] >= 540 * 40, "5m was touched while there was raw to delete");
    assert(rows.raw > 0 && rows.raw < 2000 * 40, `${rows.raw} rows of raw`);
    assert(bytes <= 2e6, `${bytes} bytes`);
    await history.run(AbortSignal.abort());
    assert((await Deno.stat(scene.path)).size <= 2e6);
  });
});

Deno.test("[METRICS-HISTORY-SIZE] what was measured while the clock showed 1970 goes first, and nothing hangs on it", async () => {
  await inScene(async (scene) => {
    const history = scene.history();
    await measureFor(scene, history, 5 * HOUR);
    // So small that all but the newest is deleted.
    scene.settings = { ...scene.settings, maxBytes: 1 };
    await scene.clock.leap(30 * DAY);
    await measureFor(scene, history, 5 * HOUR);
    scene.clock.jumpTo(60_000);
    await measureFor(scene, history, 5 * HOUR);
    scene.clock.jumpTo(BEGIN + 31 * DAY);
    await measureFor(scene, history, 5 * HOUR);
    assertEquals(total(await count(history, 0, DAY, HOUR)), 0);
    await history.run(AbortSignal.abort());
  });
});

Deno.test("[METRICS-HISTORY-REMOVED] of a camera that was removed, what was measured stays", async () => {
  await inScene(async (scene) => {
    const history = scene.history();
    await measureFor(scene, history, 2 * HOUR);
    scene.samples = sampleOf("tapocam_host_load1", {}, 1);
    scene.clock.jumpTo(scene.clock.now() + 60_000);
    history.sample();
    await history.flush();
    assertEquals(total(await count(history, BEGIN, BEGIN + DAY, HOUR)), 120);
    assert(history.subjects.includes("door"));
    await history.run(AbortSignal.abort());
  });
});
