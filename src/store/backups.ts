// Makes the backups of the hub's database files when they are due.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import { backUp, backupsOf, type DatabaseFile } from "./backup.ts";
import { isDamage } from "./database.ts";
import { markSuspect } from "./recovery.ts";

const DAY_MS = 86_400_000;
/** After the start, so that a hub that is only tried out makes none. */
const FIRST_MS = 600_000;
const LOOK_EVERY_MS = 3_600_000;

/** A file of which backups are made. */
export interface BackedUp extends DatabaseFile {
  /** At most so often. */
  everyDays: number;
  /** A large file is copied less often: no more bytes are written in a day, on average. */
  bytesPerDay: number;
}

/** What it works with. */
export interface BackupsDeps {
  clock: Clock;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
  files: readonly BackedUp[];
  /** How much of a folder's disk is free; undefined where that cannot be told. */
  freeBytes(folder: string): Promise<number | undefined>;
}

/** Of what is free on the disk: recordings need the rest more. */
const MOST_OF_FREE = 0.25;

/** Makes them while it runs. */
export class Backups {
  readonly #deps: BackupsDeps;

  constructor(deps: BackupsDeps) {
    this.#deps = deps;
  }

  /** Until the signal aborts. Never fails: a backup that cannot be made is a warning. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    await clock.sleep(FIRST_MS, signal);
    for (;;) {
      await this.makeDue(signal);
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  /** Makes those that are due now, until the signal aborts. */
  async makeDue(signal?: AbortSignal): Promise<void> {
    const { clock, log, warnings, files } = this.#deps;
    for (const file of files) {
      const code = `backup_${file.schema}`;
      try {
        if (!await isDue(file, clock.now())) continue;
        await this.#requireRoom(file.path);
        const bytes = await backUp(file, signal);
        log.info("A backup of a database was made", { path: file.path, bytes });
        warnings.clear(code);
      } catch (error) {
        if (isAbort(error)) throw error;
        if (signal?.aborted) return;
        const explained = toHubError(error);
        if (isDamage(error)) await markSuspect(file.path);
        log.error("A backup of a database could not be made", { path: file.path, error });
        warnings.raise(code, wordsOf(file.path, explained), explained.hint);
      }
    }
  }

  /** @throws HubError `storage_full` where the copy would take too much of what is free. */
  async #requireRoom(path: string): Promise<void> {
    const free = await this.#deps.freeBytes(path.slice(0, path.lastIndexOf("/")));
    const bytes = ((await look(path))?.bytes ?? 0) + ((await look(`${path}-wal`))?.bytes ?? 0);
    if (free === undefined || bytes <= free * MOST_OF_FREE) return;
    const mb = (all: number) => `${(all / 1e6).toFixed(1)} MB`;
    throw new HubError("storage_full", `it would leave too little room, ${mb(bytes)} of ${mb(free)} free`, {
      hint: "Free some space on that disk: a backup takes a quarter of what is free at most",
    });
  }
}

function wordsOf(path: string, error: HubError): string {
  if (!isDamage(error)) return `No backup of ${path} could be made: ${error.message}`;
  return `${error.message}. The backup that there is was kept as it is`;
}

/** A copy is due when it is old, for its size, and something was written since. */
async function isDue(
  { path, everyDays, bytesPerDay }: BackedUp,
  nowMs: number,
): Promise<boolean> {
  const file = await look(path);
  if (!file) return false;
  const copy = await look(backupsOf(path)[0]);
  if (!copy) return true;
  const ageMs = nowMs - copy.changedMs;
  // One from the future was made under a clock that was wrong.
  if (ageMs < -DAY_MS) return true;
  const changedMs = Math.max(file.changedMs, (await look(`${path}-wal`))?.changedMs ?? 0);
  return changedMs > copy.changedMs && ageMs >= Math.max(everyDays, file.bytes / bytesPerDay) * DAY_MS;
}

async function look(path: string): Promise<{ bytes: number; changedMs: number } | undefined> {
  try {
    const { size, mtime } = await Deno.stat(path);
    return { bytes: size, changedMs: mtime?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
