// A process that runs while it is wanted: what it holds meanwhile, what feeds it, and what is told when it ends.
import { assert, assertEquals } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { aborted } from "../../../src/base/scope.ts";
import {
  OnDemandProcess,
  type ProcessSource,
  retryWhenRunning,
  type StreamState,
} from "../../../src/media/on_demand.ts";
import type { Child, ProcessSpec } from "../../../src/process/launcher.ts";
import { settle } from "../../tools/fake_clock.ts";
import { assertNothingRuns, bench, until } from "../tools/processes.ts";

/** Echoes what it is fed, and ends when it is told to. */
const ECHO: ProcessSpec = { name: "x", program: "cat", args: [], stdin: "piped" };

type Poke = (child: Child) => Promise<void>;

function setup(change: Partial<ProcessSource> | ((poke: Poke) => Partial<ProcessSource>) = {}) {
  const { launcher, clock } = bench();
  const order: string[] = [];
  const stop = new AbortController();
  let bytes = 0;
  const writers: WritableStreamDefaultWriter[] = [];
  /** Makes the process give three bytes. */
  const poke = async ({ stdin }: Child) => {
    const writer = stdin!.getWriter();
    writers.push(writer);
    await writer.write(new Uint8Array(3));
  };
  const source: ProcessSource = {
    spec: () => Promise.resolve(ECHO),
    explain: () => new HubError("unavailable", "ended"),
    hold: () => {
      order.push("hold");
      return () => order.push("let go");
    },
    feed: async (child, signal) => {
      order.push("feed");
      await poke(child);
      await Promise.race([aborted(signal), child.exited]);
      order.push("fed");
    },
    release: () => void order.push("release"),
    ...(typeof change === "function" ? change(poke) : change),
  };
  const tuning = {
    lingerMs: 5000,
    startTimeoutMs: 20_000,
    stallTimeoutMs: 20_000,
    backoff: { firstMs: 500, maxMs: 500 },
  };
  const process = new OnDemandProcess({ launcher, clock, tuning }, () => {
    order.push("begin");
    return {
      push: (chunk) => (bytes += chunk.length) > 0,
      end: () => order.push("end"),
    };
  });
  process.setSource(source);
  const running = process.run(stop.signal);
  const reached = (state: StreamState["state"]) => until(() => process.state.state === state, state);
  const finish = async () => {
    stop.abort();
    await running;
    for (const writer of writers) await writer.abort().catch(() => {/* closed by the end of the process */});
    await assertNothingRuns(launcher);
  };
  return { launcher, clock, order, process, source, reached, finish, stop, tuning, bytes: () => bytes };
}

const RUN = ["begin", "feed"];
const ENDED = ["fed", "end", "release"];

Deno.test("OnDemandProcess: holds and starts nothing before it is wanted, and lets go of all after the linger", async () => {
  const { order, process, clock, reached, finish, launcher, bytes } = setup();
  await settle();
  assertEquals([order, process.state, process.isFlowing], [[], { state: "idle" }, false]);
  const release = process.acquire();
  await reached("running");
  assertEquals([order, bytes(), process.isFlowing], [["hold", ...RUN], 3, true]);
  release();
  await clock.advance(4999);
  assertEquals(launcher.living.length, 1);
  await clock.advance(1);
  await reached("idle");
  assertEquals(order, ["hold", ...RUN, ...ENDED, "let go"]);
  await finish();
});

Deno.test("OnDemandProcess: over a failure it keeps hold, and begins anew with another feed", async () => {
  const { order, process, clock, reached, finish, launcher } = setup();
  process.acquire();
  await reached("running");
  Deno.kill(launcher.living[0]!.pid, "SIGKILL");
  await reached("waiting");
  assertEquals([order, process.restarts, process.isFlowing], [["hold", ...RUN, ...ENDED], 0, false]);
  await clock.advance(500);
  await reached("running");
  assertEquals([order.slice(6), process.restarts], [RUN, 1]);
  await finish();
  assertEquals(order.slice(8), [...ENDED, "let go"]);
});

Deno.test("OnDemandProcess: what could not be started is released as well", async () => {
  let isFull = true;
  const { order, process, clock, reached, finish } = setup({
    spec: () => isFull ? Promise.reject(new HubError("unavailable", "full")) : Promise.resolve(ECHO),
  });
  process.acquire();
  await reached("waiting");
  assertEquals(order, ["hold", "release"]);
  isFull = false;
  await clock.advance(500);
  await reached("running");
  assertEquals([order.slice(2), process.restarts], [RUN, 0]);
  await finish();
});

