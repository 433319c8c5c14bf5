// The journal's rows in a real database: numbers, pages, what a crash leaves, and what is deleted.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Database } from "../../../src/store/database.ts";
import { type EventRow, EventsTable } from "../../../src/store/events_table.ts";

async function withTable(
  work: (table: EventsTable, database: Database) => Promise<void>,
  path = ":memory:",
): Promise<void> {
  const database = await Database.open(path);
  try {
    await work(new EventsTable(database), database);
  } finally {
    await database.close();
  }
}

const row = (change: Partial<EventRow> = {}): EventRow => ({
  camera: "door",
  kind: "motion",
  source: "onvif",
  startedAtMs: 1000,
  lastAtMs: 1000,
  count: 1,
  ...change,
});
/** What a row like that takes: 160, three times camera and kind, once the source. */
const ROW_BYTES = 160 + 3 * "door".length + 3 * "motion".length + "onvif".length;
/** An event that took place from then on for half a second. */
const past = (atMs: number, change: Partial<EventRow> = {}) =>
  row({ startedAtMs: atMs, lastAtMs: atMs, endedAtMs: atMs + 500, ...change });

const seqs = (page: { events: { seq: number }[] }) => page.events.map(({ seq }) => seq);

Deno.test("EventsTable: gives back what was written, with its number and its change", async () => {
  await withTable(async (table) => {
    const whole = row({ endedAtMs: 2000, deviceAtMs: -5, count: 3, details: { reason: 'ö "x"', n: 1.5 } });
    assertEquals(await table.insert(whole, 9), { ...whole, seq: 1, change: 1 });
    const { camera: _, ...hubs } = row({ kind: "login" });
    await table.insert(hubs, 9);
    const { events, ...rest } = await table.list({ limit: 10 });
    assertEquals(events, [{ ...hubs, seq: 2, change: 2 }, { ...whole, seq: 1, change: 1 }]);
    assertEquals(rest, { change: 2, oldest: 0, more: false });
  });
});

Deno.test("EventsTable: what belongs to an event is written with it or not at all", async () => {
  await withTable(async (table, database) => {
    await database.all("CREATE TABLE beside (event INTEGER NOT NULL, what TEXT NOT NULL) STRICT");
    const beside = (what: string | null) => ({
      sql: "INSERT INTO beside SELECT seq, ? FROM events WHERE change = (SELECT change FROM journal)",
      params: [what],
    });
    await table.insert(row(), 9, [beside("first")]);
    await table.insert(row(), 9);
    await table.update(1, row({ count: 2 }), 9, [beside("again"), beside("twice")]);
    await assertRejects(() => table.insert(row({ kind: "person" }), 9, [beside(null)]), HubError);
    await assertRejects(() => table.update(2, row({ count: 7 }), 9, [beside("x"), beside(null)]), HubError);
    assertEquals(
      (await database.all("SELECT event, what FROM beside")).map(({ event, what }) => [event, what]),
      [[1, "first"], [1, "again"], [1, "twice"]],
    );
    const { events, change } = await table.list({ limit: 10 });
    assertEquals([events.map(({ seq, count }) => [seq, count]), change], [[[2, 1], [1, 2]], 3]);
  });
});

Deno.test("EventsTable: a write to an event gives it the next change and keeps its number", async () => {
  await withTable(async (table) => {
    await table.insert(row(), 1);
    await table.insert(row({ kind: "person" }), 1);
    const closed = row({ lastAtMs: 3000, endedAtMs: 3000, count: 4, details: { closed_by: "timeout" } });
    assertEquals(await table.update(1, closed, 1), { ...closed, seq: 1, change: 3 });
    const { events } = await table.list({ after: 0, limit: 10 });
    assertEquals(events.map(({ seq, change }) => [seq, change]), [[2, 2], [1, 3]]);
    assertEquals(events[1], { ...closed, seq: 1, change: 3 });
    await table.update(1, row({ count: 5 }), 1);
    assertEquals((await table.list({ limit: 1, before: 2 })).events, [{
      ...row({ count: 5 }),
      seq: 1,
      change: 4,
    }]);
    assertEquals(await table.update(77, closed, 1), undefined);
  });
});

