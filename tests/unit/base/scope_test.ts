// Scope: tasks live and end together, the first failure is heard, an abort is none.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Changes, sleepOrChange } from "../../../src/base/changes.ts";
import { abortError, isAbort } from "../../../src/base/errors.ts";
import { LinkedSignal } from "../../../src/base/linked_signal.ts";
import { abortable, aborted, Scope } from "../../../src/base/scope.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";

/** A task that ends some turns after it was told to, and then says so. */
function lingering(ended: string[], name: string): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    await aborted(signal);
    await settle();
    ended.push(name);
  };
}

Deno.test("Scope: a failure aborts the siblings, waits for them and is thrown on leaving", async () => {
  const ended: string[] = [];
  const failure = new Error("boom");
  const thrown = await assertRejects(async () => {
    await using scope = new Scope();
    scope.spawn(lingering(ended, "sibling"));
    scope.spawn(() => Promise.reject(failure));
    await aborted(scope.signal);
    assertEquals(ended, []);
  }, Error);
  assert(thrown === failure);
  assertEquals(ended, ["sibling"]);
});

Deno.test("Scope: join throws the first failure; later ones are not heard", async () => {
  const scope = new Scope();
  scope.spawn(async (signal) => {
    await aborted(signal);
    throw new Error("second");
  });
  scope.spawn(() => Promise.reject(new Error("first")));
  assertEquals((await assertRejects(() => scope.join(), Error)).message, "first");
});

Deno.test("Scope: a task that throws at once, before its first wait, counts as failed", async () => {
  const scope = new Scope();
  scope.spawn(() => {
    throw new Error("at once");
  });
  assertEquals((await assertRejects(() => scope.join(), Error)).message, "at once");
  assert(scope.signal.aborted);
});

Deno.test("Scope: leaving it aborts and awaits what still runs", async () => {
  const ended: string[] = [];
  {
    await using scope = new Scope();
    scope.spawn(lingering(ended, "a"));
    scope.spawn(lingering(ended, "b"));
  }
  assertEquals(ended, ["a", "b"]);
});

Deno.test("Scope: join waits for tasks that are spawned by tasks", async () => {
  const ended: string[] = [];
  const scope = new Scope();
  scope.spawn(async () => {
    await settle();
    scope.spawn(async () => {
      await settle();
      ended.push("grandchild");
    });
    ended.push("child");
  });
  await scope.join();
  assertEquals(ended, ["child", "grandchild"]);
  assertEquals(scope.signal.aborted, false);
});

Deno.test("Scope: a nested scope's failure passes through the outer one, which stops its other tasks", async () => {
  const ended: string[] = [];
  const outer = new Scope();
  outer.spawn(lingering(ended, "outer task"));
  outer.spawn(async (signal) => {
    await using inner = new Scope(signal);
    inner.spawn(lingering(ended, "inner task"));
    inner.spawn(() => Promise.reject(new Error("inner")));
    await aborted(inner.signal);
  });
  assertEquals((await assertRejects(() => outer.join(), Error)).message, "inner");
  assertEquals(ended.sort(), ["inner task", "outer task"]);
});

Deno.test("Scope: when the parent aborts so does the scope, and that is no failure", async () => {
  const parent = new AbortController();
  const scope = new Scope(parent.signal);
  let reason: unknown;
  scope.spawn(async (signal) => {
    await aborted(signal);
    reason = signal.reason;
    throw signal.reason;
  });
  parent.abort(new Error("whatever"));
  await scope.join();
  assert(isAbort(reason));
});

Deno.test("Scope: an abort error without an abort is a failure", async () => {
  const scope = new Scope();
  scope.spawn(() => Promise.reject(abortError()));
  assert(isAbort(await assertRejects(() => scope.join(), DOMException)));
});

Deno.test("Scope: a task that fails while it stops is heard", async () => {
  const scope = new Scope();
  scope.spawn(async (signal) => {
    await aborted(signal);
    throw new Error("on the way out");
  });
  scope.stop();
  assertEquals((await assertRejects(() => scope.join(), Error)).message, "on the way out");
});

