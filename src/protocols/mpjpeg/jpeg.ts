// What the hub must know of a JPEG without decoding it (ITU-T T.81 annex B): size, Huffman tables, its ends.

/** What the headers of a JPEG say. */
export interface JpegHeader {
  width: number;
  height: number;
  /** Where the start-of-scan marker stands: the place for missing tables. */
  scanOffset: number;
  hasHuffmanTable: boolean;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;

/** True when the bytes begin as a JPEG does. */
export function startsAsJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff;
}

/**
 * Walks the header segments up to the first scan.
 * @returns undefined when the bytes are not a JPEG that a baseline or progressive decoder could read.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (!startsAsJpeg(bytes)) return undefined;
  let width = 0;
  let height = 0;
  let hasHuffmanTable = false;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === SOS) return width > 0 ? { width, height, scanOffset: at, hasHuffmanTable } : undefined;
    const length = readUint16(bytes, at + 2);
    if (length < 2 || marker < 0xc0) return undefined;
    if (marker === DHT) hasHuffmanTable = true;
    if (isFrameHeader(marker)) {
      height = readUint16(bytes, at + 5);
      width = readUint16(bytes, at + 7);
    }
    at += 2 + length;
  }
  return undefined;
}

/** SOF0…SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/**
 * Returns the length up to and including the end-of-image marker, or undefined when the end is missing.
 * Some webcams pad their frames, so zeros and fill bytes after the marker are passed over.
 */
export function jpegLength(bytes: Uint8Array): number | undefined {
  let end = bytes.length;
  while (end > 2 && bytes[end - 1] === 0) end--;
  while (end > 2 && bytes[end - 1] === 0xff) end--;
  return bytes[end - 2] === 0xff && bytes[end - 1] === EOI ? end : undefined;
}

/**
 * The four standard Huffman tables (T.81 annex K.3) as one DHT segment, 420 bytes. Many USB webcams leave
 * them out; browsers then show nothing.
 */
export const STANDARD_HUFFMAN_TABLE: Uint8Array<ArrayBuffer> = buildStandardTable();

function buildStandardTable(): Uint8Array<ArrayBuffer> {
  const run = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
  const dc = run(0, 12);
  const rows = (from: number, to: number, first: number) =>
    run(from, to - from + 1).map((zeros) => [zeros, first] as const);
  const luminanceRows = [[3, 4] as const, ...rows(4, 8, 3), ...rows(9, 13, 2), ...rows(14, 15, 1)];
  const chrominanceRows = [[3, 5] as const, ...rows(4, 7, 3), ...rows(8, 15, 2)];
  const acLuminance = [
    ..."\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32",
    ..."\x81\x91\xa1\x08\x23\x42\xb1\xc1\x15\x52\xd1\xf0\x24\x33\x62\x72\x82",
  ].map((char) => char.charCodeAt(0)).concat(
    run(0x09, 2),
    run(0x16, 5),
    run(0x25, 6),
    plainCodes(luminanceRows),
  );
  const acChrominance = [
    ..."\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81",
    ..."\x08\x14\x42\x91\xa1\xb1\xc1\x09\x23\x33\x52\xf0\x15\x62\x72\xd1\x0a\x16\x24\x34",
    ..."\xe1\x25\xf1",
  ].map((char) => char.charCodeAt(0)).concat(run(0x17, 4), run(0x26, 5), plainCodes(chrominanceRows));
  const tables = [
    [0x00, [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], dc],
    [0x01, [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], dc],
    [0x10, [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], acLuminance],
    [0x11, [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], acChrominance],
  ] as const;
  const body = tables.flatMap(([id, counts, values]) => [id, ...counts, ...values]);
  const length = body.length + 2;
  return new Uint8Array([0xff, DHT, length >> 8, length & 0xff, ...body]);
}

/** The run/size codes that an AC table lists in plain order at its end; each row is `[run of zeros, first size]`. */
function plainCodes(rows: readonly (readonly [number, number])[]): number[] {
  return rows.flatMap(([zeros, first]) =>
    Array.from({ length: 11 - first }, (_, i) => (zeros << 4) | (first + i))
  );
}
