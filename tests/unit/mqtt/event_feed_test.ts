// What the broker is told of events, with a journal on a real database and a connection that fails when the test says.
import { assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { mqttSection } from "../../../src/config/channels.ts";
import { Journal } from "../../../src/events/journal.ts";
import { EventFeed } from "../../../src/mqtt/event_feed.ts";
import { Retained } from "../../../src/mqtt/retained.ts";
import { Topics } from "../../../src/mqtt/topics.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

/** Takes down what is published; refuses everything after so many messages. */
class Wire {
  readonly told: { topic: string; payload: string }[] = [];
  left = Infinity;

  publish(topic: string, payload: string | Uint8Array): Promise<void> {
    if (this.left-- <= 0) return Promise.reject(new HubError("unavailable", "The connection has ended"));
    this.told.push({ topic, payload: String(payload) });
    return Promise.resolve();
  }

  /** Payloads of a topic. */
  of(topic: string): string[] {
    return this.told.filter((each) => each.topic === topic).map(({ payload }) => payload);
  }
}

interface Stage {
  clock: FakeClock;
  journal: Journal;
  /** Runs the feed on a connection until the work is done. */
  connected(wire: Wire, work: () => Promise<void>): Promise<void>;
  begun: string[];
}

async function withFeed(work: (stage: Stage) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  const clock = new FakeClock();
  const log = new Logger(() => {}, "error");
  const journal = new Journal({ table: new EventsTable(database), clock, log });
  const stop = new AbortController();
  const running = journal.run(stop.signal);
  const retained = new Retained();
  const begun: string[] = [];
  const feed = new EventFeed({
    journal,
    topics: new Topics(mqttSection.parse({})),
    retained,
    clock,
    log,
    onKind: () => {},
    onBegin: ({ kind }) => begun.push(kind),
  });
  await feed.begin();
  const connected: Stage["connected"] = async (wire, inside) => {
    const end = new AbortController();
    retained.tellAll(wire);
    const feeding = feed.run(wire, end.signal);
    try {
      await inside();
    } finally {
      end.abort();
      await feeding;
      retained.detach();
    }
  };
  try {
    await work({ clock, journal, connected, begun });
  } finally {
    stop.abort();
    await running;
    await database.close();
  }
}

const record = (journal: Journal, clock: FakeClock, kind: "motion" | "doorbell" | "config_change") =>
  journal.record({ camera: "a", kind, source: "onvif", startedAtMs: clock.now() });

Deno.test("a connection that ends between two events loses none, and tells none twice that was confirmed [MQTT-EVENTS]", async () => {
  await withFeed(async ({ clock, journal, connected }) => {
    const first = new Wire();
    await connected(first, async () => {
      record(journal, clock, "doorbell");
      await until(() => first.of("tapocam/a/events").length === 1, "the first");
      first.left = 0;
      for (let count = 0; count < 250; count++) record(journal, clock, "doorbell");
      await until(async () => (await journal.position()).change >= 251, "the journal");
    });
    const second = new Wire();
    await connected(second, async () => {
      await until(() => second.of("tapocam/a/events").length >= 250, "the others");
    });
    const seqs = [...first.of("tapocam/a/events"), ...second.of("tapocam/a/events")].map((text) =>
      JSON.parse(text).seq
    );
    assertEquals(seqs, Array.from({ length: 251 }, (_, index) => index + 1));
  });
});

Deno.test("something momentary turns its sensor on and off; what is told late turns nothing on and begins nothing [MQTT-EVENTS]", async () => {
  await withFeed(async ({ clock, journal, connected, begun }) => {
    const first = new Wire();
    await connected(first, async () => {
      record(journal, clock, "doorbell");
      await until(() => first.of("tapocam/a/last_event").length === 1, "the ring");
    });
    assertEquals(first.of("tapocam/a/doorbell"), ["ON", "OFF"]);
    assertEquals(first.of("tapocam/a/event").length, 1);
    record(journal, clock, "motion");
    await until(async () => (await journal.position()).change >= 2, "the journal");
    await clock.advance(120_000);
    const second = new Wire();
    await connected(second, async () => {
      await until(() => second.of("tapocam/a/events").length === 1, "the motion");
    });
    assertEquals([second.of("tapocam/a/motion"), second.of("tapocam/a/event")], [["OFF"], []]);
    assertEquals(begun, ["doorbell"]);
  });
});

Deno.test("what only administrators may see of the journal is not told to the broker [MQTT-EVENTS]", async () => {
  await withFeed(async ({ clock, journal, connected }) => {
    const wire = new Wire();
    await connected(wire, async () => {
      record(journal, clock, "config_change");
      record(journal, clock, "doorbell");
      await until(() => wire.of("tapocam/a/last_event").length === 1, "the ring");
    });
    assertEquals(wire.told.filter(({ payload }) => payload.includes("config_change")), []);
    assertEquals(wire.of("tapocam/a/events").map((text) => JSON.parse(text).kind), ["doorbell"]);
  });
});
