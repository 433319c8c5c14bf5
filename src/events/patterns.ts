// When in the week things happen: events of the journal by hour and weekday in local time, and whether now is unusual.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import { Recent } from "../base/recent.ts";
import { localTime, offsetSpans } from "../base/time_zone.ts";
import { Turns } from "../base/turns.ts";
import type { PatternFilter, PatternsTable } from "../store/patterns_table.ts";

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;
const QUARTER_MS = 900_000;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
/** How rarely so many events would come by chance, for them to be called unusual. */
const RARE = 0.01;
/** Hours of the same kind that must have been observed before anything is usual. */
const LEAST_OBSERVED = 2;

/** One hour of one weekday. */
export interface PatternCell {
  /** 1: Monday … 7: Sunday. */
  weekday: number;
  weekday_name: typeof WEEKDAYS[number];
  /** 0 … 23, local time. */
  hour: number;
  events: number;
  /** How many of these hours there were: one that the change of the clock repeats counts twice, one it skips not. */
  hours_observed: number;
  /** Absent where none was observed. */
  per_hour?: number;
}

/** The hour that goes on. */
export interface PatternNow {
  weekday: number;
  weekday_name: typeof WEEKDAYS[number];
  hour: number;
  /** Since the hour began. */
  events: number;
  /** How many there are at this minute of that hour usually; absent where too few weeks were observed. */
  usual?: number;
  /** `events` of `usual`; absent where there are none usually. */
  ratio?: number;
  /** True: by chance so many would come in one of a hundred such hours. */
  unusual?: boolean;
}

export interface Pattern {
  timezone: string;
  weeks: number;
  /** ISO 8601 in UTC: the whole hours that were counted. */
  from: string;
  to: string;
  cells: PatternCell[];
  now: PatternNow;
}

/** What is asked. */
export interface PatternQuery extends PatternFilter {
  weeks: number;
  /** A name such as `Europe/Vienna`. */
  zone: string;
}

/** Whole hours change seldom: they are counted anew after so long, and of so many different questions. */
const KEPT = { keepMs: 5 * 60_000, most: 32 };
/** Questions that wait for others to be counted; one more is refused. */
const MOST_WAITING = 24;

/** What was counted of the whole hours. */
interface Whole {
  fromMs: number;
  /** By hour of the week. */
  counts: ReadonlyMap<number, number>;
}

/** Counts in the database; here only hours are counted. */
export class EventPatterns {
  readonly #table: PatternsTable;
  readonly #clock: Clock;
  readonly #recent: Recent<Whole>;
  /** One question is counted at a time: the journal, which is in the same database, never waits for several. */
  readonly #turns = new Turns(1);

  constructor({ table, clock }: { table: PatternsTable; clock: Clock }) {
    this.#table = table;
    this.#clock = clock;
    this.#recent = new Recent(clock, KEPT);
  }

  /**
   * The whole hours of the last weeks, and the one that goes on.
   * @throws HubError `unavailable` where too many other questions wait to be counted.
   */
  async read({ weeks, zone, ...filter }: PatternQuery): Promise<Pattern> {
    const nowMs = this.#clock.now();
    const hourMs = hourStart(nowMs, zone);
    const key = JSON.stringify([hourMs, weeks, zone, filter.cameras?.toSorted(), filter.kinds.toSorted()]);
    const { fromMs, counts } = await this.#recent.get(
      key,
      () => this.#whole(hourMs, { weeks, zone, filter }),
    );
    const goingOn = offsetSpans(hourMs, Math.max(nowMs, hourMs + 1), zone);
    const counted = await this.#table.counts(goingOn, filter);
    const cells = cellsOf(counts, hoursObserved(fromMs, hourMs, zone));
    const events = counted.values().reduce((sum, each) => sum + each, 0);
    return {
      timezone: zone,
      weeks,
      from: new Date(fromMs).toISOString(),
      to: new Date(hourMs).toISOString(),
      cells,
      now: nowOf(cells[weekHour(hourMs, zone)], { events, share: (nowMs - hourMs) / HOUR_MS }),
    };
  }

  async #whole(
    hourMs: number,
    { weeks, zone, filter }: { weeks: number; zone: string; filter: PatternFilter },
  ): Promise<Whole> {
    if (this.#turns.waiting >= MOST_WAITING) {
      throw new HubError("unavailable", "Too many patterns are being counted", {
        hint: "Ask again in a few seconds; the same question as a moment ago is answered at once",
      });
    }
    return await this.#turns.run(async () => {
      const weeksAgoMs = localTime(hourMs, zone).subtract({ weeks }).epochMilliseconds;
      const sinceMs = await this.#table.completeSinceMs();
      const fromMs = Math.min(hourMs, Math.max(weeksAgoMs, quarterStart(sinceMs ?? hourMs)));
      return { fromMs, counts: await this.#table.counts(offsetSpans(fromMs, hourMs, zone), filter) };
    });
  }

  /** Those of these cameras of which events are kept. */
  known(cameras: readonly string[]): Promise<Set<string>> {
    return this.#table.known(cameras);
  }
}

