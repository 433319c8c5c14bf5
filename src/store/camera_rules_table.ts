// What was set at run time for cameras: motion, recording, privacy.
import type { Clock } from "../base/clock.ts";
import type { Database } from "./database.ts";

/** One setting of a camera; its value as JSON gives it. */
export interface StoredRule {
  camera: string;
  subject: string;
  value: unknown;
}

/** Reads and writes the table `camera_rules`. */
export class CameraRulesTable {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async list(): Promise<StoredRule[]> {
    const rows = await this.#database.all("SELECT camera, subject, value FROM camera_rules");
    return rows.map(({ camera, subject, value }) => ({
      camera: String(camera),
      subject: String(subject),
      value: JSON.parse(String(value)),
    }));
  }

  /** Writes it, over an earlier one. */
  async put({ camera, subject, value }: StoredRule): Promise<void> {
    await this.#database.all(
      "INSERT OR REPLACE INTO camera_rules (camera, subject, value, changed_at) VALUES (?, ?, ?, ?)",
      camera,
      subject,
      JSON.stringify(value),
      this.#clock.now(),
    );
  }

  /** Forgets one, or all of a camera. */
  async remove(camera: string, subject?: string): Promise<void> {
    const [condition, ...params] = subject === undefined
      ? ["camera = ?", camera]
      : ["camera = ? AND subject = ?", camera, subject];
    await this.#database.all(`DELETE FROM camera_rules WHERE ${condition}`, ...params);
  }
}
