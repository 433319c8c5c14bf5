// What was recorded: found, opened, locked, and deleted so that neither a file nor a row is left over.
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { CameraSum, RecordingGarbageTable } from "../store/recording_garbage_table.ts";
import type {
  RecordingPage,
  RecordingQuery,
  RecordingsTable,
  StoredRecording,
} from "../store/recordings_table.ts";
import type { PlainMp4 } from "../protocols/fmp4/plain_head.ts";
import { readName, type RecordingFiles } from "./files.ts";
import { PlayIndex } from "./play_index.ts";
import { RECORDING_ID } from "./recording.ts";

/** What the library works with. */
export interface LibraryContext {
  files: RecordingFiles;
  table: RecordingsTable;
  garbage: RecordingGarbageTable;
  log: Logger;
}

/** An open file; whoever gets it closes it. */
export interface OpenRecording {
  recording: StoredRecording;
  file: Deno.FsFile;
  sizeBytes: number;
}

/** Files of recordings that are over. */
export class RecordingLibrary {
  readonly #context: LibraryContext;
  readonly #playIndex: PlayIndex;

  constructor(context: LibraryContext) {
    this.#context = context;
    this.#playIndex = new PlayIndex(context.log);
  }

  async list(query: RecordingQuery): Promise<RecordingPage> {
    return await this.#context.table.list(query);
  }

  /** @throws HubError `not_found`. */
  async get(id: string): Promise<StoredRecording> {
    const found = RECORDING_ID.test(id) ? await this.#context.table.find(id) : undefined;
    if (found) return found;
    throw new HubError("not_found", `There is no recording "${id.slice(0, 40)}"`, {
      hint: "list_recordings tells their ids; one that goes on is listed when it is over",
    });
  }

  /** How much is recorded of each camera. */
  async sums(): Promise<CameraSum[]> {
    return await this.#context.garbage.sums();
  }

  /** False while its file is not on the disk: that is away, or somebody deleted the file. */
  async isThere({ path }: StoredRecording): Promise<boolean> {
    return readName(path) !== undefined && await this.#context.files.has(path);
  }

  /** Opens the file; the caller closes it. @throws HubError `not_found`. */
  async open(id: string): Promise<OpenRecording> {
    const recording = await this.get(id);
    const file = await this.#context.files.open(recording.path);
    if (file) return { recording, file, sizeBytes: await sizeOf(file) };
    throw new HubError("not_found", `The file of recording "${id}" is gone from the disk`, {
      hint: "Delete the recording, or bring its disk back",
    });
  }

  /**
   * What a player is given: a plain MP4 with its index in front. Undefined where only the file as it is can be given.
   * The file is closed where it cannot be read.
   */
  async playable({ recording, file, sizeBytes }: OpenRecording): Promise<PlainMp4 | undefined> {
    try {
      return await this.#playIndex.of(recording.id, file, sizeBytes);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Keeps it from being deleted, or no longer. @throws HubError `not_found`. */
  async lock(id: string, isLocked: boolean): Promise<StoredRecording> {
    await this.get(id);
    await this.#context.table.lock(id, isLocked);
    return await this.get(id);
  }

  /** Removes row and file, and looks whether both are gone. @throws HubError `not_found`, `conflict` for a locked one. */
  async remove(id: string): Promise<StoredRecording> {
    const { files, table } = this.#context;
    const recording = await this.get(id);
    if (recording.isLocked) throw isLocked(id);
    await this.discard([id]);
    if (await table.find(id) === undefined && !await files.has(recording.path)) return recording;
    throw new HubError("internal", `Recording "${id}" is still there after it was deleted`);
  }

  /** Deletes those that are not locked; returns how many. What cannot be removed now is tried again at the next sweep. */
  async discard(ids: readonly string[]): Promise<number> {
    const paths = await this.#context.garbage.discard(ids);
    await this.#removeFiles(paths);
    return paths.length;
  }

  /** Removes the files that are in no list any more. */
  async sweep(): Promise<void> {
    await this.#removeFiles(await this.#context.garbage.garbage());
  }

  /** The row went first: a crash in between leaves the file in the garbage, not a row without a file. */
  async #removeFiles(paths: readonly string[]): Promise<void> {
    const { files, garbage, log } = this.#context;
    const gone: string[] = [];
    for (const path of paths) {
      try {
        await files.remove(path);
        gone.push(path);
      } catch (error) {
        log.warn("A file of a deleted recording could not be removed and is tried again later", {
          file: path,
          error,
        });
      }
    }
    if (gone.length > 0) await garbage.forget(gone);
  }
}

/** Why a recording is not deleted. */
function isLocked(id: string): HubError {
  return new HubError("conflict", `Recording "${id}" is locked against deletion`, {
    hint: "unlock_recording lets it be deleted",
  });
}

/** Nobody closes a file that is not handed out. */
async function sizeOf(file: Deno.FsFile): Promise<number> {
  try {
    return (await file.stat()).size;
  } catch (error) {
    file.close();
    throw error;
  }
}