/** How often each hour of the week was there, from Monday at 0. Parts of hours count as parts. */
export function hoursObserved(fromMs: number, toMs: number, zone: string): number[] {
  const hours = Array.from({ length: WEEK_HOURS }, () => 0);
  for (const span of offsetSpans(fromMs, toMs, zone)) {
    for (let atMs = span.fromMs; atMs < span.toMs;) {
      const localMs = atMs + span.offsetMs;
      const endMs = Math.min(span.toMs, (Math.floor(localMs / HOUR_MS) + 1) * HOUR_MS - span.offsetMs);
      const at = weekHourOf(localMs);
      hours[at] = (hours[at] ?? 0) + (endMs - atMs) / HOUR_MS;
      atMs = endMs;
    }
  }
  return hours;
}

/** 1970 began on a Thursday, three days after a Monday. */
function weekHourOf(localMs: number): number {
  return (Math.floor(localMs / HOUR_MS) + 3 * DAY_HOURS) % WEEK_HOURS;
}

function weekHour(atMs: number, zone: string): number {
  return weekHourOf(atMs + localTime(atMs, zone).offsetNanoseconds / 1e6);
}

/** When the hour began that a zone's clocks show. */
function hourStart(atMs: number, zone: string): number {
  const offsetMs = localTime(atMs, zone).offsetNanoseconds / 1e6;
  return Math.floor((atMs + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
}

function quarterStart(atMs: number): number {
  return Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
}

function cellsOf(counts: ReadonlyMap<number, number>, observed: readonly number[]): PatternCell[] {
  return observed.map((hours, at) => {
    const events = counts.get(at) ?? 0;
    const day = Math.floor(at / DAY_HOURS);
    return {
      weekday: day + 1,
      weekday_name: WEEKDAYS[day] ?? "Monday",
      hour: at % DAY_HOURS,
      events,
      hours_observed: round(hours),
      ...(hours === 0 ? {} : { per_hour: round(events / hours) }),
    };
  });
}

function nowOf(cell: PatternCell | undefined, so: { events: number; share: number }): PatternNow {
  if (!cell) throw new RangeError("There is no such hour of the week");
  const { weekday, weekday_name, hour, per_hour, hours_observed } = cell;
  const place = { weekday, weekday_name, hour, events: so.events };
  if (per_hour === undefined || hours_observed < LEAST_OBSERVED) return place;
  const usual = per_hour * so.share;
  return {
    ...place,
    usual: round(usual),
    ...(usual === 0 ? {} : { ratio: round(so.events / usual) }),
    unusual: so.events > 0 && chanceOf(so.events, Math.max(usual, LEAST_USUAL * so.share)) < RARE,
  };
}

/** Of an hour in which nothing was seen for weeks, one event is no alarm: it is taken to have one in eight hours. */
const LEAST_USUAL = 0.125;

/** How likely so many events or more are, where `usual` come in the mean and by chance (Poisson). */
export function chanceOf(events: number, usual: number): number {
  let term = Math.exp(-usual);
  let fewer = 0;
  for (let count = 0; count < events; count++) {
    fewer += term;
    term *= usual / (count + 1);
  }
  return Math.max(0, 1 - fewer);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
