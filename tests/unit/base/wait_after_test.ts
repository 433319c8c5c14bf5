// How long to wait after an error, and waits that only a person ends.
import { assert, assertEquals } from "@std/assert";
import { Changes, sleepOrChange } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Backoff, waitAfter } from "../../../src/base/retry.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";

const NOW = Date.UTC(2026, 0, 1);
const backoff = () => new Backoff({ firstMs: 100, maxMs: 1000 }, () => 0);
const error = (retryAtMs?: number) => new HubError("unavailable", "x", { retryAtMs });

const WAITS: [string, number | undefined, number][] = [
  ["no time named: the backoff's", undefined, 100],
  ["a later time: that", NOW + 30_000, 30_000],
  ["a time before the backoff's: the backoff's", NOW + 50, 100],
  ["a time that is past: the backoff's", NOW - 50_000, 100],
  ["the same moment: the backoff's", NOW, 100],
  ["a person's turn: without end", Infinity, Infinity],
];
for (const [name, retryAtMs, expected] of WAITS) {
  Deno.test(`waitAfter: ${name}`, () => {
    assertEquals(waitAfter(error(retryAtMs), backoff(), NOW), expected);
  });
}

Deno.test("waitAfter: counts every failure, those with a time of their own included", () => {
  const growing = backoff();
  const waits = [undefined, NOW + 5000, Infinity, undefined].map((at) => waitAfter(error(at), growing, NOW));
  assertEquals([waits, growing.failures], [[100, 5000, Infinity, 800], 4]);
});

for (const ending of ["change", "abort"] as const) {
  Deno.test(`sleepOrChange: a wait without end takes no timer and ends by ${ending}`, async () => {
    const clock = new FakeClock();
    const changes = new Changes();
    const stop = new AbortController();
    let isOver = false;
    const waiting = sleepOrChange(Infinity, changes, clock, stop.signal).then(() => isOver = true);
    await clock.advance(400 * 86_400_000);
    assertEquals([isOver, clock.sleeping], [false, 0]);
    if (ending === "change") changes.notify();
    else stop.abort();
    await waiting;
    changes.notify();
    await settle();
    assert(isOver);
  });
}

Deno.test("sleepOrChange: a wait without end is over at once when it has been aborted before", async () => {
  await sleepOrChange(Infinity, new Changes(), new FakeClock(), AbortSignal.abort());
});
