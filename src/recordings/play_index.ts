// How a recording is given to a player: with an index in front, made when it is asked for first and kept in memory.
import type { Logger } from "../base/log.ts";
import { type PlainMp4, plainMp4 } from "../protocols/fmp4/plain_head.ts";
import { BoundedCache } from "./bounded_cache.ts";
import { readAt } from "./files.ts";

/** A file of ten minutes takes 0.1 to 0.2 MB, the longest that has an index about 5 MB. */
const MEMORY_BYTES = 24 << 20;
/** What the knowledge takes that a file is played as it is. */
const ENTRY_BYTES = 100;

/** What was found out about a file. */
interface Known {
  /** Undefined where it is played as it is. */
  plain: PlainMp4 | undefined;
}

/** Makes each index once. */
export class PlayIndex {
  readonly #log: Logger;
  readonly #known = new BoundedCache<Known>(
    MEMORY_BYTES,
    ({ plain }) => ENTRY_BYTES + (plain?.head.length ?? 0),
  );
  readonly #making = new Map<string, Promise<Known>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * What a player is given instead of the file; undefined where that is the file as it is. The caller must not change it.
   * @param id of the recording. @param file is read and left open.
   */
  async of(id: string, file: Deno.FsFile, sizeBytes: number): Promise<PlainMp4 | undefined> {
    const key = `${id} ${sizeBytes}`;
    return (this.#known.get(key) ?? await (this.#making.get(key) ?? this.#make(key, file, sizeBytes))).plain;
  }

  #make(key: string, file: Deno.FsFile, sizeBytes: number): Promise<Known> {
    const making = (async () => {
      try {
        const known = { plain: await plainMp4((offset, length) => readAt(file, offset, length), sizeBytes) };
        if (!known.plain) this.#log.info("A recording is played without an index", { recording: key });
        this.#known.put(key, known);
        return known;
      } finally {
        this.#making.delete(key);
      }
    })();
    this.#making.set(key, making);
    return making;
  }
}
