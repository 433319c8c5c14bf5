// AAC of the real ffmpeg cut into frames, whatever the chunks, and found again behind garbage.
import { assert, assertEquals } from "@std/assert";
import { AdtsSplitter } from "../../../../src/protocols/adts/splitter.ts";
import { ffmpeg, join, latin1, seededRandom } from "../../tools/jpegs.ts";

const draw = (seconds: number, bitrate = "32k") =>
  ffmpeg([
    ...["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=16000:duration=${seconds}`],
    ...["-c:a", "aac", "-b:a", bitrate, "-f", "adts", "pipe:1"],
  ]);

function split(stream: Uint8Array, sizes: readonly number[] = [4096]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const splitter = new AdtsSplitter((frame) => frames.push(frame));
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const chunk = stream.slice(at, at + size);
    splitter.push(chunk);
    chunk.fill(0xee);
    at += size;
  }
  return frames;
}

/** A frame with a content of so many zeros. */
function frame(bytes: number): Uint8Array<ArrayBuffer> {
  const length = bytes + 7;
  const head = [0xff, 0xf1, 0x60, 0x40 | length >> 11, length >> 3 & 0xff, (length & 7) << 5 | 0x1f, 0xfc];
  return join([Uint8Array.from(head), new Uint8Array(bytes)]);
}

Deno.test("AdtsSplitter: a stream comes apart into its frames, and these are the stream again", async () => {
  const stream = await draw(2);
  const frames = split(stream);
  // 1024 samples of sound in each, and up to two for the encoder's delay.
  assert(frames.length >= 31 && frames.length <= 35, `${frames.length}`);
  assertEquals(join(frames), stream);
  assert(frames.every((each) => each[0] === 0xff && (each[1] ?? 0) >> 4 === 0xf));
});

Deno.test("AdtsSplitter: ffmpeg decodes what begins at any frame", async () => {
  const frames = split(await draw(1));
  for (const from of [1, 5, frames.length - 3]) {
    const rest = join(frames.slice(from));
    const strict = ["-xerror", "-err_detect", "explode", "-f", "aac", "-i", "pipe:0"];
    const raw = await ffmpeg([...strict, "-f", "s16le", "pipe:1"], rest);
    assert(raw.length / 2 >= (frames.length - from - 1) * 1024);
  }
});

Deno.test("AdtsSplitter: chunks of any size give the same", async () => {
  const stream = await draw(1);
  const expected = split(stream);
  for (let size = 1; size <= 200; size++) assertEquals(split(stream, [size]), expected, `${size}`);
  assertEquals(split(stream, [stream.length]), expected);
  assertEquals(split(stream, [1, 700, 3]), expected);
});

Deno.test("AdtsSplitter: a frame comes with its last byte, not before and not only with the next", () => {
  const frames: number[] = [];
  const splitter = new AdtsSplitter(({ length }) => frames.push(length));
  const one = frame(93);
  splitter.push(one.subarray(0, 6));
  splitter.push(one.subarray(6, 99));
  assertEquals(frames, []);
  splitter.push(one.subarray(99));
  splitter.push(new Uint8Array(0));
  assertEquals(frames, [100]);
});

Deno.test("AdtsSplitter: the largest frame there can be is taken, an empty one is none", () => {
  assertEquals(split(join([frame(8184), frame(1)]), [1000]).map(({ length }) => length), [8191, 8]);
  assertEquals(split(join([frame(0), frame(5)])).map(({ length }) => length), [12]);
});

Deno.test("AdtsSplitter: garbage before, between and behind frames costs no whole frame", () => {
  const good = [frame(20), frame(300), frame(40)];
  const garbage = [
    "some text",
    "\0".repeat(50),
    "\xff",
    "\xff\xff\xff",
    "ID3\x03\0\0\0\0\0\x0a",
    // The sync word of MPEG audio of another layer.
    "\xff\xfb\x90\x64" + "\0".repeat(20),
  ];
  for (const each of garbage) {
    const noise = latin1(each);
    const stream = join([noise, good[0]!, noise, good[1]!, noise, good[2]!, noise]);
    for (const size of [1, 3, 4096]) assertEquals(split(stream, [size]), good, JSON.stringify(each));
  }
});

Deno.test("AdtsSplitter: random bytes end in no error, and what follows is found again", async () => {
  const random = seededRandom(3);
  const stream = await draw(2);
  const whole = split(stream);
  for (let round = 0; round < 100; round++) {
    const noise = Uint8Array.from({ length: 500 }, () => Math.floor(random() * 256));
    const frames = split(join([noise, stream]), [1 + Math.floor(random() * 600)]);
    // A header that stands in the noise by chance takes 8191 bytes at most with it.
    assertEquals(frames.at(-1), whole.at(-1));
  }
});
