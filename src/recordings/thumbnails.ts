// Pictures out of recordings: one for each file, kept on the disk, and those of moments while somebody looks for one,
// kept in memory. Each is made once, two at a time.
import type { Clock } from "../base/clock.ts";
import { abortError, explainFileError, HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { abortable } from "../base/scope.ts";
import { Turns } from "../base/turns.ts";
import { runCommand } from "../process/command.ts";
import { pictureOfFileArgs } from "../process/footage_args.ts";
import type { Launcher } from "../process/launcher.ts";
import type { StoredRecording } from "../store/recordings_table.ts";
import type { TimelineTable } from "../store/timeline_table.ts";
import { type RecordingFiles, removeFile } from "./files.ts";
import { BoundedCache } from "./bounded_cache.ts";
import { RECORDING_ID } from "./recording.ts";

/** What they need of the house. */
export interface ThumbnailsContext {
  /** The folder in which they are kept. */
  folder: string;
  files: Pick<RecordingFiles, "locate">;
  table: Pick<TimelineTable, "known">;
  launcher: Launcher;
  clock: Clock;
  log: Logger;
}

/** A picture and where in the file it was looked for. */
export interface FilePicture {
  bytes: Uint8Array<ArrayBuffer>;
  offsetMs: number;
}

/** Widths that are made; another one gets the next larger. */
export const THUMBNAIL_WIDTHS = [160, 320, 640, 1280] as const;
/** Width of those that are kept on the disk. */
const KEPT_WIDTH = 320;
const AT_ONCE = 2;
/** Moments that lie closer together have the same picture: cameras send a key frame every second or more seldom. */
const STEP_MS = 1000;
const MEMORY_BYTES = 16 << 20;
const DEADLINE_MS = 15_000;
const MAX_PICTURE_BYTES = 4 << 20;
const SWEEP_EVERY_MS = 60_000;
const NAME = /^(.+)\.jpg$/;

/** Makes and keeps them. */
export class Thumbnails {
  readonly #context: ThumbnailsContext;
  readonly #turns = new Turns(AT_ONCE);
  readonly #making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #cache = new BoundedCache<Uint8Array<ArrayBuffer>>(MEMORY_BYTES, ({ length }) => length);

  constructor(context: ThumbnailsContext) {
    this.#context = context;
  }

  /** Once a minute removes pictures of what is no longer listed, whoever removed it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sweep();
      await this.#context.clock.sleep(SWEEP_EVERY_MS, signal).catch((error) => {
        if (!isAbort(error)) throw error;
      });
    }
  }

  /** The picture of a file as a whole: a little after its beginning. @throws HubError as `at` does. */
  async of(recording: StoredRecording, signal: AbortSignal): Promise<FilePicture> {
    const offsetMs = Math.min(recording.durationMs / 2, recording.preRollMs + STEP_MS);
    const path = this.#path(recording.id);
    const kept = await readFile(path);
    if (kept) return { bytes: kept, offsetMs };
    const { bytes } = await this.at(recording, { offsetMs, width: KEPT_WIDTH }, signal);
    await this.#keep(path, bytes);
    return { bytes, offsetMs };
  }

  /**
   * The picture at the key frame at or before a moment of a file.
   * @throws HubError `not_found` where the file is gone, `internal` where it cannot be read, `timeout`; AbortError.
   */
  async at(
    recording: StoredRecording,
    { offsetMs, width }: { offsetMs: number; width: number },
    signal: AbortSignal,
  ): Promise<FilePicture> {
    const step = Math.floor(Math.max(0, Math.min(offsetMs, recording.durationMs - 1)) / STEP_MS) * STEP_MS;
    const wide = THUMBNAIL_WIDTHS.find((each) => each >= width) ?? 1280;
    const key = `${recording.id} ${step} ${wide}`;
    for (;;) {
      const cached = this.#cache.get(key);
      if (cached) return { bytes: cached, offsetMs: step };
      const shared = this.#making.get(key);
      const making = shared ?? this.#make(key, { recording, offsetMs: step, width: wide }, signal);
      try {
        return { bytes: await abortable(making, signal), offsetMs: step };
      } catch (error) {
        // Who began it has left meanwhile, and it with them.
        if (!shared || !isAbort(error) || signal.aborted) throw error;
      }
    }
  }

  /** Removes the picture of a file that is being removed. */
  async forget(id: string): Promise<void> {
    this.#cache.forget(`${id} `);
    await removeFile(this.#path(id));
  }

  /** Removes pictures of files that are no longer listed. Never fails. */
  async sweep(): Promise<void> {
    const { folder, table, log } = this.#context;
    try {
      const ids = await keptIds(folder);
      if (ids.length === 0) return;
      const known = await table.known(ids);
      for (const id of ids) if (!known.has(id)) await this.forget(id);
    } catch (error) {
      log.warn("Pictures of recordings that are gone could not be removed", { error });
    }
  }

  async #make(
    key: string,
    order: { recording: StoredRecording; offsetMs: number; width: number },
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const making = this.#turns.run(() => this.#draw(order, signal));
    this.#making.set(key, making);
    try {
      const bytes = await making;
      this.#cache.put(key, bytes);
      return bytes;
    } finally {
      this.#making.delete(key);
    }
  }

  async #draw(
    { recording, offsetMs, width }: { recording: StoredRecording; offsetMs: number; width: number },
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    // Whoever scrubs leaves many behind that nobody waits for any more.
    if (signal.aborted) throw abortError();
    const { files, launcher, clock } = this.#context;
    const path = await files.locate(recording.path);
    if (path === undefined) {
      throw new HubError("not_found", `The file of recording "${recording.id}" is gone from the disk`, {
        hint: "Delete the recording, or bring its disk back",
      });
    }
    const { stdout, stderr } = await runCommand({
      name: `picture of ${recording.camera}`,
      program: "ffmpeg",
      args: pictureOfFileArgs(path, offsetMs, width),
    }, { launcher, clock, signal, deadlineMs: DEADLINE_MS, maxBytes: MAX_PICTURE_BYTES });
    if (stdout.length > 0) return stdout;
    throw new HubError("internal", `Recording "${recording.id}" has no picture at ${offsetMs / 1000} s`, {
      details: { stderr },
    });
  }

  /** A disk that takes no picture is no reason not to show it. */
  async #keep(path: string, bytes: Uint8Array): Promise<void> {
    try {
      await Deno.mkdir(this.#context.folder, { recursive: true, mode: 0o700 });
      const own = `${path}.${crypto.randomUUID()}`;
      await Deno.writeFile(own, bytes, { createNew: true, mode: 0o600 });
      await Deno.rename(own, path);
    } catch (error) {
      this.#context.log.warn("The picture of a recording could not be kept", {
        error: explainFileError(error, path),
      });
    }
  }

  #path(id: string): string {
    if (!RECORDING_ID.test(id)) throw new Error(`${JSON.stringify(id)} is no id of a recording`);
    return `${this.#context.folder}/${id}.jpg`;
  }
}

/** What a write that was broken off has left is counted as well: no recording has such an id. */
async function keptIds(folder: string): Promise<string[]> {
  const ids: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      const id = NAME.exec(name)?.[1] ?? "";
      if (isFile && RECORDING_ID.test(id)) ids.push(id);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return ids;
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw explainFileError(error, path);
  }
}
