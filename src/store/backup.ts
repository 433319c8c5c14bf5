// Copies of a database file that the hub falls back on when the file is damaged.
import { HubError } from "../base/errors.ts";
import { DAMAGE_HINT, Database } from "./database.ts";
import type { SchemaName } from "./schemas.ts";

/** Which file, and how it is opened. */
export interface DatabaseFile {
  path: string;
  schema: SchemaName;
  /** See `Database.open`. */
  worker?: URL | undefined;
}

/** Where the copies of a file lie, the newest first. */
export function backupsOf(path: string): [newest: string, before: string] {
  const cut = path.lastIndexOf("/");
  const newest = `${path.slice(0, cut)}/backups/${path.slice(cut + 1)}`;
  return [newest, `${newest}.1`];
}

/**
 * Copies the file as it is at this moment, in a thread of its own: who works with it is not held up. Nothing is copied
 * over a good copy that is not whole itself.
 * @param signal when it aborts, the copy is given up at once: a hub that ends does not wait for it.
 * @returns bytes written.
 * @throws HubError when the file is damaged (`isDamage`), or the copy cannot be written.
 */
export async function backUp(
  { path, schema, worker }: DatabaseFile,
  signal?: AbortSignal,
): Promise<number> {
  const [newest, before] = backupsOf(path);
  const part = `${newest}.part`;
  await Deno.mkdir(newest.slice(0, newest.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  // Empty, and readable for its owner only before anything is in it: it holds what the database holds.
  (await Deno.open(part, { write: true, create: true, truncate: true, mode: 0o600 })).close();
  try {
    await copyWhole({ path, schema, worker }, part, signal);
  } catch (error) {
    await Deno.remove(part);
    throw error;
  }
  await toDisk(part);
  await renamed(newest, before);
  await Deno.rename(part, newest);
  return (await Deno.stat(newest)).size;
}

async function copyWhole(
  { path, schema, worker }: DatabaseFile,
  to: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const database = await Database.open(path, worker, schema);
  const letGo = () => database.abandon();
  signal?.addEventListener("abort", letGo);
  try {
    signal?.throwIfAborted();
    await checkWhole(database);
    await database.copyTo(to);
  } finally {
    signal?.removeEventListener("abort", letGo);
    if (signal?.aborted) database.abandon();
    else await database.close();
  }
}

/** @throws HubError with `isDamage` unless every page is as it should be. Reads the whole file. */
export async function checkWhole(database: Database): Promise<void> {
  const [row] = await database.alone("PRAGMA quick_check(1)");
  // A heading, where there is one, names the database as SQLite calls it.
  const found = String(row?.["quick_check"]).replace(/^\*{3} in database .*\n/, "");
  if (found === "ok") return;
  throw damaged(database.path, found);
}

/** What is thrown for a damaged file (`isDamage`). */
export function damaged(path: string, found: string): HubError {
  return new HubError("internal", `The database ${path} is damaged: ${found}`, {
    hint: DAMAGE_HINT,
    details: { path, sqlite: found, isDamaged: true },
  });
}

/** Waits until a file is on the disk. */
export async function toDisk(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.sync();
}

/** Renames a file if it is there. */
export async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await Deno.rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
