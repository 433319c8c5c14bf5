// Rewrites the `moov` of a fragmented MP4 into that of a plain one, which says of every sample where it lies.
import { type Box, boxesIn, findBox, viewOf } from "./boxes.ts";
import { box, numbers32 } from "./box_writer.ts";
import { UnusualMp4 } from "./fragment_samples.ts";
import type { SampleTable } from "./sample_table.ts";

/** Where in a box the timescale and the duration stand, in a short and in a long one (§8.2.2, §8.3.2, §8.4.2). */
const TIMESCALE = { short: 12, long: 20 };
const DURATION = {
  mvhd: { short: 16, long: 24 },
  mdhd: { short: 16, long: 24 },
  tkhd: { short: 20, long: 28 },
};

/**
 * The new box. Tracks without samples are left out.
 * @param shift is added to where samples lie.
 * @throws UnusualMp4 for what the hub does not write; RangeError for boxes that are cut off.
 */
export function plainMoov(
  moov: Uint8Array<ArrayBuffer>,
  tables: ReadonlyMap<number, SampleTable>,
  shift: number,
): Uint8Array<ArrayBuffer> {
  return new MoovRewriter(moov).moov(tables, shift);
}

/** When a track begins to be shown: after so much of nothing (in the movie's ticks), from that time of its own. */
interface Edit {
  empty: number;
  mediaTime: number;
}

class MoovRewriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #movieScale: number;

  constructor(moov: Uint8Array<ArrayBuffer>) {
    this.#bytes = moov;
    this.#view = viewOf(moov);
    this.#movieScale = this.#scaleOf(this.#need(["moov", "mvhd"]));
  }

  moov(tables: ReadonlyMap<number, SampleTable>, shift: number): Uint8Array<ArrayBuffer> {
    const outer = this.#need(["moov"]);
    const children = [...boxesIn(this.#view, outer.start, outer.end)];
    let longest = 0;
    const traks = children.filter(({ type }) => type === "trak").flatMap((trak) => {
      const id = this.#trackId(trak);
      const table = tables.get(id);
      if (!table) return [];
      const { bytes, duration } = this.#trak(trak, table, shift);
      longest = Math.max(longest, duration);
      return [bytes];
    });
    const mvhd = this.#need(["moov", "mvhd"]);
    const others = children.filter(({ type }) => !["mvhd", "trak", "mvex"].includes(type));
    return box(
      "moov",
      this.#lasting(mvhd, "mvhd", longest),
      ...traks,
      ...others.map((each) => this.#copy(each)),
    );
  }

  #trak(trak: Box, table: SampleTable, shift: number) {
    const mdhd = this.#need(["mdia", "mdhd"], trak);
    const toMovie = this.#movieScale / this.#scaleOf(mdhd);
    const edit = movedBy(this.#editOf(trak), table.begin, toMovie);
    const shown = Math.max(0, Math.ceil((table.shownEnd - table.begin - edit.mediaTime) * toMovie));
    const duration = edit.empty + shown;
    const stbl = this.#replace(
      this.#need(["mdia", "minf", "stbl"], trak),
      ({ type }) => type === "stsd" ? "keep" : [],
    );
    stbl.push(...table.boxes(shift));
    const minf = this.#replace(
      this.#need(["mdia", "minf"], trak),
      ({ type }) => type === "stbl" ? [box("stbl", ...stbl)] : "keep",
    );
    const mdia = this.#replace(this.#need(["mdia"], trak), (each) => {
      if (each.type === "mdhd") return [this.#lasting(each, "mdhd", table.end - table.begin)];
      return each.type === "minf" ? [box("minf", ...minf)] : "keep";
    });
    const own = this.#replace(trak, (each) => {
      if (each.type === "tkhd") return [this.#lasting(each, "tkhd", duration), ...edits(edit, shown)];
      if (each.type === "edts") return [];
      return each.type === "mdia" ? [box("mdia", ...mdia)] : "keep";
    });
    return { bytes: box("trak", ...own), duration };
  }

  #replace(outer: Box, by: (child: Box) => Uint8Array<ArrayBuffer>[] | "keep"): Uint8Array<ArrayBuffer>[] {
    return [...boxesIn(this.#view, outer.start, outer.end)].flatMap((child) => {
      const wanted = by(child);
      return wanted === "keep" ? [this.#copy(child)] : wanted;
    });
  }

  /** §8.6.6: what a track without a list begins with, too. */
  #editOf(trak: Box): Edit {
    const elst = findBox(this.#view, ["edts", "elst"], trak);
    const found: Edit = { empty: 0, mediaTime: 0 };
    if (!elst) return found;
    const isLong = this.#isLong(elst);
    const count = this.#view.getUint32(elst.start + 4);
    for (let entry = 0; entry < count; entry++) {
      const at = elst.start + 8 + entry * (isLong ? 20 : 12);
      const duration = isLong ? Number(this.#view.getBigUint64(at)) : this.#view.getUint32(at);
      const mediaTime = isLong ? Number(this.#view.getBigInt64(at + 8)) : this.#view.getInt32(at + 4);
      if (mediaTime >= 0 && entry < count - 1) throw new UnusualMp4("A track is cut together");
      if (mediaTime < 0) found.empty += duration;
      else found.mediaTime = mediaTime;
    }
    return found;
  }

  #trackId(trak: Box): number {
    const tkhd = this.#need(["tkhd"], trak);
    return this.#view.getUint32(tkhd.start + (this.#isLong(tkhd) ? 20 : 12));
  }

  #scaleOf(header: Box): number {
    const scale = this.#view.getUint32(
      header.start + (this.#isLong(header) ? TIMESCALE.long : TIMESCALE.short),
    );
    if (scale === 0) throw new UnusualMp4("A track has no timescale");
    return scale;
  }

  /** A copy of a header with another duration. */
  #lasting(header: Box, type: keyof typeof DURATION, duration: number): Uint8Array<ArrayBuffer> {
    const copy = this.#copy(header);
    const isLong = this.#isLong(header);
    const at = 8 + (isLong ? DURATION[type].long : DURATION[type].short);
    if (isLong) viewOf(copy).setBigUint64(at, BigInt(duration));
    else copy.set(numbers32([duration]), at);
    return copy;
  }

  #isLong(full: Box): boolean {
    return this.#view.getUint8(full.start) === 1;
  }

  #copy({ start, end }: Box): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(start - 8, end);
  }

  #need(path: readonly string[], within?: Box): Box {
    const found = findBox(this.#view, path, within);
    if (!found) throw new UnusualMp4(`The file has no ${path.join("/")}`);
    return found;
  }
}

/** A plain track's own time begins with 0, with its first sample. */
function movedBy({ empty, mediaTime }: Edit, begin: number, toMovie: number): Edit {
  const late = begin - mediaTime;
  return late >= 0
    ? { empty: empty + Math.round(late * toMovie), mediaTime: 0 }
    : { empty, mediaTime: -late };
}

function edits({ empty, mediaTime }: Edit, shown: number): Uint8Array<ArrayBuffer>[] {
  if (empty === 0 && mediaTime === 0) return [];
  const entries = [...(empty > 0 ? [[empty, -1, 0x10000]] : []), [shown, mediaTime, 0x10000]];
  return [box("edts", box("elst", numbers32([0, entries.length, ...entries.flat()])))];
}
