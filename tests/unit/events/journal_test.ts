// The journal on a real database: written before it is told, in order, through failures, crashes and full queues.
import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Logger } from "../../../src/base/log.ts";
import type { EventDraft, HubEvent } from "../../../src/events/event.ts";
import { Journal, type JournalRetention } from "../../../src/events/journal.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

interface Desk {
  journal: Journal;
  clock: FakeClock;
  database: Database;
  /** Every event the journal has told, in that order. */
  told: HubEvent[];
  lines: string[];
  draft(change?: Partial<EventDraft>): EventDraft;
  stop(): Promise<void>;
}

interface DeskOptions {
  path?: string;
  clock?: FakeClock;
  retention?: Partial<JournalRetention>;
  /** True ends the database under the running journal, as a crash does. */
  crashes?: boolean;
}

async function withJournal(work: (desk: Desk) => Promise<void>, options: DeskOptions = {}): Promise<void> {
  const { path = ":memory:", clock = new FakeClock(), retention = {} } = options;
  const database = await Database.open(path);
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const journal = new Journal({ table: new EventsTable(database), clock, log, retention });
  const told: HubEvent[] = [];
  journal.subscribe((event) => told.push(event));
  const stopped = new AbortController();
  const running = journal.run(stopped.signal);
  const stop = async () => {
    stopped.abort();
    await running;
  };
  try {
    await work({
      journal,
      clock,
      database,
      told,
      lines,
      draft: (change) => ({
        camera: "door",
        kind: "motion",
        source: "onvif",
        startedAtMs: clock.now(),
        ...change,
      }),
      stop,
    });
  } finally {
    if (options.crashes) await database.close();
    await stop();
    if (!options.crashes) await database.close();
  }
}

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/hub.sqlite`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const START = new FakeClock().now();

Deno.test("Journal: an event is told when it begins, when it ends, and not before it stands on the disk", async () => {
  await inFolder(async (path) => {
    await withJournal(async ({ journal, clock, told, draft }) => {
      const reader = new DatabaseSync(path);
      const onDisk: unknown[] = [];
      journal.subscribe(({ seq, change }) => {
        const row = reader.prepare("SELECT change, ended_at FROM events WHERE seq = ?").get(seq);
        assertEquals(row?.change, change);
        onDisk.push(row?.ended_at);
      });
      const event = journal.open(draft({ deviceAtMs: 5 }));
      assertEquals(told.length, 0);
      await until(() => told.length === 1);
      await clock.advance(3000);
      event.close(clock.now());
      await until(() => told.length === 2);
      reader.close();
      assertEquals(onDisk, [null, START + 3000]);
      const opened: HubEvent = {
        seq: 1,
        change: 1,
        camera: "door",
        kind: "motion",
        source: "onvif",
        startedAtMs: START,
        deviceAtMs: 5,
        count: 1,
      };
      assertEquals(told, [opened, { ...opened, change: 2, endedAtMs: START + 3000 }]);
      assertEquals((await journal.list({ limit: 9 })).events, [told[1]!]);
    }, { path });
  });
});

Deno.test("Journal: many events of many cameras come in the order in which they were begun", async () => {
  await withJournal(async ({ journal, told, draft }) => {
    for (let n = 0; n < 300; n++) journal.record(draft({ camera: `c${n}`, kind: "doorbell" }));
    await until(() => told.length === 300);
    assertEquals(told.map(({ camera }) => camera), Array.from({ length: 300 }, (_, n) => `c${n}`));
    assertEquals(told.map(({ seq, change }) => [seq, change]), told.map((_, i) => [i + 1, i + 1]));
    assert(told.every(({ endedAtMs }) => endedAtMs === START));
  });
});

Deno.test("Journal: what goes on is counted at once and written every ten seconds; its end at once", async () => {
  await withJournal(async ({ journal, clock, told, draft }) => {
    const event = journal.open(draft());
    await until(() => told.length === 1);
    for (let second = 1; second <= 9; second++) {
      await clock.advance(1000);
      event.extend(clock.now());
    }
    assertEquals(told.length, 1);
    await clock.advance(1000);
    await until(() => told.length === 2);
    assertEquals([told[1]?.count, told[1]?.endedAtMs], [10, undefined]);
    event.extend(clock.now());
    event.close(clock.now(), "timeout");
    await until(() => told.length === 3);
    assertEquals([told[2]?.count, told[2]?.endedAtMs, told[2]?.details], [11, START + 10_000, {
      closed_by: "timeout",
    }]);
    event.extend(clock.now());
    await until(() => told.length === 4);
    assertEquals([told[3]?.count, told[3]?.endedAtMs, told[3]?.details], [12, undefined, undefined]);
    assertEquals(told.map(({ seq }) => seq), [1, 1, 1, 1]);
  });
});

Deno.test("Journal: what happens again and again is over each time, and written every ten seconds", async () => {
  await withJournal(async ({ journal, clock, told, draft }) => {
    const event = journal.open(draft());
    event.close(clock.now());
    await until(() => told.length === 1);
    for (let second = 1; second <= 5; second++) {
      await clock.advance(1000);
      event.repeat(clock.now());
    }
    assertEquals(told.length, 1);
    await clock.advance(5000);
    await until(() => told.length === 2);
    assertEquals([told[1]?.count, told[1]?.endedAtMs], [6, START + 5000]);
  });
});

Deno.test("Journal: an end before the beginning, a time that is none and an endless text are put right", async () => {
  await withJournal(async ({ journal, told, draft }) => {
    const details = { reason: "x".repeat(5000) };
    journal.open(draft({ startedAtMs: START + 0.4, deviceAtMs: NaN, details })).close(START - 5000);
    await until(() => told.length === 1);
    const [event] = told;
    assertEquals([event?.startedAtMs, event?.endedAtMs, event?.deviceAtMs], [START, START, undefined]);
    assertEquals(String(event?.details?.reason).length, 500);
  });
});

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
    const retention = { maxRows: 100, maxAgeDays: 1 };
    await withJournal(async ({ journal }) => {
      await until(async () => (await journal.position()).oldest === 1100);
      assertEquals((await journal.list({ limit: 1000 })).events.length, 100);
      clock.jumpTo(clock.now() + 86_400_000);
      await until(async () => {
        await clock.advance(600_000);
        return (await journal.list({ limit: 1 })).events.length === 0;
      });
      assertEquals(await journal.position(), { change: 1200, oldest: 1200 });
    }, { path, clock, retention });
  });
});

Deno.test("Journal: since gives what was written after a change, and where to go on", async () => {
  await withJournal(async ({ journal, clock, told, draft }) => {
    const event = journal.open(draft({ camera: "a" }));
    journal.record(draft({ camera: "b", kind: "person" }));
    journal.record(draft({ camera: "a", kind: "person" }));
    await until(() => told.length === 3);
    event.close(clock.now());
    await until(() => told.length === 4);
    const look = async (change: number, query = {}) => {
      const page = await journal.since(change, { limit: 2, ...query });
      return [page.events.map((each) => each.change), page.reached, page.more];
    };
    assertEquals(await look(0), [[2, 3], 3, true]);
    assertEquals(await look(3), [[4], 4, false]);
    assertEquals(await look(4), [[], 4, false]);
    assertEquals(await look(0, { camera: "b" }), [[2], 4, false]);
    assertEquals(await look(0, { kind: "person", limit: 1 }), [[2], 2, true]);
  });
});
