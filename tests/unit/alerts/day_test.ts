// A day and a quarter of alerts on a clock moved by hand and a database in a file: schedule, quiet hours, alarm modes,
// hysteresis, escalation, a channel that is down for an hour, a restart, the night in which the clocks are put back, and
// what is kept of it all.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { AlertMessage } from "../../../src/alerts/channel.ts";
import type { AlertRow } from "../../../src/store/alerts_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { inFolder } from "../events/desk.ts";
import { zoneOf } from "../tools/zones.ts";
import { type Stage, type StageOptions, withAlerts } from "./stage.ts";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Two in the afternoon in Berlin; the clocks are put back at 1:00 UTC. */
const BEGIN = Date.parse("2026-10-24T12:00Z");
const SECTION = {
  thresholds: { offline_s: 300, temperature_c: 60, latency_ms: false, motion_per_min: false },
  quiet_hours: [{ from: "22:00", to: "06:00" }],
  keep_days: 1,
  rules: [
    { id: "people", when: { events: ["person"] }, channels: ["a"] },
    {
      id: "evening",
      when: { events: ["vehicle"] },
      schedule: [{ from: "18:00", to: "21:00" }],
      channels: ["a"],
    },
    {
      id: "early",
      when: { events: ["pet"] },
      severity: "critical",
      schedule: [{ from: "02:30", to: "05:00" }],
      channels: ["a"],
    },
    {
      id: "intruder",
      when: { events: ["intrusion"] },
      severity: "critical",
      armed: "when_armed",
      modes: ["away"],
      channels: ["a"],
      escalate: [{ after_min: 10, channels: ["b"] }],
    },
  ],
};

type Action = (stage: Stage) => void | Promise<void>;

const temperature = (celsius: number): Action => (stage) => void (stage.temperature = celsius);
const yard = (status: "online" | "offline"): Action => (stage) =>
  void (stage.cameras = [{ id: "yard", status }]);
const mode = (wanted: "away" | "home"): Action => (stage) => stage.alerts.arming.setMode(undefined, wanted);
const intrusion: Action = (stage) => stage.person({ kind: "intrusion" });
const acknowledge: Action = async (stage) => {
  const { alerts: [newest] } = await stage.alerts.table.list({ limit: 1 });
  await stage.alerts.engine.acknowledge(newest!.id, "anna", undefined);
};

/** What happens once, by the time in UTC. */
const SCRIPT: Readonly<Record<string, Action>> = {
  "12:45": (stage) => void (stage.a.failure = new HubError("unavailable", "The webhook is down")),
  // Half a minute is too short; later it stays hot, and warm is not cool.
  "13:10": temperature(62),
  "13:13": temperature(58),
  "13:15": temperature(61),
  "13:20": temperature(50),
  "13:45": (stage) => void (stage.a.failure = undefined),
  "15:00": yard("offline"),
  "15:20": yard("online"),
  "07:50": intrusion,
  "08:00": mode("away"),
  "08:10": intrusion,
  "09:10": intrusion,
  "09:15": acknowledge,
  "10:00": mode("home"),
  "10:10": intrusion,
};

/** What happens every hour, by the minute. */
const HOURLY: Readonly<Record<string, Action>> = {
  "15": (stage) => {
    stage.person({ kind: "vehicle" });
    stage.person({ kind: "pet" });
  },
  "30": (stage) => stage.person(),
  "45": (stage) => stage.person({ kind: "pet" }),
};

const timeOf = (atMs: number) => new Date(atMs).toISOString().slice(11, 16);
const shortly = ({ rule, state, startedAtMs }: AlertMessage) => `${timeOf(startedAtMs)} ${rule} ${state}`;

/** Times at which seconds matter. */
const CLOSELY = ["13:1", "13:2", "15:0", "15:1", "15:2"];

/** Goes on minute by minute, or by five. */
async function play(stage: Stage, hours: number): Promise<void> {
  const endMs = stage.clock.now() + hours * HOUR;
  while (stage.clock.now() < endMs) {
    const time = timeOf(stage.clock.now());
    for (const action of [SCRIPT[time], HOURLY[time.slice(3)]]) await action?.(stage);
    if (CLOSELY.some((each) => time.startsWith(each))) await stage.pass(60, 60);
    else await stage.leap(300, 300);
  }
}

const hourly = (rule: string, minute: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => {
    const hour = String((from + at) % 24).padStart(2, "0");
    return `${hour}:${minute} ${rule} firing`;
  });

