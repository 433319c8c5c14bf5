// Fragmented MP4 of the real ffmpeg, cut in every way; and garbage, which must be refused and never believed.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Fmp4Splitter } from "../../../../src/protocols/fmp4/splitter.ts";
import { ffmpeg, join, latin1, seededRandom } from "../../tools/jpegs.ts";
import { type Drawing, drawVideo, splitVideo } from "../../tools/videos.ts";

const DRAWINGS: [string, Drawing][] = [
  ["H.264", {}],
  ["H.264 with G.711", { sound: "pcm_alaw" }],
  ["H.264 with AAC", { sound: "aac" }],
  ["H.265", { codec: "h265" }],
  ["H.265 with G.711", { codec: "h265", sound: "pcm_alaw" }],
];

/** What ffprobe says of the packets of one track. */
async function probe(stream: Uint8Array, track: string): Promise<{ flags: string; dts_time: string }[]> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, stream);
    const args = [
      "-v",
      "error",
      "-of",
      "json",
      "-select_streams",
      track,
      "-show_entries",
      "packet=flags,dts_time",
    ];
    const { stdout } = await new Deno.Command("ffprobe", { args: [...args, path], stdin: "null" }).output();
    return JSON.parse(new TextDecoder().decode(stdout)).packets ?? [];
  } finally {
    await Deno.remove(path);
  }
}

/** How many pictures ffmpeg decodes from a stream, complaining of nothing. */
async function decoded(stream: Uint8Array): Promise<number> {
  const strict = ["-xerror", "-err_detect", "explode", "-f", "mp4", "-i", "pipe:0", "-map", "0:v"];
  const raw = await ffmpeg([
    ...strict,
    "-f",
    "rawvideo",
    "-pix_fmt",
    "gray",
    "-fps_mode",
    "passthrough",
    "pipe:1",
  ], stream);
  return raw.length / (96 * 64);
}

for (const [name, drawing] of DRAWINGS) {
  Deno.test(`Fmp4Splitter: ${name} is one beginning and a fragment for each packet, with the times and keys of ffprobe`, async () => {
    const stream = await drawVideo(drawing);
    const { inits, fragments } = splitVideo(stream);
    const [init] = inits;
    assert(init && inits.length === 1);
    const [video, audio] = init.tracks;
    assertEquals([video?.kind, audio?.kind], ["video", drawing.sound ? "audio" : undefined]);
    for (const [track, selector] of [[video, "v"], [audio, "a"]] as const) {
      if (!track) continue;
      const own = fragments.filter(({ trackId }) => trackId === track.id);
      const packets = await probe(stream, selector);
      assert(packets.length > 3 && own.length === packets.length, `${own.length} of ${packets.length}`);
      assertEquals(own.map(({ isSync }) => isSync), packets.map(({ flags }) => flags.includes("K")));
      const seconds = own.map(({ decodeTime }) => decodeTime / track.timescale);
      seconds.forEach((second, at) => {
        assert(
          Math.abs(second - Number(packets[at]?.dts_time)) < 0.002,
          `${second} and ${packets[at]?.dts_time}`,
        );
        assert(at === 0 || second > (seconds[at - 1] ?? 0), "times rise");
      });
    }
  });

  Deno.test(`Fmp4Splitter: ${name} put together again is the same video, and so is what begins at a key frame`, async () => {
    const stream = await drawVideo(drawing);
    const { inits: [init], fragments } = splitVideo(stream);
    const isPicture = (trackId: number) => trackId === init?.tracks[0]?.id;
    const all = join([init!.bytes, ...fragments.map(({ bytes }) => bytes)]);
    assertEquals(all, stream.slice(0, all.length));
    assertEquals(await decoded(all), 12);
    const second = fragments.findIndex(({ isSync, trackId }, at) => at > 3 && isSync && isPicture(trackId));
    const late = join([init!.bytes, ...fragments.slice(second).map(({ bytes }) => bytes)]);
    assertEquals(
      await decoded(late),
      fragments.slice(second).filter(({ trackId }) => isPicture(trackId)).length,
    );
  });
}

