// A journal with alerts beside it, on a real database and a clock moved by hand.
import { Logger } from "../../../src/base/log.ts";
import { hubTime, type LocalTime } from "../../../src/config/time_windows.ts";
import type { EventDraft } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { alertsOf, type AlertsOfSite, KeptChannel } from "../tools/alerts.ts";

export interface Stage extends AlertsOfSite {
  clock: FakeClock;
  database: Database;
  journal: Journal;
  lines: string[];
  a: KeptChannel;
  b: KeptChannel;
  /** A person at the door, over at once. */
  person(change?: Partial<EventDraft>): void;
  /** Waits until it is so. */
  until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** Moves the clock on, giving the database's thread its time between. */
  pass(seconds: number, stepS?: number): Promise<void>;
  /** The same in steps in which nobody is woken between: for long times. */
  leap(seconds: number, stepS: number): Promise<void>;
}

export interface StageOptions {
  path?: string;
  clock?: FakeClock;
  section?: Record<string, unknown>;
  /** Local time of schedules; by default that of the machine. */
  zone?: LocalTime;
  /** Days for which events are kept; by default for ever. */
  keepDays?: number;
  /** False: nothing is delivered and no time is watched. */
  runs?: boolean;
  /** True ends the database under the running hub, as a crash does. */
  crashes?: boolean;
  prepare?(stage: AlertsOfSite): void;
}

const OFF = { offline_s: false, latency_ms: false, temperature_c: false, motion_per_min: false };
export const PEOPLE = {
  thresholds: OFF,
  channels: [{ id: "a", type: "webhook", url: "http://a.test/" }, {
    id: "b",
    type: "webhook",
    url: "http://b.test/",
  }],
  rules: [{ id: "people", when: { events: ["person"] }, cooldown_s: 0 }],
};

/** Runs all of it, does the work and stops. */
export async function withAlerts(
  work: (stage: Stage) => Promise<void>,
  options: StageOptions = {},
): Promise<void> {
  const { path = ":memory:", clock = new FakeClock() } = options;
  const database = await Database.open(path);
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const { zone = hubTime, keepDays } = options;
  const site = alertsOf({ database, clock, log, zone });
  const [a, b] = [new KeptChannel("a"), new KeptChannel("b")];
  site.channels = new Map([["a", a], ["b", b]]);
  site.use({ ...PEOPLE, ...options.section });
  options.prepare?.(site);
  const { alerts } = site;
  const journal = new Journal({
    table: new EventsTable(database),
    clock,
    log,
    alongside: alerts.engine.alongside,
    onDropped: alerts.engine.dropped,
    ...(keepDays === undefined ? {} : { retention: () => ({ keepDays, maxBytes: Infinity }) }),
  });
  journal.subscribe(alerts.written);
  site.external = journal;
  await alerts.load();
  const stop = new AbortController();
  const running = [journal.run(stop.signal), ...(options.runs === false ? [] : [alerts.run(stop.signal)])];
  const until = async (isSo: () => boolean | Promise<boolean>, what: string) => {
    for (let turn = 0; turn < 5000; turn++) {
      if (await isSo()) return;
      await settle();
    }
    throw new Error(`Waited in vain for ${what}; the log:\n${lines.join("\n")}`);
  };
  const idle = async () => {
    // Everything that was asked of the database's thread before this is answered then.
    for (let turn = 0; turn < 6; turn++) {
      await database.all("SELECT 1");
      await settle();
    }
  };
  const pass = async (seconds: number, stepS = 5) => {
    for (let left = seconds; left > 0; left -= stepS) {
      await clock.advance(Math.min(stepS, left) * 1000);
      await idle();
    }
  };
  const leap = async (seconds: number, stepS: number) => {
    for (let left = seconds; left > 0; left -= stepS) {
      await clock.leap(stepS * 1000);
      await idle();
    }
  };
  try {
    await work(Object.assign(site, {
      clock,
      database,
      journal,
      lines,
      a,
      b,
      person: (change: Partial<EventDraft> = {}) =>
        journal.record({
          camera: "door",
          kind: "person",
          source: "onvif",
          startedAtMs: clock.now(),
          ...change,
        }),
      until,
      pass,
      leap,
    }));
  } finally {
    if (options.crashes) await database.close();
    stop.abort();
    await Promise.all(running);
    if (!options.crashes) await database.close();
  }
}
