// Cameras that were added or changed at run time.
import type { Clock } from "../base/clock.ts";
import type { Database } from "./database.ts";

/** A stored camera. */
export interface StoredCamera {
  id: string;
  name: string;
  type: string;
  enabled: boolean;
  /** True for a found camera that a user removed, so that it does not come back by itself. */
  hidden: boolean;
  options: Record<string, unknown>;
}

/** Reads and writes the table `cameras`. */
export class CamerasTable {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async list(): Promise<StoredCamera[]> {
    const rows = await this.#database.all(
      "SELECT id, name, type, enabled, hidden, options FROM cameras ORDER BY id",
    );
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      type: String(row.type),
      enabled: row.enabled === 1,
      hidden: row.hidden === 1,
      options: JSON.parse(String(row.options)),
    }));
  }

  /** Writes the camera, over an earlier one of the same id. */
  async put(camera: StoredCamera): Promise<void> {
    await this.#database.all(
      "INSERT OR REPLACE INTO cameras (id, name, type, enabled, hidden, options, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      camera.id,
      camera.name,
      camera.type,
      camera.enabled ? 1 : 0,
      camera.hidden ? 1 : 0,
      JSON.stringify(camera.options),
      this.#clock.now(),
    );
  }

  async remove(id: string): Promise<void> {
    await this.#database.all("DELETE FROM cameras WHERE id = ?", id);
  }
}
