// How many events began in which hour of the week, counted by the database from what it counts as events are written.
import type { Database } from "./database.ts";
import { QUARTER_MS } from "./timeline_table.ts";

/** A stretch of time in which local time is the same distance from UTC. Milliseconds, whole quarters of an hour. */
export interface CountedSpan {
  fromMs: number;
  toMs: number;
  offsetMs: number;
}

/** Which events. */
export interface PatternFilter {
  /** Left out: all cameras, removed ones included. */
  cameras?: readonly string[] | undefined;
  kinds: readonly string[];
}

/** 1970 began on a Thursday, at hour 72 of a week that begins on Monday. */
const FIRST_HOUR = 72;
const WEEK_HOURS = 168;
const QUARTERS_OF_HOUR = 4;

/** Reads only. */
export class PatternsTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many began in each hour of the week, counted from Monday at 0 in local time. Hours without one are left out. */
  async counts(
    spans: readonly CountedSpan[],
    { cameras, kinds }: PatternFilter,
  ): Promise<Map<number, number>> {
    const quarter = (ms: number) => Math.floor(ms / QUARTER_MS);
    const given = spans.map(({ fromMs, toMs, offsetMs }) => [
      quarter(fromMs),
      Math.ceil(toMs / QUARTER_MS),
      quarter(offsetMs),
    ]);
    const rows = await this.#database.all(
      `SELECT ((quarter + (span.value ->> '$[2]')) / ${QUARTERS_OF_HOUR} + ${FIRST_HOUR}) % ${WEEK_HOURS} AS hour,
         sum(count) AS count
       FROM json_each(?) AS span JOIN event_quarters
         ON quarter >= span.value ->> '$[0]' AND quarter < span.value ->> '$[1]'
       WHERE kind IN (SELECT value FROM json_each(?))
         ${cameras === undefined ? "" : "AND camera IN (SELECT value FROM json_each(?))"}
       GROUP BY 1`,
      JSON.stringify(given),
      JSON.stringify(kinds),
      ...(cameras === undefined ? [] : [JSON.stringify(cameras)]),
    );
    return new Map(rows.map(({ hour, count }) => [Number(hour), Number(count)]));
  }

  /** From when on nothing has been deleted; undefined for an empty journal. */
  async completeSinceMs(): Promise<number | undefined> {
    // What ended first is deleted first: what is left since the first end is all there.
    const [row] = await this.#database.all(
      `SELECT coalesce(
         (SELECT started_at FROM events WHERE ended_at IS NOT NULL ORDER BY ended_at LIMIT 1),
         (SELECT min(started_at) FROM events)) AS since`,
    );
    return row?.since === null || row?.since === undefined ? undefined : Number(row.since);
  }

  /** Those of these cameras of which an event was ever noted and is still kept. */
  async known(cameras: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.all(
      `SELECT value AS camera FROM json_each(?)
       WHERE EXISTS (SELECT 1 FROM event_quarters WHERE camera = value)`,
      JSON.stringify(cameras),
    );
    return new Set(rows.map(({ camera }) => String(camera)));
  }
}
