// Every sample of a fragment (ISO/IEC 14496-12 §8.8): where it lies, when it is decoded, whether decoding can begin there.
import { type Box, boxesIn, findBox, viewOf } from "./boxes.ts";
import { NON_SYNC } from "./fragment.ts";
import { SampleTable } from "./sample_table.ts";

/** What holds where a fragment says nothing else. */
interface Defaults {
  duration: number;
  sizeBytes: number;
  flags: number;
}

/** A file that is no fragmented MP4 as ffmpeg writes it; says what is other. */
export class UnusualMp4 extends Error {
  override readonly name = "UnusualMp4";
}

/** Gathers the samples of all tracks. */
export class FragmentSamples {
  readonly #tables = new Map<number, SampleTable>();
  readonly #defaults = new Map<number, Defaults>();

  /** @param moov the box as a whole. */
  constructor(moov: Uint8Array) {
    const view = viewOf(moov);
    const mvex = findBox(view, ["moov", "mvex"]);
    if (!mvex) throw new UnusualMp4("The file has no fragments");
    for (const { type, start } of boxesIn(view, mvex.start, mvex.end)) {
      if (type !== "trex") continue;
      this.#defaults.set(view.getUint32(start + 4), {
        duration: view.getUint32(start + 12),
        sizeBytes: view.getUint32(start + 16),
        flags: view.getUint32(start + 20),
      });
    }
  }

  /** By the number of the track; only those with samples. */
  get tables(): ReadonlyMap<number, SampleTable> {
    return this.#tables;
  }

  get count(): number {
    return this.#tables.values().reduce((sum, { count }) => sum + count, 0);
  }

  /**
   * Adds the samples of a fragment.
   * @param moof the box as a whole, of which more may follow. @param at where it lies in the file.
   * @throws UnusualMp4; RangeError where fields lie outside of the box or times go back.
   */
  add(moof: Uint8Array, at: number): void {
    const view = viewOf(moof);
    const outer = findBox(view, ["moof"]);
    if (!outer) throw new UnusualMp4("A fragment has no head");
    for (const box of boxesIn(view, outer.start, outer.end)) {
      if (box.type === "traf") this.#addTrack(view, box, at);
    }
  }

  #addTrack(view: DataView, traf: Box, at: number): void {
    const boxes = [...boxesIn(view, traf.start, traf.end)];
    const tfhd = boxes.find(({ type }) => type === "tfhd");
    const tfdt = boxes.find(({ type }) => type === "tfdt");
    if (!tfhd || !tfdt) throw new UnusualMp4("A fragment has no track or no time");
    const track = view.getUint32(tfhd.start + 4);
    const usual = this.#defaultsOf(view, tfhd, track);
    const isLong = view.getUint8(tfdt.start) === 1;
    let time = isLong ? Number(view.getBigUint64(tfdt.start + 4)) : view.getUint32(tfdt.start + 4);
    for (const trun of boxes.filter(({ type }) => type === "trun")) {
      if (view.getUint32(trun.start + 4) === 0) continue;
      const table = this.#tables.get(track) ?? new SampleTable();
      this.#tables.set(track, table);
      time = addRun(table, { view, trun, usual, time, at });
    }
  }

  /** §8.8.7: optional fields stand in the order of their flags. */
  #defaultsOf(view: DataView, tfhd: Box, track: number): Defaults {
    const known = this.#defaults.get(track);
    if (!known) throw new UnusualMp4(`Track ${track} is not announced`);
    const present = view.getUint32(tfhd.start) & 0xffffff;
    if (present & 0x1 || !(present & 0x20000)) throw new UnusualMp4("Offsets do not count from the fragment");
    let at = tfhd.start + 8;
    const next = (flag: number): number | undefined => {
      if (!(present & flag)) return undefined;
      at += 4;
      return view.getUint32(at - 4);
    };
    if ((next(0x2) ?? 1) !== 1) throw new UnusualMp4("A track changes what it is in mid-file");
    return {
      duration: next(0x8) ?? known.duration,
      sizeBytes: next(0x10) ?? known.sizeBytes,
      flags: next(0x20) ?? known.flags,
    };
  }
}

/** §8.8.8: each sample has the fields whose flags are set. Returns when the last one ends. */
function addRun(
  table: SampleTable,
  { view, trun, usual, time, at }: { view: DataView; trun: Box; usual: Defaults; time: number; at: number },
): number {
  const present = view.getUint32(trun.start) & 0xffffff;
  if (!(present & 0x1)) throw new UnusualMp4("A fragment does not say where its samples lie");
  const isSigned = view.getUint8(trun.start) === 1;
  table.beginChunk(at + view.getInt32(trun.start + 8));
  let [field, decodeTime] = [trun.start + 12, time];
  const next = (flag: number): number | undefined => {
    if (!(present & flag)) return undefined;
    field += 4;
    if (field > trun.end) throw new UnusualMp4("A fragment has fewer samples than it says");
    return view.getUint32(field - 4);
  };
  const firstFlags = next(0x4);
  const count = view.getUint32(trun.start + 4);
  for (let index = 0; index < count; index++) {
    const duration = next(0x100) ?? usual.duration;
    const sizeBytes = next(0x200) ?? usual.sizeBytes;
    const own = next(0x400) ?? usual.flags;
    const flags = index === 0 ? firstFlags ?? own : own;
    const shown = next(0x800) ?? 0;
    const compositionOffset = isSigned ? shown | 0 : shown;
    table.add({ sizeBytes, decodeTime, compositionOffset, isSync: (flags & NON_SYNC) === 0 }, duration);
    decodeTime += duration;
  }
  return decodeTime;
}
