// How often events have the history written: soon, and never so often that it wears out a flash card.
import { assert, assertEquals } from "@std/assert";
import { sampleOf } from "../../../../src/metrics/sample.ts";
import { EventBudget } from "../../../../src/metrics/history/event_budget.ts";
import type { FakeClock } from "../../../tools/fake_clock.ts";
import { HOUR, inScene } from "./records.ts";

Deno.test("[METRICS-HISTORY-FLUSH] a storm of events has it written twelve times, and then every quarter of an hour", () => {
  const times: number[] = [];
  let nowMs = 0;
  const budget = new EventBudget({ monotonic: () => nowMs });
  for (; nowMs < 24 * HOUR; nowMs += 1000) {
    if (budget.waitMs() > 0) continue;
    budget.use();
    times.push(nowMs);
  }
  assertEquals(times.slice(0, 12), Array.from({ length: 12 }, (_, index) => index * 10_000));
  assert(times.length <= 12 + 96, `${times.length} writes in a day`);
  assert(times.length >= 96);
});

Deno.test("[METRICS-HISTORY-FLUSH] an event has what was measured written at once; nothing happens, nothing is written", async () => {
  await inScene(async (scene) => {
    const clock: FakeClock = scene.clock;
    scene.samples = sampleOf("tapocam_stream_viewers", { camera: "door" }, 1);
    const history = scene.history();
    const stop = new AbortController();
    const running = history.run(stop.signal);
    const written = async () => {
      const database = await scene.open();
      const [row] = await database.all("SELECT count(*) AS n FROM camera_raw");
      await database.close();
      return Number(row?.n);
    };
    // The file is made by the first write.
    for (let isThere = false; !isThere;) {
      await clock.advance(0);
      isThere = history.subjects.includes("@hub");
    }
    await clock.advance(100_000);
    assertEquals(await written(), 0);
    history.noteEvent();
    for (let rows = 0; rows < 3;) {
      await clock.advance(0);
      rows = await written();
    }
    stop.abort();
    await running;
  });
});