Deno.test("Scope: after stop, and below an aborted parent, no task is started", async () => {
  const stopped = new Scope();
  stopped.stop();
  const orphan = new Scope(AbortSignal.abort());
  let started = 0;
  for (const scope of [stopped, orphan]) {
    scope.spawn(() => Promise.resolve(void started++));
    await scope.join();
  }
  assertEquals(started, 0);
});

Deno.test("aborted: resolves at the abort, or at once when it has been", async () => {
  const stop = new AbortController();
  let done = false;
  const waiting = aborted(stop.signal).then(() => done = true);
  await settle();
  assertEquals(done, false);
  stop.abort();
  await waiting;
  await aborted(stop.signal);
});

Deno.test("abortable: settles as the promise does", async () => {
  const { signal } = new AbortController();
  assertEquals(await abortable(Promise.resolve(5), signal), 5);
  const error = await assertRejects(() => abortable(Promise.reject(new Error("no")), signal), Error);
  assertEquals(error.message, "no");
});

Deno.test("abortable: rejects at the abort; the loser's later error disturbs nobody", async () => {
  const stop = new AbortController();
  const late = Promise.withResolvers<number>();
  const waiting = assertRejects(() => abortable(late.promise, stop.signal), DOMException);
  stop.abort();
  assert(isAbort(await waiting));
  const after = abortable(late.promise, stop.signal);
  assert(isAbort(await assertRejects(() => after, DOMException)));
  late.reject(new Error("nobody waits"));
  await settle();
});

Deno.test("Changes: tells every listener until it leaves, also one that leaves or comes while told", () => {
  const changes = new Changes();
  const heard: string[] = [];
  const leaveA = changes.subscribe(() => {
    heard.push("a");
    leaveA();
    changes.subscribe(() => heard.push("late"));
  });
  changes.subscribe(() => heard.push("b"));
  changes.notify();
  assertEquals(heard, ["a", "b"]);
  changes.notify();
  assertEquals(heard, ["a", "b", "b", "late"]);
});

Deno.test("Changes: next resolves at one change or at the abort", async () => {
  const changes = new Changes();
  const stop = new AbortController();
  const first = changes.next(stop.signal);
  changes.notify();
  await first;
  const second = changes.next(stop.signal);
  stop.abort();
  await second;
  await changes.next(stop.signal);
});

for (const ending of ["time", "change", "abort", "abort before"] as const) {
  Deno.test(`sleepOrChange: ends by ${ending} and leaves nothing waiting`, async () => {
    const clock = new FakeClock();
    const changes = new Changes();
    const stop = new AbortController();
    if (ending === "abort before") stop.abort();
    let done = false;
    const waiting = sleepOrChange(1000, changes, clock, stop.signal).then(() => done = true);
    await clock.advance(999);
    assertEquals(done, ending === "abort before");
    if (ending === "time") await clock.advance(1);
    if (ending === "change") changes.notify();
    if (ending === "abort") stop.abort();
    await waiting;
    assertEquals(clock.sleeping, 0);
  });
}

Deno.test("LinkedSignal: aborts with any of its sources, with those aborted before, and when told to", () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const linked = new LinkedSignal(one.signal, two.signal);
  assertEquals(linked.signal.aborted, false);
  two.abort(new Error("any reason"));
  assert(isAbort(linked.signal.reason));
  assertEquals(one.signal.aborted, false);
  assert(new LinkedSignal(one.signal, two.signal).signal.aborted);
  const own = new LinkedSignal(one.signal);
  own.abort();
  assert(isAbort(own.signal.reason));
  assertEquals(one.signal.aborted, false);
});

Deno.test("LinkedSignal: disposed, it no longer hears its sources", () => {
  const source = new AbortController();
  const linked = new LinkedSignal(source.signal);
  linked[Symbol.dispose]();
  source.abort();
  assertEquals(linked.signal.aborted, false);
});
