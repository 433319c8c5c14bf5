// Who logs in, or tries to, as events of the journal.
import { assert, assertEquals } from "@std/assert";
import type { LoginAttempt } from "../../../src/auth/login_attempt.ts";
import { LoginEvents } from "../../../src/events/login_events.ts";
import { until } from "../tools/processes.ts";
import { withJournal } from "./desk.ts";

const attempt = (change: Partial<LoginAttempt> = {}): LoginAttempt => ({
  outcome: "success",
  way: "password",
  user: "ann",
  address: "192.168.1.5",
  ...change,
});

Deno.test("[EVENTS-KINDS] LoginEvents: each login stands for itself, a changed password is a change of settings", async () => {
  await withJournal(async (desk) => {
    const { note } = new LoginEvents(desk);
    note(attempt());
    note(attempt({ way: "link", user: "admin" }));
    note(attempt({ outcome: "password_changed" }));
    await until(() => desk.told.length === 3);
    assertEquals(desk.told.map(({ kind, source, camera }) => [kind, source, camera]), [
      ["login", "hub", undefined],
      ["login", "hub", undefined],
      ["config_change", "hub", undefined],
    ]);
    assertEquals(desk.told.map(({ details }) => details), [
      { outcome: "success", way: "password", user: "ann", address: "192.168.1.5" },
      { outcome: "success", way: "link", user: "admin", address: "192.168.1.5" },
      { what: "password changed", way: "password", user: "ann", address: "192.168.1.5" },
    ]);
    assert(desk.told.every(({ endedAtMs }) => endedAtMs !== undefined));
  });
});

Deno.test("[EVENTS-KINDS] LoginEvents: refusals of one address are counted into one event until ten minutes are quiet", async () => {
  await withJournal(async (desk) => {
    const { note } = new LoginEvents(desk);
    const refused = attempt({ outcome: "refused", user: undefined });
    for (let n = 0; n < 200; n++) {
      note(refused);
      await desk.clock.advance(3000);
    }
    await until(async () => {
      await desk.clock.advance(10_000);
      return (await desk.journal.list({ limit: 9 })).events[0]?.count === 200;
    });
    note({ ...refused, outcome: "throttled" });
    await desk.clock.advance(600_000);
    note(refused);
    await until(async () => (await desk.journal.list({ limit: 9 })).events.length === 3);
    const { events } = await desk.journal.list({ limit: 9 });
    assertEquals(events.map(({ count, details }) => [count, details?.outcome, details?.user]), [
      [1, "refused", undefined],
      [1, "throttled", undefined],
      [200, "refused", undefined],
    ]);
  });
});

Deno.test("[EVENTS-KINDS] LoginEvents: many addresses at once become a bounded number of events", async () => {
  await withJournal(async (desk) => {
    const { note } = new LoginEvents(desk);
    for (let n = 0; n < 3000; n++) {
      note(attempt({ outcome: "throttled", user: undefined, address: `fd00::${n}` }));
    }
    await until(async () => {
      await desk.clock.advance(10_000);
      return (await desk.journal.list({ limit: 1 })).events[0]?.count === 2950;
    });
    const { events } = await desk.journal.list({ limit: 100 });
    assertEquals([events.length, events[0]?.details?.address], [51, "several"]);
  });
});
