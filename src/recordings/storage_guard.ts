// Can be recorded at all? The disk must have room and the folder must be there. Tells people when that changes.
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import type { RecordingFolder } from "./folder.ts";
import { type FreeSpace, refusalOf, type Reserve, reserveOf } from "./free_space.ts";
import type { RecordingChange } from "./wishes.ts";

/** What the guard works with. */
export interface GuardContext {
  folder: Pick<RecordingFolder, "refusal" | "root">;
  freeSpace(folder: string): Promise<FreeSpace | undefined>;
  reserve(): Reserve;
  clock: Clock;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
  /** Told when recording is no longer possible, and when it is again (undefined). */
  onChange?(error: HubError | undefined): void;
}

const WARNING = "recordings";
const LOOK_EVERY_MS = 10_000;
/** So much above the reserve recording goes on again: it must not stop and begin with every file. */
const RESUME_ABOVE = 1.05;
/** Room is made before recording has to stop. */
const MAKE_ROOM_BELOW = 1.1;

/** Looks after disk and folder. `run` does the work. */
export class StorageGuard {
  readonly #context: GuardContext;
  #refused: HubError | undefined;

  constructor(context: GuardContext) {
    this.#context = context;
  }

  /** Why nothing may be recorded now. */
  async refusal(): Promise<HubError | undefined> {
    const error = await this.#context.folder.refusal() ?? await this.#full();
    if (error?.kind === this.#refused?.kind) return error;
    this.#refused = error;
    this.#tell(error);
    return error;
  }

  /** False while the folder is away. */
  async isThere(): Promise<boolean> {
    return await this.#context.folder.refusal() === undefined;
  }

  /** How many bytes are missing for recording to go on for long; 0 or less: none. */
  async missingBytes(): Promise<number> {
    const space = await this.#context.freeSpace(this.#context.folder.root);
    return space ? reserveOf(space, this.#context.reserve()) * MAKE_ROOM_BELOW - space.freeBytes : 0;
  }

  /** A recording has begun, or ended because the disk took no more. */
  readonly note = (change: RecordingChange): void => {
    const { warnings } = this.#context;
    if (change.type === "begun") return warnings.clear(WARNING);
    const { because, camera, error } = change.ended;
    if (because !== "disk_full" || !error) return;
    warnings.raise(WARNING, `The recording of "${camera}" was ended: ${error.message}`, error.hint);
  };

  /** Looks again and again until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.refusal();
      await this.#context.clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  async #full(): Promise<HubError | undefined> {
    const space = await this.#context.freeSpace(this.#context.folder.root);
    const reserve = this.#context.reserve();
    const isStopped = this.#refused?.kind === "storage_full";
    const needed = isStopped
      ? { bytes: reserve.bytes * RESUME_ABOVE, part: reserve.part * RESUME_ABOVE }
      : reserve;
    return refusalOf(space, { reserve: needed });
  }

  #tell(error: HubError | undefined): void {
    const { log, warnings, onChange } = this.#context;
    if (error) {
      log.warn("Nothing can be recorded", { error });
      warnings.raise(WARNING, error.message, error.hint);
    } else {
      log.info("Recording is possible again");
      warnings.clear(WARNING);
    }
    onChange?.(error);
  }
}
