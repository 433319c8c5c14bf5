// What the card of timers reckons by itself.
import { assertEquals } from "@std/assert";
import { freeName, justDone, leftMs, leftText } from "../../../islands/timers_client.ts";
import type { TimerView } from "../../../src/operations/timer_views.ts";

const timer = (change: Partial<TimerView>): TimerView => ({
  timer_id: 1,
  name: "Eggs",
  state: "running",
  remaining_s: 90.5,
  duration_s: 360,
  ends_at: "2026-05-06T10:06:00Z",
  ...change,
});

Deno.test("[TIMERS-WEB] leftMs, leftText: counted on from what the hub told, a begun second counts, never below nothing", () => {
  const now = { timers: [timer({})], atMs: 5000 };
  const left = (nowMs: number) => leftText(leftMs(timer({}), now, nowMs));
  assertEquals([5000, 5500, 5501, 95_499, 95_500, 1e6].map(left), [
    "1:31",
    "1:30",
    "1:30",
    "0:01",
    "0:00",
    "0:00",
  ]);
  assertEquals(leftText(3_661_000), "1:01:01");
});

Deno.test("[TIMERS-WEB] freeName: a timer begun by one press takes no other's place", () => {
  assertEquals(freeName(5, []), "5 min");
  assertEquals(freeName(5, [timer({ name: "5 MIN" })]), "5 min (2)");
  assertEquals(freeName(5, [timer({ name: "5 min" }), timer({ name: "5 min (2)" })]), "5 min (3)");
});

Deno.test("[TIMERS-WEB] justDone: only what ran before and is over now sounds", () => {
  const before = [timer({}), timer({ timer_id: 2, state: "done" })];
  const now = [1, 2, 3].map((timer_id) => timer({ timer_id, state: "done" }));
  assertEquals(justDone(before, now).map(({ timer_id }) => timer_id), [1]);
});
