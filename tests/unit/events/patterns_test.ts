// Events by hour and weekday, counted in a real database, where clocks change and where they do not.
import { assert, assertEquals } from "@std/assert";
import { chanceOf, EventPatterns, hoursObserved } from "../../../src/events/patterns.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { PatternsTable } from "../../../src/store/patterns_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

interface Place {
  clock: FakeClock;
  patterns: EventPatterns;
  /** Writes events that begin then, at the camera and of the kind. */
  note(times: readonly number[], camera?: string, kind?: string): Promise<void>;
}

async function withPatterns(now: string, work: (place: Place) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  const clock = new FakeClock(Date.parse(now));
  const events = new EventsTable(database);
  const note: Place["note"] = async (times, camera = "door", kind = "person") => {
    const rows = times.map((atMs) => ({
      row: {
        camera,
        kind,
        source: "hub",
        startedAtMs: atMs,
        lastAtMs: atMs,
        endedAtMs: atMs + 500,
        count: 1,
      },
    }));
    await events.write(rows, clock.now());
  };
  try {
    await work({ clock, note, patterns: new EventPatterns({ table: new PatternsTable(database), clock }) });
  } finally {
    await database.close();
  }
}

const hoursOf = (from: string, to: string, zone: string) =>
  hoursObserved(Date.parse(from), Date.parse(to), zone);

Deno.test("hoursObserved: the hour that spring skips was not there, the one that autumn repeats was twice [METRICS-PATTERNS]", () => {
  // Sunday is the last day: its hour 2 is the 146th of the week.
  const spring = hoursOf("2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Vienna");
  assertEquals([spring[145], spring[146], spring[147]], [1, 0, 1]);
  assertEquals(spring.reduce((sum, each) => sum + each), 167);
  const autumn = hoursOf("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", "Europe/Vienna");
  assertEquals([autumn[145], autumn[146], autumn[147]], [1, 2, 1]);
  assertEquals(autumn.reduce((sum, each) => sum + each), 169);
  const american = hoursOf("2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z", "America/New_York");
  assertEquals([american[144], american[145], american[146]], [1, 2, 1]);
  const indian = hoursOf("2026-03-22T18:30:00Z", "2026-03-29T18:30:00Z", "Asia/Kolkata");
  assertEquals(new Set(indian), new Set([1]));
  const parts = hoursOf("2026-03-22T18:00:00Z", "2026-03-22T19:00:00Z", "Asia/Kolkata");
  // Half an hour of Sunday, half an hour of Monday.
  assertEquals([parts[167], parts[0], parts[1]], [0.5, 0.5, 0]);
  const island = hoursOf("2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z", "Australia/Lord_Howe");
  assertEquals(island.slice(145, 147), [1.5, 1], "the clock goes back by half an hour");
});

Deno.test("EventPatterns counts in local time over changes of the clock [METRICS-PATTERNS]", async () => {
  await withPatterns("2026-11-02T11:20:00Z", async ({ note, patterns }) => {
    // Every Monday at 8:10 in Vienna: at 6:10 UTC in summer, at 7:10 in winter. And twice at 2:30 of the 25th.
    const summer = [Date.UTC(2026, 9, 5, 6, 10), Date.UTC(2026, 9, 12, 6, 10), Date.UTC(2026, 9, 19, 6, 10)];
    const winter = [Date.UTC(2026, 9, 26, 7, 10), Date.UTC(2026, 10, 2, 7, 10)];
    await note([...summer, ...winter, Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]);
    const vienna = await patterns.read({ weeks: 4, zone: "Europe/Vienna", kinds: ["person"] });
    const filled = vienna.cells.filter(({ events }) => events > 0);
    assertEquals([vienna.from, vienna.to], ["2026-10-05T10:00:00.000Z", "2026-11-02T11:00:00.000Z"]);
    assertEquals(vienna.cells.length, 168);
    assertEquals(filled, [
      { weekday: 1, weekday_name: "Monday", hour: 8, events: 4, hours_observed: 4, per_hour: 1 },
      { weekday: 7, weekday_name: "Sunday", hour: 2, events: 2, hours_observed: 5, per_hour: 0.4 },
    ]);
    const kolkata = await patterns.read({ weeks: 4, zone: "Asia/Kolkata", kinds: ["person"] });
    // 6:10 UTC is 11:40 there, 7:10 is 12:40; 0:30 and 1:30 UTC are 6:00 and 7:00.
    assertEquals(
      kolkata.cells.filter(({ events }) => events > 0).map((
        { weekday, hour, events },
      ) => [weekday, hour, events]),
      [[1, 11, 2], [1, 12, 2], [7, 6, 1], [7, 7, 1]],
    );
  });
});

