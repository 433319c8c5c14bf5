// How many events began in which hour of the week, counted by the database from what it counts as events are written.
import type { Database } from "./database.ts";
import type { Row } from "./protocol.ts";
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
/**
 * Quarters of one statement, of all its cameras together, but for a single camera: about 20 ms of work. Events are
 * written in between.
 */
const MOST_QUARTERS = 20_000;

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
    const asked = cameras ?? await this.#cameras();
    const counts = new Map<number, number>();
    for (const span of spans) {
      const quarters = Math.max(1, Math.ceil((span.toMs - span.fromMs) / QUARTER_MS));
      const atOnce = Math.max(1, Math.floor(MOST_QUARTERS / quarters));
      for (let at = 0; at < asked.length; at += atOnce) {
        for (const { hour, count } of await this.#countsOf(span, asked.slice(at, at + atOnce), kinds)) {
          counts.set(Number(hour), (counts.get(Number(hour)) ?? 0) + Number(count));
        }
      }
    }
    return counts;
  }

  async #countsOf(
    { fromMs, toMs, offsetMs }: CountedSpan,
    cameras: readonly string[],
    kinds: readonly string[],
  ): Promise<Row[]> {
    return await this.#database.all(
      `SELECT ((quarter + ?) / ${QUARTERS_OF_HOUR} + ${FIRST_HOUR}) % ${WEEK_HOURS} AS hour, sum(count) AS count
       FROM event_quarters
       WHERE camera IN (SELECT value FROM json_each(?)) AND quarter >= ? AND quarter < ?
         AND kind IN (SELECT value FROM json_each(?))
       GROUP BY 1`,
      Math.floor(offsetMs / QUARTER_MS),
      JSON.stringify(cameras),
      Math.floor(fromMs / QUARTER_MS),
      Math.ceil(toMs / QUARTER_MS),
      JSON.stringify(kinds),
    );
  }

  /** Every camera of which an event is kept: from one to the next along the key, instead of through all rows. */
  async #cameras(): Promise<string[]> {
    const rows = await this.#database.all(
      `SELECT camera FROM (WITH RECURSIVE each (camera) AS (
         SELECT min(camera) FROM event_quarters UNION ALL
         SELECT (SELECT min(camera) FROM event_quarters WHERE camera > each.camera) FROM each
           WHERE each.camera IS NOT NULL)
       SELECT camera FROM each WHERE camera IS NOT NULL)`,
    );
    return rows.map(({ camera }) => String(camera));
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
