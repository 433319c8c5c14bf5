// A fragmented MP4 says nowhere in front where its pictures lie: a browser goes through every fragment before it shows one.
// This makes the beginning of a plain MP4 whose data are the bytes of the fragmented file as they are.
import { fourCc, viewOf } from "./boxes.ts";
import { box, numbers32, numbers64 } from "./box_writer.ts";
import type { ReadAt } from "./file_scan.ts";
import { FragmentSamples, UnusualMp4 } from "./fragment_samples.ts";
import { plainMoov } from "./plain_moov.ts";

/** A plain MP4: `head`, then the bytes `first` to `end` (not included) of the fragmented file. */
export interface PlainMp4 {
  head: Uint8Array<ArrayBuffer>;
  first: number;
  end: number;
}

/** With more samples the head would be larger than what it saves: 500,000 are three hours and a half with sound. */
export const MAX_SAMPLES = 500_000;
const MAX_BOX_BYTES = 8 << 20;
/** Holds the head of most fragments, so that each is one read. */
const BLOCK_BYTES = 4096;
const BOX_HEAD_BYTES = 8;
/** Of an `mdat` with a size of eight bytes. */
const DATA_HEAD_BYTES = 16;

/**
 * Reads the heads of all fragments. What is cut off at the end is left out, and so is the index of fragments there,
 * whose offsets would be wrong.
 * @returns Undefined for a file of which no plain one can be made; it is played as it is.
 */
export async function plainMp4(readAt: ReadAt, sizeBytes: number): Promise<PlainMp4 | undefined> {
  try {
    return await build(readAt, sizeBytes);
  } catch (error) {
    // RangeError: fields outside of their box.
    if (error instanceof UnusualMp4 || error instanceof RangeError) return undefined;
    throw error;
  }
}

async function build(readAt: ReadAt, sizeBytes: number): Promise<PlainMp4> {
  const { ftyp, moov, end: first } = await readBeginning(readAt, sizeBytes);
  const samples = new FragmentSamples(moov);
  let end = first;
  while (end + BOX_HEAD_BYTES <= sizeBytes) {
    const next = await addFragment(readAt, { at: end, sizeBytes }, samples);
    if (next === undefined) break;
    end = next;
    if (samples.count > MAX_SAMPLES) throw new UnusualMp4("The file is too long");
  }
  if (samples.count === 0) throw new UnusualMp4("The file has no samples");
  // How long the head is does not depend on what is added to the offsets in it.
  const headBytes = ftyp.length + plainMoov(moov, samples.tables, 0).length + DATA_HEAD_BYTES;
  const data = box("mdat", numbers64([end - first + DATA_HEAD_BYTES]));
  data.set(numbers32([1]));
  const head = new Uint8Array(headBytes);
  head.set(ftyp);
  head.set(plainMoov(moov, samples.tables, headBytes - first), ftyp.length);
  head.set(data, headBytes - DATA_HEAD_BYTES);
  return { head, first, end };
}

/** What stands before the first fragment. */
async function readBeginning(readAt: ReadAt, sizeBytes: number) {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  let end = 0;
  while (end + BOX_HEAD_BYTES <= sizeBytes) {
    const head = viewOf(await readAt(end, BOX_HEAD_BYTES));
    const [size, type] = [head.getUint32(0), fourCc(head, 4)];
    if (type === "moof") break;
    if (size < BOX_HEAD_BYTES || size > MAX_BOX_BYTES || end + size > sizeBytes) break;
    found.set(type, await readAt(end, size));
    end += size;
  }
  const [ftyp, moov] = [found.get("ftyp"), found.get("moov")];
  if (!ftyp || !moov) throw new UnusualMp4("The file has no beginning");
  return { ftyp, moov, end };
}

/** Returns where the next one begins; undefined where this is none, or not whole. */
async function addFragment(
  readAt: ReadAt,
  { at, sizeBytes }: { at: number; sizeBytes: number },
  samples: FragmentSamples,
): Promise<number | undefined> {
  const block = await readAt(at, BLOCK_BYTES);
  const view = viewOf(block);
  const size = view.getUint32(0);
  if (fourCc(view, 4) !== "moof" || size > MAX_BOX_BYTES) return undefined;
  const needed = size + DATA_HEAD_BYTES;
  const whole = needed <= block.length ? block : await readAt(at, needed);
  const data = viewOf(whole);
  if (whole.length < size + BOX_HEAD_BYTES || fourCc(data, size + 4) !== "mdat") return undefined;
  const short = data.getUint32(size);
  const next = at + size + (short === 1 ? Number(data.getBigUint64(size + BOX_HEAD_BYTES)) : short);
  if (next > sizeBytes || short === 0) return undefined;
  samples.add(whole.subarray(0, size), at);
  return next;
}
