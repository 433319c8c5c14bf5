// Reads the header of a JPEG picture, so that the tests can tell a whole, decodable frame from a broken one.

export interface JpegFacts {
  /** Starts with SOI, ends with EOI, and has a frame header and a scan between them. */
  whole: boolean;
  width: number;
  height: number;
  /** Times each Huffman table is defined, by "class/id"; a decodable baseline picture has four, once each. */
  huffmanTables: Record<string, number>;
}

export function readJpeg(bytes: Uint8Array): JpegFacts {
  const facts: JpegFacts = { whole: false, width: 0, height: 0, huffmanTables: {} };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return facts;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return facts;
    if (marker === 0xc4) countTables(bytes.subarray(at + 4, end), facts.huffmanTables);
    if (marker >= 0xc0 && marker <= 0xc2) {
      facts.height = view.getUint16(at + 5);
      facts.width = view.getUint16(at + 7);
    }
    if (marker === 0xda) {
      facts.whole = facts.width > 0 && view.getUint16(bytes.length - 2) === 0xffd9;
      return facts;
    }
    at = end;
  }
  return facts;
}

function countTables(segment: Uint8Array, tables: Record<string, number>): void {
  let at = 0;
  while (at + 17 <= segment.length) {
    const key = `${segment[at]! >> 4}/${segment[at]! & 15}`;
    tables[key] = (tables[key] ?? 0) + 1;
    const symbols = segment.subarray(at + 1, at + 17).reduce((sum, n) => sum + n, 0);
    at += 17 + symbols;
  }
}

/** True when all four baseline tables are there, none of them twice. */
export function hasOneHuffmanSet(facts: JpegFacts): boolean {
  return ["0/0", "0/1", "1/0", "1/1"].every((key) => facts.huffmanTables[key] === 1) &&
    Object.keys(facts.huffmanTables).length === 4;
}
