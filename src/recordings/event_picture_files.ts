// Pictures of events: a folder of small JPEG files, bounded in size, whose names are known to nobody but the journal.
import { explainFileError } from "../base/errors.ts";
import { newRecordingId } from "./recording.ts";
import { writeWhole } from "./whole_file.ts";

/** Time in UTC and twelve letters: no path can hide in one. */
const ID = /^\d{8}T\d{6}-[a-z0-9]{12}$/;
/** What is too much goes at once, with so much more that it need not go on with every picture. */
const SPARE = 0.05;

/** The folder `event_snapshots` of the data folder. */
export class EventPictureFiles {
  readonly #folder: string;
  /** Bytes of each picture, the oldest first; undefined until the folder was read. */
  #sizes: Map<string, number> | undefined;
  #bytes = 0;

  constructor(dataDir: string) {
    this.#folder = `${dataDir}/event_snapshots`;
  }

  /** How many there are, and their bytes. */
  get size(): { count: number; bytes: number } {
    return { count: this.#sizes?.size ?? 0, bytes: this.#bytes };
  }

  /** Reads what lies in the folder, and removes what a crash left half written. Returns the ids. */
  async load(): Promise<string[]> {
    const found: [id: string, bytes: number][] = [];
    for (const name of await this.#names()) {
      const id = name.replace(/\.jpg$/, "");
      if (name.endsWith(".jpg.part")) await this.#unlink(name);
      else if (ID.test(id)) found.push([id, (await Deno.stat(`${this.#folder}/${name}`)).size]);
    }
    this.#sizes = new Map(found);
    this.#bytes = found.reduce((sum, [, bytes]) => sum + bytes, 0);
    return [...this.#sizes.keys()];
  }

  /** Keeps a JPEG; the oldest go where that is too much. @throws HubError `storage_full`, `forbidden`. */
  async save(bytes: Uint8Array, takenAtMs: number, maxBytes: number): Promise<string> {
    const time = new Date(takenAtMs).toISOString().replace(/[-:]|\.\d+Z$/g, "");
    const id = `${time}-${newRecordingId()}`;
    try {
      await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWhole(`${this.#folder}/${id}.jpg`, bytes);
    } catch (error) {
      throw explainFileError(error, this.#folder);
    }
    this.#sizes?.set(id, bytes.length);
    this.#bytes += bytes.length;
    await this.#shrink(maxBytes);
    return id;
  }

  /** A picture; undefined for one that is gone, or never was. */
  async read(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!ID.test(id)) return undefined;
    try {
      return await Deno.readFile(`${this.#folder}/${id}.jpg`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw explainFileError(error, this.#folder);
    }
  }

  /** Removes pictures; those that are gone already are as good. */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (!ID.test(id)) continue;
      await this.#unlink(`${id}.jpg`);
      this.#bytes -= this.#sizes?.get(id) ?? 0;
      this.#sizes?.delete(id);
    }
  }

  async #shrink(maxBytes: number): Promise<void> {
    if (this.#bytes <= maxBytes) return;
    const gone: string[] = [];
    let left = this.#bytes;
    for (const [id, bytes] of this.#sizes ?? []) {
      if (left <= maxBytes * (1 - SPARE)) break;
      gone.push(id);
      left -= bytes;
    }
    await this.remove(gone);
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name, isFile } of Deno.readDir(this.#folder)) if (isFile) names.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw explainFileError(error, this.#folder);
    }
    return names.sort();
  }

  async #unlink(name: string): Promise<void> {
    try {
      await Deno.remove(`${this.#folder}/${name}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw explainFileError(error, this.#folder);
    }
  }
}
