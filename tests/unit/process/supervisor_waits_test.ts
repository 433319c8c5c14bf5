// supervise between two runs: waits that an error names, waits for a person, and what is told of the end of a run.
import { assert, assertEquals } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Backoff } from "../../../src/base/retry.ts";
import type { ProcessSpec } from "../../../src/process/launcher.ts";
import { supervise, type Supervised, type SupervisorState } from "../../../src/process/supervisor.ts";
import { assertNothingRuns, bench, drawingArgs, until } from "../tools/processes.ts";
import { settle } from "../../tools/fake_clock.ts";

const DRAW: ProcessSpec = { name: "x", program: "ffmpeg", args: drawingArgs() };
const BRIEF: ProcessSpec = { name: "x", program: "cat", args: ["/dev/null"] };
const FAR: ProcessSpec = { name: "x", program: "cat", args: ["/proc/self/comm"] };

function start(change: Partial<Supervised>) {
  const { launcher, clock } = bench();
  const states: SupervisorState[] = [];
  const order: string[] = [];
  const stop = new AbortController();
  const wake = new Changes();
  const task: Supervised = {
    spec: () => Promise.resolve(BRIEF),
    onStart: () => order.push("start"),
    onEnd: () => Promise.resolve(void order.push("end")),
    onOutput: () => true,
    onState: (state) => states.push(state),
    explain: (exit) => {
      order.push("explain");
      return new HubError("unavailable", `ended by ${exit.signal ?? exit.code}`);
    },
    startTimeoutMs: 20_000,
    stallTimeoutMs: 5000,
    backoff: new Backoff({ firstMs: 100, maxMs: 1000 }, () => 0),
    stableMs: 5000,
    wake,
    ...change,
  };
  const ended = supervise(task, { launcher, clock }, stop.signal);
  const last = () => states.at(-1);
  const reached = (state: string) => until(() => last()?.state === state, state);
  const finish = async () => {
    stop.abort();
    await ended;
    await assertNothingRuns(launcher);
  };
  return { launcher, clock, states, order, wake, last, reached, finish };
}

const forPerson = new HubError("unauthenticated", "wrong password", { retryAtMs: Infinity });

Deno.test("supervise: where only a person can help, no next try is named and none is made, until it is woken", async () => {
  let asked = 0;
  const run = start({
    spec: () => {
      asked++;
      return Promise.reject(forPerson);
    },
  });
  await run.reached("waiting");
  await run.clock.advance(30 * 86_400_000);
  assertEquals([run.last(), asked, run.clock.sleeping], [{ state: "waiting", error: forPerson }, 1, 0]);
  run.wake.notify();
  await settle();
  assertEquals([run.last()?.state, asked], ["waiting", 2]);
  await run.finish();
});

Deno.test("supervise: a process whose end needs a person is not started again by itself", async () => {
  let starts = 0;
  const run = start({
    onStart: () => starts++,
    explain: () => forPerson,
  });
  await run.reached("waiting");
  await run.clock.advance(86_400_000);
  assertEquals([starts, run.last()], [1, { state: "waiting", error: forPerson }]);
  await run.finish();
});

Deno.test("supervise: a time that the error names is waited for, and a wake ends the wait before it", async () => {
  let asked = 0;
  const firstMs = bench().clock.now() + 15_000;
  const run = start({
    spec: () => {
      const retryAtMs = firstMs + 15_000 * asked++;
      return Promise.reject(new HubError("unavailable", "crowded", { retryAtMs }));
    },
  });
  await run.reached("waiting");
  const waiting = run.last();
  assert(waiting?.state === "waiting");
  assertEquals(waiting.nextTryAtMs, firstMs);
  await run.clock.advance(14_999);
  assertEquals(asked, 1);
  await run.clock.advance(1);
  assertEquals(asked, 2);
  run.wake.notify();
  await settle();
  assertEquals(asked, 3);
  await run.finish();
});

Deno.test("supervise: the end is told once for each start, after the process and after it was explained", async () => {
  const run = start({});
  for (let count = 1; count <= 3; count++) {
    await until(() => run.states.filter(({ state }) => state === "waiting").length >= count, "an end");
    await run.clock.advance(1000);
  }
  assertEquals(run.order.slice(0, 9), Array(3).fill(["start", "explain", "end"]).flat());
  await run.finish();
});

Deno.test("supervise: the end is told also when there was no start: no spec, or nothing to run it", async () => {
  const refused = start({ spec: () => Promise.reject(new HubError("unavailable", "all slots taken")) });
  await refused.reached("waiting");
  assertEquals(refused.order, ["end"]);
  await refused.finish();
  assertEquals(refused.order, ["end"]);

  const path = Deno.env.get("PATH") ?? "";
  const missing = start({ spec: () => Promise.resolve({ ...FAR, program: "libcamera-vid" }) });
  await missing.reached("waiting");
  assertEquals(missing.order, ["start", "end"]);
  Deno.env.set("PATH", "/not/there");
  try {
    await missing.clock.advance(100);
    await until(() => missing.order.length === 3, "the failed start");
    const waiting = missing.last();
    assert(waiting?.state === "waiting");
    assert(waiting.error.message.includes("setpriv"));
  } finally {
    Deno.env.set("PATH", path);
  }
  await missing.finish();
});

Deno.test("supervise: the end is told when it is called off: while it runs, and while the spec is asked for", async () => {
  const running = start({ spec: () => Promise.resolve(DRAW) });
  await running.reached("running");
  await running.finish();
  assertEquals(running.order, ["start", "end"]);

  const asking = start({
    spec: (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  await settle();
  await asking.finish();
  assertEquals(asking.order, ["end"]);
});

Deno.test("supervise: output that cannot be taken ends the process, with that as the reason", async () => {
  const broken = new HubError("device_rejected", "not what it should be");
  const run = start({
    spec: () => Promise.resolve(DRAW),
    onOutput: () => {
      throw broken;
    },
  });
  await run.reached("waiting");
  const waiting = run.last();
  assert(waiting?.state === "waiting" && waiting.error === broken);
  assertEquals(run.order, ["start", "end"]);
  await run.finish();
});

Deno.test("supervise: the exit code of a process that ends by itself is the reason, not a signal of ours", async () => {
  for (const args of [["/not/there"], ["/proc/self/comm", "/not/there"]]) {
    const run = start({ spec: () => Promise.resolve({ ...FAR, args }) });
    await run.reached("waiting");
    const waiting = run.last();
    assert(waiting?.state === "waiting");
    assertEquals(waiting.error.message, "ended by 1");
    await run.finish();
  }
});