Deno.test("OnDemandProcess: another source lets go of the first before it takes hold of its own", async () => {
  const { order, process, source, reached, finish } = setup();
  process.acquire();
  await reached("running");
  process.setSource(source);
  await settle();
  assertEquals(order, ["hold", ...RUN]);
  const other = {
    ...source,
    hold: () => {
      order.push("hold other");
      return () => order.push("let go of other");
    },
  };
  process.setSource(other);
  await until(() => order.includes("hold other"));
  assertEquals(order.slice(3, 8), [...ENDED, "let go", "hold other"]);
  await reached("running");
  process.setSource(undefined);
  await reached("idle");
  assertEquals(order.at(-1), "let go of other");
  await finish();
});

Deno.test("OnDemandProcess: nobody may begin to read from one that is being stopped; who waits is served anew", async () => {
  const gate = Promise.withResolvers<void>();
  const { process, clock, reached, finish, order } = setup((poke) => ({
    feed: async (child, signal) => {
      await poke(child);
      await aborted(signal);
      await gate.promise;
    },
  }));
  const release = process.acquire();
  await reached("running");
  release();
  await clock.advance(5000);
  assertEquals([process.state.state, process.isFlowing], ["running", false]);
  process.acquire();
  assertEquals(process.isFlowing, false);
  gate.resolve();
  await until(() => process.isFlowing, "a new run");
  assertEquals(order.filter((each) => each === "hold").length, 2);
  await finish();
});

Deno.test("OnDemandProcess: a feed that fails is no failure of the process", async () => {
  const { process, reached, finish, launcher } = setup((poke) => ({
    feed: async (child) => {
      await poke(child);
      throw new Error("the feed broke");
    },
  }));
  process.acquire();
  await reached("running");
  await settle();
  assertEquals([process.state.state, launcher.living.length], ["running", 1]);
  await finish();
});

Deno.test("OnDemandProcess: a source that holds and feeds nothing needs neither", async () => {
  const { source, process, order, reached, finish } = setup();
  const { hold: _, feed: __, release: ___, ...bare } = source;
  process.setSource({
    ...bare,
    spec: () => Promise.resolve({ ...ECHO, args: ["/proc/self/comm"], stdin: "null" }),
  });
  process.acquire();
  await reached("waiting");
  assertEquals(order, ["begin", "end"]);
  await finish();
});

Deno.test("OnDemandProcess: called off while it waits or while the spec is asked for, it lets go", async () => {
  const asking = setup({ spec: (signal) => aborted(signal).then(() => Promise.reject(signal.reason)) });
  asking.process.acquire();
  await asking.reached("starting");
  await asking.finish();
  assertEquals(asking.order, ["hold", "release", "let go"]);

  const waiting = setup({
    spec: () => Promise.reject(new HubError("unauthenticated", "no", { retryAtMs: Infinity })),
  });
  const release = waiting.process.acquire();
  await waiting.reached("waiting");
  release();
  await settle();
  await waiting.clock.advance(5000);
  await waiting.reached("idle");
  assertEquals(waiting.order, ["hold", "release", "let go"]);
  await waiting.finish();
});

Deno.test("OnDemandProcess: consumers are counted once each, however often they let go", async () => {
  const { process, finish } = setup();
  const releases = [process.acquire(), process.acquire()];
  releases[0]?.();
  releases[0]?.();
  assertEquals(process.consumers, 1);
  releases[1]?.();
  assertEquals(process.consumers, 0);
  await finish();
});

Deno.test("retryWhenRunning: the follower is woken each time the source begins to run, until it is no longer wanted", () => {
  const changes = new Changes();
  const source: { state: StreamState; changes: Changes } = { state: { state: "idle" }, changes };
  let tries = 0;
  const stop = retryWhenRunning(source, { retryNow: () => tries++ });
  const turn = (state: StreamState) => {
    source.state = state;
    changes.notify();
    return tries;
  };
  const running: StreamState = { state: "running", pid: 1 };
  const states: StreamState[] = [{ state: "starting" }, running, running, { state: "starting" }, running];
  assertEquals(states.map(turn), [0, 1, 1, 1, 2]);
  stop();
  turn({ state: "idle" });
  assertEquals(turn(running), 2);
  assert(tries === 2);
});
