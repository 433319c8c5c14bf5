// Countdowns, and those that are over and that nobody has seen yet.
import type { Database } from "./database.ts";
import type { Row, SqlValue } from "./protocol.ts";

/** A countdown. Times are milliseconds since 1970 by the hub's clock. */
export interface TimerRow {
  id: number;
  name: string;
  zone?: string | undefined;
  camera?: string | undefined;
  setAtMs: number;
  /** How long it was set for. */
  durationMs: number;
  endsAtMs: number;
  /** True: it ends when the clock shows that time; false: when so much time has gone by. */
  isByClock: boolean;
  /** When the hub told that it was over. */
  endedAtMs?: number | undefined;
}

/** Reads and writes the table `timers`. */
export class TimersTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async all(): Promise<TimerRow[]> {
    return (await this.#database.all("SELECT * FROM timers ORDER BY id")).map(timerOf);
  }

  /** @returns its number, which is never given twice. */
  async add(timer: Omit<TimerRow, "id">): Promise<number> {
    const [row] = await this.#database.all(
      "INSERT INTO timers (name, zone, camera, set_at, duration_ms, ends_at, by_clock, ended_at) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
      ...valuesOf(timer),
    );
    return Number(row?.id);
  }

  async update({ id, ...timer }: TimerRow): Promise<void> {
    await this.#database.all(
      "UPDATE timers SET name = ?, zone = ?, camera = ?, set_at = ?, duration_ms = ?, ends_at = ?, " +
        "by_clock = ?, ended_at = ? WHERE id = ?",
      ...valuesOf(timer),
      id,
    );
  }

  async remove(id: number): Promise<void> {
    await this.#database.all("DELETE FROM timers WHERE id = ?", id);
  }
}

function valuesOf(timer: Omit<TimerRow, "id">): SqlValue[] {
  return [
    timer.name,
    timer.zone ?? null,
    timer.camera ?? null,
    Math.round(timer.setAtMs),
    Math.round(timer.durationMs),
    Math.round(timer.endsAtMs),
    timer.isByClock ? 1 : 0,
    timer.endedAtMs === undefined ? null : Math.round(timer.endedAtMs),
  ];
}

function timerOf(row: Row): TimerRow {
  return {
    id: Number(row.id),
    name: String(row.name),
    ...(row.zone === null ? {} : { zone: String(row.zone) }),
    ...(row.camera === null ? {} : { camera: String(row.camera) }),
    setAtMs: Number(row.set_at),
    durationMs: Number(row.duration_ms),
    endsAtMs: Number(row.ends_at),
    isByClock: row.by_clock === 1,
    ...(row.ended_at === null ? {} : { endedAtMs: Number(row.ended_at) }),
  };
}
