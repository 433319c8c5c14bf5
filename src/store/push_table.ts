// Browsers that are told of alerts, and the keys by which push services know this hub.
import type { Database } from "./database.ts";
import type { Row } from "./protocol.ts";

/** A browser that has subscribed. Keys are base64url. */
export interface StoredPushSubscription {
  id: string;
  user: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  /** What it is called, such as `Chrome on Android`. */
  device: string;
  createdAtMs: number;
  /** When something was last delivered; undefined before. */
  usedAtMs: number | undefined;
}

/** The pair of keys of RFC 8292, base64url. */
export interface PushKeys {
  publicKey: string;
  privateKey: string;
}

const COLUMNS = "id, user, endpoint, p256dh, auth, device, created_at, used_at";

/** Reads and writes `push_subscriptions` and `push_keys`. */
export class PushTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All, or those of one user, oldest first. */
  async list(user?: string): Promise<StoredPushSubscription[]> {
    const rows = user === undefined
      ? await this.#database.all(`SELECT ${COLUMNS} FROM push_subscriptions ORDER BY created_at, id`)
      : await this.#database.all(
        `SELECT ${COLUMNS} FROM push_subscriptions WHERE user = ? ORDER BY created_at, id`,
        user,
      );
    return rows.map(subscriptionOf);
  }

  /** Keeps a subscription; one with the same endpoint is the same browser and gives way. */
  async put(each: StoredPushSubscription): Promise<void> {
    const { id, user, endpoint, p256dh, auth, device, createdAtMs, usedAtMs } = each;
    await this.#database.transaction([
      { sql: "DELETE FROM push_subscriptions WHERE endpoint = ?", params: [endpoint] },
      {
        sql: `INSERT INTO push_subscriptions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        params: [id, user, endpoint, p256dh, auth, device, createdAtMs, usedAtMs ?? null],
      },
    ]);
  }

  async noteUse(id: string, nowMs: number): Promise<void> {
    await this.#database.all("UPDATE push_subscriptions SET used_at = ? WHERE id = ?", nowMs, id);
  }

  /** Forgets one; false when there is none of that id. */
  async remove(id: string): Promise<boolean> {
    return (await this.#database.all("DELETE FROM push_subscriptions WHERE id = ? RETURNING id", id)).length >
      0;
  }

  /** The hub's keys; those given are kept where there are none yet. */
  async keys(fresh: PushKeys, nowMs: number): Promise<PushKeys> {
    const [, rows] = await this.#database.transaction([
      {
        sql: "INSERT INTO push_keys (one, public_key, private_key, created_at) VALUES (1, ?, ?, ?) " +
          "ON CONFLICT DO NOTHING",
        params: [fresh.publicKey, fresh.privateKey, nowMs],
      },
      { sql: "SELECT public_key, private_key FROM push_keys" },
    ]);
    return keysOf(rows?.[0]) ?? fresh;
  }

  /** The hub's keys, where it has some. */
  async knownKeys(): Promise<PushKeys | undefined> {
    return keysOf((await this.#database.all("SELECT public_key, private_key FROM push_keys"))[0]);
  }
}

function keysOf(row: Row | undefined): PushKeys | undefined {
  return row && { publicKey: String(row.public_key), privateKey: String(row.private_key) };
}

function subscriptionOf(row: Row): StoredPushSubscription {
  return {
    id: String(row.id),
    user: String(row.user),
    endpoint: String(row.endpoint),
    p256dh: String(row.p256dh),
    auth: String(row.auth),
    device: String(row.device),
    createdAtMs: Number(row.created_at),
    usedAtMs: row.used_at === null ? undefined : Number(row.used_at),
  };
}
