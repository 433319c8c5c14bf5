// Access tokens of programs. They come here as hashes only.
import type { Database } from "./database.ts";
import type { Row } from "./protocol.ts";

/** What is kept of a token. */
export interface StoredToken {
  name: string;
  tokenHash: string;
  role: string;
  createdAtMs: number;
  /** Some hours behind at most; undefined before the first use. */
  usedAtMs: number | undefined;
  /** Undefined: it does not end by itself. */
  expiresAtMs: number | undefined;
}

const COLUMNS = "name, token_hash, role, created_at, used_at, expires_at";

/** Reads and writes the table `tokens`. */
export class TokensTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async all(): Promise<StoredToken[]> {
    return (await this.#database.all(`SELECT ${COLUMNS} FROM tokens ORDER BY name`)).map(tokenOf);
  }

  async find(tokenHash: string): Promise<StoredToken | undefined> {
    const [row] = await this.#database.all(`SELECT ${COLUMNS} FROM tokens WHERE token_hash = ?`, tokenHash);
    return row && tokenOf(row);
  }

  /** Adds a token. @throws HubError `conflict` when there is one of that name. */
  async add(token: StoredToken): Promise<void> {
    await this.#database.all(
      `INSERT INTO tokens (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
      token.name,
      token.tokenHash,
      token.role,
      token.createdAtMs,
      token.usedAtMs ?? null,
      token.expiresAtMs ?? null,
    );
  }

  async noteUse(tokenHash: string, nowMs: number): Promise<void> {
    await this.#database.all("UPDATE tokens SET used_at = ? WHERE token_hash = ?", nowMs, tokenHash);
  }

  /** Removes a token; false when there is none of that name. */
  async remove(name: string): Promise<boolean> {
    return (await this.#database.all("DELETE FROM tokens WHERE name = ? RETURNING name", name)).length > 0;
  }
}

function tokenOf(row: Row): StoredToken {
  return {
    name: String(row.name),
    tokenHash: String(row.token_hash),
    role: String(row.role),
    createdAtMs: Number(row.created_at),
    usedAtMs: row.used_at === null ? undefined : Number(row.used_at),
    expiresAtMs: row.expires_at === null ? undefined : Number(row.expires_at),
  };
}