Deno.test("EventPatterns: cells of any zone hold every event of the time once [METRICS-PATTERNS]", async () => {
  await withPatterns("2026-11-02T11:00:00Z", async ({ clock, note, patterns }) => {
    let seed = 7;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const times = Array.from({ length: 3000 }, () => clock.now() - Math.floor(random() * 10 * WEEK) - 1);
    await note(times, "door", "motion");
    await note([clock.now() - 20 * WEEK], "door", "motion");
    for (const zone of ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]) {
      const { from, to, cells } = await patterns.read({ weeks: 8, zone, kinds: ["motion"] });
      const expected = times.filter((at) => at >= Date.parse(from) && at < Date.parse(to)).length;
      assertEquals(cells.reduce((sum, { events }) => sum + events, 0), expected, zone);
      const observed = cells.reduce((sum, each) => sum + each.hours_observed, 0);
      assertEquals(observed, (Date.parse(to) - Date.parse(from)) / HOUR, zone);
    }
  });
});

Deno.test("EventPatterns: only the cameras and kinds asked for; the time before the journal was not observed [METRICS-PATTERNS]", async () => {
  await withPatterns("2026-05-08T12:00:00Z", async ({ clock, note, patterns }) => {
    const first = clock.now() - WEEK - 30 * 60_000;
    await note([first, first + HOUR], "door", "person");
    await note([first + HOUR], "yard", "person");
    await note([first + HOUR], "door", "doorbell");
    const total = async (cameras: string[] | undefined, kinds: string[]) =>
      (await patterns.read({ weeks: 4, zone: "UTC", cameras, kinds })).cells
        .reduce((sum, { events }) => sum + events, 0);
    assertEquals(await total(undefined, ["person"]), 3);
    assertEquals(await total(["door"], ["person"]), 2);
    assertEquals(await total(["door"], ["person", "doorbell"]), 3);
    assertEquals(await total(["door", "yard"], ["person", "doorbell"]), 4);
    assertEquals(await total(["gone"], ["person"]), 0);
    const { from, cells } = await patterns.read({ weeks: 4, zone: "UTC", kinds: ["person"] });
    assertEquals(from, new Date(first).toISOString());
    const friday = cells.filter(({ weekday }) => weekday === 5).map((each) => each.hours_observed);
    assertEquals([friday[10], friday[11], friday[12]], [1, 1.5, 1]);
    assertEquals(await patterns.known(["door", "yard", "gone"]), new Set(["door", "yard"]));
  });
  await withPatterns("2026-05-08T12:00:00Z", async ({ patterns }) => {
    const empty = await patterns.read({ weeks: 1, zone: "UTC", kinds: ["person"] });
    assertEquals(empty.cells.every((each) => each.hours_observed === 0 && !("per_hour" in each)), true);
    assertEquals(empty.now, { weekday: 5, weekday_name: "Friday", hour: 12, events: 0 });
  });
});

