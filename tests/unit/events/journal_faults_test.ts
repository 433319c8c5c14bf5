// The journal in trouble: a database that fails, queues that are full, crashes, and too many rows.
import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { Database } from "../../../src/store/database.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";
import { inFolder, START, withJournal } from "./desk.ts";

/** Holds the database's only place for writers from another connection; writes then fail at once. */
async function lockOut(database: Database): Promise<() => void> {
  await database.all("PRAGMA busy_timeout = 0");
  const other = new DatabaseSync(database.path, { timeout: 5000 });
  other.exec("BEGIN IMMEDIATE");
  return () => other.close();
}

Deno.test("Journal: while the database fails events wait, it is logged once, and then all come in order", async () => {
  await inFolder(async (path) => {
    await withJournal(async ({ journal, database, clock, told, lines, draft }) => {
      const unlock = await lockOut(database);
      const first = journal.open(draft({ camera: "a" }));
      await until(() => journal.failure !== undefined);
      journal.record(draft({ camera: "b" }));
      await clock.advance(200_000);
      first.close(clock.now());
      assertEquals([told.length, journal.failure?.kind], [0, "internal"]);
      assertEquals((await journal.list({ limit: 1 })).events, []);
      unlock();
      await until(async () => {
        await clock.advance(60_000);
        return told.length === 2;
      });
      assertEquals(told.map(({ camera, seq, endedAtMs }) => [camera, seq, endedAtMs !== undefined]), [
        ["a", 1, true],
        ["b", 2, true],
      ]);
      assertEquals(journal.failure, undefined);
      assertEquals(lines.filter((line) => line.includes("cannot be written")).length, 1);
      assertEquals(lines.filter((line) => line.includes("written again")).length, 1);
    }, { path });
  });
});

Deno.test("Journal: what waits is bounded; what was lost is told as a gap", async () => {
  await inFolder(async (path) => {
    await withJournal(async ({ journal, database, clock, told, draft }) => {
      const lasting = journal.open(draft({ kind: "camera_state" }));
      await until(() => told.length === 1);
      const unlock = await lockOut(database);
      lasting.close(clock.now());
      await until(() => journal.failure !== undefined);
      for (let n = 0; n < 1500; n++) journal.record(draft({ camera: `c${n}` }));
      unlock();
      await until(async () => {
        await clock.advance(60_000);
        return told.some(({ kind }) => kind === "gap");
      });
      const gap = told.find(({ kind }) => kind === "gap");
      assertEquals([gap?.camera, gap?.source, gap?.details?.lost], [undefined, "hub", 501]);
      assertEquals(told.length, 1002);
      assertEquals([told[1]?.seq, told[1]?.endedAtMs !== undefined], [1, true]);
      assertEquals([told[2]?.camera, told.at(-2)?.camera], ["c501", "c1499"]);
    }, { path });
  });
});

Deno.test("Journal: an event that the table refuses holds up no other", async () => {
  await withJournal(async ({ journal, told, lines, draft }) => {
    journal.record(draft({ startedAtMs: NaN }));
    journal.record(draft({ camera: "next" }));
    await until(() => told.length === 1);
    assertEquals(told[0]?.camera, "next");
    assert(lines.some((line) => line.includes("does not fit into the journal")));
  });
});

Deno.test("Journal: a listener that fails keeps nobody from being told", async () => {
  await withJournal(async ({ journal, lines, draft }) => {
    const seen: number[] = [];
    journal.subscribe(() => {
      throw new TypeError("broken listener");
    });
    const leave = journal.subscribe(({ seq }) => seen.push(seq));
    journal.record(draft());
    journal.record(draft());
    await until(() => seen.length === 2);
    assert(lines.some((line) => line.includes("broken listener")));
    leave();
    journal.record(draft());
    await until(async () => (await journal.position()).change === 3);
    assertEquals(seen, [1, 2]);
  });
});

Deno.test("Journal: stopping writes what is left", async () => {
  await inFolder(async (path) => {
    await withJournal(async ({ journal, clock, told, draft }) => {
      const event = journal.open(draft());
      await until(() => told.length === 1);
      event.extend(clock.now() + 5);
      for (let n = 0; n < 50; n++) journal.record(draft());
    }, { path });
    await withJournal(async ({ journal }) => {
      const { events } = await journal.list({ limit: 100 });
      assertEquals([events.length, events.at(-1)?.count], [51, 2]);
    }, { path });
  });
});

async function aliveAtMs(database: Database): Promise<unknown> {
  return (await database.all("SELECT alive_at FROM journal"))[0]?.alive_at;
}

Deno.test("Journal: after a crash, what was left open is closed, before anything new is written", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    await withJournal(async ({ journal, database, told, draft }) => {
      journal.open(draft({ kind: "camera_state", details: { status: "online" } }));
      journal.open(draft({ kind: "motion" }));
      await until(() => told.length === 2);
      // Every five minutes the journal notes that the hub runs.
      for (let times = 1; times <= 2; times++) {
        await until(() => clock.sleeping === 1);
        await clock.advance(300_000);
        await until(async () => await aliveAtMs(database) === START + times * 300_000);
      }
      await clock.advance(100_000);
    }, { path, clock, crashes: true });
    clock.jumpTo(START + 9_000_000);
    await withJournal(async ({ journal, told, lines, draft }) => {
      journal.open(draft({ camera: "new" }));
      await until(() => told.length === 1);
      assertEquals([told[0]?.seq, told[0]?.change], [3, 5]);
      const { events } = await journal.list({ limit: 9 });
      assertEquals(events.map(({ seq, endedAtMs, details }) => [seq, endedAtMs, details]), [
        [3, undefined, undefined],
        [2, START, { closed_by: "restart" }],
        [1, START + 600_000, { status: "online", closed_by: "restart" }],
      ]);
      assert(lines.some((line) => line.includes("left open")));
    }, { path, clock });
  });
});

Deno.test("Journal: deletes what is too much and too old at the start and every hour", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    await withJournal(async ({ journal, told, draft }) => {
      for (let n = 0; n < 600; n++) journal.record(draft());
      await until(() => told.length === 600);
      for (let n = 0; n < 600; n++) journal.record(draft());
      await until(() => told.length === 1200);
    }, { path, clock });
    // A row of these takes 160 and three times "door" and "motion" and once "onvif".
    const retention = { maxBytes: 100 * 195, keepDays: 1 };
    await withJournal(async ({ journal }) => {
      await until(async () => (await journal.position()).oldest === 1100);
      assertEquals((await journal.list({ limit: 1000 })).events.length, 100);
      assertEquals(await journal.size(), { rows: 100, bytes: 100 * 195 });
      await until(async () => {
        await clock.advance(3_600_000);
        return (await journal.list({ limit: 1 })).events.length === 0;
      });
      assertEquals(clock.now() - START > 86_400_000, true);
      assertEquals(await journal.position(), { change: 1200, oldest: 1200 });
    }, { path, clock, retention });
  });
});
