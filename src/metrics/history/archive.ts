// The history on the disk: writes ticks, keeps the tiers right, reads answers, deletes what is too old.
import type { Database } from "../../store/database.ts";
import type { Statement } from "../../store/protocol.ts";
import type { Grid } from "./grid.ts";
import type { Deleted, Plan } from "./plan.ts";
import { type HistoryQuery, type Tier, TIERS } from "./query.ts";
import { readingsOf } from "./reading.ts";
import { type KeptValues, SERIES, seriesOf, type Tick } from "./series.ts";
import { addToRolled, deleteBefore, HOUR_MS, insertRaw, rollUp, SPAN_MS, tableOf } from "./tables.ts";

export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
}

/** The coarser tiers are written every three hours: in each turn, a page of the disk for every subject. */
const TURN_HOURS = 3;

function turnOf(hour: number): number {
  return Math.floor(hour / TURN_HOURS);
}

/** An open history. The only writer of its file; calls that write come one after the other. */
export class Archive {
  readonly #database: Database;
  /** Numbers of subjects by their ids. */
  #numbers = new Map<string, number>();
  #openHours = new Set<number>();
  #deleted: Deleted = { raw: 0, "5m": 0, "1h": 0 };

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Takes the database over. @throws HubError when it cannot be read: then it is closed. */
  static async open(database: Database): Promise<Archive> {
    const archive = new Archive(database);
    try {
      await archive.#load();
      return archive;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  get database(): Database {
    return this.#database;
  }

  /** Everybody of whom something was ever kept. */
  get subjects(): string[] {
    return [...this.#numbers.keys()];
  }

  get deleted(): Deleted {
    return this.#deleted;
  }

  /** The first hour that is not in the coarser tiers yet. */
  get oldestOpenHour(): number | undefined {
    return this.#openHours.size === 0 ? undefined : Math.min(...this.#openHours);
  }

  async #load(): Promise<void> {
    const [subjects = [], deleted = [], hours = []] = await this.#database.transaction([
      { sql: "SELECT number, id FROM subjects" },
      { sql: "SELECT tier, before_ms FROM deleted" },
      { sql: "SELECT hour FROM open_hours" },
    ]);
    this.#numbers = new Map(subjects.map(({ number, id }) => [String(id), Number(number)]));
    const before = (tier: Tier) => Number(deleted.find((row) => row["tier"] === tier)?.["before_ms"] ?? 0);
    this.#deleted = { raw: before("raw"), "5m": before("5m"), "1h": before("1h") };
    this.#openHours = new Set(hours.map(({ hour }) => Number(hour)));
  }

