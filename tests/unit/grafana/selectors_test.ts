// The jq of the dashboards on answers of the hub, through the program of the library that Infinity has built in.
import { assertEquals } from "@std/assert";
import { allTargets, readDashboards, type Target } from "../../tools/grafana_dashboards.ts";
import { runJq } from "../../tools/gojq.ts";

const targets = new Map([...(await readDashboards()).values()].flatMap(allTargets));

async function rows(name: string, answer: unknown): Promise<unknown> {
  const target: Target | undefined = targets.get(name);
  if (target === undefined) throw new Error(`There is no query "${name}"`);
  return await runJq(target.root_selector ?? "", JSON.stringify(answer));
}

let seq = 0;
const event = (camera_id: string, kind: string, started_at: string, more: object = {}) => ({
  seq: ++seq,
  camera_id,
  kind,
  started_at,
  active: false,
  ...more,
});

Deno.test("parcels: one waits until somebody comes later than the courier, and a new one waits again [DASH-PARCELS]", async () => {
  const events = [
    event("porch", "person", "2026-05-01T08:59:00.000Z"),
    event("porch", "package", "2026-05-01T09:00:00.500Z"),
    event("porch", "person", "2026-05-01T09:02:00.000Z"),
    event("hall", "package", "2026-05-01T09:00:00.000Z"),
    event("hall", "person", "2026-05-01T09:02:01.000Z"),
    event("yard", "package", "2026-05-01T09:00:00.000Z"),
    event("yard", "person", "2026-05-01T10:00:00.000Z"),
    event("yard", "package", "2026-05-01T11:00:00.000Z"),
    event("shed", "person", "2026-05-01T11:00:00.000Z"),
    event("shed", "motion", "2026-05-01T11:00:00.000Z"),
  ];
  const answer = { events: events.toReversed() };
  assertEquals(await rows("tapocam-vienna / Last parcel of each camera / A", answer), [
    { camera: "hall", since: "2026-05-01T09:00:00.000Z", state: "perhaps fetched" },
    { camera: "porch", since: "2026-05-01T09:00:00.500Z", state: "waiting" },
    { camera: "yard", since: "2026-05-01T11:00:00.000Z", state: "waiting" },
  ]);
  assertEquals(await rows("tapocam-vienna / Parcels waiting / A", answer), [{ waiting: 2 }]);
  assertEquals(await rows("tapocam-vienna / Parcels waiting / A", { events: [] }), [{ waiting: 0 }]);
});

Deno.test("log: lines say where, what and how long; the hub's own events have no camera [DASH-EVENTS]", async () => {
  const { camera_id: _, ...gap } = event("", "gap", "2026-05-01T09:00:00.000Z", { duration_s: 0.2 });
  const events = [
    event("a", "motion", "2026-05-01T09:00:00.000Z", {
      duration_s: 61.6,
      ended_at: "2026-05-01T09:01:01.600Z",
    }),
    event("a", "camera_state", "2026-05-01T09:00:00.000Z", { details: { status: "offline" }, active: true }),
    gap,
  ];
  const lines = await rows("tapocam-overview / Motion Events Timeline / A", { events }) as {
    body: string;
    level: string;
    camera: string;
  }[];
  assertEquals(lines.map(({ body, level, camera }) => [body, level, camera]), [
    ["a: motion for 62 s", "info", "a"],
    ["a: camera state offline, goes on", "error", "a"],
    ["hub: gap", "error", "hub"],
  ]);
  assertEquals(await rows("tapocam-overview / marks: Motion", { events }), [{
    time: "2026-05-01T09:00:00.000Z",
    timeEnd: "2026-05-01T09:01:01.600Z",
    text: "a: motion for 62 s",
    tags: "motion,a",
  }]);
});

Deno.test("visitors: a row for each weekday, a column for each hour, nothing where nothing was observed [DASH-PANELS]", async () => {
  const cell = (weekday: number, hour: number, per_hour?: number) => ({
    weekday,
    weekday_name: ["Monday", "Tuesday"][weekday - 1],
    hour,
    events: 0,
    hours_observed: 0,
    ...(per_hour === undefined ? {} : { per_hour }),
  });
  const cells = [cell(2, 0, 1.5), cell(1, 0, 0), cell(1, 23)];
  const now = { weekday: 1, weekday_name: "Monday", hour: 3, events: 4, usual: 0.5, unusual: true };
  assertEquals(await rows("tapocam-vienna / When people come / A", { cells, now }), [
    { weekday: "Monday", h0: 0, h23: null },
    { weekday: "Tuesday", h0: 1.5 },
  ]);
  const state = "tapocam-vienna / Unusual for this hour / A";
  assertEquals(await rows(state, { now }), [{ state: "unusual", people: 4, usual: 0.5 }]);
  const { usual: _, unusual: __, ...early } = now;
  assertEquals(await rows(state, { now: early }), [{ state: "too few weeks yet", people: 4, usual: null }]);
});

Deno.test("feed: JSON may be a list, or an object with a list in it [DASH-HONEST]", async () => {
  const name = "tapocam-vienna / Incidents from JSON / A";
  assertEquals(await rows(name, [{ what: "x" }]), [{ what: "x" }]);
  assertEquals(await rows(name, { total: 1, items: [{ what: "x" }] }), [{ what: "x" }]);
  assertEquals(await rows(name, {}), []);
});
