// The journal on a real database: written before it is told, in order, and read back.
import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { HubEvent } from "../../../src/events/event.ts";
import { until } from "../tools/processes.ts";
import { inFolder, START, withJournal } from "./desk.ts";

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
