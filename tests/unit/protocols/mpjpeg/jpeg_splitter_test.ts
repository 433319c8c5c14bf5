// JpegSplitter: bare JPEGs as rpicam-vid writes them, with thumbnails, restart markers, garbage and no end.
import { assert, assertEquals } from "@std/assert";
import { JpegSplitter } from "../../../../src/protocols/mpjpeg/jpeg_splitter.ts";
import type { JpegFrame } from "../../../../src/protocols/mpjpeg/splitter.ts";
import { drawPictures, ffmpeg, join, latin1 } from "../../tools/jpegs.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const PICTURES = await drawPictures(3);
const [FIRST, SECOND, THIRD] = PICTURES as [Bytes, Bytes, Bytes];

function split(chunks: readonly Uint8Array[], maxFrameBytes = 1 << 20) {
  const frames: JpegFrame[] = [];
  const splitter = new JpegSplitter({ onFrame: (frame) => frames.push(frame), maxFrameBytes });
  for (const chunk of chunks) splitter.push(chunk);
  return { frames: frames.map((frame) => frame.bytes), sizes: frames, damaged: splitter.damaged };
}

function chunksOf(bytes: Bytes, size: number): Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return chunks;
}

/** A picture with a segment put in behind its start of image. */
function withSegment(jpeg: Bytes, marker: number, body: Uint8Array): Bytes {
  const length = body.length + 2;
  const head = new Uint8Array([0xff, marker, length >> 8, length & 0xff]);
  return join([jpeg.slice(0, 2), head, body, jpeg.slice(2)]);
}

Deno.test("JpegSplitter: every cut of the stream into two chunks gives identical frames with their size", () => {
  const whole = join([FIRST, SECOND]);
  for (let cut = 1; cut < whole.length; cut++) {
    const { frames, damaged, sizes } = split([whole.slice(0, cut), whole.slice(cut)]);
    assertEquals(frames, [FIRST, SECOND]);
    assertEquals([damaged, sizes[0]?.width, sizes[0]?.height], [0, 96, 64]);
  }
});

for (const size of [1, 2, 3, 7, 64, 1000, 4096]) {
  Deno.test(`JpegSplitter: chunks of ${size} bytes give identical frames`, () => {
    const { frames, damaged } = split(chunksOf(join(PICTURES), size));
    assertEquals([frames, damaged], [PICTURES, 0]);
  });
}

Deno.test("JpegSplitter: frames outgrow the first buffer and stay whole", async () => {
  const source = [
    "-f",
    "lavfi",
    "-i",
    "nullsrc=size=1280x720:rate=5,noise=alls=90:all_seed=7,format=yuvj420p",
  ];
  const large = await ffmpeg([
    ...source,
    "-frames:v",
    "1",
    "-c:v",
    "mjpeg",
    "-q:v",
    "2",
    "-f",
    "mjpeg",
    "pipe:1",
  ]);
  assert(large.length > 256 * 1024, `${large.length} bytes`);
  for (const size of [5000, 65536, 10 << 20]) {
    const { frames, damaged } = split(chunksOf(join([large, FIRST, large, SECOND]), size), 4 << 20);
    assertEquals([frames, damaged], [[large, FIRST, large, SECOND], 0]);
  }
});

Deno.test("JpegSplitter: a thumbnail inside an APP1 segment does not end the frame", () => {
  const exif = withSegment(FIRST, 0xe1, join(["Exif\0\0", SECOND, "tail"]));
  for (const size of [1, 50, 100_000]) {
    assertEquals(split(chunksOf(join([exif, THIRD, exif]), size)).frames, [exif, THIRD, exif]);
  }
});

Deno.test("JpegSplitter: a comment that holds markers does not end the frame", () => {
  const commented = withSegment(FIRST, 0xfe, new Uint8Array([0xff, 0xd9, 0xff, 0xd8, 0xff, 0xda]));
  assertEquals(split([join([commented, SECOND])]).frames, [commented, SECOND]);
});

