// Both splitters on thousands of damaged streams: nothing may throw, and nothing but whole JPEGs may come out.
import { assert, assertEquals } from "@std/assert";
import { JpegSplitter } from "../../../../src/protocols/mpjpeg/jpeg_splitter.ts";
import {
  type FrameSplitter,
  type JpegFrame,
  MpjpegSplitter,
  type SplitterOptions,
} from "../../../../src/protocols/mpjpeg/splitter.ts";
import { drawPictures, join, seededRandom, stream } from "../../tools/jpegs.ts";

const PICTURES = await drawPictures(3);
const ROUNDS = 2000;
const MAX_FRAME_BYTES = 64 * 1024;
const TOKENS = [
  "\r\n\r\n",
  "--ffmpeg\r\n",
  "Content-length: 70000\r\n\r\n",
  "\xff\xd8\xff",
  "\xff\xd9",
  "\xff\xff",
];

/** One to four changes: flip, cut out, put in, double or break the stream off. */
function mutate(bytes: Uint8Array<ArrayBuffer>, random: () => number): Uint8Array<ArrayBuffer> {
  let result = bytes.slice();
  const place = () => Math.floor(random() * result.length);
  for (let change = Math.floor(random() * 4); change >= 0; change--) {
    const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number];
    const kind = Math.floor(random() * 6);
    if (kind === 0) result[place()] = Math.floor(random() * 256);
    else if (kind === 1) result = join([result.slice(0, from), result.slice(to)]);
    else if (kind === 2) {
      const token = TOKENS[Math.floor(random() * TOKENS.length)] ?? "";
      result = join([result.slice(0, from), token, result.slice(from)]);
    } else if (kind === 3) result = join([result.slice(0, to), result.slice(from)]);
    else if (kind === 4) result = result.slice(0, to);
    else for (let at = from; at < Math.min(to, from + 50); at++) result[at] = Math.floor(random() * 256);
    if (result.length < 2) return result;
  }
  return result;
}

function check(frame: JpegFrame): void {
  const { bytes } = frame;
  assertEquals([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  assertEquals([...bytes.subarray(-2)], [0xff, 0xd9]);
  assert(bytes.length <= MAX_FRAME_BYTES + 420, `frame of ${bytes.length} bytes`);
  assert(bytes.buffer.byteLength <= 512 * 1024, `buffer of ${bytes.buffer.byteLength} bytes`);
  assert(frame.width > 0);
}

function fuzz(valid: Uint8Array<ArrayBuffer>, create: (options: SplitterOptions) => FrameSplitter): void {
  const random = seededRandom(20_261_122);
  let frames = 0;
  let damaged = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutate(valid, random);
    const options = {
      maxFrameBytes: MAX_FRAME_BYTES,
      onFrame: (frame: JpegFrame) => {
        check(frame);
        frames++;
      },
    };
    const splitter = create(options);
    for (let at = 0; at < bytes.length;) {
      const size = 1 + Math.floor(random() * 3000);
      splitter.push(bytes.subarray(at, at + size));
      at += size;
    }
    damaged += splitter.damaged;
    // Whatever came before, two undamaged frames in a row end the trouble.
    const before = frames;
    splitter.push(new Uint8Array(2 * MAX_FRAME_BYTES));
    splitter.push(valid);
    assert(frames > before, `round ${round}: the splitter did not recover`);
  }
  assert(damaged > ROUNDS / 10, "the mutations did damage");
  assert(frames > 2 * ROUNDS, "most frames came through");
}

Deno.test("MpjpegSplitter: 2000 damaged streams give whole JPEGs only, and it recovers each time", () => {
  fuzz(stream(PICTURES), (options) => new MpjpegSplitter(options));
});

Deno.test("JpegSplitter: 2000 damaged streams give whole JPEGs only, and it recovers each time", () => {
  fuzz(join(PICTURES), (options) => new JpegSplitter(options));
});
