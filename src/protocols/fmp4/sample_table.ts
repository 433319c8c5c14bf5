// The samples of one track, gathered from fragments, and the tables of a plain MP4 that tell of them (ISO/IEC 14496-12
// §8.6, §8.7).
import { box, numbers32, numbers64 } from "./box_writer.ts";

/** One sample. Times are ticks of the track. */
export interface Sample {
  sizeBytes: number;
  decodeTime: number;
  /** From decoding to showing. */
  compositionOffset: number;
  /** True where decoding can begin with it. */
  isSync: boolean;
}

/** Samples in the order of decoding; those that lie side by side are a chunk. */
export class SampleTable {
  readonly #sizes: number[] = [];
  readonly #times: number[] = [];
  readonly #compositionOffsets: number[] = [];
  /** Numbers of samples, from 1. */
  readonly #syncs: number[] = [];
  readonly #chunkOffsets: number[] = [];
  readonly #chunkCounts: number[] = [];
  #end = 0;
  #shownEnd = 0;

  get count(): number {
    return this.#sizes.length;
  }

  /** Decode time of the first sample. */
  get begin(): number {
    return this.#times[0] ?? 0;
  }

  /** When the last one ends, by its decode time. */
  get end(): number {
    return this.#end;
  }

  /** When nothing is shown any more. */
  get shownEnd(): number {
    return this.#shownEnd;
  }

  /** Begins samples that lie one behind the other from there. */
  beginChunk(offset: number): void {
    this.#chunkOffsets.push(offset);
    this.#chunkCounts.push(0);
  }

  /** @throws RangeError for one that is to be decoded before the sample before it. */
  add({ sizeBytes, decodeTime, compositionOffset, isSync }: Sample, duration: number): void {
    if (decodeTime < (this.#times.at(-1) ?? 0)) throw new RangeError("The times of a track go back");
    this.#sizes.push(sizeBytes);
    this.#times.push(decodeTime);
    this.#compositionOffsets.push(compositionOffset);
    if (isSync) this.#syncs.push(this.count);
    const chunk = this.#chunkCounts.length - 1;
    this.#chunkCounts[chunk] = (this.#chunkCounts[chunk] ?? 0) + 1;
    this.#end = decodeTime + duration;
    this.#shownEnd = Math.max(this.#shownEnd, this.#end + compositionOffset);
  }

  /** The boxes of `stbl` beside `stsd`. @param shift is added to where chunks lie. */
  boxes(shift: number): Uint8Array<ArrayBuffer>[] {
    const offsets = this.#compositionOffsets;
    const hasOffsets = offsets.some((offset) => offset !== 0);
    return [
      runBox("stts", 0, this.#durations()),
      // Version 1: with a sign.
      ...(hasOffsets ? [runBox("ctts", 1, offsets)] : []),
      ...(this.#syncs.length < this.count ? [listBox("stss", this.#syncs)] : []),
      box("stsz", numbers32([0, 0, this.count, ...this.#sizes])),
      this.#samplesToChunks(),
      box(
        "co64",
        numbers32([0, this.#chunkOffsets.length]),
        numbers64(this.#chunkOffsets.map((at) => at + shift)),
      ),
    ];
  }

  /** A sample lasts until the next: where nothing came for a while, the picture before stands. */
  #durations(): number[] {
    return this.#times.map((time, index) => (this.#times[index + 1] ?? this.#end) - time);
  }

  /** §8.7.4: only where the number of samples changes. */
  #samplesToChunks(): Uint8Array<ArrayBuffer> {
    const entries: number[] = [];
    for (const [index, count] of this.#chunkCounts.entries()) {
      if (count !== this.#chunkCounts[index - 1]) entries.push(index + 1, count, 1);
    }
    return box("stsc", numbers32([0, entries.length / 3, ...entries]));
  }
}

function listBox(type: string, values: readonly number[]): Uint8Array<ArrayBuffer> {
  return box(type, numbers32([0, values.length, ...values]));
}

/** Each value with how often it comes in succession. */
function runBox(type: string, version: number, values: readonly number[]): Uint8Array<ArrayBuffer> {
  const runs: number[] = [];
  for (const value of values) {
    if (runs.length > 0 && runs.at(-1) === value) runs[runs.length - 2] = (runs[runs.length - 2] ?? 0) + 1;
    else runs.push(1, value);
  }
  return box(type, numbers32([version << 24, runs.length / 2, ...runs]));
}
