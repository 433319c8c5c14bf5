// What the beginning of a stream says of its tracks, compared with what ffprobe and the encoder's own headers say.
import { assert, assertEquals } from "@std/assert";
import { audioTrack, readInitSegment, videoTrack } from "../../../../src/protocols/fmp4/init_segment.ts";
import { ffmpeg } from "../../tools/jpegs.ts";
import { type Drawing, drawingSource, drawVideo, splitVideo } from "../../tools/videos.ts";

interface Probed {
  codec_name: string;
  width?: number;
  height?: number;
  level?: number;
  sample_rate?: string;
  time_base: string;
}

async function probe(stream: Uint8Array): Promise<Probed[]> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, stream);
    const args = ["-v", "error", "-of", "json", "-show_streams", path];
    const { stdout } = await new Deno.Command("ffprobe", { args, stdin: "null" }).output();
    return JSON.parse(new TextDecoder().decode(stdout)).streams;
  } finally {
    await Deno.remove(path);
  }
}

/** The first NAL unit of a type in Annex B, its header and emulation prevention taken away. */
function nalUnit(annexB: Uint8Array, isWanted: (head: number) => boolean, headBytes: number): Uint8Array {
  for (let at = 0; at + 4 < annexB.length; at++) {
    const isStart = annexB[at] === 0 && annexB[at + 1] === 0 && annexB[at + 2] === 1;
    if (!isStart || !isWanted(annexB[at + 3] ?? 0)) continue;
    const raw = annexB.subarray(at + 3 + headBytes, at + 80);
    return raw.filter((byte, i) => !(byte === 3 && raw[i - 1] === 0 && raw[i - 2] === 0));
  }
  throw new Error("There is no such unit");
}

const hex = (bytes: Iterable<number>) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** RFC 6381 from the sequence parameter set (H.264 7.3.2.1.1): profile, constraints, level. */
async function h264Codec({ sound: _, ...drawing }: Drawing): Promise<string> {
  const annexB = await ffmpeg([...drawingSource(drawing), "-f", "h264", "pipe:1"]);
  return `avc1.${hex(nalUnit(annexB, (head) => (head & 0x1f) === 7, 1).subarray(0, 3))}`;
}

/** The same from `profile_tier_level` of the H.265 sequence parameter set (H.265 7.3.3), read by itself. */
async function h265Codec({ sound: _, ...drawing }: Drawing): Promise<string> {
  const annexB = await ffmpeg([...drawingSource(drawing), "-f", "hevc", "pipe:1"]);
  const sps = nalUnit(annexB, (head) => (head >> 1 & 0x3f) === 33, 2);
  const bits = [...sps.subarray(1, 13)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const number = (from: number, length: number) => parseInt(bits.slice(from, from + length), 2);
  const flags = parseInt([...bits.slice(8, 40)].reverse().join(""), 2).toString(16);
  const constraints = Array.from({ length: 6 }, (_, at) => number(40 + 8 * at, 8).toString(16));
  const shown = constraints.join(".").replace(/(\.0)+$/, "");
  const space = ["", "A", "B", "C"][number(0, 2)];
  return `hev1.${space}${number(3, 5)}.${flags}.${number(2, 1) ? "H" : "L"}${number(88, 8)}.${shown}`;
}

const DRAWINGS: [string, Drawing][] = [
  ["H.264 Baseline", { encoder: ["-profile:v", "baseline"] }],
  ["H.264 Main", { encoder: ["-profile:v", "main", "-coder", "1"] }],
  ["H.264 High", { encoder: ["-profile:v", "high", "-preset", "fast"] }],
  ["H.264 of 1080 lines", { size: "1920x1080", frames: 2 }],
  ["H.264 with G.711", { sound: "pcm_alaw" }],
  ["H.264 with AAC", { sound: "aac" }],
  ["H.265 Main", { codec: "h265" }],
  ["H.265 Main 10", { codec: "h265", encoder: ["-pix_fmt", "yuv420p10le"] }],
  ["H.265 of 1080 lines with G.711", { codec: "h265", size: "1920x1080", frames: 2, sound: "pcm_alaw" }],
];
for (const [name, drawing] of DRAWINGS) {
  Deno.test(`[INGEST] readInitSegment: ${name} is named as its headers say, with the size and clock of ffprobe`, async () => {
    const stream = await drawVideo(drawing);
    const init = splitVideo(stream).inits[0]!;
    const [picture, sound] = await probe(stream);
    const video = videoTrack(init);
    assert(video && picture);
    assertEquals(video.codec, await (drawing.codec === "h265" ? h265Codec(drawing) : h264Codec(drawing)));
    assertEquals(video.format, video.codec.split(".")[0] ?? "");
    assertEquals([video.width, video.height], [picture.width, picture.height]);
    assertEquals(`1/${video.timescale}`, picture.time_base);
    const level = video.codec.startsWith("avc1") ? parseInt(video.codec.slice(-2), 16) : undefined;
    if (level !== undefined) assertEquals(level, picture.level);
    else assert(video.codec.includes(`.L${picture.level}.`), `${video.codec} ${picture.level}`);

    const audio = audioTrack(init);
    assertEquals(audio === undefined, drawing.sound === undefined);
    if (!audio || !sound) return;
    assertEquals(audio.format, { pcm_alaw: "alaw", aac: "mp4a" }[drawing.sound ?? "aac"]);
    assertEquals([audio.codec, `${audio.timescale}`, audio.width], [
      audio.format,
      sound.sample_rate ?? "",
      undefined,
    ]);
  });
}

Deno.test("readInitSegment: what holds no tracks has none, and a stream of sound only has no picture", async () => {
  assertEquals(readInitSegment(new Uint8Array(0)).tracks, []);
  assertEquals(readInitSegment(new Uint8Array(100)).tracks, []);
  const tone = ["-f", "lavfi", "-i", "sine=duration=0.2", "-c:a", "aac"];
  const stream = await ffmpeg([
    ...tone,
    "-f",
    "mov",
    "-movflags",
    "empty_moov",
    "-frag_duration",
    "1",
    "pipe:1",
  ]);
  const init = splitVideo(stream).inits[0]!;
  assertEquals([videoTrack(init), audioTrack(init)?.kind], [undefined, "audio"]);
});