  /**
   * Writes ticks, and the coarser tiers of hours that are over when their turn has come, in one transaction.
   * @returns rows written to raw.
   * @throws HubError when nothing could be written: the ticks may be given again.
   */
  async write(ticks: readonly Tick[], nowMs: number): Promise<number> {
    const fresh = this.#freshSubjects(ticks);
    const numbers = new Map([...this.#numbers, ...fresh]);
    const hours = new Set(this.#openHours);
    const statements: Statement[] = [...fresh].map(([id, number]) => ({
      sql: "INSERT INTO subjects (number, id) VALUES (?, ?)",
      params: [number, id],
    }));
    let rows = 0;
    for (const { atMs, values } of await this.#placed(ticks)) {
      const isLate = atMs < this.#deleted.raw;
      if (!isLate) hours.add(hourOf(atMs));
      for (const [subject, kept] of values) {
        const number = numbers.get(subject) ?? 0;
        const to = [seriesOf(subject), number, atMs, kept] as const;
        if (isLate) statements.push(...addToRolled(...to));
        else statements.push(insertRaw(...to));
        if (!isLate) rows++;
      }
    }
    const turn = turnOf(hourOf(nowMs));
    const ended = [...hours].filter((hour) => turnOf(hour) !== turn);
    const opened = [...hours].filter((hour) => !this.#openHours.has(hour) && !ended.includes(hour));
    for (const hour of opened) {
      statements.push({ sql: "INSERT OR IGNORE INTO open_hours VALUES (?)", params: [hour] });
    }
    statements.push(...ended.flatMap(rollUp));
    if (statements.length > 0) await this.#database.transaction(statements);
    this.#numbers = numbers;
    this.#openHours = new Set([...hours].filter((hour) => !ended.includes(hour)));
    return rows;
  }

  /** Subjects without a number, with the one that each gets. */
  #freshSubjects(ticks: readonly Tick[]): Map<string, number> {
    let next = Math.max(0, ...this.#numbers.values());
    const ids = new Set(ticks.flatMap(({ rows }) => [...rows.keys()]));
    return new Map([...ids].filter((id) => !this.#numbers.has(id)).map((id) => [id, ++next]));
  }

  /** Moves ticks to the next free millisecond: after the clock was set back, one may stand there already. */
  async #placed(
    ticks: readonly Tick[],
  ): Promise<{ atMs: number; values: ReadonlyMap<string, KeptValues> }[]> {
    const times = ticks.map(({ atMs }) => atMs);
    if (times.length === 0) return [];
    const range = [Math.min(...times), Math.max(...times) + ticks.length];
    const rows = await this.#database.all(
      `SELECT at FROM hub_raw WHERE at BETWEEN ? AND ? UNION SELECT at FROM camera_raw WHERE at BETWEEN ? AND ?`,
      ...[...range, ...range],
    );
    const taken = new Set(rows.map(({ at }) => Number(at)));
    return ticks.map(({ atMs, rows: values }) => {
      let free = atMs;
      while (taken.has(free)) free++;
      taken.add(free);
      return { atMs: free, values };
    });
  }

  /** Adds to a grid what stands here. What was begun to be written before is part of it. */
  async read(
    plan: Plan,
    { subjects, fields, aggregation }: Pick<HistoryQuery, "subjects" | "fields" | "aggregation">,
    grid: Grid,
  ): Promise<void> {
    const numbers = new Map(
      subjects.flatMap((subject) => {
        const number = this.#numbers.get(subject);
        return number === undefined ? [] : [[subject, number] as const];
      }),
    );
    const readings = readingsOf(plan, { fields, aggregation }, { numbers, openHours: this.#openHours });
    if (readings.statements.length === 0) return;
    readings.fill(grid, await this.#database.numbers(readings.statements));
  }

  /** Size of the file, and how much of it is free for what comes. @throws HubError when it cannot be read. */
  async room(): Promise<{ bytes: number; freeBytes: number }> {
    const [row] = await this.#database.all(
      `SELECT page_count * page_size AS bytes, freelist_count * page_size AS free_bytes
       FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()`,
    );
    return { bytes: Number(row?.["bytes"]), freeBytes: Number(row?.["free_bytes"]) };
  }

  /** Rows of each tier. They are counted one by one: not to be asked often. @throws HubError. */
  async count(): Promise<Record<Tier, number>> {
    const rows = await this.#database.all(
      `SELECT ${
        TIERS.map((tier) =>
          `${
            SERIES.map((series) => `(SELECT count(*) FROM ${tableOf(series, tier)})`).join(" + ")
          } AS "${tier}"`
        ).join(", ")
      }`,
    );
    const of = (tier: Tier) => Number(rows[0]?.[tier] ?? 0);
    return { raw: of("raw"), "5m": of("5m"), "1h": of("1h") };
  }

  /** The oldest time of which a tier has anything; undefined where it is empty. @throws HubError. */
  async oldestMs(tier: Tier): Promise<number | undefined> {
    const column = tier === "raw" ? "at" : "span";
    // From one subject to the next along the key, instead of through all rows.
    const ofSeries = SERIES.map((series) =>
      tier === "raw"
        ? `SELECT min(at) AS t FROM ${tableOf(series, tier)}`
        : `SELECT (SELECT min(${column}) FROM ${
          tableOf(series, tier)
        } WHERE subject = number) AS t FROM subjects`
    );
    const [row] = await this.#database.all(`SELECT min(t) AS oldest FROM (${ofSeries.join(" UNION ALL ")})`);
    const oldest = row?.["oldest"] ?? null;
    return oldest === null ? undefined : Number(oldest) * SPAN_MS[tier];
  }

  /** Gives free room back to the disk, so many bytes at most. @throws HubError when it cannot be written. */
  async giveBack(bytes: number): Promise<void> {
    const [row] = await this.#database.all("SELECT page_size FROM pragma_page_size()");
    await this.#database.all(`PRAGMA incremental_vacuum(${Math.ceil(bytes / Number(row?.["page_size"]))})`);
  }

  /**
   * Deletes what a tier has of the time before. That may have been done already: what was measured under a clock that
   * was far behind came later. @throws HubError when it cannot be written.
   */
  async deleteBefore(tier: Tier, beforeMs: number): Promise<void> {
    await this.#database.transaction(deleteBefore(tier, beforeMs));
    this.#deleted = { ...this.#deleted, [tier]: Math.max(this.#deleted[tier], beforeMs) };
  }

  /**
   * Says of tiers that were deleted up to a later time that they are whole from this one on. @throws HubError when it
   * cannot be written.
   * @param fromMs the beginning of an hour that is still to come: what was measured before is in the coarser tiers only.
   */
  async wholeFrom(fromMs: number): Promise<void> {
    const tiers = TIERS.filter((tier) => this.#deleted[tier] > fromMs);
    if (tiers.length === 0) return;
    const sql = "UPDATE deleted SET before_ms = ? WHERE tier = ?";
    await this.#database.transaction(tiers.map((tier) => ({ sql, params: [fromMs, tier] })));
    this.#deleted = { ...this.#deleted, ...Object.fromEntries(tiers.map((tier) => [tier, fromMs])) };
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
