// Alarm modes, and of what nobody wants to be told for a while.
import type { Clock } from "../base/clock.ts";
import type { Database } from "./database.ts";

/** Nobody is told of it until then. */
export interface SnoozeRow {
  id: number;
  /** Absent: at every camera. */
  camera?: string | undefined;
  /** Absent: of every rule. */
  rule?: string | undefined;
  untilMs: number;
}

/** Reads and writes the tables `alarm_modes` and `alert_snoozes`. */
export class ArmingTable {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Modes by camera; that of the house under the empty name. */
  async modes(): Promise<Map<string, string>> {
    const rows = await this.#database.all("SELECT camera, mode FROM alarm_modes");
    return new Map(rows.map(({ camera, mode }) => [String(camera), String(mode)]));
  }

  /** Sets a mode; undefined takes it away. */
  async setMode(camera: string, mode: string | undefined): Promise<void> {
    if (mode === undefined) await this.#database.all("DELETE FROM alarm_modes WHERE camera = ?", camera);
    else {
      await this.#database.all(
        "INSERT OR REPLACE INTO alarm_modes (camera, mode, changed_at) VALUES (?, ?, ?)",
        camera,
        mode,
        this.#clock.now(),
      );
    }
  }

  async snoozes(): Promise<SnoozeRow[]> {
    const rows = await this.#database.all("SELECT id, camera, rule, until FROM alert_snoozes ORDER BY until");
    return rows.map(({ id, camera, rule, until }) => ({
      id: Number(id),
      ...(camera === null ? {} : { camera: String(camera) }),
      ...(rule === null ? {} : { rule: String(rule) }),
      untilMs: Number(until),
    }));
  }

  /** Puts a snooze in place of one of the same camera and rule; without a time it only takes that away. */
  async snooze(
    camera: string | undefined,
    rule: string | undefined,
    untilMs: number | undefined,
  ): Promise<void> {
    const params = [camera ?? null, rule ?? null];
    await this.#database.transaction([
      { sql: "DELETE FROM alert_snoozes WHERE (camera IS ? AND rule IS ?)", params },
      { sql: "DELETE FROM alert_snoozes WHERE until <= ?", params: [this.#clock.now()] },
      ...(untilMs === undefined ? [] : [{
        sql: "INSERT INTO alert_snoozes (camera, rule, until) VALUES (?, ?, ?)",
        params: [...params, Math.round(untilMs)],
      }]),
    ]);
  }
}
