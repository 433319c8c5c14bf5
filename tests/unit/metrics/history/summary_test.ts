// The history in few words, over a real one in a database: figures, points, and what sums up to what.
import { assert, assertEquals } from "@std/assert";
import type { HistoryFieldName } from "../../../../src/metrics/history/fields.ts";
import type { History } from "../../../../src/metrics/history/history.ts";
import { openAnswer } from "../../../../src/metrics/history/open_answer.ts";
import { MAX_ROWS, parseQuestion } from "../../../../src/metrics/history/question.ts";
import { fromBeginning, parseLastHours } from "../../../../src/metrics/history/last_hours.ts";
import { summarize } from "../../../../src/metrics/history/summary.ts";
import { sampleOf } from "../../../../src/metrics/sample.ts";
import { BEGIN, HOUR, inScene, type Scene } from "./records.ts";

/** Measures a number of cameras every half minute; part of it is on the disk. */
async function measure(
  scene: Scene,
  { cameras, hours }: { cameras: number; hours: number },
): Promise<History> {
  const history = scene.history();
  for (let tick = 0; tick < hours * 120; tick++) {
    scene.samples = Array.from({ length: cameras }, (_, at) => `camera-${at}`).flatMap((camera, at) => [
      ...sampleOf("tapocam_camera_up", { camera }, true),
      ...sampleOf("tapocam_camera_probe_duration_seconds", { camera }, (5 + at + tick % 10) / 1000),
      ...sampleOf("tapocam_camera_motion_events_total", { camera }, Math.floor(tick / 4)),
    ]);
    history.sample();
    if (tick % 1000 === 999) await history.flush();
    scene.clock.jumpTo(scene.clock.now() + 30_000);
  }
  return history;
}

/** Closes it as the hub does. */
async function end(history: History): Promise<void> {
  await history.run(AbortSignal.abort());
}

const fields: HistoryFieldName[] = ["latency_ms", "motion_events", "temperature_celsius"];

Deno.test("summarize: least, most, mean, last and total of all that was measured, however it is cut [METRICS-QUERY-TOOL]", async () => {
  await inScene(async (scene) => {
    const history = await measure(scene, { cameras: 2, hours: 12 });
    const asked = { subjects: ["camera-0", "camera-1"], fields, fromMs: BEGIN, toMs: BEGIN + 12 * HOUR };
    for (const [stepMs, points] of [[undefined, 48], [HOUR, 12], [1000, 48]] as const) {
      const { series, tier, isTruncated } = await summarize(history, {
        ...asked,
        stepMs,
        aggregation: "max",
      });
      assertEquals([tier === "1h", isTruncated], [stepMs === HOUR, false]);
      assertEquals(series.map(({ camera_id, field }) => `${camera_id} ${field}`), [
        "camera-0 latency_ms",
        "camera-0 motion_events",
        "camera-1 latency_ms",
        "camera-1 motion_events",
      ]);
      const [latency, motion] = series;
      assertEquals([latency?.min, latency?.max, latency?.avg, latency?.last], [5, 14, 9.5, 14]);
      assertEquals([latency?.points?.length, latency?.points?.[0]], [points, 14]);
      assertEquals([motion?.total, motion?.min, motion?.avg], [359, undefined, undefined]);
      assertEquals(motion?.points?.reduce((sum: number, each) => sum + (each ?? 0), 0), 359);
    }
    const many = Array.from({ length: 60 }, (_, at) => `camera-${at}`);
    const short = await summarize(history, { ...asked, subjects: many, aggregation: "avg" });
    assertEquals([short.series.length, short.series[0]?.points, short.series[0]?.max], [4, undefined, 14]);
    await end(history);
  });
});

Deno.test("history: steps of any length add up to the same total and count, live values included [METRICS-RANGE]", async () => {
  await inScene(async (scene) => {
    const history = await measure(scene, { cameras: 1, hours: 30 });
    const ask = (query: string) => {
      const given = new URLSearchParams(`camera=camera-0&from=${BEGIN}&${query}`);
      return history.query(parseQuestion(given, { nowMs: scene.clock.now(), cameras: [] }).query);
    };
    for (const step of ["2m", "5m", "7m", "15m", "1h", "6h", "1d"]) {
      for (const [agg, field, expected] of [["sum", "motion_events", 899], ["count", "up", 3600]] as const) {
        const { rows, isTruncated } = await ask(`step=${step}&agg=${agg}&fields=${field}`);
        assertEquals(isTruncated, false);
        assertEquals(
          rows.reduce((sum, { values }) => sum + (values[field] ?? 0), 0),
          expected,
          `${step} ${agg}`,
        );
      }
    }
    const { rows, isTruncated, stepMs } = await ask("fill=null&fields=up");
    assertEquals([rows.length <= 1000, isTruncated, stepMs], [true, false, 120_000]);
    await end(history);
  });
});

Deno.test("history: a question of 100,000 rows is answered with 20,000 and says so; the main loop goes on meanwhile [METRICS-RANGE]", async () => {
  await inScene(async (scene) => {
    const history = await measure(scene, { cameras: 20, hours: 42 });
    const given = new URLSearchParams(`from=${BEGIN}&step=30s&fields=latency_ms`);
    const cameras = Array.from({ length: 20 }, (_, at) => `camera-${at}`);
    const { query } = parseQuestion(given, { nowMs: scene.clock.now(), cameras });
    let turns = 0;
    let isAnswered = false;
    const turn = () => {
      turns++;
      if (!isAnswered) setTimeout(turn, 0);
    };
    setTimeout(turn, 0);
    const { head, rows } = await openAnswer(history, query);
    const subjects = (await Array.fromAsync(rows)).flat().map(({ subject }) => subject);
    isAnswered = true;
    assertEquals([subjects.length, head.isTruncated], [MAX_ROWS, true]);
    assertEquals([...new Set(subjects)], cameras);
    assertEquals([head.fromMs, head.toMs], [BEGIN, BEGIN + 1000 * 30_000], "what is answered is told");
    assert(turns >= cameras.length, `the main loop had ${turns} turns`);
    await end(history);
  });
});

Deno.test("fromBeginning: of a hundred years what there is, as fine as of its own time [METRICS-HISTORY]", async () => {
  await inScene(async (scene) => {
    const history = await measure(scene, { cameras: 1, hours: 5 });
    for (const hours of ["5", "48", "1000", "1000000"]) {
      const given = new URLSearchParams({ hours });
      const { rows, stepMs } = await fromBeginning(
        history,
        parseLastHours(given, "camera-0", scene.clock.now()),
      );
      assertEquals([rows.length, stepMs], [600, 30_000], hours);
    }
    await end(history);
  });
});
