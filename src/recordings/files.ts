// The folder of recordings: where a file lies, how it is closed so that it stays, and what a crash left there.
import { Buffer } from "node:buffer";
import { explainFileError } from "../base/errors.ts";
import { ifThere } from "../base/if_there.ts";
import type { InitSegment } from "../protocols/fmp4/init_segment.ts";
import { type Fmp4File, scanFmp4File } from "../protocols/fmp4/file_scan.ts";

/** What can be told of a file when it is closed. `unreadable`: it is not what the hub writes, and was kept. */
export type Closing = ClosedFile | "empty" | "unreadable";

/** What was found in a file when it was closed. */
export interface ClosedFile {
  sizeBytes: number;
  durationMs: number;
  init: InitSegment;
}

/** A file in the folder, as its name tells. */
export interface NamedFile {
  /** Below the folder, without the ending that it has while it is written. */
  path: string;
  camera: string;
  id: string;
  startedAtMs: number;
  isPart: boolean;
}

/** A file has this ending until it is closed and safe. */
const PART = ".part";
/** One with this ending cannot be read; people may make something of it. */
const BROKEN = ".broken";
const NAME =
  /^([a-z0-9][a-z0-9_-]{0,62})\/(\d{4}-\d{2}-\d{2})\/(\d{2})(\d{2})(\d{2})-([a-z0-9]{12}(?:-\d{1,6})?)\.mp4(\.part)?$/;

/** Reads a path below the folder; undefined for what is no recording. */
export function readName(path: string): NamedFile | undefined {
  const [, camera, day, hour, minute, second, id, part] = NAME.exec(path) ?? [];
  if (camera === undefined || id === undefined) return undefined;
  const startedAtMs = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  if (!Number.isFinite(startedAtMs)) return undefined;
  return { path: path.replace(/\.part$/, ""), camera, id, startedAtMs, isPart: part !== undefined };
}

/** Where a recording of that time lies, in UTC: a clock that is put back must not mix files up. */
export function pathOf(camera: string, startedAtMs: number, id: string): string {
  const time = new Date(startedAtMs).toISOString();
  return `${camera}/${time.slice(0, 10)}/${time.slice(11, 19).replaceAll(":", "")}-${id}.mp4`;
}

/** The files below one folder. Paths come from the hub itself, never from outside. */
export class RecordingFiles {
  readonly #root: string;
  readonly #require: () => Promise<void>;

  /** @param require throws where nothing may be written into the folder: it is away. */
  constructor(root: string, require: () => Promise<void> = () => Promise.resolve()) {
    this.#root = root;
    this.#require = require;
  }

  get root(): string {
    return this.#root;
  }

  /**
   * Where a file is written until it is closed; its folder is made.
   * @throws HubError `storage_full`, `forbidden`, `unavailable` where the folder of recordings is away.
   */
  async prepare(path: string): Promise<string> {
    await this.#require();
    const full = this.#full(path) + PART;
    const folder = full.slice(0, full.lastIndexOf("/"));
    try {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw explainFileError(error, folder);
    }
    return full;
  }

