// Users, sessions and one-time links. Tokens come here as hashes only.
import type { Database } from "./database.ts";
import { TokensTable } from "./tokens_table.ts";

/** A person who may log in. */
export interface StoredUser {
  name: string;
  passwordHash: string;
  createdAtMs: number;
}

/** A logged-in browser. */
export interface StoredSession {
  tokenHash: string;
  user: string;
  createdAtMs: number;
  expiresAtMs: number;
}

/** Reads and writes the tables `users`, `sessions` and `login_links`; `tokens` has a class of its own. */
export class AccessTables {
  readonly tokens: TokensTable;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.tokens = new TokensTable(database);
  }

  async users(): Promise<StoredUser[]> {
    const rows = await this.#database.all("SELECT name, password_hash, created_at FROM users ORDER BY name");
    return rows.map((row) => ({
      name: String(row.name),
      passwordHash: String(row.password_hash),
      createdAtMs: Number(row.created_at),
    }));
  }

  /** Writes the user and ends all sessions of that name except one. */
  async putUser(user: StoredUser, keepSession?: string): Promise<void> {
    await this.#database.transaction([
      {
        sql: "INSERT OR REPLACE INTO users (name, password_hash, created_at) VALUES (?, ?, ?)",
        params: [user.name, user.passwordHash, user.createdAtMs],
      },
      {
        sql: "DELETE FROM sessions WHERE user = ? AND token_hash <> ?",
        params: [user.name, keepSession ?? ""],
      },
    ]);
  }

  /** Removes the user with all sessions; false when there is none of that name. */
  async removeUser(name: string): Promise<boolean> {
    const [, removed] = await this.#database.transaction([
      { sql: "DELETE FROM sessions WHERE user = ?", params: [name] },
      { sql: "DELETE FROM users WHERE name = ? RETURNING name", params: [name] },
    ]);
    return (removed?.length ?? 0) > 0;
  }

  async session(tokenHash: string): Promise<StoredSession | undefined> {
    const [row] = await this.#database.all(
      "SELECT user, created_at, expires_at FROM sessions WHERE token_hash = ?",
      tokenHash,
    );
    return row && {
      tokenHash,
      user: String(row.user),
      createdAtMs: Number(row.created_at),
      expiresAtMs: Number(row.expires_at),
    };
  }

  /** Writes the session and forgets those that are over. */
  async putSession(session: StoredSession, nowMs: number): Promise<void> {
    await this.#database.transaction([
      { sql: "DELETE FROM sessions WHERE expires_at <= ?", params: [nowMs] },
      {
        sql: "INSERT OR REPLACE INTO sessions (token_hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)",
        params: [session.tokenHash, session.user, session.createdAtMs, session.expiresAtMs],
      },
    ]);
  }

  /** Moves the end of a session; false when it was ended meanwhile. */
  async prolongSession(tokenHash: string, expiresAtMs: number): Promise<boolean> {
    const rows = await this.#database.all(
      "UPDATE sessions SET expires_at = ? WHERE token_hash = ? RETURNING token_hash",
      expiresAtMs,
      tokenHash,
    );
    return rows.length > 0;
  }

  async removeSession(tokenHash: string): Promise<void> {
    await this.#database.all("DELETE FROM sessions WHERE token_hash = ?", tokenHash);
  }

  /** Writes a link; earlier ones stop working. */
  async putLink(tokenHash: string, expiresAtMs: number): Promise<void> {
    await this.#database.transaction([
      { sql: "DELETE FROM login_links" },
      {
        sql: "INSERT INTO login_links (token_hash, expires_at) VALUES (?, ?)",
        params: [tokenHash, expiresAtMs],
      },
    ]);
  }

  /** True while a link is good; does not use it up. */
  async hasLink(tokenHash: string, nowMs: number): Promise<boolean> {
    const rows = await this.#database.all(
      "SELECT 1 FROM login_links WHERE token_hash = ? AND expires_at > ?",
      tokenHash,
      nowMs,
    );
    return rows.length > 0;
  }

  /** Uses up a link; false when it is unknown, used or over. */
  async takeLink(tokenHash: string, nowMs: number): Promise<boolean> {
    const rows = await this.#database.all(
      "DELETE FROM login_links WHERE token_hash = ? RETURNING expires_at",
      tokenHash,
    );
    return rows.some((row) => Number(row.expires_at) > nowMs);
  }
}
