// Reads a file of fragmented MP4 without its pictures: how long it is, what is in it, and where its last whole
// fragment ends. What lies behind that was cut off when the program that wrote it was killed.
import { type Box, boxesIn, findBox, fourCc, viewOf } from "./boxes.ts";
import { type InitSegment, readInitSegment, type Track, videoTrack } from "./init_segment.ts";

/** Bytes at a place of the file; fewer only where the file ends. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

/** What the file holds. */
export interface Fmp4File {
  /** Undefined where the file ends before its beginning is whole. */
  init: InitSegment | undefined;
  /** Up to here everything is whole. */
  wholeBytes: number;
  /** Fragments that are whole. */
  fragments: number;
  /** Of the pictures, from the first to the end of the last; 0 without any. */
  durationMs: number;
}

/** `moov` and `moof` come near no megabyte; what claims more is not one. */
const MAX_HEAD_BYTES = 8 << 20;
const BOX_HEAD_BYTES = 8;

/** Goes through the boxes of a file of that size; of one that was ended in order, by its index. */
export async function scanFmp4File(readAt: ReadAt, sizeBytes: number): Promise<Fmp4File> {
  return await scanByIndex(readAt, sizeBytes) ?? await scanThrough(readAt, sizeBytes);
}

async function scanThrough(readAt: ReadAt, sizeBytes: number): Promise<Fmp4File> {
  const found: Fmp4File = { init: undefined, wholeBytes: 0, fragments: 0, durationMs: 0 };
  const times = new TrackTimes();
  let kept: Uint8Array<ArrayBuffer> | undefined;
  for (let at = 0; at + BOX_HEAD_BYTES <= sizeBytes;) {
    const head = viewOf(await readAt(at, BOX_HEAD_BYTES));
    const [size, type] = [head.getUint32(0), fourCc(head, 4)];
    if (size < BOX_HEAD_BYTES || at + size > sizeBytes || !/^[a-z]{4}$/.test(type)) break;
    const isRead = type === "ftyp" || type === "moov" || type === "moof";
    if (isRead && size > MAX_HEAD_BYTES) break;
    const box = isRead ? await readAt(at, size) : undefined;
    at += size;
    if (type === "moov" && box) found.init = readInitSegment(joined(kept, box));
    if (type === "mdat" && kept) {
      times.add(kept);
      found.fragments++;
    }
    kept = type === "ftyp" || type === "moof" ? box : undefined;
    // A head without its data is of no use to anybody.
    if (type !== "moof") found.wholeBytes = at;
  }
  const video = found.init && videoTrack(found.init);
  return { ...found, durationMs: video ? times.durationMs(video) : 0 };
}

/** A day of recording has 86,400 fragments: the index says where the first and the last of them lie. */
async function scanByIndex(readAt: ReadAt, sizeBytes: number): Promise<Fmp4File | undefined> {
  const start = await indexStart(readAt, sizeBytes);
  if (start === undefined) return undefined;
  const index = await readAt(start, sizeBytes - start);
  const head = await scanThrough(readAt, await endOfBeginning(readAt, sizeBytes));
  const video = head.init && videoTrack(head.init);
  const offsets = video && fragmentOffsets(index, video.id);
  const [first, last] = [offsets?.[0], offsets?.at(-1)];
  if (!offsets || !video || first === undefined || last === undefined) return undefined;
  const times = new TrackTimes();
  for (const at of [first, last]) {
    const moof = await wholeFragment(readAt, at, start);
    if (!moof) return undefined;
    times.add(moof);
  }
  return {
    init: head.init,
    wholeBytes: sizeBytes,
    fragments: offsets.length,
    durationMs: times.durationMs(video),
  };
}

const MFRO_BYTES = 16;

/** §8.8.11: the last box of the file tells how long the index is that it ends. */
async function indexStart(readAt: ReadAt, sizeBytes: number): Promise<number | undefined> {
  if (sizeBytes < MFRO_BYTES) return undefined;
  const view = viewOf(await readAt(sizeBytes - MFRO_BYTES, MFRO_BYTES));
  if (view.getUint32(0) !== MFRO_BYTES || fourCc(view, 4) !== "mfro") return undefined;
  const length = view.getUint32(12);
  if (length < MFRO_BYTES || length > Math.min(sizeBytes, MAX_HEAD_BYTES)) return undefined;
  const head = viewOf(await readAt(sizeBytes - length, BOX_HEAD_BYTES));
  return head.getUint32(0) === length && fourCc(head, 4) === "mfra" ? sizeBytes - length : undefined;
}

/** Where the first fragment begins. */
async function endOfBeginning(readAt: ReadAt, sizeBytes: number): Promise<number> {
  let at = 0;
  while (at + BOX_HEAD_BYTES <= sizeBytes) {
    const head = viewOf(await readAt(at, BOX_HEAD_BYTES));
    if (fourCc(head, 4) === "moof" || head.getUint32(0) < BOX_HEAD_BYTES) break;
    at += head.getUint32(0);
  }
  return Math.min(at, sizeBytes);
}

