// The history on the disk: writes ticks, keeps the tiers right, reads answers, deletes what is too old.
import type { Database } from "../../store/database.ts";
import type { Row, Statement } from "../../store/protocol.ts";
import type { Grid } from "./grid.ts";
import type { Deleted, Plan } from "./plan.ts";
import type { HistoryQuery, Tier } from "./query.ts";
import { readingsOf } from "./reading.ts";
import { type KeptValues, seriesOf, type Tick } from "./series.ts";
import { addToRolled, deleteBefore, HOUR_MS, insertRaw, rollUp } from "./tables.ts";

export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
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

  /** @throws HubError when it cannot be read. */
  static async open(database: Database): Promise<Archive> {
    const archive = new Archive(database);
    await archive.#load();
    return archive;
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
   * Writes ticks and the coarser tiers of all hours that are over, in one transaction.
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
    const ended = [...hours].filter((hour) => hour !== hourOf(nowMs));
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
    const results: Row[][] = await this.#database.transaction(readings.statements);
    readings.fill(grid, results);
  }

  /** Deletes what a tier has of the time before. @throws HubError when it cannot be written. */
  async deleteBefore(tier: Tier, beforeMs: number): Promise<void> {
    if (beforeMs <= this.#deleted[tier]) return;
    await this.#database.transaction(deleteBefore(tier, beforeMs));
    this.#deleted = { ...this.#deleted, [tier]: beforeMs };
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