const plain = (result: ReturnType<typeof splitVideo>) => [
  result.inits.map(({ bytes, tracks }) => [bytes.length, tracks]),
  result.fragments.map((
    { bytes, ...head },
  ) => [bytes.length, bytes.reduce((sum, byte) => sum + byte, 0), head]),
];

Deno.test("Fmp4Splitter: chunks of any size give the same", async () => {
  const stream = await drawVideo({ sound: "pcm_alaw", frames: 6 });
  const expected = plain(splitVideo(stream));
  for (let size = 1; size <= 96; size++) assertEquals(plain(splitVideo(stream, [size])), expected, `${size}`);
  for (const sizes of [[997], [4096], [1, 8191], [7, 1, 3000], [stream.length]]) {
    assertEquals(plain(splitVideo(stream, sizes)), expected);
  }
});

Deno.test("Fmp4Splitter: a stream cut in two at any byte gives the same", async () => {
  const stream = (await drawVideo({ frames: 2, gop: 1 })).subarray(0, 6000);
  const expected = plain(splitVideo(stream));
  for (let cut = 1; cut < stream.length; cut++) {
    assertEquals(plain(splitVideo(stream, [cut, stream.length])), expected, `cut at ${cut}`);
  }
});

Deno.test("Fmp4Splitter: a stream that breaks off tells only what was whole", async () => {
  const stream = await drawVideo({ frames: 4 });
  const { fragments } = splitVideo(stream);
  const whole = join([
    splitVideo(stream).inits[0]!.bytes,
    ...fragments.slice(0, 2).map(({ bytes }) => bytes),
  ]);
  assertEquals(splitVideo(stream.subarray(0, whole.length)).fragments.length, 2);
  assertEquals(splitVideo(stream.subarray(0, whole.length - 1)).fragments.length, 1);
});

function box(type: string, content?: Uint8Array | string, size?: number): Uint8Array<ArrayBuffer> {
  const bytes = join(["\0\0\0\0", type, content ?? ""]);
  new DataView(bytes.buffer).setUint32(0, size ?? bytes.length);
  return bytes;
}

Deno.test("Fmp4Splitter: boxes that say nothing are passed over, also between moof and mdat", async () => {
  const { inits: [init], fragments } = splitVideo(await drawVideo({ frames: 2 }));
  const ftypEnd = new DataView(init!.bytes.buffer).getUint32(0);
  const cut = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const parts = fragments.flatMap(({ bytes }) => [
    box("styp", "iso5"),
    bytes.subarray(0, cut(bytes)),
    box("free", "x".repeat(50)),
    bytes.subarray(cut(bytes)),
    box("sidx"),
  ]);
  const stream = join([
    init!.bytes.subarray(0, ftypEnd),
    box("free"),
    init!.bytes.subarray(ftypEnd),
    ...parts,
  ]);
  const again = splitVideo(stream);
  assertEquals(plain(again), plain({ inits: [init!], fragments }));
});

Deno.test("Fmp4Splitter: an mdat without its moof, and a moof without track, are no fragments", () => {
  const stream = join([
    box("mdat", "abc"),
    box("moof"),
    box("mdat", "abc"),
    box("moof", box("traf")),
    box("mdat"),
  ]);
  assertEquals(splitVideo(stream).fragments, []);
});

const GARBAGE: [string, Uint8Array][] = [
  ["a web page", latin1("<!DOCTYPE html><html></html>")],
  ["JPEG", latin1("\xff\xd8\xff\xe0\0\x10JFIF\0\x01")],
  ["zeros", new Uint8Array(64)],
  ["a box smaller than its head", box("free", "", 7)],
  ["a box without end", box("mdat", "abc", 0)],
  ["a box with a long size", box("mdat", "\0\0\0\0\0\0\0\x20", 1)],
  ["a box of 33 MB", box("mdat", "abc", 33 << 20)],
  ["a box of 4 GB", box("mdat", "abc", 0xffffffff)],
  ["a box with a name that is none", box("\0\x01ab")],
];
for (const [name, bytes] of GARBAGE) {
  Deno.test(`Fmp4Splitter: ${name} is refused, from the beginning and behind a good stream`, async () => {
    const good = await drawVideo({ frames: 1 });
    for (const stream of [bytes, join([good, bytes])]) {
      const error = assertThrows(() => splitVideo(stream, [5]), HubError);
      assertEquals([error.kind, error.message], [
        "device_rejected",
        "The stream is not the MP4 it should be",
      ]);
    }
  });
}

