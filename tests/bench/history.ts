// The history of ten cameras: a day as it is written, a year as it lies on the disk, a week as it is asked for.
import { Logger } from "../../src/base/log.ts";
import { Warnings } from "../../src/base/warnings.ts";
import { CAMERA_FIELDS, HUB_SUBJECT } from "../../src/metrics/history/fields.ts";
import { History } from "../../src/metrics/history/history.ts";
import type { HistoryQuery } from "../../src/metrics/history/query.ts";
import { type Sample, sampleOf } from "../../src/metrics/sample.ts";
import { backUp, checkWhole } from "../../src/store/backup.ts";
import { Database } from "../../src/store/database.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { DEFAULT_HISTORY } from "../tools/history_settings.ts";

const CAMERAS = Array.from({ length: 10 }, (_, index) => `camera-${index + 1}`);
const TICK_MS = 30_000;
const TICKS_A_DAY = 2880;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 0, 10);
/** Events that have it written out of turn, as many as are allowed in the long run. */
const EVENTS_A_DAY = 96;

/** What a house of ten cameras tells at one moment; every field is known and moves. */
function measured(tick: number): Sample[] {
  const { random, floor } = Math;
  return [
    ...CAMERAS.flatMap((camera, index) => [
      ...sampleOf("tapocam_camera_up", { camera }, random() > 0.01),
      ...sampleOf("tapocam_camera_probe_duration_seconds", { camera }, 0.004 + random() * 0.05),
      ...sampleOf("tapocam_camera_temperature_celsius", { camera }, 38 + index + random() * 4),
      ...sampleOf("tapocam_camera_signal_dbm", { camera }, -50 - floor(random() * 20)),
      ...sampleOf("tapocam_stream_fps", { camera, quality: "main" }, 14 + random() * 2),
      ...sampleOf("tapocam_stream_viewers", { camera }, floor(random() * 3)),
      ...sampleOf("tapocam_camera_motion_active", { camera }, random() > 0.9),
      ...sampleOf("tapocam_camera_motion_events_total", { camera }, floor(tick / 7)),
      ...sampleOf("tapocam_stream_frames_dropped_total", { camera, reason: "slow_viewer" }, tick * 3),
    ]),
    ...sampleOf("tapocam_host_temperature_celsius", {}, 50 + random() * 8),
    ...sampleOf("tapocam_host_load1", {}, random() * 3),
    ...sampleOf("tapocam_loop_lag_seconds", {}, random() * 0.02),
    ...sampleOf("process_cpu_seconds_total", {}, tick * 3.1),
    ...sampleOf("process_resident_memory_bytes", {}, 1.2e8 + random() * 1e7),
    ...sampleOf("tapocam_disk_free_bytes", { folder: "recordings" }, 2e10 + random() * 1e9),
  ];
}

/** Bytes that this process has brought to a disk, or has waiting for it (proc(5), /proc/pid/io). */
async function writtenBytes(): Promise<number> {
  return Number(/^write_bytes: (\d+)/m.exec(await Deno.readTextFile("/proc/self/io"))?.[1]);
}

/** As the kernel does it within half a minute: else a page that is written twice would be counted once. */
async function toDisk(path: string): Promise<void> {
  for (const file of [path, `${path}-wal`]) {
    using opened = await Deno.open(file, { write: true });
    await opened.syncData();
  }
}

class House {
  readonly clock = new FakeClock(BEGIN);
  readonly path: string;
  readonly history: History;
  #tick = 0;