Deno.test("EventPatterns: one question at a time, a few cameras at a time, and no endless queue [METRICS-PATTERNS-TURNS]", async () => {
  const database = await Database.open(":memory:");
  try {
    const clock = new FakeClock(Date.parse("2026-05-08T12:30:00Z"));
    const events = new EventsTable(database);
    const row = (camera: string, weeks: number) => {
      const atMs = clock.now() - weeks * WEEK;
      const times = { startedAtMs: atMs, lastAtMs: atMs, endedAtMs: atMs + 500 };
      return { row: { camera, kind: "person", source: "hub", count: 1, ...times } };
    };
    const cameras = Array.from({ length: 8 }, (_, at) => `c${at}`);
    await events.write(
      cameras.flatMap((camera) => [row(camera, 60), row(camera, 30), row(camera, 1)]),
      clock.now(),
    );
    let [atOnce, most, mostCameras] = [0, 0, 0];
    const all: Database["all"] = async (sql, ...params) => {
      most = Math.max(most, ++atOnce);
      if (sql.includes("quarter < ?") && Number(params[3]) - Number(params[2]) > 20_000) {
        mostCameras = Math.max(mostCameras, JSON.parse(String(params[1])).length);
      }
      return await database.all(sql, ...params).finally(() => atOnce--);
    };
    const table = new PatternsTable({ all } as Database);
    const patterns = new EventPatterns({ table, clock });
    const asked = Array.from({ length: 53 }, (_, at) => ({ weeks: 53 - at, zone: "UTC", kinds: ["person"] }));
    const answers = await Promise.allSettled(asked.map((each) => patterns.read(each)));
    const answered = answers.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
    const refused = answers.flatMap((each) => each.status === "rejected" ? [each.reason] : []);
    assertEquals([answered.length, refused.length], [25, 28]);
    assertEquals(new Set(refused.map(({ kind }) => kind)), new Set(["unavailable"]));
    const [year] = answered;
    assertEquals(year?.cells.reduce((sum, { events }) => sum + events, 0), 16);
    assertEquals(mostCameras, 1, "a year is counted a camera at a time");
    // Of each question that is answered the hour that goes on is asked, too: that is one small statement.
    assert(most <= 3, `${most} statements at once`);
    assertEquals((await patterns.read({ weeks: 1, zone: "UTC", kinds: ["person"] })).weeks, 1, "asked again");
  } finally {
    await database.close();
  }
});

Deno.test("EventPatterns: now against what is usual at this minute of this hour of the week [METRICS-PATTERNS]", async () => {
  await withPatterns("2026-05-08T12:30:00Z", async ({ clock, note, patterns }) => {
    const hour = clock.now() - 30 * 60_000;
    const earlier = [1, 2, 3, 4].flatMap((weeks) =>
      [10, 40].map((minute) => hour - weeks * WEEK + minute * 60_000)
    );
    await note([hour - 5 * WEEK, ...earlier, hour + 60_000]);
    const read = async () => (await patterns.read({ weeks: 4, zone: "UTC", kinds: ["person"] })).now;
    const so = { weekday: 5, weekday_name: "Friday", hour: 12, usual: 1 } as const;
    assertEquals(await read(), { ...so, events: 1, ratio: 1, unusual: false });
    await note([1, 2, 3, 4].map((minute) => hour + minute * 60_000));
    assertEquals(await read(), { ...so, events: 5, ratio: 5, unusual: true });
    // At three in the morning there is usually nobody.
    await clock.advance(14.75 * HOUR);
    const night = await read();
    assertEquals([night.hour, night.events, night.usual, night.ratio, night.unusual], [
      3,
      0,
      0,
      undefined,
      false,
    ]);
    await note([clock.now() - 1000, clock.now() - 500]);
    const two = await read();
    assertEquals([two.events, two.usual, two.ratio, two.unusual], [2, 0, undefined, true]);
  });
});

Deno.test("EventPatterns: whole hours are counted once in five minutes, the hour that goes on each time [METRICS-PATTERNS]", async () => {
  await withPatterns("2026-05-08T12:30:00Z", async ({ clock, note, patterns }) => {
    const hour = clock.now() - 30 * 60_000;
    await note([hour - 3 * HOUR, hour - 2 * HOUR]);
    const counts = async () => {
      const { cells, now } = await patterns.read({ weeks: 1, zone: "UTC", kinds: ["person"] });
      return [cells.reduce((sum, { events }) => sum + events, 0), now.events];
    };
    assertEquals(await counts(), [2, 0]);
    await note([hour - HOUR, hour + 60_000]);
    assertEquals(await counts(), [2, 1]);
    await clock.advance(5 * 60_000);
    assertEquals(await counts(), [3, 1]);
  });
});

Deno.test("chanceOf: how rarely so many come by chance [METRICS-PATTERNS]", () => {
  for (const [events, usual, expected] of [[0, 2, 1], [1, 2, 0.865], [5, 1, 0.00366], [1, 0, 0]] as const) {
    assert(Math.abs(chanceOf(events, usual) - expected) < 0.0005, `${events} of ${usual}`);
  }
});
