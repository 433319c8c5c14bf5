// Backups of the databases, and what is told of one that was damaged.
import type { Clock } from "../base/clock.ts";
import { isoTime } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import { Backups } from "../store/backups.ts";
import type { Database } from "../store/database.ts";
import type { SchemaName } from "../store/schemas.ts";
import { damagedBeside, type Recovery } from "../store/recovery.ts";
import type { Store } from "../store/open_store.ts";
import type { HubOptions } from "./options.ts";

interface Told {
  clock: Clock;
  log: Logger;
  warnings: Warnings;
}

/** Path of the history's file. */
export function historyPath(dataDir: string): string {
  return `${dataDir}/history.sqlite`;
}

/** Backups of what is kept on the disk. docs/performance.md has the bytes. */
export function buildBackups({ layout }: HubOptions, { database, dataDir }: Store, told: Told): Backups {
  const worker = layout.storeWorker;
  const files = database.path === ":memory:" ? [] : [
    { path: database.path, schema: "hub", worker, everyDays: 1, bytesPerDay: 20e6 } as const,
    { path: historyPath(dataDir), schema: "history", worker, everyDays: 7, bytesPerDay: 3e6 } as const,
  ];
  return new Backups({
    ...told,
    files,
    freeBytes: async (folder) => (await readFreeSpace(folder))?.freeBytes,
  });
}

/** What is in the file, for people. */
const CONTENT: Readonly<Record<SchemaName, string>> = {
  hub: "users, tokens, cameras, rules, events and the list of recordings",
  history: "the history of metrics",
};

/** Warns of what was done about a damaged file, of others that are kept, and of damage that shows later. */
export async function tellDamage(
  { database, recovery, schema }: { database: Database; recovery?: Recovery | undefined; schema: SchemaName },
  { log, warnings }: Told,
): Promise<void> {
  const code = `database_${schema}`;
  if (recovery) {
    const message = wordsOf(recovery, schema);
    const done = recovery.isMissing
      ? "A database that was not there was begun anew"
      : "A damaged database was replaced";
    log.error(done, { ...recovery });
    warnings.raise(code, message, hintOf(recovery));
  } else if (database.path !== ":memory:") {
    const kept = await damagedBeside(database.path);
    if (kept.length > 0) {
      const message = `Damaged databases of earlier are still kept: ${kept.join(", ")}`;
      warnings.raise(code, message, "Delete them when you need nothing of them any more");
    }
  }
  database.onDamage((error) => {
    log.error("A database is damaged", { error });
    warnings.raise(code, error.message, error.hint);
  });
}

function wordsOf({ path, because, keptAs, backupAtMs, isMissing }: Recovery, schema: SchemaName): string {
  const what = CONTENT[schema];
  const when = backupAtMs === undefined ? "" : ` of ${isoTime(backupAtMs)}`;
  if (isMissing) {
    return `There was no database ${path}, and a new one was begun. A backup${when} is kept as ${keptAs}`;
  }
  const begin = `The database ${path} was damaged (${because}) and is kept as ${keptAs}.`;
  if (when === "") return `${begin} There was no good backup, so this is lost: ${what}`;
  return `${begin} Its backup${when} took its place. Lost is what was written since then: ${what}`;
}

function hintOf({ path, keptAs, isMissing }: Recovery): string {
  const end = `Delete ${keptAs} when you need nothing of it any more`;
  return isMissing ? `To go on with it, stop the hub and copy it to ${path}. ${end}` : end;
}
