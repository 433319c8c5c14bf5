// What was learnt of devices (see devices/memory.ts), in the database.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Database } from "./database.ts";

/** Reads and writes the table `device_memory`. */
export class DeviceMemoryTable {
  readonly #database: Database;
  readonly #clock: Clock;
  /** What a full disk did not take: forgetting it now could lock a user out of a camera. */
  readonly #unwritten = new Map<string, string | undefined>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async read(device: string, name: string): Promise<string | undefined> {
    const key = keyOf(device, name);
    if (this.#unwritten.has(key)) return this.#unwritten.get(key);
    const [row] = await this.#database.all(
      "SELECT value FROM device_memory WHERE device = ? AND name = ?",
      device,
      name,
    );
    return row && String(row.value);
  }

  /** Undefined forgets it. What the disk does not take is remembered for as long as the program runs. */
  async write(device: string, name: string, value: string | undefined): Promise<void> {
    try {
      await this.#write(device, name, value);
      this.#unwritten.delete(keyOf(device, name));
    } catch (error) {
      const isBearable = error instanceof HubError && ["storage_full", "forbidden"].includes(error.kind);
      if (!isBearable) throw error;
      this.#unwritten.set(keyOf(device, name), value);
    }
  }

  async #write(device: string, name: string, value: string | undefined): Promise<void> {
    if (value === undefined) {
      await this.#database.all("DELETE FROM device_memory WHERE device = ? AND name = ?", device, name);
      return;
    }
    await this.#database.all(
      // What is the same already costs no write to the disk.
      "INSERT INTO device_memory (device, name, value, changed_at) VALUES (?, ?, ?, ?) " +
        "ON CONFLICT (device, name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at " +
        "WHERE value <> excluded.value",
      device,
      name,
      value,
      this.#clock.now(),
    );
  }
}

function keyOf(device: string, name: string): string {
  return `${device}\n${name}`;
}