/** All that channel a is told, in order of what it is about. */
const TOLD = [
  ...hourly("people", 30, 12, 19),
  // Quiet from 20:00 UTC, which is 22:00, to 5:00 UTC, which is 6:00 of the winter's time: nine hours.
  ...hourly("people", 30, 24 + 5, 24 + 11),
  ...hourly("evening", 15, 16, 18),
  // 2:30 comes twice: open at 0:30, shut with the change, open at 1:30.
  ...["00:45", "01:45", "02:15", "02:45", "03:15", "03:45"].map((time) => `${time} early firing`),
  "13:11 high-temperature firing",
  "13:11 high-temperature resolved",
  "15:05 camera-offline firing",
  "15:05 camera-offline resolved",
  "08:10 intruder firing",
  "09:10 intruder firing",
];

Deno.test("[ALERT-DAY] a day with the night in which the clocks are put back: who was told what, and what is kept of it", async () => {
  await inFolder(async (path) => {
    const clock = new FakeClock(BEGIN);
    const options: StageOptions = {
      path,
      clock,
      section: SECTION,
      zone: zoneOf("Europe/Berlin"),
      keepDays: 1,
      prepare: (site) => void (site.cameras = [{ id: "yard", status: "online" }]),
    };
    const [toA, toB]: AlertMessage[][] = [[], []];
    await withAlerts(async (stage) => {
      await play(stage, 6);
      assert(stage.a.tries > stage.a.got.length + 5, `${stage.a.tries} tries`);
      toA!.push(...stage.a.got);
      toB!.push(...stage.b.got);
    }, options);
    // After the outage each came once, in order, and nothing overtook another.
    const order = ["12:30 people firing", "13:11 high-temperature firing", "13:11 high-temperature resolved"];
    assertEquals(toA!.slice(0, 4).map(shortly), [...order, "13:30 people firing"]);

    await withAlerts(async (stage) => {
      await play(stage, 18);
      toA!.push(...stage.a.got);
      toB!.push(...stage.b.got);
      assertEquals(toA!.map(shortly).sort(), [...TOLD].sort());
      assertEquals(new Set(toA!.map(({ id }) => id)).size, TOLD.length, "each message once");
      assertEquals(toB!.map(shortly), [
        "13:11 high-temperature firing",
        "13:11 high-temperature resolved",
        "15:05 camera-offline firing",
        "15:05 camera-offline resolved",
        "08:10 intruder firing",
      ]);
      const { alerts } = await stage.alerts.table.list({ limit: 500 });
      const muted = alerts.filter((each) => each.muted === "quiet_hours");
      assertEquals(
        muted.map(({ startedAtMs }) => timeOf(startedAtMs)).sort(),
        hourly("", 30, 20, 24 + 4).map((line) => line.slice(0, 5)).sort(),
      );
      assertEquals(alerts.length, TOLD.length - 2 + muted.length, "an alert for each but the two ends");
      assertEquals(alerts.find(({ acknowledgedBy }) => acknowledgedBy === "anna")?.rule, "intruder");
      await stage.leap(6 * 3600, 300);
      await expectKept(stage, alerts);
    }, options);
  });
});

/** A day is kept, and it is looked every hour. */
async function expectKept(stage: Stage, before: readonly AlertRow[]): Promise<void> {
  const { alerts } = await stage.alerts.table.list({ limit: 500 });
  const ids = new Set(alerts.map(({ id }) => id));
  const nowMs = stage.clock.now();
  const gone = before.filter(({ id }) => !ids.has(id));
  assert(gone.length >= 8 && alerts.length >= 25, `${gone.length} gone, ${alerts.length} left`);
  for (const { endedAtMs = Infinity } of gone) assert(endedAtMs < nowMs - DAY, timeOf(endedAtMs));
  for (const { endedAtMs = Infinity } of alerts) assert(endedAtMs >= nowMs - DAY - HOUR - MINUTE);
  const orphans = await stage.database.all(
    "SELECT id FROM outbox WHERE alert NOT IN (SELECT id FROM alerts)",
  );
  assertEquals([orphans.length, await stage.alerts.messages.counts()], [0, { waiting: 0, dead: 0 }]);
  const { events } = await stage.journal.list({ limit: 1000 });
  assert(events.length >= 60 && events.length < 100, `${events.length} events`);
  for (const { endedAtMs = Infinity } of events) assert(endedAtMs >= nowMs - DAY - HOUR - MINUTE);
}