Deno.test("Fmp4Splitter: random and damaged bytes are refused in words or read, nothing else", async () => {
  const random = seededRandom(11);
  const good = await drawVideo({ sound: "aac", frames: 3 });
  const headers = splitVideo(good).inits[0]!.bytes.length + 400;
  for (let round = 0; round < 4000; round++) {
    const stream = round % 4 === 0
      ? Uint8Array.from({ length: 200 }, () => Math.floor(random() * 256))
      : good.slice(0, headers + 800);
    const harms = round % 4 === 0 ? 0 : 1 + Math.floor(random() * 6);
    for (let harm = 0; harm < harms; harm++) {
      stream[Math.floor(random() * headers)] = [0, 1, 0xff, Math.floor(random() * 256)][round % 4] ?? 0;
    }
    try {
      splitVideo(stream, [1 + Math.floor(random() * 300)]);
    } catch (error) {
      assert(error instanceof HubError && error.kind === "device_rejected", `round ${round}: ${error}`);
    }
  }
});

Deno.test("Fmp4Splitter: boxes that are too short for what they should hold are no track and no fragment", () => {
  const stsd = box("minf", box("stbl", box("stsd", join(["\0".repeat(8), box("avc1", "\0".repeat(90))]))));
  const heads = { tkhd: "\0".repeat(84), mdhd: "\0".repeat(24), hdlr: "\0".repeat(8) + "vide" };
  const moov = ({ tkhd, mdhd, hdlr }: typeof heads) => {
    const mdia = box("mdia", join([stsd, box("mdhd", mdhd), box("hdlr", hdlr)]));
    return box("moov", box("trak", join([box("tkhd", tkhd), mdia])));
  };
  const tracks = (stream: Uint8Array) => splitVideo(stream).inits[0]?.tracks.map(({ codec }) => codec);
  assertEquals(tracks(moov(heads)), ["avc1"]);
  for (const name of ["tkhd", "mdhd", "hdlr"] as const) {
    for (let length = 0; length < Math.min(heads[name].length, 24); length++) {
      const short = tracks(moov({ ...heads, [name]: heads[name].slice(0, length) }));
      assertEquals(short, [], `${name} of ${length}`);
    }
  }
  const traf = (tfdt: Uint8Array) =>
    box("traf", join([box("tfhd", "\0".repeat(8)), box("trun", "\0".repeat(8)), tfdt]));
  const cut = (tfdt: string) => {
    const moof = box("moof", traf(box("tfdt", tfdt)));
    return splitVideo(join([moof, box("mdat", "x")])).fragments[0]?.decodeTime;
  };
  assertEquals(["", "\0\0\0\0\0\0\0", "\x01\0\0\0\0\0\0\x07", "\0\0\0\0\0\0\0\x07"].map(cut), [0, 0, 7, 7]);
  assertEquals(cut("\x01\0\0\0\0\0\0\x01\0\0\0\x07"), 2 ** 32 + 7);
});

Deno.test("Fmp4Splitter: a beginning that is cut short inside its boxes is refused in words", async () => {
  const init = splitVideo(await drawVideo({ sound: "aac", frames: 1 })).inits[0]!.bytes;
  const start = new DataView(init.buffer).getUint32(0);
  for (let length = 8; length < init.length - start; length += 3) {
    const moov = init.slice(start, start + length);
    new DataView(moov.buffer).setUint32(0, length);
    try {
      new Fmp4Splitter({ onInit: () => {}, onFragment: () => {} }).push(moov);
    } catch (error) {
      assert(error instanceof HubError, `${length}: ${error}`);
    }
  }
});
