// jpeg.ts and part.ts: the little that the hub reads of a JPEG, and how it frames one for browsers.
import { assert, assertEquals } from "@std/assert";
import { jpegLength, readJpegHeader, startsAsJpeg } from "../../../../src/protocols/mpjpeg/jpeg.ts";
import {
  ADVANCE_HEADER,
  ADVANCE_TRAILER,
  MULTIPART_CONTENT_TYPE,
  PART_PREFIX_BYTES,
  PART_SUFFIX_BYTES,
  writePart,
} from "../../../../src/protocols/mpjpeg/part.ts";
import { drawPictures, headerSegments, join, withoutTable } from "../../tools/jpegs.ts";

const PICTURE = (await drawPictures(1))[0] as Uint8Array<ArrayBuffer>;
const FACTS = { capturedAtMs: 1_767_225_600_250, seq: 42, sizeBytes: PICTURE.length };

Deno.test("readJpegHeader: tells size, place of the scan and whether there is a table", () => {
  const scanOffset = 2 + headerSegments(PICTURE).reduce((sum, { bytes }) => sum + bytes.length, 0);
  assertEquals(readJpegHeader(PICTURE), { width: 96, height: 64, scanOffset, hasHuffmanTable: true });
  const bare = readJpegHeader(withoutTable(PICTURE));
  assertEquals([bare?.hasHuffmanTable, bare?.width, bare?.height], [false, 96, 64]);
});

Deno.test("readJpegHeader: any length of a cut header gives undefined and never throws", () => {
  const { scanOffset } = readJpegHeader(PICTURE)!;
  for (let length = 0; length < scanOffset; length++) {
    assertEquals(readJpegHeader(PICTURE.slice(0, length)), undefined);
  }
});

Deno.test("readJpegHeader: refuses what is no picture", () => {
  const cases: Record<string, number[]> = {
    "nothing": [],
    "no start": [0, 0, 0, 0],
    "scan without a frame header": [0xff, 0xd8, 0xff, 0xda, 0, 4, 1, 2],
    "segment of length 1": [0xff, 0xd8, 0xff, 0xe0, 0, 1, 0xff, 0xda, 0, 4],
    "no marker where one must be": [0xff, 0xd8, 0xff, 0xe0, 0, 2, 7, 7, 7, 7],
    "marker that cannot be": [0xff, 0xd8, 0xff, 0x02, 0, 2, 0xff, 0xda, 0, 4],
    "only fill bytes": [0xff, 0xd8, 0xff, 0xff, 0xff, 0xff, 0xff],
  };
  for (const [name, bytes] of Object.entries(cases)) {
    assertEquals(readJpegHeader(new Uint8Array(bytes)), undefined, name);
  }
});

Deno.test("readJpegHeader: every kind of frame header counts, tables and the like do not", () => {
  const at = (marker: number) =>
    new Uint8Array([0xff, 0xd8, 0xff, marker, 0, 8, 8, 0, 3, 0, 5, 1, 0xff, 0xda, 0, 4]);
  for (let marker = 0xc0; marker <= 0xcf; marker++) {
    const isFrame = ![0xc4, 0xc8, 0xcc].includes(marker);
    const header = readJpegHeader(at(marker));
    assertEquals(header && [header.width, header.height], isFrame ? [5, 3] : undefined, marker.toString(16));
  }
});

Deno.test("startsAsJpeg: asks for start of image and a marker", () => {
  assert(startsAsJpeg(PICTURE));
  for (const bytes of [[], [0xff], [0xff, 0xd8], [0xff, 0xd8, 0], [0xff, 0xd9, 0xff]]) {
    assertEquals(startsAsJpeg(new Uint8Array(bytes)), false);
  }
});

Deno.test("jpegLength: ends at the end of image, padding passed over", () => {
  const cases: [number[], number | undefined][] = [
    [[0xff, 0xd8, 1, 0xff, 0xd9], 5],
    [[0xff, 0xd8, 1, 0xff, 0xd9, 0, 0], 5],
    [[0xff, 0xd8, 1, 0xff, 0xd9, 0xff, 0xff], 5],
    [[0xff, 0xd8, 1, 0xff, 0xd9, 0xff, 0], 5],
    [[0xff, 0xd8, 1, 0xff, 0xd9, 7], undefined],
    [[0xff, 0xd8, 1, 2, 3], undefined],
    [[0xff, 0xd9], 2],
    [[0, 0, 0], undefined],
    [[], undefined],
  ];
  for (const [bytes, expected] of cases) {
    assertEquals(jpegLength(new Uint8Array(bytes)), expected, String(bytes));
  }
});

const HEADER = "--tapocamframe\r\nContent-Type: image/jpeg\r\n" +
  `Content-Length: ${PICTURE.length}\r\nX-Timestamp: 1767225600.250000\r\nX-Sequence: 42\r\n\r\n`;

Deno.test("writePart: without room all is copied into a block of its own", () => {
  const part = writePart(PICTURE, FACTS);
  assertEquals(part, join([HEADER, PICTURE, "\r\n"]));
  assert(part.buffer !== PICTURE.buffer);
});

Deno.test("writePart: with room the header stands in front of the very same bytes", () => {
  const buffer = new ArrayBuffer(PART_PREFIX_BYTES + PICTURE.length + PART_SUFFIX_BYTES);
  const picture = new Uint8Array(buffer, PART_PREFIX_BYTES, PICTURE.length);
  picture.set(PICTURE);
  const part = writePart(picture, FACTS);
  assertEquals(part, join([HEADER, PICTURE, "\r\n"]));
  assert(part.buffer === buffer);
  assertEquals(picture, PICTURE);
});

Deno.test("writePart: one byte too little room on either side means a copy, and nothing is overwritten", () => {
  for (const [before, after] of [[HEADER.length - 1, 2], [HEADER.length, 1]] as const) {
    const all = new Uint8Array(before + PICTURE.length + after).fill(0x77);
    const picture = all.subarray(before, before + PICTURE.length);
    picture.set(PICTURE);
    assertEquals(writePart(picture, FACTS), join([HEADER, PICTURE, "\r\n"]));
    assertEquals(all, join([new Uint8Array(before).fill(0x77), PICTURE, new Uint8Array(after).fill(0x77)]));
  }
});

Deno.test("writePart: the longest header fits into the room that splitters leave", () => {
  const buffer = new ArrayBuffer(PART_PREFIX_BYTES + 8 + PART_SUFFIX_BYTES);
  const facts = { capturedAtMs: 8.64e15, seq: Number.MAX_SAFE_INTEGER, sizeBytes: Number.MAX_SAFE_INTEGER };
  assert(writePart(new Uint8Array(buffer, PART_PREFIX_BYTES, 8), facts).buffer === buffer);
});

Deno.test("MULTIPART_CONTENT_TYPE: names the boundary with which the parts begin", () => {
  const boundary = /boundary=(\w+)$/.exec(MULTIPART_CONTENT_TYPE)?.[1] ?? "";
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  assert(boundary.length > 0);
  assert(text(writePart(PICTURE, FACTS)).startsWith(`--${boundary}\r\n`));
  assertEquals(text(ADVANCE_HEADER), `--${boundary}\r\nContent-Type: image/jpeg\r\n\r\n`);
  assertEquals(text(ADVANCE_TRAILER), `\r\n${text(ADVANCE_HEADER)}`);
});
