// Pictures that were taken to stay: files in the data folder, safe on the disk before they are told of.
import { explainFileError } from "../base/errors.ts";
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

/** The folder `snapshots` of the data folder. */
export class SnapshotFiles {
  readonly #dataDir: string;
  readonly #freeSpace: (folder: string) => Promise<FreeSpace | undefined>;

  constructor(dataDir: string, freeSpace: (folder: string) => Promise<FreeSpace | undefined>) {
    this.#dataDir = dataDir;
    this.#freeSpace = freeSpace;
  }

  /** Writes a JPEG. @throws HubError `storage_full`, `forbidden`. */
  async save(camera: string, bytes: Uint8Array, capturedAtMs: number): Promise<KeptPicture> {
    const refusal = refusalOf(await this.#freeSpace(this.#dataDir));
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
    return { id, path, sizeBytes: bytes.length };
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
