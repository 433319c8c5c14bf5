// The wall clock is set while cameras observe: no event is lost, out of order, ended wrongly or deleted too soon.
import { assert, assertEquals } from "@std/assert";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";
import { inFolder, START, withJournal } from "./desk.ts";
import { spec, withScene } from "./scene.ts";

const HOUR = 3_600_000;

for (const [name, jumpMs] of [["an hour on", HOUR], ["an hour back", -HOUR]] as const) {
  Deno.test(`[EVENTS-CLOCK] EventObserver: when the clock is set ${name}, an event lasts as long as it does, and order stays`, async () => {
    await withScene(async ({ manager, clock, journal, observer, tell, read }) => {
      manager.add(spec());
      await settle();
      tell("motion", true);
      tell("person", true);
      await clock.advance(10_000);
      clock.jumpTo(clock.now() + jumpMs);
      await clock.advance(10_000);
      tell("motion", false);
      await clock.advance(20_000);
      // Nobody ends what is seen anew before its time, nor later: a minute after it was told last.
      tell("person", true);
      await clock.advance(59_000);
      assertEquals(observer.activeKinds("door"), ["person"]);
      tell("doorbell", undefined);
      await clock.advance(1000);
      const at = (ms: number) => (ms + jumpMs) / 1000;
      assertEquals((await read()).filter((line) => !line.startsWith("camera_state")), [
        "motion 0-20 x1",
        "person 0-40 x2 timeout",
        `doorbell ${at(99_000)}-${at(99_000)} x1`,
      ]);
      const { events } = await journal.list({ limit: 100, after: 0 });
      const changes = events.map(({ change }) => change);
      assertEquals(changes, changes.toSorted((a, b) => a - b));
      const newest = (await journal.list({ limit: 100 })).events.map(({ seq }) => seq);
      assertEquals(newest, newest.toSorted((a, b) => b - a), "newest first, whatever the clock said");
    });
  });
}

Deno.test("[EVENTS-CLOCK] Journal: a clock set an hour on or back deletes nothing; one set years on is doubted for a day", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    const retention = { maxBytes: 1e9, keepDays: 2 };
    await withJournal(async ({ journal, told, draft }) => {
      const count = async () => (await journal.size()).rows;
      journal.record(draft());
      await until(() => told.length === 1);
      const hours = async (number: number) => {
        for (let step = 0; step < number * 12; step++) {
          await until(() => clock.sleeping >= 1);
          await clock.advance(300_000);
        }
      };
      clock.jumpTo(clock.now() + HOUR);
      await hours(2);
      clock.jumpTo(clock.now() - 2 * HOUR);
      await hours(2);
      assertEquals(await count(), 1);
      clock.jumpTo(clock.now() + 5 * 365 * 24 * HOUR);
      await hours(20);
      assertEquals(await count(), 1, "the clock may be set right again");
      clock.jumpTo(START + 24 * HOUR);
      await hours(22);
      assertEquals(await count(), 1, "it is not two days old");
      await hours(30);
      await until(async () => {
        await hours(1);
        return await count() === 0;
      });
      assert(clock.now() - START > 48 * HOUR);
    }, { path, clock, retention });
  });
});

Deno.test("[EVENTS-CLOCK] Journal: a hub that starts with a wrong clock deletes nothing before a day has passed", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock();
    const retention = { maxBytes: 1e9, keepDays: 30 };
    await withJournal(async ({ journal, told, draft }) => {
      journal.record(draft());
      await until(() => told.length === 1);
    }, { path, clock, retention });
    clock.jumpTo(START + 400 * 24 * HOUR);
    await withJournal(async ({ journal, database }) => {
      const aliveAt = async () => Number((await database.all("SELECT alive_at FROM journal"))[0]?.alive_at);
      await until(async () => await aliveAt() === clock.now());
      assertEquals((await journal.size()).rows, 1);
      await until(async () => {
        await clock.advance(HOUR);
        return (await journal.size()).rows === 0;
      });
      assert(clock.now() - START >= 401 * 24 * HOUR);
    }, { path, clock, retention });
  });
});
