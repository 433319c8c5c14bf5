// MpjpegSplitter on what ffmpeg really writes, in every chunking, and on streams that are cut or hold garbage.
import { assert, assertEquals } from "@std/assert";
import { PART_PREFIX_BYTES, PART_SUFFIX_BYTES, writePart } from "../../../../src/protocols/mpjpeg/part.ts";
import { type JpegFrame, MpjpegSplitter } from "../../../../src/protocols/mpjpeg/splitter.ts";
import { drawPictures, ffmpeg, join, latin1, part, stream, STREAM_START } from "../../tools/jpegs.ts";

const PICTURES = await drawPictures(4);
const [FIRST, SECOND, THIRD] = PICTURES as [Bytes, Bytes, Bytes];
type Bytes = Uint8Array<ArrayBuffer>;

interface Result {
  frames: JpegFrame[];
  damaged: number;
}

function split(chunks: readonly Uint8Array[], maxFrameBytes?: number): Result {
  const frames: JpegFrame[] = [];
  const splitter = new MpjpegSplitter({
    onFrame: (frame) => frames.push(frame),
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
  });
  for (const chunk of chunks) splitter.push(chunk);
  return { frames, damaged: splitter.damaged };
}

function chunksOf(bytes: Bytes, size: number): Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return chunks;
}

function assertFrames(result: Result, expected: readonly Uint8Array[], damaged = 0): void {
  assertEquals(result.frames.map((frame) => frame.bytes.length), expected.map((each) => each.length));
  for (const [i, frame] of result.frames.entries()) assertEquals(frame.bytes, expected[i] as Bytes);
  assertEquals(result.damaged, damaged);
}

Deno.test("MpjpegSplitter: takes apart what ffmpeg's mpjpeg muxer writes, with the picture size", async () => {
  const source = ["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=5", "-frames:v", "4"];
  const encode = ["-c:v", "mjpeg", "-q:v", "5", "-f", "mpjpeg", "pipe:1"];
  const result = split([await ffmpeg([...source, ...encode])]);
  assertFrames(result, PICTURES);
  assertEquals(result.frames.map(({ width, height }) => [width, height]), Array(4).fill([96, 64]));
});

Deno.test("MpjpegSplitter: every cut of the stream into two chunks gives identical frames", () => {
  const whole = stream([FIRST, SECOND]);
  for (let cut = 1; cut < whole.length; cut++) {
    assertFrames(split([whole.slice(0, cut), whole.slice(cut)]), [FIRST, SECOND]);
  }
});

for (const size of [1, 2, 3, 7, 64, 1000, 1023, 1024, 1025, 4096]) {
  Deno.test(`MpjpegSplitter: chunks of ${size} bytes give identical frames`, () => {
    assertFrames(split(chunksOf(stream(PICTURES), size)), PICTURES);
  });
}

Deno.test("MpjpegSplitter: a chunk may be overwritten after the call, as a reader reuses its buffer", () => {
  const frames: JpegFrame[] = [];
  const splitter = new MpjpegSplitter({ onFrame: (frame) => frames.push(frame) });
  const buffer = new Uint8Array(100);
  for (const chunk of chunksOf(stream(PICTURES), 100)) {
    buffer.set(chunk);
    splitter.push(buffer.subarray(0, chunk.length));
    buffer.fill(0xaa);
  }
  assertFrames({ frames, damaged: splitter.damaged }, PICTURES);
});

const GARBAGE: Record<string, Uint8Array> = {
  "a few bytes": latin1("garbage"),
  "a blank line": latin1("\r\n\r\n"),
  "text with blank lines": latin1("HTTP/1.0 200 OK\r\nA: b\r\n\r\nmore\r\n\r\n"),
  "half a boundary": latin1("--ffm"),
  "a boundary and a blank line": latin1("--ffmpeg\r\nX: y\r\n\r\n"),
  "5000 bytes without a line break": new Uint8Array(5000).fill(0x41),
  "5000 carriage returns": new Uint8Array(5000).fill(13),
  "5000 dashes": new Uint8Array(5000).fill(0x2d),
  "1014 bytes, so that the boundary straddles the header buffer": new Uint8Array(1014).fill(0x41),
  "1020 bytes, so that the boundary straddles the header buffer": new Uint8Array(1020).fill(0x41),
  "the second half of a picture": FIRST.slice(FIRST.length / 2),
};

for (const [name, garbage] of Object.entries(GARBAGE)) {
  Deno.test(`MpjpegSplitter: garbage before the stream loses no frame: ${name}`, () => {
    const bytes = join([garbage, "\r\n", stream([FIRST, SECOND])]);
    for (const size of [1, 100, bytes.length]) {
      const { frames } = split(chunksOf(bytes, size));
      assertFrames({ frames, damaged: 0 }, [FIRST, SECOND]);
    }
  });

  Deno.test(`MpjpegSplitter: garbage between parts loses no later frame: ${name}`, () => {
    const bytes = join([STREAM_START, part(FIRST), garbage, "\r\n", STREAM_START, part(SECOND), part(THIRD)]);
    for (const size of [1, 100, bytes.length]) {
      const { frames } = split(chunksOf(bytes, size));
      assertFrames({ frames, damaged: 0 }, [FIRST, SECOND, THIRD]);
    }
  });
}

