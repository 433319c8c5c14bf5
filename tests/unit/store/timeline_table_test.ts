// What the timeline reads, in a real database.
import { assertEquals } from "@std/assert";
import { Database } from "../../../src/store/database.ts";
import { type EventRow, EventsTable } from "../../../src/store/events_table.ts";
import { RecordingsTable } from "../../../src/store/recordings_table.ts";
import { HOUR_MS, TimelineTable } from "../../../src/store/timeline_table.ts";

const DAY = Date.UTC(2026, 4, 1);

async function withTables(
  work: (
    tables: { timeline: TimelineTable; events: EventsTable; recordings: RecordingsTable },
  ) => Promise<void>,
): Promise<void> {
  const database = await Database.open(":memory:");
  try {
    await work({
      timeline: new TimelineTable(database),
      events: new EventsTable(database),
      recordings: new RecordingsTable(database),
    });
  } finally {
    await database.close();
  }
}

const event = (atMs: number, change: Partial<EventRow> = {}): EventRow => ({
  camera: "door",
  kind: "motion",
  source: "hub",
  startedAtMs: atMs,
  lastAtMs: atMs,
  endedAtMs: atMs + 500,
  count: 1,
  ...change,
});

let given = 0;
const file = (fromMs: number, toMs: number, change: { camera?: string; endedBecause?: string } = {}) => {
  const id = `aaaaaaaa${String(++given).padStart(4, "2")}`;
  return {
    id,
    recording: id,
    part: 1,
    camera: "door",
    path: `door/2026-05-01/000000-${id}.mp4`,
    startedAtMs: fromMs,
    endedAtMs: toMs,
    durationMs: toMs - fromMs,
    sizeBytes: 1,
    preRollMs: 0,
    hasSound: false,
    cause: "manual",
    hasEvent: false,
    isLocked: false,
    endedBecause: "duration",
    gaps: [],
    ...change,
  };
};

Deno.test("[TIMELINE] the quarters of hours count what the events are, also after events were deleted", () =>
  withTables(async ({ timeline, events }) => {
    for (let minute = 0; minute < 180; minute++) {
      const kind = minute % 3 ? "motion" : "person";
      await events.insert(event(DAY + minute * 60_000, { kind, camera: minute % 2 ? "door" : "yard" }), 1);
    }
    await events.insert({ ...event(DAY), camera: undefined, kind: "gap" }, 1);
    const window = { cameras: ["door", "yard"], fromMs: DAY, toMs: DAY + 3 * HOUR_MS };
    const both = async () => {
      const counted = await timeline.counts(window, [], HOUR_MS);
      // One millisecond off: then no quarter is whole, and the events themselves are counted.
      const anew = await timeline.counts({ ...window, fromMs: DAY - 1 }, [], HOUR_MS);
      const total = (rows: typeof counted) => rows.reduce((sum, { count }) => sum + count, 0);
      return [total(counted), total(anew), counted.length];
    };
    assertEquals(await both(), [180, 180, 12]);
    assertEquals(await timeline.counts({ ...window, cameras: ["door"] }, ["person"], 2 * HOUR_MS), [
      { camera: "door", bucket: 0, kind: "person", count: 20 },
      { camera: "door", bucket: 1, kind: "person", count: 10 },
    ]);
    await events.prune({ maxBytes: 1e9, endedBeforeMs: DAY + 61 * 60_000, batch: 1000 });
    const [counted, anew] = await both();
    assertEquals([counted, anew], [119, 119]);
  }));

Deno.test("[TIMELINE] files that follow one another are one stretch, with the reason of its last", () =>
  withTables(async ({ timeline, recordings }) => {
    const minute = 60_000;
    const rows = [
      file(DAY, DAY + 5 * minute),
      file(DAY + 5 * minute + 40, DAY + 10 * minute, {
        endedBecause: "camera_lost",
      }),
      file(DAY + 20 * minute, DAY + 30 * minute, {
        endedBecause: "stopped",
      }),
      // Within another.
      file(DAY + 21 * minute, DAY + 22 * minute, {
        endedBecause: "disk_full",
      }),
      file(DAY, DAY + 2 * minute, { camera: "yard" }),
      file(DAY - 26 * HOUR_MS, DAY - 25 * HOUR_MS),
    ];
    for (const row of rows) await recordings.insert(row);
    const window = { cameras: ["door", "yard"], fromMs: DAY + minute, toMs: DAY + HOUR_MS };
    const shown = async (joinMs: number) =>
      (await timeline.stretches(window, joinMs)).map(({ camera, fromMs, toMs, files, endedBecause }) =>
        `${camera} ${(fromMs - DAY) / minute}-${(toMs - DAY) / minute} ${files} ${endedBecause}`
      );
    assertEquals(await shown(2000), [
      "door 0-10 2 camera_lost",
      "door 20-30 2 stopped",
      "yard 0-2 1 duration",
    ]);
    assertEquals(await shown(11 * minute), ["door 0-30 4 stopped", "yard 0-2 1 duration"]);
    assertEquals(await timeline.recordedCameras(window), ["door", "yard"]);
    assertEquals(await timeline.fileAt("door", DAY + 21.5 * minute), rows[3]!.id);
    assertEquals(await timeline.fileAt("door", DAY + 15 * minute), undefined);
    assertEquals(await timeline.fileAfter("door", DAY, DAY + 5 * minute), rows[1]!.id);
    assertEquals(await timeline.fileBefore("door", DAY + 15 * minute), rows[1]!.id);
    assertEquals([...await timeline.known([rows[0]!.id, "nothing"])], [rows[0]!.id]);
  }));

Deno.test("[TIMELINE] of many files each piece of time is looked at: the stretches are the same", () =>
  withTables(async ({ timeline, recordings }) => {
    // A file every ten seconds for nine hours, none in the fourth, and the last of the third was cut off.
    const rows = Array.from({ length: 3600 }, (_, at) => {
      const fromMs = DAY + at * 10_000 + (at >= 1080 ? HOUR_MS : 0);
      return file(
        fromMs,
        fromMs + 9990,
        at === 1079 ? { endedBecause: "camera_lost" } : {},
      );
    }).map((row, at) => ({ ...row, id: `bbbbbbbb${String(at).padStart(4, "0")}`, path: `${at}` }));
    await Promise.all(rows.map((row) => recordings.insert(row)));
    const window = { cameras: ["door"], fromMs: DAY, toMs: DAY + 24 * HOUR_MS };
    const found = await timeline.stretches(window, 60_000);
    assertEquals(found.map(({ fromMs, toMs, files, endedBecause }) => [fromMs, toMs, files, endedBecause]), [
      [DAY, DAY + 3 * HOUR_MS - 10, 1080, "camera_lost"],
      [DAY + 4 * HOUR_MS, DAY + 11 * HOUR_MS - 10, 2520, "duration"],
    ]);
  }));
