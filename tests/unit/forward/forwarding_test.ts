// Several targets, and a configuration that changes under them.
import { assertEquals } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { type PushConfig, pushSection } from "../../../src/config/push.ts";
import { Forwarding } from "../../../src/forward/forwarding.ts";
import { LokiServer } from "../../emulators/loki/server.ts";
import { withJournal } from "../events/desk.ts";

/** A store that takes lines; while `isAway` it is overloaded. */
class LineStore {
  lines: string[] = [];
  requests = 0;
  isAway = false;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      this.requests++;
      const text = await request.text();
      if (this.isAway) return new Response("overloaded", { status: 503 });
      this.lines.push(...text.trim().split("\n"));
      return new Response(null, { status: 204 });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The values that it has of the counter of the tests. */
  get values(): number[] {
    return this.lines.map((line) => Number(/warnings=(\d+)/.exec(line)?.[1]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("Forwarding: a reload keeps what waits, tells what is new, and doubles nothing [PUSH-OUT-RELOAD]", async () => {
  await using first = new LineStore();
  await using second = new LineStore();
  await using loki = new LokiServer();
  const parse = (config: object) => pushSection.parse({ allow: ["127.0.0.0/8"], hub: "pi", ...config });
  await withJournal(async ({ clock, journal, draft }) => {
    let config: PushConfig = parse({
      influx: [{ url: first.url, interval_s: 10 }],
      loki: [{ url: loki.url }],
    });
    let value = 0;
    const forwarding = new Forwarding({
      clock,
      log: new Logger(() => {}, "error"),
      warnings: new Warnings(() => clock.now()),
      journal,
      config: () => config,
      samples: () => [{ metric: "tapocam_warnings", labels: {}, value: ++value }],
      startedAtMs: clock.now(),
      hostname: "unnamed",
      random: () => 0,
    });
    const until = async (isSo: () => boolean, what: string) => {
      for (let turn = 0; !isSo(); turn++) {
        if (turn > 500) throw new Error(`Waited too long for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const stopped = new AbortController();
    const running = forwarding.run(stopped.signal);
    try {
      await until(() => first.lines.length === 1, "the first value");
      first.isAway = true;
      loki.fault = { status: 500 };
      journal.record(draft());
      await until(() => loki.requests === 1, "the event's first try");
      await clock.advance(10_000);
      await until(() => first.requests === 2, "the second value's first try");
      // The same target elsewhere, sooner, and another hub's name; the old one's last try fails.
      config = parse({
        hub: "attic",
        influx: [{ url: second.url, interval_s: 5 }],
        loki: [{ url: loki.url, labels: { site: "x" } }],
      });
      loki.fault = undefined;
      await clock.advance(2000);
      await until(() => second.lines.length >= 2 && loki.entries.length === 1, "what waited");
      assertEquals(second.values.slice(0, 2), [2, 3]);
      assertEquals([/instance=(\w+)/.exec(second.lines[0] ?? "")?.[1], loki.entries.length], ["pi", 1]);
      journal.record(draft({ kind: "person" }));
      await until(() => loki.entries.length === 2, "the next event");
      assertEquals(loki.entries[1]?.labels["site"], "x");
      // Another kind of target under the same name begins anew; nothing at all ends it.
      config = parse({ otlp: [{ id: "influx", url: first.url }] });
      first.isAway = false;
      const requests = first.requests;
      await clock.advance(2000);
      await until(() => first.requests > requests, "OTLP");
      assertEquals(JSON.parse(first.lines.at(-1) ?? "").resourceMetrics.length, 1);
      config = parse({});
      await clock.advance(2000);
      assertEquals(forwarding.counts.samples, []);
    } finally {
      stopped.abort();
      await clock.advance(10_000);
      await running;
    }
  });
});

Deno.test("Forwarding: what cannot be measured for once is told, and does not end the hub [PUSH-OUT-RELOAD]", async () => {
  await using store = new LineStore();
  await withJournal(async ({ clock, journal }) => {
    const config = pushSection.parse({
      allow: ["127.0.0.0/8"],
      influx: [{ url: store.url, interval_s: 10 }],
    });
    const lines: string[] = [];
    let isBroken = true;
    const forwarding = new Forwarding({
      clock,
      log: new Logger((line) => lines.push(line), "error"),
      warnings: new Warnings(() => clock.now()),
      journal,
      config: () => config,
      samples: () => {
        if (isBroken) throw new RangeError("no such value");
        return [{ metric: "tapocam_warnings", labels: {}, value: 7 }];
      },
      startedAtMs: clock.now(),
      hostname: "unnamed",
      random: () => 0,
    });
    const stopped = new AbortController();
    const running = forwarding.run(stopped.signal);
    try {
      await clock.advance(2000);
      assertEquals(lines.map((line) => JSON.parse(line).error.message).slice(0, 1), ["no such value"]);
      isBroken = false;
      await clock.advance(2000);
      for (let turn = 0; store.lines.length === 0 && turn < 500; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assertEquals(store.values, [7]);
    } finally {
      stopped.abort();
      await clock.advance(10_000);
      await running;
    }
  });
});
