// Telling a camera to stand still: it gets its time, and its silence is told as what it is.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { stopSoon } from "../../../src/devices/stop_soon.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

/** A camera that is told to stop, and answers after so long. */
function camera(answersAfterMs: number, failure?: Error) {
  const clock = new FakeClock();
  const stop = async (signal: AbortSignal) => {
    await clock.sleep(answersAfterMs, signal);
    if (failure) throw failure;
  };
  return { clock, stopping: stopSoon(stop, { clock, withinMs: 10_000 }) };
}

Deno.test("stopSoon: waits for the answer, and leaves nothing behind", async () => {
  const { clock, stopping } = camera(9999);
  await clock.advance(9999);
  await stopping;
  assertEquals(clock.sleeping, 0);
});

const SILENCES: [string, number, Error | undefined][] = [
  ["says nothing in time", Infinity, undefined],
  ["is said to have been silent", 8000, new HubError("timeout", "The camera gave no answer in 8 s")],
];
for (const [what, answersAfterMs, failure] of SILENCES) {
  Deno.test(`stopSoon: a camera that ${what} may still turn`, async () => {
    const { clock, stopping } = camera(answersAfterMs, failure);
    const waiting = assertRejects(() => stopping, HubError);
    await clock.advance(10_000);
    const error = await waiting;
    assertEquals([error.kind, clock.sleeping], ["unavailable", 0]);
    assertMatch(error.hint ?? "", /still turns/);
  });
}

Deno.test("stopSoon: what else goes wrong is told as it is", async () => {
  const failure = new HubError("conflict", "The lens is covered");
  const { clock, stopping } = camera(10, failure);
  const waiting = assertRejects(() => stopping, HubError);
  await clock.advance(10);
  assertEquals([await waiting === failure, clock.sleeping], [true, 0]);
});
