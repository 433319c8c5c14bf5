// supervise with real processes: kills, stalls, failed starts, waits that are woken, and aborts at every moment.
import { assert, assertEquals } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Backoff } from "../../../src/base/retry.ts";
import type { Child, ProcessSpec } from "../../../src/process/launcher.ts";
import { supervise, type Supervised, type SupervisorState } from "../../../src/process/supervisor.ts";
import { assertNothingRuns, bench, drawingArgs, until } from "../tools/processes.ts";
import { settle } from "../../tools/fake_clock.ts";

const DRAW: ProcessSpec = { name: "x", program: "ffmpeg", args: drawingArgs() };
const SILENT: ProcessSpec = { name: "x", program: "cat", args: [], stdin: "piped" };

function start(spec: ProcessSpec | Supervised["spec"], change: Partial<Supervised> = {}) {
  const { launcher, clock } = bench();
  const states: SupervisorState[] = [];
  const children: Child[] = [];
  const stop = new AbortController();
  const wake = new Changes();
  let bytes = 0;
  const task: Supervised = {
    spec: typeof spec === "function" ? spec : () => Promise.resolve(spec),
    onStart: (child) => children.push(child),
    onOutput: (chunk) => (bytes += chunk.length) > 0,
    onState: (state) => states.push(state),
    explain: (exit) => new HubError("unavailable", `ended by ${exit.signal ?? exit.code}`),
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
    for (const child of children) await child.stdin?.abort().catch(() => {/* closed by its end */});
    await assertNothingRuns(launcher, children.map((child) => child.pid));
  };
  return { launcher, clock, states, children, stop, wake, last, reached, finish, ended, bytes: () => bytes };
}

function waitOf(state: SupervisorState | undefined, nowMs: number): number {
  return state?.state === "waiting" ? (state.nextTryAtMs ?? NaN) - nowMs : NaN;
}

Deno.test("supervise: survives twenty kill -9 in a row, waiting longer each time up to the limit", async () => {
  const run = start(DRAW);
  const waits: number[] = [];
  for (let kill = 0; kill < 20; kill++) {
    await run.reached("running");
    Deno.kill(run.children.at(-1)!.pid, "SIGKILL");
    await run.reached("waiting");
    waits.push(waitOf(run.last(), run.clock.now()));
    await run.clock.advance(waits.at(-1) ?? 0);
  }
  await run.reached("running");
  assertEquals(waits, [100, 200, 400, 800, ...Array(16).fill(1000)]);
  assertEquals(run.children.length, 21);
  assertEquals(new Set(run.children.map((child) => child.pid)).size, 21);
  assertEquals(run.launcher.living.length, 1);
  assert(run.bytes() > 0);
  await run.finish();
});

Deno.test("supervise: tells starting, running with the process id, waiting with the reason in words", async () => {
  const run = start(DRAW);
  await run.reached("running");
  Deno.kill(run.children[0]!.pid, "SIGKILL");
  await run.reached("waiting");
  const [starting, running, waiting] = run.states;
  assertEquals(starting, { state: "starting" });
  assertEquals(running, { state: "running", pid: run.children[0]!.pid });
  assert(waiting?.state === "waiting");
  assertEquals(waiting.error.message, "ended by SIGKILL");
  await run.finish();
});

