// What a decoder is told before the first picture, as text: files in which it is the same can be put together without
// encoding anything anew.
import { type Box, boxesIn, findBox, fourCc, viewOf } from "./boxes.ts";

/** Bytes of a sample entry before its child boxes (ISO/IEC 14496-12 §12.1.3). */
const VISUAL_ENTRY_BYTES = 78;
/** Boxes that hold the parameters of a decoder. */
const CONFIGURATIONS = ["avcC", "hvcC"];

/** One text for each track of `ftyp` + `moov`: format, size or channels, parameters; bit rates are left out. */
export function decoderSetup(init: Uint8Array): string[] {
  const view = viewOf(init);
  const moov = findBox(view, ["moov"]);
  if (!moov) return [];
  return [...boxesIn(view, moov.start, moov.end)]
    .filter(({ type }) => type === "trak")
    .flatMap((trak) => {
      const stsd = findBox(view, ["mdia", "minf", "stbl", "stsd"], trak);
      const hdlr = findBox(view, ["mdia", "hdlr"], trak);
      if (!stsd || !hdlr || hdlr.end - hdlr.start < 12 || stsd.end - stsd.start < 16) return [];
      const [entry] = boxesIn(view, stsd.start + 8, stsd.end);
      return entry ? [setupOf(view, entry, fourCc(view, hdlr.start + 8))] : [];
    });
}

function setupOf(view: DataView, entry: Box, handler: string): string {
  if (handler !== "vide") return `${entry.type} ${hex(view, entry.start + 16, entry.start + 28)}`;
  const size = hex(view, entry.start + 24, entry.start + 28);
  const inner = { ...entry, start: entry.start + VISUAL_ENTRY_BYTES };
  const found = CONFIGURATIONS.map((type) => findBox(view, [type], inner)).find((box) => box !== undefined);
  return `${entry.type} ${size} ${found ? hex(view, found.start, found.end) : ""}`;
}

function hex(view: DataView, start: number, end: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).subarray(start, end);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
