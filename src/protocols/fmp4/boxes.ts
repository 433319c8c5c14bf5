// Boxes of ISO base media files (ISO/IEC 14496-12 §4.2): finding them in bytes that are all there.

/** One box: its type and where its content lies. */
export interface Box {
  type: string;
  /** Offset of the content, behind size and type. */
  start: number;
  /** Offset behind the box. */
  end: number;
}

/** Reads big-endian numbers out of a file. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The four letters at an offset. */
export function fourCc(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  );
}

/** The boxes between two offsets; stops at the first that does not fit. */
export function* boxesIn(view: DataView, start: number, end: number): Generator<Box> {
  let offset = start;
  while (offset + 8 <= end) {
    const size = view.getUint32(offset);
    const next = size === 0 ? end : offset + size;
    if (size !== 0 && size < 8 || next > end) return;
    yield { type: fourCc(view, offset + 4), start: offset + 8, end: next };
    offset = next;
  }
}

/** The first box reached by a path of types, for example `["moov", "trak"]`. */
export function findBox(view: DataView, path: readonly string[], within?: Box): Box | undefined {
  let found = within ?? { type: "", start: 0, end: view.byteLength };
  for (const type of path) {
    const next = [...boxesIn(view, found.start, found.end)].find((box) => box.type === type);
    if (!next) return undefined;
    found = next;
  }
  return found;
}