Deno.test("EventsTable: what the table refuses leaves no trace, not even in the counter", async () => {
  await withTable(async (table) => {
    await table.insert(row(), 1);
    const failed = await table.insert(row({ startedAtMs: 1.5 }), 1).catch((error) => error);
    assertEquals(failed.kind, "conflict");
    assertEquals(await table.position(), { change: 1, oldest: 0 });
  });
});

const FILTERS: [string, Parameters<EventsTable["list"]>[0], number[], boolean][] = [
  ["all, newest first", { limit: 10 }, [6, 5, 4, 3, 2, 1], false],
  ["a page", { limit: 4 }, [6, 5, 4, 3], true],
  ["the page before", { limit: 4, before: 3 }, [2, 1], false],
  ["exactly as many as there are", { limit: 6 }, [6, 5, 4, 3, 2, 1], false],
  ["one camera", { limit: 10, camera: "door" }, [5, 3, 1], false],
  ["one kind", { limit: 10, kind: "person" }, [6, 3], false],
  ["camera and kind", { limit: 10, camera: "door", kind: "person" }, [3], false],
  ["an unknown camera", { limit: 10, camera: "x" }, [], false],
  ["what went on at a time or later", { limit: 10, fromMs: 3500 }, [6, 5, 4, 3], false],
  ["what began before a time", { limit: 10, toMs: 3000 }, [2, 1], false],
  ["a span", { limit: 10, fromMs: 2501, toMs: 4000 }, [3], false],
  ["what was written since, oldest first", { limit: 2, after: 3 }, [4, 5], true],
  ["the rest of it", { limit: 9, after: 5 }, [6], false],
  ["what was written since of one camera and kind", { limit: 9, after: 2, camera: "yard", kind: "motion" }, [
    4,
  ], false],
  ["nothing since", { limit: 9, after: 6 }, [], false],
];
Deno.test("EventsTable: finds by camera, kind, time, number and change, page by page", async () => {
  await withTable(async (table) => {
    for (let n = 1; n <= 5; n++) {
      const camera = n % 2 === 0 ? "yard" : "door";
      await table.insert(past(n * 1000, { camera, kind: n === 3 ? "person" : "motion" }), 1);
    }
    await table.insert(row({ camera: "yard", kind: "person", startedAtMs: 6000, lastAtMs: 6000 }), 1);
    for (const [name, query, expected, more] of FILTERS) {
      const page = await table.list(query);
      assertEquals([seqs(page), page.more, page.change], [expected, more, 6], name);
    }
  });
});

Deno.test("[EVENTS-MILLION] EventsTable: the usual questions use an index", async () => {
  await withTable(async (_, database) => {
    const plan = async (where: string, order: string) => {
      const rows = await database.all(
        `EXPLAIN QUERY PLAN SELECT * FROM events WHERE ${where} ORDER BY ${order} LIMIT 9`,
      );
      return rows.map(({ detail }) => String(detail)).join("; ");
    };
    const plans: [string, string, string][] = [
      ["camera = 'a'", "seq DESC", "events_by_camera (camera=?)"],
      ["camera = 'a' AND seq < 9", "seq DESC", "events_by_camera (camera=? AND seq<?)"],
      [
        "camera = 'a' AND kind = 'b' AND seq < 9",
        "seq DESC",
        "events_by_camera_and_kind (camera=? AND kind=? AND seq<?)",
      ],
      ["kind = 'a' AND seq < 9", "seq DESC", "events_by_kind (kind=? AND seq<?)"],
      ["change > 5", "change", "events_by_change (change>?)"],
      ["+camera = 'a' AND +kind = 'b' AND change > 5", "change", "events_by_change (change>?)"],
      ["ended_at IS NULL", "seq", "events_by_end (ended_at=?)"],
      ["ended_at < 9", "ended_at", "events_by_end (ended_at<?)"],
      ["ended_at IS NOT NULL", "ended_at", "events_by_end (ended_at>?)"],
      ["json_extract(details, '$.snapshot') IN ('a', 'b')", "seq + 1", "events_by_picture"],
    ];
    for (const [where, order, expected] of plans) {
      const found = await plan(where, order);
      assert(
        found.includes(expected) && (!found.includes("TEMP B-TREE") || order === "seq + 1"),
        `${where}: ${found}`,
      );
    }
  });
});

