// The history against plain arithmetic: tiers, steps, live values, restarts, and a clock that is set.
import { assert, assertEquals } from "@std/assert";
import {
  CAMERA_FIELDS,
  HISTORY_FIELDS,
  type HistoryFieldName,
  HUB_FIELDS,
  HUB_SUBJECT,
} from "../../../../src/metrics/history/fields.ts";
import {
  AGGREGATIONS,
  type HistoryAnswer,
  type HistoryQuery,
} from "../../../../src/metrics/history/query.ts";
import { type Sample, sampleOf } from "../../../../src/metrics/sample.ts";
import { BEGIN, DAY, expected, HOUR, inScene, type Measured, type Scene } from "./records.ts";

const ALL = Object.keys(HISTORY_FIELDS) as HistoryFieldName[];

function told(answer: HistoryAnswer): string[] {
  return answer.rows.flatMap(({ atMs, subject, values }) =>
    Object.entries(values).map(([field, value]) => `${subject} ${atMs} ${field} ${value?.toFixed(3)}`)
  ).sort();
}

/** A repeatable stream of numbers, 0…1. */
function randomly(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

/** Counters as the hub tells them, and one measured moment of a house whose cameras come and go. */
class House {
  readonly measured: Measured[] = [];
  readonly #random: () => number;
  #motion = new Map<string, number>();

  constructor(seed: number) {
    this.#random = randomly(seed);
  }

  /** As after a restart of the hub. */
  restart(): void {
    this.#motion = new Map();
  }

  measure(scene: Scene, atMs: number): void {
    const samples: Sample[] = [];
    const note = (subject: string, field: HistoryFieldName, value: number) =>
      this.measured.push({ atMs, subject, field, value });
    for (const camera of ["door", "yard", "hall"]) {
      if (this.#random() < 0.05) {
        this.#motion.delete(camera);
        continue;
      }
      const isUp = this.#random() < 0.8;
      note(camera, "up", Number(isUp));
      samples.push(...sampleOf("tapocam_camera_up", { camera }, isUp));
      if (isUp) {
        const tenths = Math.floor(this.#random() * 900);
        note(camera, "latency_ms", tenths / 10);
        samples.push(...sampleOf("tapocam_camera_probe_duration_seconds", { camera }, tenths / 10_000));
      }
      const before = this.#motion.get(camera) ?? 0;
      const events = this.#random() < 0.1 ? 1 : 0;
      this.#motion.set(camera, before + events);
      note(camera, "motion_events", events);
      samples.push(...sampleOf("tapocam_camera_motion_events_total", { camera }, before + events));
    }
    const load = Math.floor(this.#random() * 300) / 100;
    note(HUB_SUBJECT, "host_load", load);
    scene.samples = [...samples, ...sampleOf("tapocam_host_load1", {}, load)];
  }
}

const QUESTIONS = [
  { fromMs: BEGIN, toMs: BEGIN + 2 * DAY, stepMs: HOUR },
  { fromMs: BEGIN, toMs: BEGIN + 2 * DAY, stepMs: 5 * 60_000 },
  { fromMs: BEGIN + HOUR, toMs: BEGIN + 5 * HOUR, stepMs: 60_000 },
  { fromMs: BEGIN, toMs: BEGIN + 2 * DAY, stepMs: 7 * 60_000 },
  { fromMs: BEGIN, toMs: BEGIN + 3 * DAY, stepMs: DAY },
] as const;

async function assertRight(scene: Scene, history: ReturnType<Scene["history"]>, house: House): Promise<void> {
  for (const aggregation of AGGREGATIONS) {
    for (const question of QUESTIONS) {
      const query: HistoryQuery = {
        ...question,
        subjects: ["yard", "door", HUB_SUBJECT],
        fields: ALL,
        aggregation,
        isFilled: false,
        maxSteps: 5000,
      };
      const answer = await history.query(query);
      assertEquals(answer.stepMs, question.stepMs);
      const should = expected(house.measured, { ...query, ...answer }, answer.stepMs);
      // A coarser tier keeps a mean of the last span only, and the mean of few digits: compared elsewhere.
      if (aggregation === "avg") assertClose(told(answer), should);
      else assertEquals(told(answer), should, `${aggregation} ${question.stepMs} at ${scene.clock.now()}`);
    }
  }
}

/** Means are told to two digits more than are kept. */
function assertClose(are: readonly string[], should: readonly string[]): void {
  assertEquals(are.length, should.length);
  for (const [index, line] of are.entries()) {
    const [a, b] = [line, should[index] ?? ""].map((each) => Number(each.split(" ")[3])) as [number, number];
    assertEquals(line.split(" ").slice(0, 3), should[index]?.split(" ").slice(0, 3));
    assert(Math.abs(a - b) <= 0.0051, `${line} should be ${should[index]}`);
  }
}

for (const seed of [1, 2]) {
  Deno.test(`[METRICS-HISTORY-TIERS] random days with gaps, restarts and a clock set by an hour are told rightly (${seed})`, async () => {
    await inScene(async (scene) => {
      scene.settings = { ...scene.settings, rawHours: 200 };
      const random = randomly(seed * 7919);
      const house = new House(seed);
      let history = scene.history();
      for (let minute = 0; minute < 2 * 1440;) {
        const chance = random();
        if (chance < 0.004) {
          // The hub stops for a while, or is started anew at once.
          await history.flush();
          await history.run(AbortSignal.abort());
          history = scene.history();
          house.restart();
          scene.clock.jumpTo(scene.clock.now() + Math.floor(random() * 90) * 60_000);
        } else if (chance < 0.006) {
          scene.clock.jumpTo(scene.clock.now() + (random() < 0.5 ? HOUR : -HOUR));
        } else {
          scene.clock.jumpTo(scene.clock.now() + 60_000);
          house.measure(scene, scene.clock.now());
          history.sample();
          if (random() < 0.2) await history.flush();
        }
        minute++;
      }
      await assertRight(scene, history, house);
      await history.run(AbortSignal.abort());
      const again = scene.history();
      await again.flush();
      await assertRight(scene, again, house);
      await again.run(AbortSignal.abort());
    });
  });
}

Deno.test("[METRICS-HISTORY-TIERS] the tables have the columns of the list of fields", async () => {
  await inScene(async (scene) => {
    const database = await scene.open();
    for (const [series, fields] of [["camera", CAMERA_FIELDS], ["hub", HUB_FIELDS]] as const) {
      const raw = await database.all(`SELECT name FROM pragma_table_info('${series}_raw')`);
      assertEquals(raw.map(({ name }) => name), ["at", "subject", ...Object.keys(fields)]);
    }
    assertEquals((await database.all("PRAGMA auto_vacuum"))[0]?.auto_vacuum, 2);
    assertEquals((await database.all("PRAGMA synchronous"))[0]?.synchronous, 1);
    await database.close();
  });
});
