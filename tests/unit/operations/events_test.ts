// list_events: what it gives, what it refuses, and how an event looks from outside.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { EVENT_KINDS, type HubEvent } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import { type EventPageView, eventView } from "../../../src/operations/event_views.ts";
import { EVENT_OPERATIONS } from "../../../src/operations/events.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import type { Operation } from "../../../src/operations/operation.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const [listEvents] = EVENT_OPERATIONS as [Operation];
const START = new FakeClock().now();
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();

/** A journal with six events of a second each, ten seconds apart; the last goes on. */
async function withList(
  work: (list: (input: object) => Promise<EventPageView>) => Promise<void>,
): Promise<void> {
  const database = await Database.open(":memory:");
  try {
    const table = new EventsTable(database);
    const journal = new Journal({ table, clock: new FakeClock(), log: new Logger(() => {}, "error") });
    for (let n = 0; n < 6; n++) {
      const startedAtMs = START + n * 10_000;
      const end = n < 5 ? { endedAtMs: startedAtMs + 1000 } : {};
      const camera = n % 2 === 0 ? "door" : "yard";
      const kind = n < 4 ? "motion" : "person";
      await table.insert({
        camera,
        kind,
        source: "onvif",
        startedAtMs,
        lastAtMs: startedAtMs,
        count: 1,
        ...end,
      }, 1);
    }
    const hub = { journal } as Hub;
    const context = {
      hub,
      principal: { user: "ann", role: "admin" as const },
      signal: new AbortController().signal,
      report: () => {},
    };
    await work(async (input) => await invoke(listEvents, context, input) as unknown as EventPageView);
  } finally {
    await database.close();
  }
}

const ASKED: [string, object, number[]][] = [
  ["nothing: the newest first", {}, [6, 5, 4, 3, 2, 1]],
  ["a camera", { camera_id: "yard" }, [6, 4, 2]],
  ["a camera that is not there any more", { camera_id: "gone" }, []],
  ["a kind", { kind: "person" }, [6, 5]],
  ["times in words", { from: iso(10), to: iso(30) }, [3, 2]],
  ["times in another zone", { to: "2026-01-01T02:00:10+02:00" }, [1]],
  ["times in milliseconds", { from: START + 40_000, to: START + 50_000 }, [5]],
  ["what still went on then", { from: iso(41) }, [6, 5]],
  ["a page", { limit: 2 }, [6, 5]],
  ["the page before", { limit: 2, before: 5 }, [4, 3]],
  ["what was written since, oldest first", { after: 4 }, [5, 6]],
];
Deno.test("list_events: filters by camera, kind and time, and pages both ways", async () => {
  await withList(async (list) => {
    for (const [name, input, expected] of ASKED) {
      const { events, change, oldest } = await list(input);
      assertEquals([events.map(({ seq }) => seq), change, oldest], [expected, 6, 0], name);
    }
    assertEquals([(await list({ limit: 6 })).more, (await list({ limit: 5 })).more], [false, true]);
  });
});

const REFUSED: [string, object, string][] = [
  ["an unknown kind", { kind: "earthquake" }, "kind"],
  ["a time that is none", { from: "yesterday" }, "Expected a time such as"],
  ["a time without zone", { to: "2026-01-01T00:00:00" }, "to"],
  ["too much at once", { limit: 1001 }, "limit"],
  ["nothing at all", { limit: 0 }, "limit"],
  ["a negative change", { after: -1 }, "after"],
  ["both directions", { after: 1, before: 2 }, "after and before"],
  ["an unknown field", { camera: "door" }, "camera_id"],
];
Deno.test("list_events: says what it cannot understand", async () => {
  await withList(async (list) => {
    for (const [name, input, part] of REFUSED) {
      const error = await assertRejects(() => list(input), HubError);
      assertEquals(error.kind, "invalid_input", name);
      assertStringIncludes(`${error.message} ${JSON.stringify(error.details)}`, part);
    }
  });
});

const event: HubEvent = {
  seq: 7,
  change: 12,
  camera: "door",
  kind: "motion",
  source: "onvif",
  startedAtMs: START,
  count: 3,
};

Deno.test("eventView: an event that goes on has neither end nor duration", () => {
  assertEquals(eventView(event), {
    seq: 7,
    change: 12,
    camera_id: "door",
    kind: "motion",
    source: "onvif",
    started_at: iso(0),
    count: 3,
    active: true,
  });
});

Deno.test("eventView: an event that is over, with everything there is to tell", () => {
  const over = { ...event, endedAtMs: START + 1500, deviceAtMs: 0, details: { closed_by: "timeout" } };
  assertEquals(eventView(over), {
    seq: 7,
    change: 12,
    camera_id: "door",
    kind: "motion",
    source: "onvif",
    started_at: iso(0),
    ended_at: iso(1.5),
    device_at: "1970-01-01T00:00:00.000Z",
    duration_s: 1.5,
    count: 3,
    active: false,
    details: { closed_by: "timeout" },
  });
});

Deno.test("EVENT_KINDS: are words of the API, each once", () => {
  assertEquals(new Set(EVENT_KINDS).size, EVENT_KINDS.length);
  assert(EVENT_KINDS.every((kind) => /^[a-z]+(_[a-z]+)*$/.test(kind)));
});
