// Opens a database file; one that is damaged is kept aside, and its last good copy takes its place.
import { type HubError, toHubError } from "../base/errors.ts";
import { backupsOf, checkWhole, damaged, type DatabaseFile, renamed, toDisk } from "./backup.ts";
import { Database, isDamage } from "./database.ts";

/** What was done about a damaged file. Times are milliseconds since 1970. */
export interface Recovery {
  path: string;
  /** What was wrong with it. */
  because: string;
  /** Where the damaged file is kept; of a file that was not there, its last backup. */
  keptAs: string;
  /** True where there was no file, but a backup of one: a new file was begun. */
  isMissing?: boolean;
  /** When the copy that took its place was made; undefined where there was none that is whole. */
  backupAtMs: number | undefined;
}

/** Files up to this size are looked through at every start: that takes less than a second. */
const CHECKED_BYTES = 64e6;

/**
 * Opens the file and, where it is damaged, what takes its place. Nobody else may have it open.
 * @throws HubError as `Database.open`, but for a damaged file.
 */
export async function openRecovering(
  file: DatabaseFile,
  nowMs: number,
): Promise<{ database: Database; recovery: Recovery | undefined }> {
  const recovery = await endReplacing(file.path) ?? await keepOfMissing(file.path, nowMs);
  try {
    const database = await openWhole(file);
    watch(database);
    return { database, recovery };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const recovery = await replace(file, toHubError(error), nowMs);
    const { path, worker, schema } = file;
    const database = await Database.open(path, worker, schema);
    watch(database);
    return { database, recovery };
  }
}

/** Damaged files that are kept beside a database file. */
export async function damagedBeside(path: string): Promise<string[]> {
  const cut = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, cut), path.slice(cut + 1)];
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (/^\.damaged-\d{8}T\d{6}Z$/.test(entry.name.slice(name.length)) && entry.name.startsWith(name)) {
      found.push(`${folder}/${entry.name}`);
    }
  }
  return found.sort();
}

/** Stands beside a file that turned out to be damaged while it was in use: it is looked through when next opened. */
function markOf(path: string): string {
  return `${path}.suspect`;
}

/** Has the file looked through when it is opened next, however large it is. */
export async function markSuspect(path: string): Promise<void> {
  await Deno.writeTextFile(markOf(path), "");
}

async function exists(path: string): Promise<boolean> {
  return await sizeOf(path) !== undefined;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function openWhole({ path, worker, schema }: DatabaseFile): Promise<Database> {
  const isSuspect = await exists(markOf(path));
  const size = await sizeOf(path);
  if (size === 0) await refuseEmpty(path);
  const isLooked = isSuspect || (size ?? 0) <= CHECKED_BYTES;
  const database = await Database.open(path, worker, schema);
  try {
    if (isLooked) await checkWhole(database);
    if (isSuspect) await Deno.remove(markOf(path));
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** SQLite takes a file of no bytes for a new database. Where there is a backup, it is what a power cut left of one. */
async function refuseEmpty(path: string): Promise<void> {
  const isKept = await Promise.all(backupsOf(path).map(exists));
  if (isKept.includes(true)) throw damaged(path, "the file is empty");
}

function watch(database: Database): void {
  let isMarked = false;
  database.onDamage(() => {
    if (isMarked) return;
    isMarked = true;
    // Written at once: what follows may be the end of the process. That it fails changes nothing for who asked.
    markSuspect(database.path).catch(() => isMarked = false);
  });
}

/** A whole copy that is to take the file's place: should the hub end before it does, the next start goes on. */
function standInOf(path: string): string {
  return `${path}.restored`;
}

/** With the files that SQLite keeps beside it: the file itself goes first, so that it is never opened without its log. */
const SUFFIXES = ["", "-wal", "-shm"];

/** Nothing is moved until what takes its place is on the disk, and whole. */
async function replace(file: DatabaseFile, error: HubError, nowMs: number): Promise<Recovery> {
  const { path } = file;
  const keptAs = `${path}.damaged-${stampOf(nowMs)}`;
  const backupAtMs = await prepare(file);
  for (const suffix of SUFFIXES) await renamed(path + suffix, keptAs + suffix);
  await renamed(standInOf(path), path);
  await removed(markOf(path));
  return { path, because: String(error.details?.["sqlite"] ?? error.message), keptAs, backupAtMs };
}

/** Such as 20260501T123015Z. */
function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, "");
}

/**
 * Keeps the backup of a file that is not there from being written over by one of the new file. Whether somebody deleted
 * it or a disk lost it, only people know.
 */
async function keepOfMissing(path: string, nowMs: number): Promise<Recovery | undefined> {
  if (await exists(path)) return undefined;
  for (const backup of backupsOf(path)) {
    if (!await exists(backup)) continue;
    const { mtime } = await Deno.stat(backup);
    const keptAs = `${backupsOf(path)[0]}.kept-${stampOf(nowMs)}`;
    await Deno.rename(backup, keptAs);
    return { path, because: "it was not there", keptAs, backupAtMs: mtime?.getTime(), isMissing: true };
  }
  return undefined;
}

/** Copies the newest backup that is whole to where it stands in. @returns when it was made. */
async function prepare(file: DatabaseFile): Promise<number | undefined> {
  const part = `${file.path}.part`;
  const clear = async () => {
    for (const suffix of SUFFIXES) await removed(part + suffix);
  };
  for (const backup of backupsOf(file.path)) {
    if (!await exists(backup)) continue;
    const { mtime } = await Deno.stat(backup);
    await clear();
    try {
      await Deno.copyFile(backup, part);
      await Deno.chmod(part, 0o600);
      if (!await isWhole({ ...file, path: part })) continue;
      if (mtime) await Deno.utime(part, mtime, mtime);
      await toDisk(part);
      await Deno.rename(part, standInOf(file.path));
      return mtime?.getTime();
    } finally {
      await clear();
    }
  }
  return undefined;
}

/** Ends what `replace` began in a run that ended before it had. */
async function endReplacing(path: string): Promise<Recovery | undefined> {
  for (const suffix of SUFFIXES) await removed(`${path}.part${suffix}`);
  if (await exists(path)) {
    await removed(standInOf(path));
    return undefined;
  }
  const keptAs = (await damagedBeside(path)).at(-1);
  if (!await exists(standInOf(path)) || keptAs === undefined) return undefined;
  for (const suffix of SUFFIXES) await renamed(path + suffix, keptAs + suffix);
  const { mtime } = await Deno.stat(standInOf(path));
  await Deno.rename(standInOf(path), path);
  await removed(markOf(path));
  return { path, because: "as an earlier start of the hub found", keptAs, backupAtMs: mtime?.getTime() };
}

async function isWhole({ path, worker, schema }: DatabaseFile): Promise<boolean> {
  try {
    const database = await Database.open(path, worker, schema);
    try {
      await checkWhole(database);
    } finally {
      await database.close();
    }
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

async function removed(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
