// Looking around: until it is stopped, or for a time that is told as it passes and ends with a stop.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import type { Patrol } from "../../../src/devices/capabilities.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import type { Progress } from "../../../src/operations/operation.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type Bench, withGadgets } from "../tools/gadgets.ts";

const ACKNOWLEDGED = { success: true, camera_id: "a", verified: "acknowledged" };

/** Asks for a patrol of a time; tells what was reported, and can go away. */
function patrolFor({ hub }: Bench, duration_s: number) {
  const told: Progress[] = [];
  const leave = new AbortController();
  const context = {
    hub,
    principal: { user: "ann", role: "operator" as const },
    signal: leave.signal,
    report: (progress: Progress) => told.push(progress),
  };
  const answer = invoke(OPERATIONS.get("start_ptz_patrol")!, context, { camera_id: "a", duration_s });
  return { answer, told, leave };
}

/** A patrol of which one part is another. */
const withPatrol = (part: Partial<Patrol>, work: (bench: Bench) => Promise<void>) =>
  withGadgets(work, { change: (all) => ({ ...all, patrol: { ...all.patrol!, ...part } }) });

Deno.test("patrol: starts and stops, each answered at once", () =>
  withGadgets(async ({ op, state }) => {
    assertEquals(await op("start_ptz_patrol"), { ...ACKNOWLEDGED, state: "patrolling" });
    assertEquals(await op("stop_ptz_patrol"), ACKNOWLEDGED);
    assertEquals(state.done, ["patrol on", "patrol off"]);
    const { would } = await op("start_ptz_patrol", { duration_s: 60, dry_run: true });
    assertEquals(would, 'Start the patrol of camera "a" for 60 s');
    assertEquals(state.done.length, 2);
  }));

Deno.test("[PATROL] a patrol of a time tells every second how far it is, and is stopped at the end", () =>
  withGadgets(async (bench) => {
    const { answer, told } = patrolFor(bench, 2.5);
    await settle();
    assertEquals(bench.state.done, ["patrol on"]);
    await bench.clock.advance(2400);
    assertEquals(bench.state.done, ["patrol on"]);
    await bench.clock.advance(100);
    assertEquals(await answer, { ...ACKNOWLEDGED, state: "over" });
    assertEquals(bench.state.done, ["patrol on", "patrol off"]);
    assertEquals(told.map(({ progress, total }) => [progress, total]), [[0, 2.5], [1, 2.5], [2, 2.5], [
      2.5,
      2.5,
    ]]);
    assertEquals(told[2]?.message, "On patrol for 2 s of 2.5 s");
  }));

Deno.test("[PATROL] who goes away meanwhile stops it", () =>
  withGadgets(async (bench) => {
    const { answer, leave } = patrolFor(bench, 600);
    const left = answer.then(() => "answered", isAbort);
    await settle();
    await bench.clock.advance(5000);
    leave.abort();
    assertEquals(await left, true);
    assertEquals(bench.state.done, ["patrol on", "patrol off"]);
  }));

for (const word of ["stop_ptz_patrol", "start_ptz_patrol"]) {
  Deno.test(`[PATROL] somebody else's ${word} ends the wait, and has the last word`, () =>
    withGadgets(async (bench) => {
      const { answer, told } = patrolFor(bench, 600);
      await settle();
      await bench.clock.advance(1000);
      await bench.op(word);
      assertEquals(await answer, { ...ACKNOWLEDGED, state: "overruled" });
      const done = word === "stop_ptz_patrol" ? "patrol off" : "patrol on";
      assertEquals(bench.state.done, ["patrol on", done]);
      await bench.clock.advance(600_000);
      assertEquals([bench.state.done.length, told.length], [2, 2], "nothing is done or told afterwards");
    }));
}

Deno.test("[PATROL] of two patrols of a time the later one counts", () =>
  withGadgets(async (bench) => {
    const first = patrolFor(bench, 2);
    await settle();
    const second = patrolFor(bench, 5);
    assertEquals((await first.answer).state, "overruled");
    await bench.clock.advance(4900);
    assertEquals(bench.state.done, ["patrol on", "patrol on"]);
    await bench.clock.advance(100);
    assertEquals((await second.answer).state, "over");
    assertEquals(bench.state.done, ["patrol on", "patrol on", "patrol off"]);
  }));

Deno.test("[PATROL] a stop that fails leaves the patrol of a time to end by itself", () => {
  const stops = [() => Promise.reject(new HubError("unavailable", "No answer")), () => Promise.resolve()];
  return withPatrol({ stop: () => stops.shift()!() }, async (bench) => {
    const { answer } = patrolFor(bench, 10);
    await settle();
    assertEquals((await assertRejects(() => bench.op("stop_ptz_patrol"), HubError)).message, "No answer");
    await bench.clock.advance(10_000);
    assertEquals([(await answer).state, stops.length], ["over", 0]);
  });
});

Deno.test("[PATROL] a camera that refuses the patrol is not stopped, and its reason is told", () =>
  withPatrol(
    { start: () => Promise.reject(new HubError("device_rejected", "The lens is covered")) },
    async (bench) => {
      const error = await assertRejects(() => patrolFor(bench, 60).answer, HubError);
      assertEquals([error.kind, error.message], ["device_rejected", "The lens is covered"]);
      assertEquals(bench.state.done, []);
    },
  ));

Deno.test("[PATROL] a camera that does not answer when it is to stop is told of", () =>
  withPatrol({
    stop: (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  }, async (bench) => {
    const { answer, leave } = patrolFor(bench, 600);
    const failed = assertRejects(() => answer, HubError);
    await settle();
    leave.abort();
    await settle();
    await bench.clock.advance(15_000);
    const error = await failed;
    assertEquals(error.kind, "unavailable");
    assertMatch(error.hint ?? "", /still turns/);
  }));
