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

Deno.test("EventsTable: the usual questions use an index", async () => {
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
      ["kind = 'a' AND seq < 9", "seq DESC", "events_by_kind (kind=? AND seq<?)"],
      ["change > 5", "change", "events_by_change (change>?)"],
      ["+camera = 'a' AND +kind = 'b' AND change > 5", "change", "events_by_change (change>?)"],
      ["ended_at IS NULL", "seq", "events_open"],
    ];
    for (const [where, order, expected] of plans) {
      const found = await plan(where, order);
      assert(found.includes(expected) && !found.includes("TEMP B-TREE"), `${where}: ${found}`);
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

Deno.test("EventsTable: deletes the least recently written beyond the rows allowed, in batches; what goes on stays", async () => {
  await withTable(async (table) => {
    await table.insert(row({ kind: "camera_state" }), 1);
    for (let n = 2; n <= 10; n++) await table.insert(past(n * 1000), 1);
    await table.update(2, past(2000, { count: 2 }), 1);
    const prune = () => table.prune({ maxRows: 6, endedBeforeMs: 0, batch: 3 });
    assertEquals([await prune(), seqs(await table.list({ limit: 20 }))], [3, [10, 9, 8, 7, 6, 2, 1]]);
    assertEquals([await prune(), seqs(await table.list({ limit: 20 }))], [1, [10, 9, 8, 7, 2, 1]]);
    assertEquals(await prune(), 0);
    assertEquals(await table.position(), { change: 11, oldest: 6 });
  });
});

Deno.test("EventsTable: deletes what ended too long ago", async () => {
  await withTable(async (table) => {
    for (let n = 1; n <= 6; n++) await table.insert(past(n * 1000), 1);
    const prune = () => table.prune({ maxRows: 100, endedBeforeMs: 4500, batch: 2 });
    assertEquals([await prune(), await prune(), await prune()], [2, 1, 0]);
    assertEquals(seqs(await table.list({ limit: 9 })), [6, 5, 4]);
    assertEquals(await table.position(), { change: 6, oldest: 3 });
  });
});

Deno.test("EventsTable: a number and a change never come back, also when everything was deleted", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/hub.sqlite`;
    await withTable(async (table) => {
      for (let n = 1; n <= 3; n++) await table.insert(past(n), 1);
      assertEquals(await table.prune({ maxRows: 0, endedBeforeMs: 1e15, batch: 10 }), 3);
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
