// Followers of the journal in trouble: too late, too slow, gone, or without a journal to read.
import { assertEquals } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import { Journal } from "../../../src/events/journal.ts";
import { serveEvents } from "../../../src/http/events.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { range, TestSocket, withDesk } from "../events/followers.ts";
import { until } from "../tools/processes.ts";

Deno.test("[EVENT-GAPS] serveEvents: a follower who comes too late is told of the gap, once, and goes on with what is kept", async () => {
  await withDesk(async ({ journal, table, draft, fill, follow }) => {
    const [lasting] = range(1, 250).map((n) =>
      journal.open(draft({ camera: `c${n}`, kind: "camera_state" }))
    );
    await until(async () => (await journal.position()).change === 250);
    await fill(60);
    const maxBytes = Math.ceil((await table.size()).bytes * 260 / 310) + 1;
    assertEquals((await table.prune({ maxBytes, endedBeforeMs: 0, batch: 1000 })).count, 50);
    const [late, timely] = [follow({ after: 0 }), follow({ after: 300 })];
    await until(() => late.changes.length === 260 && timely.changes.length === 10);
    assertEquals(late.messages.slice(0, 2), [
      { op: "hello", change: 310, oldest: 300 },
      { op: "gap", from: 0, to: 300, reason: "pruned" },
    ]);
    assertEquals(late.changes, [...range(1, 250), ...range(301, 310)]);
    lasting?.close(1e13);
    await until(() => late.changes.length === 261 && timely.changes.length === 11);
    const gaps = [late, timely].map(({ messages }) => messages.filter(({ op }) => op === "gap").length);
    assertEquals(gaps, [1, 0]);
  });
});

Deno.test("serveEvents: a follower of another journal is told so, and gets what is new here", async () => {
  await withDesk(async ({ fill, follow }) => {
    await fill(3);
    const socket = follow({ after: 900 });
    await until(() => socket.messages.length === 2);
    assertEquals(socket.messages[1], { op: "gap", from: 900, to: 3, reason: "reset" });
    await fill(2);
    await until(() => socket.changes.length === 2);
    assertEquals(socket.changes, [4, 5]);
  });
});

Deno.test("serveEvents: a full socket is given time; nothing is lost when it takes less than some seconds", async () => {
  await withDesk(async ({ clock, fill, follow }) => {
    const socket = follow();
    await until(() => socket.messages.length === 1);
    socket.bufferedAmount = (1 << 20) + 1;
    await fill(30);
    await settle();
    await clock.advance(4000);
    assertEquals(socket.changes, []);
    socket.bufferedAmount = 1 << 20;
    await clock.advance(500);
    await until(() => socket.changes.length === 30);
    assertEquals(socket.changes, range(1, 30));
  });
});

Deno.test("serveEvents: a socket that stays full jumps to what is new, and others do not wait for it", async () => {
  await withDesk(async ({ clock, fill, follow }) => {
    const [slow, quick] = [follow(), follow()];
    await until(() => slow.messages.length === 1 && quick.messages.length === 1);
    await fill(2);
    await until(() => slow.changes.length === 2);
    slow.bufferedAmount = 2 << 20;
    await fill(300);
    await until(() => quick.changes.length === 302);
    await clock.advance(60_000);
    assertEquals(slow.messages.length, 3);
    slow.bufferedAmount = 0;
    await clock.advance(1000);
    await until(() => slow.messages.length === 4);
    assertEquals(slow.messages[3], { op: "gap", from: 2, to: 302, reason: "slow" });
    await fill(1);
    await until(() => slow.messages.length === 5);
    assertEquals(slow.changes, [1, 2, 303]);
  });
});

Deno.test("serveEvents: a follower who leaves is forgotten, wherever it stands; the end is told once", async () => {
  await withDesk(async ({ clock, lines, fill, follow }) => {
    let ended = 0;
    const onEnd = () => ended++;
    const [waiting, full, early] = [follow({ onEnd }), follow({ onEnd }), follow({ onEnd })];
    early.leave();
    await until(() => waiting.messages.length === 1 && full.messages.length === 1);
    full.bufferedAmount = 2 << 20;
    await fill(1);
    await until(() => waiting.changes.length === 1 && clock.sleeping > 1);
    waiting.leave();
    full.leave();
    await fill(3);
    await settle();
    assertEquals([ended, waiting.changes, full.changes, early.messages], [3, [1], [], []]);
    assertEquals(lines, []);
  });
});

Deno.test("serveEvents: when the journal cannot be read the socket is closed, and the log says why", async () => {
  const database = await Database.open(":memory:");
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const clock = new FakeClock();
  const journal = new Journal({ table: new EventsTable(database), clock, log });
  await database.close();
  const socket = new TestSocket();
  serveEvents(socket, journal, { clock, log, onEnd: () => {} });
  socket.open();
  await until(() => socket.closedWith !== undefined);
  assertEquals([socket.closedWith, lines.length], [1011, 1]);
});
