// Reads what is sent of a video file: all of it, or a head that the hub made and then a part of the file.
import { HubError } from "../base/errors.ts";
import type { ByteRange } from "./byte_range.ts";

/** What is sent instead of a whole file: these bytes, then those of the file from `first` up to `end` (not included). */
export interface SentInstead {
  head: Uint8Array<ArrayBuffer>;
  first: number;
  end: number;
}

/** How many bytes are sent in all. */
export function sentBytes({ head, first, end }: SentInstead): number {
  return head.length + end - first;
}

/** One range, read from its first byte to its last. */
export class VideoBytes {
  readonly #file: Deno.FsFile;
  readonly #beginsAt: number;
  /** What is left of the head. */
  #head: Uint8Array<ArrayBuffer>;
  #left: number;

  constructor(file: Deno.FsFile, sent: SentInstead, { first, last }: ByteRange) {
    this.#file = file;
    this.#beginsAt = sent.first + Math.max(0, first - sent.head.length);
    this.#head = sent.head.subarray(first, last + 1);
    this.#left = last - first + 1;
  }

  /** How much is still to come. */
  get left(): number {
    return this.#left;
  }

  /** To be called once, first. */
  async begin(): Promise<void> {
    await this.#file.seek(this.#beginsAt, Deno.SeekMode.Start);
  }

  /** The next bytes, never none; for the caller to keep. @throws HubError `internal` for a file that has become shorter. */
  async next(most: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#head.length > 0
      ? this.#head.slice(0, most)
      : await this.#read(Math.min(most, this.#left));
    this.#head = this.#head.subarray(bytes.length);
    this.#left -= bytes.length;
    return bytes;
  }

  async #read(most: number): Promise<Uint8Array<ArrayBuffer>> {
    const chunk = new Uint8Array(most);
    const count = await this.#file.read(chunk);
    if (count === null) throw new HubError("internal", "The recording is shorter than it was");
    return chunk.subarray(0, count);
  }
}
