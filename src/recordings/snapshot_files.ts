// Pictures that were taken to stay: files in the data folder, safe on the disk before they are told of.
import { explainFileError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { FreeSpace } from "./free_space.ts";
import { refusalOf } from "./recorder.ts";
import { newRecordingId } from "./recording.ts";
import { syncFolder } from "./files.ts";

/** A picture that was kept. */
export interface KeptPicture {
  id: string;
  /** Below the data folder. */
  path: string;
  sizeBytes: number;
}

/** What keeping pictures needs of the house. */
export interface SnapshotsContext {
  freeSpace(folder: string): Promise<FreeSpace | undefined>;
  log: Logger;
}

const MAX_PER_CAMERA = 500;
const MAX_AGE_MS = 30 * 86_400_000;
const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-[a-z0-9]{12}\.jpg(\.part)?$/;

/** The folder `snapshots` of the data folder: of each camera the last 500 pictures, for 30 days. */
export class SnapshotFiles {
  readonly #dataDir: string;
  readonly #context: SnapshotsContext;

  constructor(dataDir: string, context: SnapshotsContext) {
    this.#dataDir = dataDir;
    this.#context = context;
  }

  /** Writes a JPEG, and removes what is too old or too much. @throws HubError `storage_full`, `forbidden`. */
  async save(camera: string, bytes: Uint8Array, capturedAtMs: number): Promise<KeptPicture> {
    const hint =
      `Delete recordings, or pictures in ${this.#dataDir}/snapshots, or free some space on that disk`;
    const refusal = refusalOf(await this.#context.freeSpace(this.#dataDir), hint);
    if (refusal) throw refusal;
    const id = newRecordingId();
    const time = new Date(capturedAtMs).toISOString().replace(/[-:]|\.\d+Z$/g, "");
    const folder = `snapshots/${camera}`;
    const path = `${folder}/${time}-${id}.jpg`;
    const full = `${this.#dataDir}/${path}`;
    try {
      await Deno.mkdir(`${this.#dataDir}/${folder}`, { recursive: true, mode: 0o700 });
      await writeSynced(`${full}.part`, bytes);
      await Deno.rename(`${full}.part`, full);
      await syncFolder(`${this.#dataDir}/${folder}`);
    } catch (error) {
      throw explainFileError(error, full);
    }
    await this.#prune({ camera, keep: path, nowMs: capturedAtMs });
    return { id, path, sizeBytes: bytes.length };
  }

  /** Removes the oldest by their names. Never fails, and never takes the one that was just kept: a clock may be wrong. */
  async #prune({ camera, keep, nowMs }: { camera: string; keep: string; nowMs: number }): Promise<void> {
    const { log } = this.#context;
    const folder = `${this.#dataDir}/snapshots/${camera}`;
    const removed: string[] = [];
    try {
      const names: string[] = [];
      for await (const { name, isFile } of Deno.readDir(folder)) {
        if (isFile && NAME.test(name)) names.push(name);
      }
      names.sort();
      const tooMany = names.length - MAX_PER_CAMERA;
      for (const [index, name] of names.entries()) {
        const isTooOld = takenAtMs(name) < nowMs - MAX_AGE_MS;
        if ((index >= tooMany && !isTooOld) || keep.endsWith(`/${name}`)) continue;
        await Deno.remove(`${folder}/${name}`).catch((error) => {
          // Another picture that was kept at the same moment may have removed it.
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        });
        removed.push(name);
      }
    } catch (error) {
      log.warn("Old pictures could not be removed", { camera, error });
    }
    if (removed.length > 0) {
      log.info("Old pictures were removed", {
        camera,
        count: removed.length,
        first: removed[0],
        last: removed.at(-1),
      });
    }
  }
}

function takenAtMs(name: string): number {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
