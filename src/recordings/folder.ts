// Is the folder of recordings the one in which the hub recorded? Where a disk is unplugged, its mount point is an empty
// folder of another disk: a mark that lies in the folder tells them apart.
import { explainFileError, HubError, toHubError } from "../base/errors.ts";
import { ifThere } from "../base/if_there.ts";
import { syncFolder } from "./files.ts";
import { newRecordingId } from "./recording.ts";

/** Where the hub remembers in which folders it has recorded. */
export interface FolderMarks {
  mark(folder: string): Promise<string | undefined>;
  setMark(folder: string, mark: string): Promise<void>;
}

/** The name of the mark. */
export const MARK = ".tapo-camera-mcp";

/** The folder of recordings. */
export class RecordingFolder {
  readonly root: string;
  readonly #marks: FolderMarks;
  readonly #isOwn: boolean;
  #known: { mark: string | undefined } | undefined;

  /** @param isOwn true below the data folder: then the hub makes it anew where somebody has deleted it. */
  constructor(root: string, { marks, isOwn }: { marks: FolderMarks; isOwn: boolean }) {
    this.root = root;
    this.#marks = marks;
    this.#isOwn = isOwn;
  }

  /** Why nothing can be recorded in it at present: it is away. Makes it where it was never used. */
  async refusal(): Promise<HubError | undefined> {
    try {
      this.#known ??= { mark: await this.#marks.mark(this.root) };
      const found = await readMark(this.root);
      if (found === this.#known.mark && found) return undefined;
      const mayMake = this.#known.mark === undefined || (this.#isOwn && !await exists(this.root));
      if (found === undefined && !mayMake) return this.#away();
      await this.#adopt(found);
      return undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return this.#away();
      return toHubError(explainFileError(error, this.root));
    }
  }

  /** @throws HubError `unavailable` where it is away. */
  async require(): Promise<void> {
    const error = await this.refusal();
    if (error) throw error;
  }

  /** Takes it for the folder of recordings: from now on it has to be there. An empty mark was put there by hand. */
  async #adopt(found: string | undefined): Promise<void> {
    const mark = found || (this.#known?.mark ?? newRecordingId());
    await makeFolder(this.root, this.#isOwn);
    // Of a folder elsewhere the one above may be closed to the hub.
    if (this.#isOwn) await syncFolder(this.root.slice(0, this.root.lastIndexOf("/")));
    if (found !== mark) await writeMark(this.root, mark);
    await this.#marks.setMark(this.root, mark);
    this.#known = { mark };
  }

  #away(): HubError {
    return new HubError(
      "unavailable",
      `The folder of recordings ${this.root} is not there, or its disk is not mounted`,
      {
        hint:
          `Bring its disk back; recording goes on by itself. For a new disk, put an empty file named ${MARK} ` +
          "into the folder",
        details: { folder: this.root },
      },
    );
  }
}

async function readMark(root: string): Promise<string | undefined> {
  return (await ifThere(Deno.readTextFile(`${root}/${MARK}`)))?.trim();
}

async function writeMark(root: string, mark: string): Promise<void> {
  using file = await Deno.open(`${root}/${MARK}`, { write: true, create: true, truncate: true, mode: 0o600 });
  await file.write(new TextEncoder().encode(`${mark}\n`));
  await file.sync();
  await syncFolder(root);
}

/** A folder elsewhere is only made where the one above it is there: that may be a disk, too. */
async function makeFolder(root: string, isOwn: boolean): Promise<void> {
  try {
    await Deno.mkdir(root, { recursive: isOwn, mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