Deno.test("JpegSplitter: restart markers and escaped bytes are part of the scan", () => {
  const scan = [0xff, 0x00, 1, 0xff, 0xd0, 2, 0xff, 0xd7, 3, 0xff, 0x00];
  const restarting = join([FIRST.slice(0, -2), new Uint8Array([...scan, 0xff, 0xd9])]);
  for (const size of [1, 2, 100_000]) {
    assertEquals(split(chunksOf(join([restarting, SECOND]), size)).frames, [restarting, SECOND]);
  }
});

Deno.test("JpegSplitter: a progressive picture, with tables between its scans, is one frame", () => {
  const scan = FIRST.slice(FIRST.length - 40, FIRST.length - 2);
  const table = new Uint8Array([0xff, 0xc4, 0, 4, 0xff, 0xd9]);
  const startOfScan = new Uint8Array([0xff, 0xda, 0, 4, 1, 2]);
  const progressive = join([FIRST.slice(0, -2), table, startOfScan, scan, new Uint8Array([0xff, 0xd9])]);
  assertEquals(split(chunksOf(join([progressive, SECOND]), 3)).frames, [progressive, SECOND]);
});

Deno.test("JpegSplitter: fill bytes before markers are passed over", () => {
  const fill = new Uint8Array(5).fill(0xff);
  const filled = join([FIRST.slice(0, 2), fill, FIRST.slice(2, -2), fill, FIRST.slice(-2)]);
  for (const size of [1, 100_000]) {
    assertEquals(split(chunksOf(join([filled, SECOND]), size)).frames, [filled, SECOND]);
  }
});

const GARBAGE: Record<string, Uint8Array> = {
  "text": latin1("some text\r\n\r\n"),
  "zeros": new Uint8Array(3000),
  "a lone FF": new Uint8Array([0xff]),
  "many FF": new Uint8Array(3000).fill(0xff),
  "an end of image": new Uint8Array([0xff, 0xd9]),
  "the second half of a picture": FIRST.slice(FIRST.length >> 1),
};
for (const [name, garbage] of Object.entries(GARBAGE)) {
  Deno.test(`JpegSplitter: garbage around frames loses none: ${name}`, () => {
    const bytes = join([garbage, FIRST, garbage, SECOND, garbage, THIRD]);
    for (const size of [1, 100, bytes.length]) assertEquals(split(chunksOf(bytes, size)).frames, PICTURES);
  });
}

Deno.test("JpegSplitter: a frame cut in half is counted as damaged, and the next one comes", () => {
  const { frames, damaged } = split([join([FIRST.slice(0, FIRST.length - 200), SECOND, THIRD])]);
  assertEquals(frames, [SECOND, THIRD]);
  assert(damaged >= 1);
});

Deno.test("JpegSplitter: a frame without end is given up at the limit, and a later one comes", () => {
  const limit = 100_000;
  const scan = new Uint8Array(5000).fill(0x55);
  const frames: Bytes[] = [];
  const splitter = new JpegSplitter({ onFrame: ({ bytes }) => frames.push(bytes), maxFrameBytes: limit });
  splitter.push(FIRST.slice(0, -2));
  for (let pushed = 0; pushed < 3 * limit; pushed += scan.length) splitter.push(scan);
  assertEquals([frames.length, splitter.damaged], [0, 1]);
  splitter.push(join([SECOND, THIRD]));
  assertEquals(frames, [SECOND, THIRD]);
});

Deno.test("JpegSplitter: what has start and end but no picture in it is damage", () => {
  const empty = join([FIRST.slice(0, 2), new Uint8Array([0xff, 0xda, 0, 4, 1, 2, 9, 9, 0xff, 0xd9])]);
  const { frames, damaged } = split([join([empty, SECOND])]);
  assertEquals([frames, damaged], [[SECOND], 1]);
});

Deno.test("JpegSplitter: frames do not share memory, so a later one cannot change an earlier", () => {
  const { frames } = split(chunksOf(join(PICTURES), 100));
  assertEquals(new Set(frames.map((frame) => frame.buffer)).size, 3);
});
