// Countdowns on a clock moved by hand and a real database: on time, over a restart, and while the clock is set.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import type { EventDraft } from "../../../src/events/event.ts";
import { Database } from "../../../src/store/database.ts";
import { TimersTable } from "../../../src/store/timers_table.ts";
import type { TimerWish } from "../../../src/timers/timer.ts";
import { Timers } from "../../../src/timers/timers.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { inFolder } from "../events/desk.ts";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const BEGIN = Date.parse("2026-05-06T10:00:00Z");

interface Kitchen {
  timers: Timers;
  database: Database;
  /** Events of the journal. */
  told: EventDraft[];
  lines: string[];
  /** Moves the clock on in one step, and gives the database's thread its time. */
  pass(ms: number): Promise<void>;
}

async function inKitchen(
  work: (kitchen: Kitchen) => Promise<void>,
  { clock = new FakeClock(BEGIN), path = ":memory:" }: { clock?: FakeClock; path?: string } = {},
): Promise<void> {
  const database = await Database.open(path);
  const told: EventDraft[] = [];
  const lines: string[] = [];
  const timers = new Timers({
    table: new TimersTable(database),
    clock,
    log: new Logger((line) => lines.push(line), "debug"),
    journal: { record: (draft) => void told.push(draft) },
  });
  await timers.load();
  const stop = new AbortController();
  const running = timers.run(stop.signal);
  const idle = async () => {
    for (let turn = 0; turn < 5; turn++) {
      await database.all("SELECT 1");
      await settle();
    }
  };
  await idle();
  const pass = async (ms: number) => {
    await clock.leap(ms);
    await idle();
  };
  try {
    await work({ timers, database, told, lines, pass });
  } finally {
    stop.abort();
    await running;
    await database.close();
  }
}

const eggs = (change: Partial<TimerWish> = {}): TimerWish => ({
  name: "Eggs",
  end: { durationMs: 6 * MINUTE },
  ...change,
});
const names = (told: EventDraft[]) => told.map(({ details }) => details?.["name"]);

Deno.test("[TIMERS-END] a countdown ends on time, is told once, and stays until it is put away, a day at most", async () => {
  await inKitchen(async ({ timers, told, pass }) => {
    await timers.set(eggs({ zone: "Kitchen", camera: "hob" }));
    await timers.set({ name: "Tea", end: { durationMs: 1500 } });
    assertEquals(timers.list.map(({ name }) => name), ["Tea", "Eggs"]);
    await pass(1400);
    assertEquals(told, []);
    await pass(100);
    assertEquals(names(told), ["Tea"]);
    await pass(6 * MINUTE - 1500);
    const { deviceAtMs: _, ...event } = told[1]!;
    assertEquals(event, {
      kind: "timer",
      source: "hub",
      camera: "hob",
      startedAtMs: BEGIN + 6 * MINUTE,
      details: { name: "Eggs", set_s: 360, zone: "Kitchen" },
    });
    assertEquals(timers.list.map(({ leftMs, endedAtMs }) => [leftMs, endedAtMs !== undefined]), [
      [0, true],
      [0, true],
    ]);
    await timers.cancel("tea");
    await pass(HOUR);
    assertEquals([timers.list.length, told.length], [1, 2]);
    await pass(DAY);
    assertEquals(timers.list, []);
  });
});

Deno.test("[TIMERS-SET] a name is set anew under its number, cancelled by name or number without a word; what is not there is told", async () => {
  await inKitchen(async ({ timers, told, pass }) => {
    const first = await timers.set(eggs());
    await pass(5 * MINUTE);
    const again = await timers.set(eggs({ name: "EGGS", end: { durationMs: 2 * MINUTE } }));
    assertEquals([again.id, again.leftMs, timers.list.length], [first.id, 2 * MINUTE, 1]);
    await pass(MINUTE);
    assertEquals((await timers.cancel(first.id)).leftMs, MINUTE);
    await pass(HOUR);
    assertEquals(told, []);
    await timers.set({ name: "Bread", end: { durationMs: HOUR } });
    const error = await assertRejects(() => timers.cancel("Brad"), HubError);
    assertEquals(error.kind, "not_found");
    assertStringIncludes(error.hint ?? "", '"Bread"');
  });
});