Deno.test("supervise: a run that lasted counts as a success, and the waits begin anew", async () => {
  const run = start(DRAW, { stableMs: 3000 });
  for (const expected of [100, 200, 100]) {
    await run.reached("running");
    if (run.children.length === 3) {
      await run.clock.advance(3000);
      // What counts is output that went on, not time that passed.
      const before = run.bytes();
      while (run.bytes() === before) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    Deno.kill(run.children.at(-1)!.pid, "SIGKILL");
    await run.reached("waiting");
    assertEquals(waitOf(run.last(), run.clock.now()), expected);
    await run.clock.advance(expected);
  }
  await run.finish();
});

Deno.test("supervise: a process that goes silent is ended and started again", async () => {
  const run = start(DRAW);
  await run.reached("running");
  Deno.kill(run.children[0]!.pid, "SIGSTOP");
  // Whatever was in the pipe is read before the silence counts.
  for (let before = -1; before !== run.bytes();) {
    before = run.bytes();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await run.clock.advance(4999);
  assertEquals(run.last()?.state, "running");
  await run.clock.advance(1);
  // A stopped process does not heed SIGTERM: the launcher's own deadline ends it.
  await run.clock.advance(2000);
  await run.reached("waiting");
  const waiting = run.last();
  assert(waiting?.state === "waiting");
  assertEquals([waiting.error.kind, waiting.error.message], ["timeout", "No picture came for 5 s"]);
  await run.clock.advance(100);
  await run.reached("running");
  await run.finish();
});

Deno.test("supervise: a process that never gives output is ended after the start timeout, not earlier", async () => {
  const run = start(SILENT, { startTimeoutMs: 9000, stallTimeoutMs: 1000 });
  await until(() => run.children.length === 1);
  await run.clock.advance(8999);
  assertEquals(run.states, [{ state: "starting" }]);
  await run.clock.advance(1);
  await run.reached("waiting");
  const waiting = run.last();
  assertEquals(waiting?.state === "waiting" && waiting.error.message, "No picture came for 9 s");
  await run.finish();
});

Deno.test("supervise: output keeps the silence from adding up", async () => {
  const run = start(SILENT, { startTimeoutMs: 1500, stallTimeoutMs: 1000 });
  await until(() => run.children.length === 1);
  const writer = run.children[0]!.stdin!.getWriter();
  for (let sent = 1; sent <= 5; sent++) {
    await writer.write(new Uint8Array([sent]));
    await until(() => run.bytes() === sent);
    await run.clock.advance(900);
  }
  assertEquals(run.last()?.state, "running");
  await run.clock.advance(100);
  await run.reached("waiting");
  writer.releaseLock();
  await run.finish();
});

Deno.test("supervise: a program that is not installed is told as that, and tried again", async () => {
  const run = start({ name: "x", program: "libcamera-vid", args: [] });
  await run.reached("waiting");
  const waiting = run.last();
  assertEquals(
    waiting?.state === "waiting" && waiting.error.message,
    "The program libcamera-vid is not installed",
  );
  await run.clock.advance(100);
  await until(() => run.children.length === 2);
  await run.reached("waiting");
  await run.finish();
});

Deno.test("supervise: a spec that cannot be had counts as a failed start, with its own error", async () => {
  let asked = 0;
  const run = start(() => {
    asked++;
    return asked < 3 ? Promise.reject(new HubError("locked_out", "later")) : Promise.resolve(DRAW);
  });
  await settle();
  const waiting = run.last();
  assertEquals(waiting?.state === "waiting" && waiting.error.kind, "locked_out");
  assertEquals(run.children.length, 0);
  await run.clock.advance(100);
  assertEquals(waitOf(run.last(), run.clock.now()), 200);
  await run.clock.advance(200);
  await run.reached("running");
  assertEquals(asked, 3);
  await run.finish();
});

Deno.test("supervise: a wake ends a wait at once", async () => {
  const run = start(DRAW, { backoff: new Backoff({ firstMs: 3_600_000, maxMs: 3_600_000 }, () => 0) });
  await run.reached("running");
  Deno.kill(run.children[0]!.pid, "SIGKILL");
  await run.reached("waiting");
  run.wake.notify();
  await run.reached("running");
  assertEquals([run.children.length, run.clock.monotonic()], [2, 1000]);
  await run.finish();
});

Deno.test("supervise: a wake while it runs changes nothing", async () => {
  const run = start(DRAW);
  await run.reached("running");
  run.wake.notify();
  await settle();
  assertEquals(run.states.map(({ state }) => state), ["starting", "running"]);
  await run.finish();
});

Deno.test("supervise: aborted before it begins, it starts nothing", async () => {
  const { launcher, clock } = bench();
  const fail = () => {
    throw new Error("must not be called");
  };
  const task = {
    spec: fail,
    onOutput: fail,
    onState: fail,
    explain: fail,
    startTimeoutMs: 1,
    stallTimeoutMs: 1,
  };
  const rest = { backoff: new Backoff({ firstMs: 1, maxMs: 1 }), stableMs: 1, wake: new Changes() };
  await supervise({ ...task, ...rest }, { launcher, clock }, AbortSignal.abort());
  await assertNothingRuns(launcher);
});

const ABORTS: [string, (run: ReturnType<typeof start>) => Promise<void>][] = [
  ["right after the start", () => Promise.resolve()],
  ["once the process is there, before its output", (run) => until(() => run.children.length === 1)],
  ["while it runs", (run) => run.reached("running")],
  ["while it waits", async (run) => {
    await run.reached("running");
    Deno.kill(run.children[0]!.pid, "SIGKILL");
    await run.reached("waiting");
  }],
];
for (const [name, moment] of ABORTS) {
  Deno.test(`supervise: an abort ${name} leaves no process and tells no fault`, async () => {
    const run = start(DRAW);
    await moment(run);
    const before = run.states.filter(({ state }) => state === "waiting").length;
    await run.finish();
    assertEquals(run.states.filter(({ state }) => state === "waiting").length, before);
  });
}

Deno.test("supervise: an abort while the spec is asked for ends the asking", async () => {
  const run = start((signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  );
  await settle();
  await run.finish();
  assertEquals([run.children.length, run.states], [0, [{ state: "starting" }]]);
});