/** §8.8.10: where the fragments of a track lie. Undefined for an index that is not as ffmpeg writes it. */
function fragmentOffsets(index: Uint8Array, trackId: number): number[] | undefined {
  const view = viewOf(index);
  const mfra = findBox(view, ["mfra"]);
  if (!mfra) return undefined;
  for (const { type, start, end } of boxesIn(view, mfra.start, mfra.end)) {
    if (type !== "tfra" || end - start < 16 || view.getUint32(start + 4) !== trackId) continue;
    const isLong = view.getUint8(start) === 1;
    const lengths = view.getUint32(start + 8);
    const numbers = (lengths >> 4 & 3) + (lengths >> 2 & 3) + (lengths & 3) + 3;
    const entryBytes = (isLong ? 16 : 8) + numbers;
    const count = view.getUint32(start + 12);
    if (start + 16 + count * entryBytes > end) return undefined;
    return Array.from({ length: count }, (_, entry) => {
      const at = start + 16 + entry * entryBytes;
      return isLong ? Number(view.getBigUint64(at + 8)) : view.getUint32(at + 4);
    });
  }
  return undefined;
}

/** The head of a fragment all of which lies before the end. */
async function wholeFragment(
  readAt: ReadAt,
  at: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (at + BOX_HEAD_BYTES > end) return undefined;
  const head = viewOf(await readAt(at, BOX_HEAD_BYTES));
  const size = head.getUint32(0);
  if (fourCc(head, 4) !== "moof" || size > MAX_HEAD_BYTES || at + size + BOX_HEAD_BYTES > end) {
    return undefined;
  }
  const data = viewOf(await readAt(at + size, BOX_HEAD_BYTES));
  const isWhole = fourCc(data, 4) === "mdat" && at + size + data.getUint32(0) <= end;
  return isWhole ? await readAt(at, size) : undefined;
}

function joined(first: Uint8Array | undefined, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array((first?.length ?? 0) + second.length);
  if (first) all.set(first);
  all.set(second, first?.length ?? 0);
  return all;
}

/** From when to when each track goes, in its own ticks. */
class TrackTimes {
  readonly #spans = new Map<number, { from: number; to: number }>();

  add(moof: Uint8Array): void {
    const view = viewOf(moof);
    const outer = findBox(view, ["moof"]);
    if (!outer) return;
    for (const traf of boxesIn(view, outer.start, outer.end)) {
      if (traf.type === "traf") this.#addTrack(view, traf);
    }
  }

  durationMs({ id, timescale }: Track): number {
    const span = this.#spans.get(id);
    return span && timescale > 0 ? Math.max(0, (span.to - span.from) / timescale * 1000) : 0;
  }

  #addTrack(view: DataView, traf: Box): void {
    const boxes = [...boxesIn(view, traf.start, traf.end)];
    const tfhd = boxes.find(({ type }) => type === "tfhd");
    const tfdt = boxes.find(({ type }) => type === "tfdt");
    if (!tfhd || !tfdt || tfhd.end - tfhd.start < 8 || tfdt.end - tfdt.start < 8) return;
    const track = view.getUint32(tfhd.start + 4);
    const isLong = view.getUint8(tfdt.start) === 1 && tfdt.end - tfdt.start >= 12;
    const from = isLong ? Number(view.getBigUint64(tfdt.start + 4)) : view.getUint32(tfdt.start + 4);
    const usual = defaultDuration(view, tfhd);
    let to = from;
    for (const each of boxes) if (each.type === "trun") to += runDuration(view, each, usual);
    const known = this.#spans.get(track);
    this.#spans.set(track, { from: known?.from ?? from, to: Math.max(known?.to ?? 0, to) });
  }
}

/** ISO/IEC 14496-12 §8.8.7: optional fields stand in the order of their flags. */
function defaultDuration(view: DataView, tfhd: Box): number {
  const present = view.getUint32(tfhd.start) & 0xffffff;
  if (!(present & 0x8)) return 0;
  const at = tfhd.start + 8 + (present & 0x1 ? 8 : 0) + (present & 0x2 ? 4 : 0);
  return at + 4 <= tfhd.end ? view.getUint32(at) : 0;
}

/** §8.8.8: each sample has the fields whose flags are set, its duration first. */
function runDuration(view: DataView, trun: Box, usual: number): number {
  if (trun.end - trun.start < 8) return 0;
  const present = view.getUint32(trun.start) & 0xffffff;
  const count = view.getUint32(trun.start + 4);
  if (!(present & 0x100)) return count * usual;
  const fields = [0x100, 0x200, 0x400, 0x800].filter((flag) => present & flag).length;
  let at = trun.start + 8 + (present & 0x1 ? 4 : 0) + (present & 0x4 ? 4 : 0);
  let sum = 0;
  for (let index = 0; index < count && at + fields * 4 <= trun.end; index++, at += fields * 4) {
    sum += view.getUint32(at);
  }
  return sum;
}