Deno.test("MpjpegSplitter: a part cut in half, that swallowed the next boundary, loses only that frame", () => {
  for (const kept of [0, 1, 2, 20, 300, FIRST.length >> 1, FIRST.length - 100]) {
    const bytes = join([STREAM_START, part(FIRST.slice(0, kept), FIRST.length), part(SECOND), part(THIRD)]);
    for (const size of [1, 100, bytes.length]) {
      assertFrames(split(chunksOf(bytes, size)), [SECOND, THIRD], 1);
    }
  }
});

Deno.test("MpjpegSplitter: two cut parts in a row lose only these two", () => {
  const half = (jpeg: Bytes) => part(jpeg.slice(0, jpeg.length >> 1), jpeg.length);
  const bytes = join([STREAM_START, half(FIRST), half(SECOND), part(THIRD), part(FIRST)]);
  assertFrames(split([bytes]), [THIRD, FIRST], 2);
});

Deno.test("MpjpegSplitter: half a picture with its true length, as a webcam sends it, loses only that frame", () => {
  const bytes = join([STREAM_START, part(FIRST.slice(0, FIRST.length >> 1)), part(SECOND)]);
  assertFrames(split([bytes]), [SECOND], 1);
});

const LENGTHS = ["-5", "0", "3", "1e9", "999999999", "9999999999999", "0x10", "", "12 13", "NaN", "+7"];
for (const declared of LENGTHS) {
  Deno.test(`MpjpegSplitter: the length "${declared}" counts as damage and is not believed`, () => {
    const bytes = join([STREAM_START, part(FIRST, declared), part(SECOND)]);
    assertFrames(split([bytes]), [SECOND], 1);
    assertFrames(split(chunksOf(bytes, 1)), [SECOND], 1);
  });
}

Deno.test("MpjpegSplitter: a part without a length counts as damage", () => {
  const bare = join(["Content-type: image/jpeg\r\n\r\n", FIRST, `\r\n${STREAM_START}`]);
  assertFrames(split([join([STREAM_START, bare, part(SECOND)])]), [SECOND], 1);
});

Deno.test("MpjpegSplitter: header names are read in any case and order, with other headers around", () => {
  const header = `X-A: 1\r\nCONTENT-LENGTH:${FIRST.length}\r\nContent-Type: image/jpeg\r\nX-B: 2\r\n\r\n`;
  assertFrames(split([join([STREAM_START, header, FIRST])]), [FIRST]);
});

Deno.test("MpjpegSplitter: a flood of headers without an end is bounded, and the next frame comes", () => {
  const flood = latin1("X-Header: value\r\n".repeat(100_000));
  assertFrames(split([join([STREAM_START, flood, "\r\n", stream([FIRST])])]), [FIRST]);
});

Deno.test("MpjpegSplitter: a frame as large as allowed passes, a larger one is damage", () => {
  const largest = Math.max(FIRST.length, SECOND.length);
  const smallest = Math.min(FIRST.length, SECOND.length);
  assertFrames(split([stream([FIRST, SECOND])], largest), [FIRST, SECOND]);
  const padded = join([FIRST, new Uint8Array(largest)]);
  const bytes = join([STREAM_START, part(padded), part(SECOND)]);
  assertFrames(split([bytes], largest), [SECOND], 1);
  assert(smallest > 4);
});

Deno.test("MpjpegSplitter: bodies that are no JPEG are damage and are not shown", () => {
  const bodies = [latin1("not a picture"), new Uint8Array(500), join([FIRST.slice(0, 2), FIRST.slice(-2)])];
  for (const body of bodies) {
    assertFrames(split([join([STREAM_START, part(body), part(SECOND)])]), [SECOND], 1);
  }
});

const PADDINGS: Record<string, Uint8Array> = {
  "zeros": new Uint8Array(777),
  "fill bytes": new Uint8Array(16).fill(0xff),
  "fill bytes and zeros": join([new Uint8Array(4).fill(0xff), new Uint8Array(9)]),
};
for (const [name, padding] of Object.entries(PADDINGS)) {
  Deno.test(`MpjpegSplitter: padding behind the end of image is cut off: ${name}`, () => {
    assertFrames(split([stream([join([FIRST, padding]), SECOND])]), [FIRST, SECOND]);
  });
}

Deno.test("MpjpegSplitter: a frame's buffer has room for writePart, which then copies nothing", () => {
  const { frames } = split([stream([FIRST, join([SECOND, new Uint8Array(50)])])]);
  for (const [i, { bytes }] of frames.entries()) {
    assert(bytes.byteOffset >= PART_PREFIX_BYTES);
    assert(bytes.byteOffset + bytes.length + PART_SUFFIX_BYTES <= bytes.buffer.byteLength);
    const facts = { capturedAtMs: 1_767_225_600_123, seq: i + 1, sizeBytes: bytes.length };
    assert(writePart(bytes, facts).buffer === bytes.buffer);
    assertEquals(bytes, [FIRST, SECOND][i] as Bytes);
  }
});

Deno.test("MpjpegSplitter: frames do not share memory, so a later one cannot change an earlier", () => {
  const { frames } = split([stream(PICTURES)]);
  assertEquals(new Set(frames.map((frame) => frame.bytes.buffer)).size, PICTURES.length);
});