Deno.test("EventsTable: what an earlier run left open is closed when it was last known to go on", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/hub.sqlite`;
    await withTable(async (table) => {
      await table.insert(row({ kind: "camera_state", details: { status: "online" } }), 1000);
      await table.insert(row({ startedAtMs: 5000, lastAtMs: 8000, count: 2 }), 8000);
      await table.insert(past(6000), 8500);
      await table.noteAlive(20_000);
    }, path);
    await withTable(async (table) => {
      assertEquals(await table.closeLeftOpen({ closed_by: "restart" }, ["camera_state"]), 2);
      assertEquals(await table.closeLeftOpen({ closed_by: "restart" }, ["camera_state"]), 0);
      const { events, change } = await table.list({ limit: 9, after: 3 });
      assertEquals(events.map(({ seq, change, endedAtMs, details }) => [seq, change, endedAtMs, details]), [
        [1, 4, 20_000, { status: "online", closed_by: "restart" }],
        [2, 5, 8000, { closed_by: "restart" }],
      ]);
      assertEquals(change, 5);
    }, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("EventsTable: an event left open that began after the hub was last known to run ends where it began", async () => {
  await withTable(async (table) => {
    await table.insert(row({ kind: "camera_state", startedAtMs: 9000, lastAtMs: 9000 }), 9000);
    await table.noteAlive(400);
    await table.closeLeftOpen({}, ["camera_state"]);
    assertEquals((await table.list({ limit: 1 })).events[0]?.endedAtMs, 9000);
  });
});

Deno.test("EventsTable: deletes what ended first beyond the size allowed, in batches; what goes on stays", async () => {
  await withTable(async (table) => {
    await table.insert(row({ kind: "motion" }), 1);
    for (let n = 2; n <= 10; n++) await table.insert(past(n * 1000), 1);
    await table.update(2, past(2000, { lastAtMs: 99_000, endedAtMs: 99_000 }), 1);
    const prune = async () =>
      (await table.prune({ maxBytes: 6 * ROW_BYTES, endedBeforeMs: 0, batch: 3 })).count;
    assertEquals(await table.size(), { rows: 10, bytes: 10 * ROW_BYTES });
    assertEquals([await prune(), seqs(await table.list({ limit: 20 }))], [3, [10, 9, 8, 7, 6, 2, 1]]);
    assertEquals([await prune(), seqs(await table.list({ limit: 20 }))], [1, [10, 9, 8, 7, 2, 1]]);
    assertEquals(await prune(), 0);
    assertEquals(await table.position(), { change: 11, oldest: 6 });
    assertEquals(await table.size(), { rows: 6, bytes: 6 * ROW_BYTES });
  });
});

Deno.test("EventsTable: deletes what ended too long ago, and tells whose pictures are gone", async () => {
  await withTable(async (table) => {
    for (let n = 1; n <= 6; n++) {
      await table.insert(past(n * 1000, n % 2 === 0 ? { details: { snapshot: `p${n}` } } : {}), 1);
    }
    assertEquals(await table.picturesNamed(["p2", "p4", "p5"]), new Set(["p2", "p4"]));
    const prune = async (endedBeforeMs: number | undefined) =>
      Object.values(await table.prune({ maxBytes: 1e9, endedBeforeMs, batch: 2 }));
    assertEquals(await prune(undefined), [0, []]);
    assertEquals([await prune(4500), await prune(4500), await prune(4500)], [[2, ["p2"]], [1, []], [0, []]]);
    assertEquals(await prune(5000), [1, ["p4"]]);
    assertEquals(await table.picturesNamed(["p2", "p4", "p6"]), new Set(["p6"]));
    assertEquals(await table.position(), { change: 6, oldest: 4 });
  });
});

Deno.test("[EVENTS-MILLION] EventsTable: its size is that of the pages it takes, also as details grow and shrink", async () => {
  await withTable(async (table, database) => {
    const emptyPages = Number((await database.all("PRAGMA page_count"))[0]?.page_count);
    const sizes: number[] = [];
    for (let n = 0; n < 6000; n += 100) {
      const events = Array.from({ length: 100 }, (_, index) => {
        const details = index % 3 === 0
          ? { score: 0.5, zone: "the gate", snapshot: `picture-${n + index}` }
          : undefined;
        return { row: past((n + index) * 1000, { camera: `camera-${index % 7}`, details }) };
      });
      await table.write(events, 1);
    }
    for (let seq = 1; seq <= 6000; seq += 2) {
      await table.update(
        seq,
        past(seq, { camera: "x", details: seq % 4 === 1 ? { more: "y".repeat(40) } : {} }),
        1,
      );
    }
    sizes.push((await table.size()).bytes);
    const pages = Number((await database.all("PRAGMA page_count"))[0]?.page_count) - emptyPages;
    const share = Number(sizes[0]) / (pages * 4096);
    assert(share > 0.75 && share < 1.25, `${sizes[0]} bytes told, ${pages * 4096} taken`);
    while ((await table.prune({ maxBytes: 0, endedBeforeMs: 1e15, batch: 1000 })).count > 0);
    assertEquals(await table.size(), { rows: 0, bytes: 0 });
  });
});

Deno.test("EventsTable: who follows a rare kind looks through so much at a time and then goes on from there", async () => {
  await withTable(async (table) => {
    const many = Array.from({ length: 500 }, (_, n) => ({ row: past(n) }));
    for (let times = 0; times < 25; times++) await table.write(many, 1);
    await table.insert(past(1, { kind: "doorbell" }), 1);
    const query = { kind: "doorbell", limit: 5 };
    const first = await table.list({ ...query, after: 0 });
    assertEquals([seqs(first), first.more, first.reached, first.change], [[], true, 10_000, 12_501]);
    const second = await table.list({ ...query, after: 10_000 });
    assertEquals([seqs(second), second.more, second.reached], [[12_501], false, 12_501]);
    const all = await table.list({ after: 3, limit: 5 });
    assertEquals([seqs(all), all.more, all.reached], [[4, 5, 6, 7, 8], true, 8]);
  });
});

Deno.test("EventsTable: a span of days is the same by its start as by going back from the newest", async () => {
  await withTable(async (table) => {
    const hour = 3_600_000;
    const [from, to] = [100 * hour, 124 * hour];
    const spans: [startedAtMs: number, endedAtMs: number | undefined][] = [
      [1, undefined], // goes on since long before
      [2, from - 1], // long, over before
      [3, from + 5], // long, into it
      [4, to + hour], // long, over all of it
      [from - hour / 2, from - 1],
      [from - hour / 2, from],
      [from + 7, from + 8],
      [to - 1, to + 9 * hour],
      [to, to + 1],
      [to + 1, undefined],
    ];
    for (const [startedAtMs, endedAtMs] of spans) {
      await table.insert(row({ startedAtMs, lastAtMs: startedAtMs, endedAtMs }), 1);
    }
    const page = await table.list({ fromMs: from, toMs: to, limit: 20 });
    assertEquals(seqs(page), [8, 7, 6, 4, 3, 1]);
    assertEquals(seqs(await table.list({ fromMs: from, toMs: to, camera: "door", before: 7, limit: 2 })), [
      6,
      4,
    ]);
  });
});

Deno.test("EventsTable: a number and a change never come back, also when everything was deleted", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/hub.sqlite`;
    await withTable(async (table) => {
      for (let n = 1; n <= 3; n++) await table.insert(past(n), 1);
      assertEquals((await table.prune({ maxBytes: 0, endedBeforeMs: 1e15, batch: 10 })).count, 3);
      assertEquals(await table.position(), { change: 3, oldest: 3 });
    }, path);
    await withTable(async (table) => {
      const next = await table.insert(row(), 1);
      assertEquals([next.seq, next.change], [4, 4]);
    }, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
