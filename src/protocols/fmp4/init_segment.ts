// What the beginning of a fragmented MP4 says: its tracks, with codec names as browsers want them (RFC 6381).
import { type Box, boxesIn, findBox, fourCc, viewOf } from "./boxes.ts";

/** One track. */
export interface Track {
  id: number;
  kind: "video" | "audio" | "other";
  /** The sample entry, for example `avc1`, `hev1`, `mp4a`, `alaw`. */
  format: string;
  /** RFC 6381, for example `avc1.64001f`; the plain format where no more is known. */
  codec: string;
  /** Ticks per second of the track's times. */
  timescale: number;
  width?: number;
  height?: number;
}

/** `ftyp` and `moov`, and what they say. */
export interface InitSegment {
  bytes: Uint8Array<ArrayBuffer>;
  tracks: Track[];
}

/** Reads the tracks of `ftyp` + `moov`. */
export function readInitSegment(bytes: Uint8Array<ArrayBuffer>): InitSegment {
  const view = viewOf(bytes);
  const moov = findBox(view, ["moov"]);
  const tracks = moov
    ? [...boxesIn(view, moov.start, moov.end)].filter((box) => box.type === "trak").map((box) =>
      readTrack(view, box)
    )
    : [];
  return { bytes, tracks: tracks.filter((track) => track !== undefined) };
}

/** The track with pictures. */
export function videoTrack(init: InitSegment): Track | undefined {
  return init.tracks.find((track) => track.kind === "video");
}

/** The track with sound. */
export function audioTrack(init: InitSegment): Track | undefined {
  return init.tracks.find((track) => track.kind === "audio");
}

const HANDLERS: Readonly<Record<string, Track["kind"]>> = { vide: "video", soun: "audio" };

function readTrack(view: DataView, trak: Box): Track | undefined {
  const tkhd = findBox(view, ["tkhd"], trak);
  const mdhd = findBox(view, ["mdia", "mdhd"], trak);
  const hdlr = findBox(view, ["mdia", "hdlr"], trak);
  const stsd = findBox(view, ["mdia", "minf", "stbl", "stsd"], trak);
  if (!tkhd || !mdhd || !hdlr || !stsd) return undefined;
  const least = [[tkhd, 24], [mdhd, 24], [hdlr, 12], [stsd, 16]] as const;
  if (least.some(([box, bytes]) => box.end - box.start < bytes)) return undefined;
  const [entry] = boxesIn(view, stsd.start + 8, stsd.end);
  if (!entry) return undefined;
  const kind = HANDLERS[fourCc(view, hdlr.start + 8)] ?? "other";
  // Version 1 has 64-bit times.
  const id = view.getUint32(tkhd.start + (view.getUint8(tkhd.start) === 1 ? 20 : 12));
  const timescale = view.getUint32(mdhd.start + (view.getUint8(mdhd.start) === 1 ? 20 : 12));
  const track: Track = { id, kind, format: entry.type, codec: codecOf(view, entry, kind), timescale };
  if (kind !== "video" || entry.start + 28 > entry.end) return track;
  return { ...track, width: view.getUint16(entry.start + 24), height: view.getUint16(entry.start + 26) };
}

/** Bytes of a sample entry before its child boxes (ISO/IEC 14496-12 §12.1.3 and §12.2.3). */
const VISUAL_ENTRY_BYTES = 78;

function codecOf(view: DataView, entry: Box, kind: Track["kind"]): string {
  if (kind !== "video") return entry.type;
  const inner = { ...entry, start: entry.start + VISUAL_ENTRY_BYTES };
  const avcC = findBox(view, ["avcC"], inner);
  if (avcC && avcC.end - avcC.start >= 4) {
    return `${entry.type}.${[1, 2, 3].map((at) => hex(view.getUint8(avcC.start + at))).join("")}`;
  }
  const hvcC = findBox(view, ["hvcC"], inner);
  return hvcC && hvcC.end - hvcC.start >= 13 ? hevcCodec(view, entry.type, hvcC.start) : entry.type;
}

/** ISO/IEC 14496-15 annex E.3: profile, compatibility in reversed bits, tier and level, constraints. */
function hevcCodec(view: DataView, format: string, at: number): string {
  const profile = view.getUint8(at + 1);
  const space = ["", "A", "B", "C"][profile >> 6] ?? "";
  const tier = profile & 0x20 ? "H" : "L";
  const constraints: string[] = [];
  for (let index = 6; index < 12; index++) constraints.push(view.getUint8(at + index).toString(16));
  while (constraints.length > 1 && constraints.at(-1) === "0") constraints.pop();
  const compatibility = reverseBits(view.getUint32(at + 2)).toString(16);
  return [
    `${format}.${space}${profile & 0x1f}`,
    compatibility,
    `${tier}${view.getUint8(at + 12)}`,
    ...constraints,
  ]
    .join(".");
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) if (value & (1 << bit)) reversed |= 1 << (31 - bit);
  return reversed >>> 0;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