  /** How much of a file is on the disk that is still being written; 0 before there is any. */
  async sizeWhileWritten(path: string): Promise<number> {
    return await sizeOf(this.#full(path) + PART) ?? 0;
  }

  /** Brings what is written of a file to the disk while it goes on being written. */
  async sync(path: string): Promise<void> {
    try {
      using file = await Deno.open(this.#full(path) + PART, { write: true });
      await file.syncData();
    } catch (error) {
      // It was closed at this moment, or its disk is away: that is noticed by who writes it.
      if (!(error instanceof Deno.errors.NotFound)) throw explainFileError(error, path);
    }
  }

  /**
   * Closes a file that nobody writes any more: what was cut off behind its last whole fragment goes, the rest is
   * brought to the disk and gets its name. A file without a picture is removed, one that cannot be read is put aside
   * as `….broken`. What has its name already is only read.
   */
  async close(path: string): Promise<Closing> {
    const [full, part] = [this.#full(path), this.#full(path) + PART];
    const isPart = await sizeOf(part) !== undefined;
    const closed = isPart ? await settlePart(part) : await readClosed(full);
    if (closed === "empty") await removeFile(part);
    else if (isPart) await Deno.rename(part, closed === "unreadable" ? full + BROKEN : full);
    await this.#syncFolders(path);
    return closed;
  }

  /** What lies in the folder. */
  async *all(): AsyncGenerator<NamedFile> {
    for (const camera of await entriesOf(this.#root)) {
      for (const day of await entriesOf(`${this.#root}/${camera}`)) {
        for (const name of await entriesOf(`${this.#root}/${camera}/${day}`)) {
          const named = readName(`${camera}/${day}/${name}`);
          if (named) yield named;
        }
      }
    }
  }

  /** Opens a closed file for reading; the caller closes it. Undefined when it is gone. */
  async open(path: string): Promise<Deno.FsFile | undefined> {
    try {
      return await Deno.open(this.#full(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw explainFileError(error, this.#full(path));
    }
  }

  /** Where a closed file lies, for a program that reads it; undefined when it is gone. */
  async locate(path: string): Promise<string | undefined> {
    return await this.has(path) ? this.#full(path) : undefined;
  }

  /** True while a closed file is there. */
  async has(path: string): Promise<boolean> {
    return await sizeOf(this.#full(path)) !== undefined;
  }

  /** Removes a closed file, and its folder where that is empty; one that is gone already is as good. */
  async remove(path: string): Promise<void> {
    const full = this.#full(path);
    await removeFile(full);
    const folder = full.slice(0, full.lastIndexOf("/"));
    if (await exists(folder)) await syncFolder(folder);
    await removeEmpty(folder);
  }

  /** Those above it, too: the first file of a day, or of a camera, has made them. */
  async #syncFolders(path: string): Promise<void> {
    const [camera = "", day = ""] = path.split("/");
    for (const folder of [`${camera}/${day}`, camera]) await syncFolder(`${this.#root}/${folder}`);
    await syncFolder(this.#root);
  }

  #full(path: string): string {
    if (!readName(path)) throw new Error(`${JSON.stringify(path)} is no recording`);
    return `${this.#root}/${path}`;
  }
}

/** Cuts what is not whole from a file that was being written. */
async function settlePart(path: string): Promise<Closing> {
  using file = await Deno.open(path, { read: true, write: true });
  const { size } = await file.stat();
  const found = await scan(file, size);
  if (!found.init || found.durationMs <= 0) return await hasFrame(file, found) ? "unreadable" : "empty";
  if (found.wholeBytes < size) await file.truncate(found.wholeBytes);
  await file.sync();
  return { sizeBytes: found.wholeBytes, durationMs: found.durationMs, init: found.init };
}

/** Reads a file that was closed; nothing of it is changed. */
async function readClosed(path: string): Promise<Closing> {
  if (await sizeOf(path) === undefined) return "empty";
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const { init, durationMs } = await scan(file, size);
  return init && durationMs > 0 ? { sizeBytes: size, durationMs, init } : "unreadable";
}

async function scan(file: Deno.FsFile, sizeBytes: number): Promise<Fmp4File> {
  return await scanFmp4File((offset, length) => readAt(file, offset, length), sizeBytes);
}

const SEARCH_BYTES = 256 * 1024;

/** True where pictures begin somewhere in a file: somebody might save them. */
async function hasFrame(file: Deno.FsFile, { fragments }: Fmp4File): Promise<boolean> {
  if (fragments > 0) return true;
  const { size } = await file.stat();
  for (let at = 0; at < size; at += SEARCH_BYTES) {
    // What lies across the end of a block is found with four bytes more.
    const block = Buffer.from(await readAt(file, at, SEARCH_BYTES + 4));
    if (block.includes("mdat")) return true;
  }
  return false;
}

/** Reads bytes at a place; fewer where the file ends. */
export async function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  await file.seek(offset, Deno.SeekMode.Start);
  while (filled < length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** A new name is safe once its folder is (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path);
  await folder.sync();
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await ifThere(Deno.stat(path)))?.size;
}

/** Removes a file; one that is gone already is as good. @throws HubError `forbidden`. */
export async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw explainFileError(error, path);
  }
}

async function exists(path: string): Promise<boolean> {
  return await sizeOf(path) !== undefined;
}

/** A day without recordings needs no folder. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await Deno.remove(folder);
  } catch (error) {
    // ENOTEMPTY has no class of its own.
    const isKept = error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ENOTEMPTY";
    if (!isKept) throw explainFileError(error, folder);
  }
}

async function entriesOf(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(path)) if (!entry.isSymlink) names.push(entry.name);
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
    if (!isNone) throw explainFileError(error, path);
  }
  return names.sort();
}