Deno.test("[TIMERS-CLOCK] a countdown takes as long as it was set for when the clock is set by an hour, either way; a time of day follows the clock", async () => {
  for (const jump of [HOUR, -HOUR]) {
    const clock = new FakeClock(BEGIN);
    await inKitchen(async ({ timers, database, told, pass }) => {
      await timers.set(eggs());
      await timers.set({ name: "Noon", end: { untilMs: BEGIN + 2 * HOUR } });
      await pass(MINUTE);
      clock.jumpTo(clock.now() + jump);
      await pass(10_000);
      const [row] = await new TimersTable(database).all();
      assertEquals(row?.endsAtMs, BEGIN + jump + 6 * MINUTE, "written down anew for a restart");
      await pass(5 * MINUTE - 10_000 - 1);
      assertEquals(told, []);
      await pass(1);
      assertEquals(names(told), ["Eggs"]);
      await pass(2 * HOUR - jump - 6 * MINUTE);
      assertEquals(names(told), ["Eggs", "Noon"]);
    }, { clock });
  }
});

Deno.test("[TIMERS-RESTART] countdowns go on over a restart; what ended meanwhile is told late, once; what was over stays over", async () => {
  const clock = new FakeClock(BEGIN);
  await inFolder(async (path) => {
    await inKitchen(async ({ timers, pass }) => {
      await timers.set({ name: "Tea", end: { durationMs: 1000 } });
      await timers.set(eggs());
      await timers.set({ name: "Bread", end: { durationMs: HOUR } });
      await timers.set({ name: "Dough", end: { durationMs: DAY } });
      await pass(MINUTE);
    }, { clock, path });
    await clock.leap(20 * MINUTE);
    await inKitchen(async ({ timers, told, pass }) => {
      assertEquals(told.map(({ details }) => details), [{
        name: "Eggs",
        set_s: 360,
        late_s: 15 * 60,
        reason: "Told late: the hub did not run when it ended",
      }]);
      assertEquals(timers.find("Eggs").lateMs, 15 * MINUTE);
      await pass(39 * MINUTE);
      assertEquals(names(told), ["Eggs", "Bread"]);
    }, { clock, path });
    // A clock that was set back while nobody counted makes none last longer than it was set for.
    clock.jumpTo(BEGIN - 30 * DAY);
    await inKitchen(({ timers, told }) => {
      assertEquals([timers.find("Dough").leftMs, told], [DAY, []]);
      return Promise.resolve();
    }, { clock, path });
  });
});

Deno.test("[TIMERS-CLOCK] where the clock stood still while the hub was off, what is left is known once it is put right", async () => {
  await inFolder(async (path) => {
    await inKitchen(async ({ timers }) => {
      await timers.set(eggs());
      await timers.set({ name: "Bread", end: { durationMs: 3 * HOUR } });
    }, { path });
    for (const stale of [BEGIN + MINUTE, 60_000]) {
      const copy = `${path}.${stale}`;
      await Deno.copyFile(path, copy);
      const clock = new FakeClock(stale);
      await inKitchen(async ({ timers, told, pass }) => {
        assertEquals(timers.list.map(({ endedAtMs }) => endedAtMs), [undefined, undefined]);
        clock.jumpTo(BEGIN + HOUR);
        await pass(30_000);
        assertEquals([names(told), told[0]?.details?.["late_s"]], [["Eggs"], 54 * 60 + 30]);
        assertEquals(timers.find("Bread").leftMs, 2 * HOUR - 30_000);
        assertEquals(timers.find("Bread").endsAtMs, BEGIN + 3 * HOUR);
        // Later it is somebody who sets it.
        await pass(10 * MINUTE);
        clock.jumpTo(clock.now() + HOUR);
        await pass(30_000);
        assertEquals(timers.find("Bread").leftMs, 2 * HOUR - 11 * MINUTE);
      }, { path: copy, clock });
    }
  });
});

Deno.test("[TIMERS-BOUNDS] fifty at a time: those that are over make room, else a further one is refused; a full disk loses no end", async () => {
  await inKitchen(async ({ timers, database, told, lines, pass }) => {
    await timers.set({ name: "Over", end: { durationMs: 1000 } });
    await pass(1000);
    for (let n = 0; n < 50; n++) await timers.set({ name: `n${n}`, end: { durationMs: HOUR } });
    assertEquals([timers.list.length, timers.list.some(({ name }) => name === "Over")], [50, false]);
    const error = await assertRejects(() => timers.set(eggs()), HubError);
    assertEquals(error.kind, "conflict");
    await database.all("CREATE TRIGGER full BEFORE UPDATE ON timers BEGIN SELECT RAISE(ABORT, 'full'); END");
    await pass(HOUR);
    while (told.length < 51) await pass(1000);
    assertEquals([told.length, timers.list.every(({ leftMs }) => leftMs === 0)], [51, true]);
    assertStringIncludes(lines.join("\n"), "The end of a timer could not be written");
  });
});
