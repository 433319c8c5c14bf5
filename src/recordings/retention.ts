// Deletes the oldest recordings by age, by bytes and for want of room. Never what is locked; what holds an event counts
// as half as old as it is.
import type { Clock } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { CameraSum, Deletable, DeletableQuery } from "../store/recording_garbage_table.ts";
import type { RecordingLibrary } from "./library.ts";

/** What is kept of one camera, or of all. */
export interface Limits {
  keepDays?: number | undefined;
  keepBytes?: number | undefined;
}

/** What retention works with. */
export interface RetentionContext {
  clock: Clock;
  log: Logger;
  library: Pick<RecordingLibrary, "discard" | "sweep">;
  table: {
    sums(): Promise<CameraSum[]>;
    deletable(query: DeletableQuery): Promise<Deletable[]>;
    garbage(): Promise<string[]>;
  };
  /** Of all cameras; its days are those of cameras that have none of their own. */
  overall(): Limits;
  ofCamera(camera: string): Limits;
  /** How many bytes are missing on the disk before recording can go on; 0 or less: none. */
  missingBytes(): Promise<number>;
  /** False while the folder is away: then nothing is deleted. */
  isThere(): Promise<boolean>;
  /** True while the wall clock may be wrong: then nothing is called too old. */
  isClockDoubted(): boolean;
}

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 60_000;
const BATCH = 200;
/** Room is made for so much more than is missing: not anew for each file. */
const SOME_MORE_BYTES = 512 << 20;
/** One file that cannot be removed must not end the making of room. */
const MAX_STUCK = 20;

/** Enforces what is to be kept. `run` does the work. */
export class Retention {
  readonly #context: RetentionContext;

  constructor(context: RetentionContext) {
    this.#context = context;
  }

  /** Looks once a minute until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    while (!signal.aborted) {
      try {
        await this.enforce();
      } catch (error) {
        if (isAbort(error)) throw error;
        log.warn("Old recordings could not be deleted", { error });
      }
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  /** Deletes what is too old or too much now; returns how many files. */
  async enforce(): Promise<number> {
    const { library, table, overall, ofCamera, isThere, isClockDoubted } = this.#context;
    const isDoubted = isClockDoubted();
    if (!await isThere()) return 0;
    await library.sweep();
    const all = overall();
    let deleted = 0;
    for (const { camera, sizeBytes } of await table.sums()) {
      const own = ofCamera(camera);
      const keepDays = own.keepDays ?? all.keepDays;
      if (keepDays !== undefined && !isDoubted) deleted += await this.#deleteOld(camera, keepDays);
      if (own.keepBytes !== undefined) {
        deleted += await this.#deleteBytes({ camera }, sizeBytes - own.keepBytes);
      }
    }
    if (all.keepBytes !== undefined) {
      const bytes = (await table.sums()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      deleted += await this.#deleteBytes({}, bytes - all.keepBytes);
    }
    return deleted + await this.makeRoom();
  }

  /**
   * Deletes the oldest of what rules recorded while the disk has too little room; returns how many files. Nothing while
   * many of before cannot be removed, as on a disk that takes no writes: each time more would go from the list and no
   * room would come of it, until nothing is left.
   */
  async makeRoom(): Promise<number> {
    const missing = await this.#context.missingBytes();
    if (missing <= 0 || (await this.#context.table.garbage()).length > MAX_STUCK) return 0;
    return await this.#deleteBytes({ isByRule: true }, missing + SOME_MORE_BYTES);
  }

  async #deleteOld(camera: string, keepDays: number): Promise<number> {
    const { clock, table } = this.#context;
    const endedBeforeMs = clock.now() - keepDays * DAY_MS;
    let deleted = 0;
    for (;;) {
      const found = await table.deletable({ camera, endedBeforeMs, limit: BATCH });
      deleted += await this.#discard(found, "age");
      if (found.length < BATCH) return deleted;
    }
  }

  async #deleteBytes(which: Omit<DeletableQuery, "limit">, tooMuch: number): Promise<number> {
    let left = tooMuch;
    let deleted = 0;
    while (left > 0) {
      const found = await this.#context.table.deletable({ ...which, limit: BATCH });
      const chosen: Deletable[] = [];
      for (const each of found) {
        if (left <= 0) break;
        chosen.push(each);
        left -= each.sizeBytes;
      }
      deleted += await this.#discard(chosen, "size");
      if (found.length < BATCH) break;
    }
    return deleted;
  }

  async #discard(files: readonly Deletable[], because: "age" | "size"): Promise<number> {
    if (files.length === 0) return 0;
    const count = await this.#context.library.discard(files.map(({ id }) => id));
    this.#context.log.info("Old recordings were deleted", { count, because, oldest: files[0]?.path });
    return count;
  }
}
