// What waits for a target: how much, for how long, and how it is sent when the target fails.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { PushCounts } from "../../../src/forward/push_counts.ts";
import { SampleQueue } from "../../../src/forward/sample_queue.ts";
import { Sender } from "../../../src/forward/sender.ts";
import type { Parcel } from "../../../src/forward/target.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";

interface Bench {
  clock: FakeClock;
  queue: SampleQueue;
  warnings: Warnings;
  lines: string[];
  /** Texts of each try, and those that were taken. */
  tries: string[][];
  taken: string[];
  /** What the target says from now on; undefined: it takes all. */
  answer: (() => Promise<void> | void) | undefined;
  counts(): { sent: number; failed: number; dropped: number };
  put(...texts: string[]): void;
  stop(): Promise<void>;
}

async function withSender(
  work: (bench: Bench) => Promise<void>,
  limits = { maxBytes: 1000, maxAgeMs: 3_600_000 },
): Promise<void> {
  const clock = new FakeClock();
  const counts = new PushCounts();
  counts.know(["store"]);
  const lines: string[] = [];
  const warnings = new Warnings(() => clock.now());
  const onDropped = (count: number) => counts.dropped("store", count);
  const queue = new SampleQueue({ clock, limits: () => limits, onDropped });
  const bench: Bench = {
    clock,
    queue,
    warnings,
    lines,
    tries: [],
    taken: [],
    answer: undefined,
    counts: () => {
      const [sent = 0, failed = 0, dropped = 0] = counts.samples.map(({ value }) => value);
      return { sent, failed, dropped };
    },
    put: (...texts) => texts.forEach((text) => queue.push({ count: 1, text })),
    stop: async () => {
      stopped.abort();
      await settle();
    },
  };
  const send = async (parcels: readonly Parcel[]) => {
    const texts = parcels.map(({ text }) => text);
    bench.tries.push(texts);
    await bench.answer?.();
    bench.taken.push(...texts);
  };
  const log = new Logger((line) => lines.push(line), "debug");
  const sender = new Sender({ id: "store", kind: "influx", send }, queue, {
    clock,
    log,
    warnings,
    counts,
    random: () => 0,
  });
  const stopped = new AbortController();
  const running = sender.run(stopped.signal);
  try {
    await work(bench);
  } finally {
    stopped.abort();
    await clock.advance(10_000);
    await running;
  }
}

const away = () => {
  throw new HubError("unavailable", "The store refused the connection", { hint: "Check it" });
};

Deno.test("Sender: what waited is sent in order when the target is back; waits grow [PUSH-OUT-RETRY]", async () => {
  await withSender(async (bench) => {
    bench.put("a");
    await settle();
    assertEquals(bench.taken, ["a"]);
    bench.answer = away;
    bench.put("b");
    await settle();
    bench.put("c");
    await bench.clock.advance(60_000);
    // 2, 4, 8, 16 and 32 s after each other.
    assertEquals(bench.tries.length, 1 + 5);
    bench.answer = undefined;
    await bench.clock.advance(32_000);
    assertEquals(bench.taken, ["a", "b", "c"]);
    assertEquals(bench.counts(), { sent: 3, failed: 5, dropped: 0 });
    assertEquals(bench.lines.length, 2, bench.lines.join("\n"));
  });
});

Deno.test("Sender: the time that the target asks for is kept [PUSH-OUT-RETRY]", async () => {
  await withSender(async (bench) => {
    bench.answer = () => {
      throw new HubError("unavailable", "Too much", { retryAtMs: bench.clock.now() + 90_000 });
    };
    bench.put("a");
    await bench.clock.advance(89_000);
    assertEquals(bench.tries.length, 1);
    await bench.clock.advance(2000);
    assertEquals(bench.tries.length, 2);
  });
});

Deno.test("Sender: a failure is warned of when it lasts, and the warning goes with it [PUSH-OUT-WARNING]", async () => {
  await withSender(async (bench) => {
    bench.answer = away;
    bench.put("a");
    await bench.clock.advance(60_000);
    assertEquals(bench.warnings.list, []);
    await bench.clock.advance(200_000);
    const [warning] = bench.warnings.list;
    assertEquals([warning?.code, warning?.message, warning?.hint], [
      "push_store",
      'Values cannot be pushed to "store": The store refused the connection',
      "Check it",
    ]);
    bench.answer = undefined;
    await bench.clock.advance(300_000);
    assertEquals([bench.warnings.list, bench.taken], [[], ["a"]]);
  });
});

Deno.test("Sender: what only a person can put right is said at once and tried every 5 minutes [PUSH-OUT-REFUSED]", async () => {
  await withSender(async (bench) => {
    bench.answer = () => {
      throw new HubError("device_rejected", "Wrong token at http://a:b0b@store/", {
        details: { status: 401 },
      });
    };
    bench.put("a");
    await settle();
    assertMatch(bench.warnings.list[0]?.message ?? "", /Wrong token at http:\/\/\*\*\*@store/);
    bench.put("b", "c");
    await bench.clock.advance(299_000);
    assertEquals(bench.tries.length, 1);
    await bench.clock.advance(2000);
    assertEquals(bench.tries.length, 2);
    assert(!bench.lines.join().includes("b0b"));
  });
});

Deno.test("Sender: what a target can never take makes way, and nothing else with it [PUSH-OUT-REFUSED]", async () => {
  await withSender(async (bench) => {
    bench.answer = away;
    bench.put("a");
    await settle();
    bench.put("bad", "b");
    bench.answer = () => {
      if (!bench.tries.at(-1)?.includes("bad")) return;
      throw new HubError("device_rejected", "Malformed", { details: { status: 400, refused: true } });
    };
    await bench.clock.advance(60_000);
    assertEquals(bench.taken, ["a", "b"]);
    assertEquals(bench.counts(), { sent: 2, failed: 4, dropped: 1 });
    assertEquals(bench.warnings.list, []);
  });
});

Deno.test("Sender: at the end what waits is tried once more, for a bounded time [PUSH-OUT-END]", async () => {
  await withSender(async (bench) => {
    bench.answer = away;
    bench.put("a");
    await settle();
    bench.answer = undefined;
    bench.put("b");
    await bench.stop();
    assertEquals(bench.taken, ["a", "b"]);
  });
  await withSender(async (bench) => {
    // It fails again: that was it.
    bench.answer = away;
    bench.put("a");
    await settle();
    await bench.stop();
    assertEquals(bench.tries.length, 2);
  });
});

Deno.test("SampleQueue: memory is bounded by size and age; what is dropped is counted [PUSH-OUT-BOUND]", async () => {
  await withSender(async (bench) => {
    bench.answer = away;
    for (let at = 0; at < 60; at++) {
      bench.put(`${at}`.padEnd(100, "."));
      await bench.clock.advance(1000);
    }
    assert(bench.queue.bytes <= 1000, String(bench.queue.bytes));
    assertEquals(bench.counts().dropped, 50);
    bench.answer = undefined;
    await bench.clock.advance(300_000);
    const kept = Array.from({ length: 10 }, (_, at) => 50 + at);
    assertEquals(bench.taken.map((text) => parseInt(text)), kept);
    assertEquals(bench.queue.bytes, 0);
  });
  await withSender(async (bench) => {
    bench.answer = away;
    bench.put("old");
    await bench.clock.advance(50_000);
    bench.put("new");
    await bench.clock.advance(11_000);
    bench.answer = undefined;
    await bench.clock.advance(300_000);
    assertEquals([bench.taken, bench.counts().dropped], [["new"], 1]);
  }, { maxBytes: 1000, maxAgeMs: 60_000 });
});
