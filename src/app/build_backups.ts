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
    log.error("A damaged database was replaced", { ...recovery });
    warnings.raise(code, message, `Delete ${recovery.keptAs} when you need nothing of it any more`);
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

function wordsOf({ path, because, keptAs, backupAtMs }: Recovery, schema: SchemaName): string {
  const begin = `The database ${path} was damaged (${because}) and is kept as ${keptAs}.`;
  const what = CONTENT[schema];
  if (backupAtMs === undefined) return `${begin} There was no good backup, so this is lost: ${what}`;
  return `${begin} Its backup of ${
    isoTime(backupAtMs)
  } took its place. Lost is what was written since then: ${what}`;
}
