// Whose turn it is: commands before questions, but not for ever, and neither fills the place of the other.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { SerialQueue, type Urgency } from "../../../../src/protocols/tapo/serial_queue.ts";
import { settle } from "../../../tools/fake_clock.ts";

/** A queue whose first work goes on until it is let go of; what else is asked for notes its turn. */
function busyQueue(bound: number) {
  const queue = new SerialQueue(bound);
  const turns: string[] = [];
  const first = Promise.withResolvers<void>();
  const run = (name: string, { urgency, signal }: { urgency: Urgency; signal?: AbortSignal }) =>
    queue.run(() => Promise.resolve(void turns.push(name)), {
      urgency,
      signal: signal ?? new AbortController().signal,
    });
  const begun = queue.run(() => first.promise, { urgency: "question", signal: new AbortController().signal });
  const command = (name: string, signal?: AbortSignal) =>
    run(name, { urgency: "command", ...(signal ? { signal } : {}) });
  const question = (name: string, signal?: AbortSignal) =>
    run(name, { urgency: "question", ...(signal ? { signal } : {}) });
  const letGo = () => {
    first.resolve();
    return begun;
  };
  return { queue, turns, command, question, letGo };
}

Deno.test("SerialQueue: a command goes before the questions that wait, each kind in its order", async () => {
  const { turns, command, question, letGo } = busyQueue(9);
  const all = [question("q1"), question("q2"), command("c1"), question("q3"), command("c2")];
  await letGo();
  await Promise.all(all);
  assertEquals(turns, ["c1", "c2", "q1", "q2", "q3"]);
});

Deno.test("SerialQueue: a question waits behind four commands at most", async () => {
  const { turns, command, question, letGo } = busyQueue(20);
  const names = Array.from({ length: 10 }, (_, n) => `c${n}`);
  const all = [...names.map((name) => command(name)), question("q1"), question("q2"), question("q3")];
  await letGo();
  await Promise.all(all);
  assertEquals(turns.map((name, turn) => name.startsWith("q") ? turn : -1).filter((turn) => turn >= 0), [
    4,
    9,
    12,
  ]);
  assertEquals(turns.filter((name) => name.startsWith("c")), names);
});

Deno.test("SerialQueue: commands without a question beside them are not held against the next question", async () => {
  const { turns, command, question, letGo } = busyQueue(9);
  const late: Promise<void>[] = [];
  const all = ["c1", "c2", "c3"].map((name) => command(name));
  all.push(
    command("c4").then(() => void late.push(...["c5", "c6"].map((name) => command(name)), question("q1"))),
  );
  all.push(command("c7"));
  await letGo();
  await Promise.all(all);
  await Promise.all(late);
  assertEquals(turns, ["c1", "c2", "c3", "c4", "c7", "c5", "c6", "q1"]);
});

Deno.test("SerialQueue: questions in a heap leave room for commands; what is too much is refused and counted", async () => {
  const { queue, turns, command, question, letGo } = busyQueue(2);
  const all = [question("q1"), question("q2"), command("c1")];
  assertEquals((await assertRejects(() => question("q3"), HubError)).kind, "unavailable");
  all.push(command("c2"));
  await assertRejects(() => command("c3"), HubError);
  assertEquals(queue.dropped, 2);
  queue.bound = 3;
  all.push(question("q4"));
  await letGo();
  await Promise.all(all);
  assertEquals(turns, ["c1", "c2", "q1", "q2", "q4"]);
});

Deno.test("SerialQueue: who gives up leaves the queue, the others keep their turns", async () => {
  const { queue, turns, command, question, letGo } = busyQueue(2);
  const leaving = new AbortController();
  const left = [command("c1", leaving.signal), question("q1", leaving.signal)].map((each) =>
    assertRejects(() => each, DOMException)
  );
  const all = [command("c2"), question("q2")];
  leaving.abort();
  await Promise.all(left);
  all.push(command("c3"));
  await settle();
  await letGo();
  await Promise.all(all);
  assertEquals([turns, queue.dropped], [["c2", "c3", "q2"], 0]);
  await command("c4");
  assertEquals(turns.at(-1), "c4");
});
