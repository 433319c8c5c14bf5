// Frames without a Huffman table, as many USB webcams send them, must become pictures that every browser shows.
import { assert, assertEquals } from "@std/assert";
import { readJpegHeader, STANDARD_HUFFMAN_TABLE } from "../../../../src/protocols/mpjpeg/jpeg.ts";
import { writePart } from "../../../../src/protocols/mpjpeg/part.ts";
import { type JpegFrame, MpjpegSplitter } from "../../../../src/protocols/mpjpeg/splitter.ts";
import { decode, drawPictures, headerSegments, join, stream, withoutTable } from "../../tools/jpegs.ts";

const WITH_STANDARD = await drawPictures(3, ["-huffman", "default"]);
const WITH_OWN = await drawPictures(3, ["-huffman", "optimal"]);

function split(bytes: Uint8Array): JpegFrame[] {
  const frames: JpegFrame[] = [];
  new MpjpegSplitter({ onFrame: (frame) => frames.push(frame) }).push(bytes);
  return frames;
}

function tables(jpeg: Uint8Array<ArrayBuffer>): Uint8Array[] {
  return headerSegments(jpeg).filter(({ marker }) => marker === 0xc4).map(({ bytes }) => bytes);
}

Deno.test("STANDARD_HUFFMAN_TABLE: equals the table that ffmpeg writes with -huffman default", () => {
  for (const jpeg of WITH_STANDARD) assertEquals(tables(jpeg), [STANDARD_HUFFMAN_TABLE]);
  assertEquals(STANDARD_HUFFMAN_TABLE.length, 420);
});

Deno.test("MpjpegSplitter: a frame without a table gets exactly one, and decodes to the same pixels", async () => {
  const bare = WITH_STANDARD.map(withoutTable);
  for (const jpeg of bare) assertEquals(readJpegHeader(jpeg)?.hasHuffmanTable, false);
  const frames = split(stream(bare));
  assertEquals(frames.length, 3);
  for (const [i, { bytes, width, height }] of frames.entries()) {
    const original = WITH_STANDARD[i]!;
    assertEquals(tables(bytes), [STANDARD_HUFFMAN_TABLE]);
    assertEquals(bytes.length, original.length);
    assertEquals([width, height], [96, 64]);
    assertEquals(await decode(bytes), await decode(original));
  }
});

Deno.test("MpjpegSplitter: all but the table stays as it was, in its order", () => {
  const bare = withoutTable(WITH_STANDARD[0]!);
  const [frame] = split(stream([bare]));
  const at = readJpegHeader(bare)!.scanOffset;
  assertEquals(frame?.bytes, join([bare.slice(0, at), STANDARD_HUFFMAN_TABLE, bare.slice(at)]));
});

Deno.test("MpjpegSplitter: a frame with a table of its own is byte-identical", () => {
  assert(tables(WITH_OWN[0]!).some((table) => table.length !== STANDARD_HUFFMAN_TABLE.length));
  for (const pictures of [WITH_OWN, WITH_STANDARD]) {
    assertEquals(split(stream(pictures)).map((frame) => frame.bytes), pictures);
  }
});

Deno.test("MpjpegSplitter: a camera that changes between frames with and without tables is served", async () => {
  const mixed = [
    WITH_OWN[0]!,
    withoutTable(WITH_STANDARD[1]!),
    WITH_OWN[2]!,
    withoutTable(WITH_STANDARD[0]!),
  ];
  const frames = split(stream(mixed));
  assertEquals(frames[0]?.bytes, WITH_OWN[0]);
  assertEquals(frames[2]?.bytes, WITH_OWN[2]);
  assertEquals(await decode(frames[1]!.bytes), await decode(WITH_STANDARD[1]!));
  assertEquals(await decode(frames[3]!.bytes), await decode(WITH_STANDARD[0]!));
});

Deno.test("MpjpegSplitter: frames that got a table still have room for writePart", () => {
  for (const { bytes } of split(stream(WITH_STANDARD.map(withoutTable)))) {
    const before = bytes.slice();
    const part = writePart(bytes, { capturedAtMs: 0, seq: 1, sizeBytes: bytes.length });
    assert(part.buffer === bytes.buffer);
    assertEquals(bytes, before);
  }
});

Deno.test("MpjpegSplitter: a padded frame without a table loses the padding and gets the table", async () => {
  const [frame] = split(stream([join([withoutTable(WITH_STANDARD[0]!), new Uint8Array(333)])]));
  assertEquals(frame?.bytes.length, WITH_STANDARD[0]!.length);
  assertEquals(await decode(frame!.bytes), await decode(WITH_STANDARD[0]!));
});
