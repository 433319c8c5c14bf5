// Timers as operations: what may be asked for, and what is told of it.
import { assertEquals, assertMatch } from "@std/assert";
import { withSite } from "../tools/app.ts";
import { toyDriver } from "../tools/devices.ts";

Deno.test("[TIMERS-BOUNDS] set_timer and cancel_timer: what is wrong is told with its place, and nothing is set", async () => {
  await withSite([toyDriver().driver], async ({ send, as, clock }) => {
    const at = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString();
    const week = 7 * 86_400;
    const cases: [string, object, number, RegExp][] = [
      ["set_timer", { name: "Eggs" }, 400, /duration_s: How long is missing/],
      ["set_timer", { name: "Eggs", duration_s: 60, until: at(60) }, 400, /not both/],
      ["set_timer", { name: "Eggs", duration_s: 0.9 }, 400, /duration_s/],
      ["set_timer", { name: "Eggs", duration_s: week + 1 }, 400, /duration_s/],
      ["set_timer", { name: "Eggs", until: at(-1) }, 400, /until: That time is past/],
      ["set_timer", { name: "Eggs", until: at(week + 1) }, 400, /until: That is too far away/],
      ["set_timer", { name: " ", duration_s: 60 }, 400, /name/],
      ["set_timer", { name: "E".repeat(61), duration_s: 60 }, 400, /name/],
      ["set_timer", { name: "Eggs\nTea", duration_s: 60 }, 400, /name: Expected a name in one line/],
      ["set_timer", { name: "Eggs \ud83e", duration_s: 60 }, 400, /name/],
      ["set_timer", { name: "Eggs", zone: "\0", duration_s: 60 }, 400, /zone/],
      ["set_timer", { name: "Eggs", duration_s: 60, camera_id: "none" }, 404, /none/],
      ["cancel_timer", {}, 400, /timer_id: Which timer is meant/],
      ["cancel_timer", { timer_id: 1, name: "Eggs" }, 400, /not both/],
      ["cancel_timer", { name: "Eggs" }, 404, /There is no timer "Eggs"/],
    ];
    for (const [operation, input, status, words] of cases) {
      const answer = await send("POST", `/api/operations/${operation}`, input);
      assertEquals(answer.status, status, JSON.stringify(input));
      assertMatch((await answer.json()).message, words);
    }
    assertEquals((await (await as("/api/timers")).json()).timers, []);
    const ask = async (input: object) =>
      await (await send("POST", "/api/operations/set_timer", input)).json();
    assertEquals(
      (await ask({ name: "Eggs", duration_s: 60, dry_run: true })).would,
      'Start the timer "Eggs": 60 s',
    );
    const { timer } = await ask({ name: "E".repeat(60), until: at(week) });
    assertEquals([timer.state, timer.duration_s, timer.ends_at], ["running", week, at(week)]);
    assertEquals((await ask({ name: "Tea", duration_s: 1 })).timer.remaining_s, 1);
    const cheese = (await ask({ name: "K\u00e4se 👩‍🍳", duration_s: 60 })).timer.timer_id;
    assertEquals((await ask({ name: "Ka\u0308se 👩‍🍳", duration_s: 60 })).timer.timer_id, cheese);
  });
});
