// What the head of one fragment says (ISO/IEC 14496-12 §8.8): track, time, and whether decoding can begin here.
import { type Box, findBox, viewOf } from "./boxes.ts";

/** The head of a fragment with one sample, as ffmpeg's `frag_every_frame` writes it; of more, the first counts. */
export interface FragmentHead {
  trackId: number;
  /** In ticks of the track, since the stream's beginning. */
  decodeTime: number;
  /** True for a sample that needs no other to be decoded. */
  isSync: boolean;
}

/** `sample_is_non_sync_sample` in the sample flags. */
export const NON_SYNC = 0x00010000;

/** Reads a `moof` box; undefined when it is not one that the hub understands. */
export function readFragmentHead(moof: Uint8Array): FragmentHead | undefined {
  const view = viewOf(moof);
  const traf = findBox(view, ["moof", "traf"]);
  const tfhd = traf && findBox(view, ["tfhd"], traf);
  const trun = traf && findBox(view, ["trun"], traf);
  if (!traf || !tfhd || !trun || tfhd.end - tfhd.start < 8 || trun.end - trun.start < 8) return undefined;
  const tfdt = findBox(view, ["tfdt"], traf);
  const flags = firstSampleFlags(view, trun) ?? defaultFlags(view, tfhd) ?? 0;
  return {
    trackId: view.getUint32(tfhd.start + 4),
    decodeTime: tfdt ? readDecodeTime(view, tfdt) : 0,
    isSync: (flags & NON_SYNC) === 0,
  };
}

function readDecodeTime(view: DataView, tfdt: Box): number {
  if (tfdt.end - tfdt.start < 12) return tfdt.end - tfdt.start < 8 ? 0 : view.getUint32(tfdt.start + 4);
  return view.getUint8(tfdt.start) === 1
    ? Number(view.getBigUint64(tfdt.start + 4))
    : view.getUint32(tfdt.start + 4);
}

/** §8.8.8: after the count come the optional data offset, the first sample's flags, then the samples. */
function firstSampleFlags(view: DataView, trun: Box): number | undefined {
  const present = view.getUint32(trun.start) & 0xffffff;
  let at = trun.start + 8 + (present & 0x1 ? 4 : 0);
  if (present & 0x4) return at + 4 <= trun.end ? view.getUint32(at) : undefined;
  if (!(present & 0x400)) return undefined;
  at += (present & 0x100 ? 4 : 0) + (present & 0x200 ? 4 : 0);
  return at + 4 <= trun.end ? view.getUint32(at) : undefined;
}

/** §8.8.7: optional fields stand in the order of their flags. */
function defaultFlags(view: DataView, tfhd: Box): number | undefined {
  const present = view.getUint32(tfhd.start) & 0xffffff;
  if (!(present & 0x20)) return undefined;
  const skipped = (present & 0x1 ? 8 : 0) + (present & 0x2 ? 4 : 0) + (present & 0x8 ? 4 : 0) +
    (present & 0x10 ? 4 : 0);
  const at = tfhd.start + 8 + skipped;
  return at + 4 <= tfhd.end ? view.getUint32(at) : undefined;
}
