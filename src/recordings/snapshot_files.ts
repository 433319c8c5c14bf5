// Pictures that were taken to stay: files in the data folder, safe on the disk before they are told of.
import type { Clock } from "../base/clock.ts";
import { explainFileError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { type FreeSpace, refusalOf } from "./free_space.ts";
import { newRecordingId } from "./recording.ts";
import { prunePictures } from "./picture_pruning.ts";
import { writeWhole } from "./whole_file.ts";

/** A picture that was kept. */
export interface KeptPicture {
  id: string;
  /** Below the data folder. */
  path: string;
  sizeBytes: number;
}

/** What keeping pictures needs of the house. */
export interface SnapshotsContext {
  clock: Clock;
  freeSpace(folder: string): Promise<FreeSpace | undefined>;
  log: Logger;
}

const PRUNE_EVERY_MS = 6 * 3_600_000;

/** The folder `snapshots` of the data folder: of each camera the last 500 pictures, for 30 days, 2 GiB in all. */
export class SnapshotFiles {
  readonly #dataDir: string;
  readonly #folder: string;
  readonly #context: SnapshotsContext;

  constructor(dataDir: string, context: SnapshotsContext) {
    this.#dataDir = dataDir;
    this.#folder = `${dataDir}/snapshots`;
    this.#context = context;
  }

  /** Writes a JPEG, and removes what is too old or too much of its camera. @throws HubError `storage_full`, `forbidden`. */
  async save(camera: string, bytes: Uint8Array, capturedAtMs: number): Promise<KeptPicture> {
    const hint = `Delete recordings, or pictures in ${this.#folder}, or free some space on that disk`;
    const refusal = refusalOf(await this.#context.freeSpace(this.#dataDir), { hint });
    if (refusal) throw refusal;
    const id = newRecordingId();
    const time = new Date(capturedAtMs).toISOString().replace(/[-:]|\.\d+Z$/g, "");
    const folder = `snapshots/${camera}`;
    const path = `${folder}/${time}-${id}.jpg`;
    const full = `${this.#dataDir}/${path}`;
    try {
      await Deno.mkdir(`${this.#dataDir}/${folder}`, { recursive: true, mode: 0o700 });
      await writeWhole(full, bytes);
    } catch (error) {
      throw explainFileError(error, full);
    }
    await prunePictures(this.#folder, { ...this.#context, nowMs: capturedAtMs, camera, keep: full });
    return { id, path, sizeBytes: bytes.length };
  }

  /** Removes what has become too old or too much, at once and every few hours, until the signal aborts. Never fails. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    while (!signal.aborted) {
      await prunePictures(this.#folder, { ...this.#context, nowMs: clock.now() });
      try {
        await clock.sleep(PRUNE_EVERY_MS, signal);
      } catch (error) {
        if (!isAbort(error)) throw error;
      }
    }
  }
}
