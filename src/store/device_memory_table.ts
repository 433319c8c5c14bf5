// What was learnt of devices (see devices/memory.ts), in the database.
import type { Clock } from "../base/clock.ts";
import type { Database } from "./database.ts";

/** Reads and writes the table `device_memory`. */
export class DeviceMemoryTable {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async read(device: string, name: string): Promise<string | undefined> {
    const [row] = await this.#database.all(
      "SELECT value FROM device_memory WHERE device = ? AND name = ?",
      device,
      name,
    );
    return row && String(row.value);
  }

  /** Undefined forgets it. */
  async write(device: string, name: string, value: string | undefined): Promise<void> {
    if (value === undefined) {
      await this.#database.all("DELETE FROM device_memory WHERE device = ? AND name = ?", device, name);
      return;
    }
    await this.#database.all(
      "INSERT OR REPLACE INTO device_memory (device, name, value, changed_at) VALUES (?, ?, ?, ?)",
      device,
      name,
      value,
      this.#clock.now(),
    );
  }
}