  constructor(folder: string) {
    this.path = `${folder}/history.sqlite`;
    this.history = new History({
      clock: this.clock,
      log: new Logger(() => {}, "error"),
      warnings: new Warnings(() => this.clock.now()),
      doubt: { isDoubted: false },
      settings: () => DEFAULT_HISTORY,
      samples: () => measured(this.#tick),
      open: () => Database.open(this.path, undefined, "history"),
    });
  }

  /** A day as it goes by, written every five minutes and at events. */
  async day(afterWrite: () => Promise<void>): Promise<void> {
    for (let tick = 0; tick < TICKS_A_DAY; tick++) {
      this.clock.jumpTo(this.clock.now() + TICK_MS);
      this.#tick++;
      this.history.sample();
      const isEvent = tick % Math.floor(TICKS_A_DAY / EVENTS_A_DAY) === 4;
      if (!isEvent && tick % 10 !== 9) continue;
      await this.history.flush();
      await afterWrite();
    }
  }
}

/** Copies what became of a day to the days before it: a year is filled in seconds. */
async function fillYear(path: string): Promise<void> {
  const database = await Database.open(path, undefined, "history");
  for (const [tier, spanMs, days] of [["5m", 300_000, 89], ["1h", HOUR_MS, 364]] as const) {
    const first = BEGIN / spanMs;
    const perDay = DAY_MS / spanMs;
    for (const series of ["camera", "hub"]) {
      const columns = (await database.all(`SELECT name FROM pragma_table_info('${series}_${tier}')`))
        .map(({ name }) => String(name)).filter((name) => name !== "span").join(", ");
      // The oldest first, as they come: so that pages are as full as they become.
      for (let day = days; day >= 1; day--) {
        await database.all(
          `INSERT OR IGNORE INTO ${series}_${tier} (span, ${columns}) SELECT span - ${
            perDay * day
          }, ${columns}
           FROM ${series}_${tier} WHERE span >= ${first} AND span < ${first + perDay}`,
        );
      }
    }
  }
  await database.close();
}

export async function historyBench(row: (...cells: (string | number)[]) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const house = new House(folder);
    await house.day(() => Promise.resolve());
    const before = await writtenBytes();
    await house.day(() => toDisk(house.path));
    const perDay = await writtenBytes() - before;
    row("history, 10 cameras at 30 s", `${(perDay / 2 ** 20).toFixed(1)} MiB written a day`, "384 writes");
    await house.history.run(AbortSignal.abort());
    await fillYear(house.path);
    const { size } = await Deno.stat(house.path);
    row("history, 10 cameras", `a year takes ${(size / 1e6).toFixed(1)} MB`, "48 h, 90 days, a year");
    await wholeFile(house.path, row);
    await ask(house, row);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is done with the file as a whole: looked through, and copied. */
async function wholeFile(path: string, row: (...cells: (string | number)[]) => void): Promise<void> {
  const database = await Database.open(path, undefined, "history");
  const begin = performance.now();
  await checkWhole(database);
  row("looking through that year", `${(performance.now() - begin).toFixed(0)} ms`);
  for (const [table, what] of [["camera_raw", "raw"], ["camera_5m", "5 min"], ["camera_1h", "1 h"]]) {
    const [found] = await database.all(
      "SELECT sum(pgsize) / 1.0 / (SELECT count(*) FROM " + table + ") AS size FROM dbstat WHERE name = ?",
      table ?? "",
    );
    row("a row", what ?? "", `${Number(found?.["size"]).toFixed(0)} bytes`);
  }
  await database.close();
  const copyBegin = performance.now();
  const bytes = await backUp({ path, schema: "history" });
  const tookMs = performance.now() - copyBegin;
  row("backup of that year", `${(bytes / 1e6).toFixed(1)} MB`, `${tookMs.toFixed(0)} ms beside all else`);
}

async function ask(house: House, row: (...cells: (string | number)[]) => void): Promise<void> {
  const again = new House(house.path.slice(0, house.path.lastIndexOf("/")));
  await again.history.flush();
  const toMs = BEGIN + 2 * DAY_MS;
  const fields = Object.keys(CAMERA_FIELDS) as HistoryQuery["fields"];
  const base = { toMs, aggregation: "avg", isFilled: false, maxSteps: 5000 } as const;
  const questions: [string, HistoryQuery][] = [
    ["7 days at 5 min, one camera, 3 fields", {
      ...base,
      subjects: ["camera-4"],
      fromMs: toMs - 7 * DAY_MS,
      stepMs: 300_000,
      fields: fields.slice(0, 3),
    }],
    ["7 days at 5 min, one camera, all fields", {
      ...base,
      subjects: ["camera-4"],
      fromMs: toMs - 7 * DAY_MS,
      stepMs: 300_000,
      fields,
    }],
    ["24 hours at 2 min, one camera, all fields", {
      ...base,
      subjects: ["camera-4"],
      fromMs: toMs - DAY_MS,
      stepMs: 120_000,
      fields,
    }],
    ["a year at 12 h, ten cameras, all fields", {
      ...base,
      subjects: [...CAMERAS, HUB_SUBJECT],
      fromMs: toMs - 364 * DAY_MS,
      stepMs: 12 * HOUR_MS,
      fields,
    }],
  ];
  for (const [name, query] of questions) {
    const times: number[] = [];
    let rows = 0;
    for (let turn = 0; turn < 110; turn++) {
      const begin = performance.now();
      rows = (await again.history.query(query)).rows.length;
      if (turn >= 10) times.push(performance.now() - begin);
    }
    times.sort((a, b) => a - b);
    row(name, `${rows} rows`, `median ${times[50]?.toFixed(1)} ms`, `p99 ${times[98]?.toFixed(1)} ms`);
  }
  await again.history.run(AbortSignal.abort());
}
