// Events on their way to Loki: when, in which shape, and what its faults do.
import { assert, assertEquals } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import { Warnings } from "../../../src/base/warnings.ts";
import { pushSection } from "../../../src/config/push.ts";
import { Forwarding } from "../../../src/forward/forwarding.ts";
import { LokiServer } from "../../emulators/loki/server.ts";
import { type Desk, withJournal } from "../events/desk.ts";

interface Bench extends Desk {
  loki: LokiServer;
  warnings: Warnings;
  forwarding: Forwarding;
  /** What Loki has: kind, camera, and whether it is over. */
  entries(): unknown[][];
  until(isSo: () => boolean, what: string): Promise<void>;
  /** Ends the forwarding. */
  end(): Promise<void>;
}

async function withLoki(work: (bench: Bench) => Promise<void>, option: object = {}): Promise<void> {
  await using loki = new LokiServer("t0ken-of-loki");
  await withJournal(async (desk) => {
    const { clock, journal, lines } = desk;
    const warnings = new Warnings(() => clock.now());
    const push = pushSection.parse({
      allow: ["127.0.0.0/8"],
      hub: "pi",
      loki: [{ url: loki.url, token: "t0ken-of-loki", tenant: "home", labels: { site: "attic" }, ...option }],
    });
    const forwarding = new Forwarding({
      clock,
      log: new Logger((line) => lines.push(line), "debug"),
      warnings,
      journal,
      config: () => push,
      samples: () => [],
      startedAtMs: clock.now(),
      hostname: "unnamed",
      random: () => 0,
    });
    const until = async (isSo: () => boolean, what: string) => {
      for (let turn = 0; !isSo(); turn++) {
        if (turn > 500) throw new Error(`Waited too long for ${what}: ${lines.join("\n")}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const stopped = new AbortController();
    const running = forwarding.run(stopped.signal);
    // Sleeping until the next look: the journal's position is noted.
    await until(() => clock.sleeping > 1, "the beginning");
    const end = async () => {
      stopped.abort();
      await running;
    };
    const entries = () =>
      loki.entries.map(({ labels, line }) => [labels["kind"], labels["camera"], !JSON.parse(line).active]);
    try {
      await work({ ...desk, loki, warnings, forwarding, entries, until, end });
    } finally {
      loki.fault = undefined;
      await end();
    }
  });
}

Deno.test("loki: a line when an event begins and one when it is over; logins stay here [PUSH-OUT-LOKI]", async () => {
  await withLoki(async ({ journal, draft, told, loki, clock, entries, until }) => {
    journal.record(draft({ kind: "login" }));
    const startedAtMs = clock.now();
    const event = journal.open(draft({ details: { zone: "gate" } }));
    await until(() => loki.entries.length === 1, "the beginning");
    const [first] = loki.entries;
    assertEquals(first?.labels, {
      site: "attic",
      job: "tapocam",
      instance: "pi",
      camera: "door",
      kind: "motion",
    });
    assertEquals([first?.at, first?.tenant], [BigInt(startedAtMs) * 1_000_000n, "home"]);
    const { seq, details, started_at } = JSON.parse(first?.line ?? "");
    assertEquals([seq, details, started_at], [2, { zone: "gate" }, "2026-01-01T00:00:00.000Z"]);
    // What is merged into it meanwhile is no news.
    event.note({ zone: "door" });
    await clock.advance(60_000);
    await until(() => told.some(({ details }) => details?.["zone"] === "door"), "the note");
    journal.record(draft({ kind: "package" }));
    await until(() => loki.entries.length >= 2, "the package");
    event.close(startedAtMs + 7000);
    journal.record(draft({ kind: "person", camera: undefined }));
    await until(() => loki.entries.length >= 4, "the end");
    assertEquals(entries(), [
      ["motion", "door", false],
      ["package", "door", true],
      ["motion", "door", true],
      ["person", undefined, true],
    ]);
    assertEquals(loki.entries[2]?.at, BigInt(startedAtMs + 7000) * 1_000_000n);
  });
});

Deno.test("loki: overloaded or broken for a while, it gets every event once, in order [PUSH-OUT-LOKI]", async () => {
  await withLoki(async ({ journal, draft, loki, clock, entries, until }) => {
    for (const status of [429, 500, 503]) {
      loki.fault = { status, headers: { "retry-after": "30" } };
      const [tries, before] = [loki.requests, loki.entries.length];
      journal.record(draft({ details: { status } }));
      await until(() => loki.requests === tries + 1 && clock.sleeping > 2, `the answer ${status}`);
      journal.record(draft({ kind: "person", details: { status } }));
      await clock.advance(29_000);
      assertEquals([loki.requests, loki.entries.length], [tries + 1, before]);
      loki.fault = undefined;
      await clock.advance(2000);
      await until(() => loki.entries.length === before + 2, "both events");
    }
    assertEquals(entries().map(([kind]) => kind), [
      "motion",
      "person",
      "motion",
      "person",
      "motion",
      "person",
    ]);
  });
});

Deno.test("loki: a wrong token is said in words; the token is not [PUSH-OUT-REFUSED]", async () => {
  await withLoki(async ({ journal, draft, loki, warnings, lines, until }) => {
    journal.record(draft());
    await until(() => warnings.list.length === 1, "the warning");
    const [warning] = warnings.list;
    assertEquals([warning?.code, warning?.message, warning?.hint], [
      "push_loki",
      'Values cannot be pushed to "loki": Loki "loki" refuses the message (HTTP 401: unauthorized)',
      "Check the target's token or password",
    ]);
    assertEquals(loki.requests, 1);
    assert(!lines.join().includes("wr0ng"));
  }, { token: "wr0ng-token" });
});

Deno.test("loki: an event too old for it makes way for the others [PUSH-OUT-LOKI]", async () => {
  await withLoki(async ({ journal, draft, loki, clock, entries, forwarding, until }) => {
    journal.record(draft());
    await until(() => loki.entries.length === 1, "the first event");
    journal.record(draft({ startedAtMs: clock.now() - 7_200_000 }));
    await until(() => loki.requests === 2 && clock.sleeping > 2, "the refusal");
    journal.record(draft({ kind: "person" }));
    await clock.advance(3000);
    await until(() => loki.entries.length === 2, "the next event");
    assertEquals(entries().map(([kind]) => kind), ["motion", "person"]);
    const dropped = forwarding.counts.samples.find(({ metric }) => metric === "tapocam_push_dropped_total");
    assertEquals(dropped?.value, 1);
  });
});

Deno.test("loki: one that says nothing holds the hub's end up for 3 s at most [PUSH-OUT-END]", async () => {
  await withLoki(async ({ journal, draft, loki, clock, until, end }) => {
    loki.fault = "stall";
    journal.record(draft());
    await until(() => loki.requests === 1, "the request");
    let isOver = false;
    const ended = end().then(() => isOver = true);
    await clock.advance(2900);
    assertEquals(isOver, false);
    await clock.advance(200);
    await ended;
  });
});
