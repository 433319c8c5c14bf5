// Waiting: backoff, retry, repeated log lines, loop lag and the clock itself, on a clock moved by hand.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Clock, isoTime, systemClock } from "../../../src/base/clock.ts";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { RepetitionLimit } from "../../../src/base/limited_log.ts";
import { LoopLag } from "../../../src/base/loop_lag.ts";
import { Backoff, retry } from "../../../src/base/retry.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const noJitter = () => 0;

Deno.test("Backoff: doubles from the first wait to the longest and stays there", () => {
  const backoff = new Backoff({ firstMs: 500, maxMs: 10_000 }, noJitter);
  const waits = Array.from({ length: 8 }, () => backoff.next());
  assertEquals(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  assertEquals(backoff.failures, 8);
  backoff.reset();
  assertEquals([backoff.failures, backoff.next()], [0, 500]);
});

Deno.test("Backoff: factor and jitter are those of the policy; jitter only shortens", () => {
  const policy = { firstMs: 100, maxMs: 1000, factor: 3, jitter: 0.5 };
  const longest = new Backoff(policy, () => 0);
  const shortest = new Backoff(policy, () => 1);
  assertEquals([longest.next(), longest.next(), longest.next()], [100, 300, 900]);
  assertEquals([shortest.next(), shortest.next(), shortest.next()], [50, 150, 450]);
});

Deno.test("Backoff: a thousand failures give a finite wait", () => {
  const backoff = new Backoff({ firstMs: 1, maxMs: 60_000 }, noJitter);
  for (let i = 0; i < 1000; i++) backoff.next();
  assertEquals(backoff.next(), 60_000);
});

function attempts(failures: number, error: unknown = new Error("not yet")) {
  let calls = 0;
  const action = () => ++calls <= failures ? Promise.reject(error) : Promise.resolve(`after ${calls}`);
  return { action, calls: () => calls };
}

function retryOptions(clock: FakeClock, signal = new AbortController().signal) {
  return { clock, signal, backoff: new Backoff({ firstMs: 1000, maxMs: 8000 }, noJitter), attempts: 3 };
}

Deno.test("retry: tries again after the waits of the backoff and returns the first success", async () => {
  const clock = new FakeClock();
  const { action, calls } = attempts(2);
  const result = retry(action, retryOptions(clock));
  await clock.advance(999);
  assertEquals(calls(), 1);
  await clock.advance(1);
  assertEquals(calls(), 2);
  await clock.advance(1999);
  assertEquals(calls(), 2);
  await clock.advance(1);
  assertEquals(await result, "after 3");
});

Deno.test("retry: gives up after its attempts with the last error", async () => {
  const clock = new FakeClock();
  const { action, calls } = attempts(9);
  const failed = assertRejects(() => retry(action, retryOptions(clock)), Error);
  await clock.advance(60_000);
  assertEquals([(await failed).message, calls(), clock.sleeping], ["not yet", 3, 0]);
});

Deno.test("retry: what is not worth it is thrown at once", async () => {
  const clock = new FakeClock();
  const { action, calls } = attempts(9, new HubError("unauthenticated", "wrong"));
  const isRetryable = (error: unknown) => error instanceof HubError && error.retryable;
  const error = await assertRejects(() => retry(action, { ...retryOptions(clock), isRetryable }), HubError);
  assertEquals([error.kind, calls()], ["unauthenticated", 1]);
});

Deno.test("retry: an abort ends the wait, and an action's own abort is not tried again", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const waiting = assertRejects(
    () => retry(attempts(9).action, retryOptions(clock, stop.signal)),
    DOMException,
  );
  await clock.advance(10);
  stop.abort();
  assert(isAbort(await waiting));
  const { action, calls } = attempts(9, new DOMException("stop", "AbortError"));
  await assertRejects(() => retry(action, retryOptions(clock)), DOMException);
  assertEquals([calls(), clock.sleeping], [1, 0]);
});

Deno.test("RepetitionLimit: passes the first, then one a period with the count of those held back", () => {
  let nowMs = 0;
  const limit = new RepetitionLimit({ periodMs: 1000, monotonic: () => nowMs });
  assertEquals([limit.pass("a"), limit.pass("a"), limit.pass("a")], [0, undefined, undefined]);
  assertEquals(limit.pass("b"), 0);
  nowMs = 999;
  assertEquals(limit.pass("a"), undefined);
  nowMs = 1000;
  assertEquals([limit.pass("a"), limit.pass("a")], [3, undefined]);
  nowMs = 2000;
  assertEquals(limit.pass("a"), 1);
});

Deno.test("RepetitionLimit: a key that was silent for ten periods is new again", () => {
  let nowMs = 0;
  const limit = new RepetitionLimit({ periodMs: 1000, monotonic: () => nowMs });
  limit.pass("old");
  limit.pass("old");
  nowMs = 10_001;
  limit.pass("other");
  assertEquals(limit.pass("old"), 0);
});

Deno.test("LoopLag: tells by how much the last sleep overshot, and the longest ever", async () => {
  const clock = new FakeClock();
  let lateMs = 0;
  const late: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (durationMs, signal) => clock.sleep(durationMs + lateMs, signal),
  };
  const lag = new LoopLag();
  const stop = new AbortController();
  const running = lag.run(late, stop.signal);
  lateMs = 40;
  await clock.advance(500);
  assertEquals([lag.lastMs, lag.maxMs], [0, 0]);
  lateMs = 5;
  await clock.advance(540);
  assertEquals([lag.lastMs, lag.maxMs], [40, 40]);
  await clock.advance(505);
  assertEquals([lag.lastMs, lag.maxMs], [5, 40]);
  stop.abort();
  await running;
  assertEquals(clock.sleeping, 0);
});

Deno.test("Warnings: one per code, which keeps the time since when it holds", () => {
  let nowMs = 100;
  const warnings = new Warnings(() => nowMs);
  warnings.raise("storage", "full", "free some");
  warnings.raise("tools", "missing");
  nowMs = 200;
  warnings.raise("storage", "still full");
  assertEquals(warnings.list, [
    { code: "storage", message: "still full", hint: undefined, sinceMs: 100 },
    { code: "tools", message: "missing", hint: undefined, sinceMs: 100 },
  ]);
  warnings.clear("storage");
  warnings.clear("never raised");
  assertEquals(warnings.list.map(({ code }) => code), ["tools"]);
  warnings.raise("storage", "full again");
  assertEquals(warnings.list.at(-1)?.sinceMs, 200);
});

Deno.test("systemClock: a sleep that is aborted rejects and leaves no timer", async () => {
  const stop = new AbortController();
  const sleeping = assertRejects(() => systemClock.sleep(3_600_000, stop.signal), DOMException);
  stop.abort();
  assert(isAbort(await sleeping));
  assert(isAbort(await assertRejects(() => systemClock.sleep(3_600_000, stop.signal), DOMException)));
  await systemClock.sleep(0);
});

Deno.test("isoTime: is UTC with milliseconds", () => {
  assertEquals(isoTime(1_767_225_600_250), "2026-01-01T00:00:00.250Z");
});
