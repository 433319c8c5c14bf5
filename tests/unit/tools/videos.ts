// Real video in fragmented MP4, as the hub's own ffmpeg arguments make it, for tests of splitters and packet streams.
import { TO_FRAGMENTED_VIDEO } from "../../../src/process/ffmpeg_args.ts";
import { Fmp4Splitter, type Fragment } from "../../../src/protocols/fmp4/splitter.ts";
import type { InitSegment } from "../../../src/protocols/fmp4/init_segment.ts";
import { ffmpeg } from "./jpegs.ts";

/** What to draw. What is left out: H.264 without sound, 96x64, 25 frames a second, 12 frames, a key frame every 4. */
export interface Drawing {
  codec?: "h264" | "h265";
  sound?: "pcm_alaw" | "aac";
  frames?: number;
  gop?: number;
  size?: string;
  /** More options of the encoder. */
  encoder?: string[];
  /** How many times faster than real time an endless one runs. */
  speed?: number;
}

const FPS = 25;

/** ffmpeg's arguments up to the output: sources and encoders. */
export function drawingSource(drawing: Drawing = {}): string[] {
  const { codec = "h264", sound, frames = 12, gop = 4, size = "96x64", encoder = [] } = drawing;
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${FPS}`];
  const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=8000"];
  const video = codec === "h264"
    ? ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
    : [
      "-c:v",
      "libx265",
      "-preset",
      "ultrafast",
      "-x265-params",
      "log-level=none:bframes=0",
      "-pix_fmt",
      "yuv420p",
    ];
  return [
    ...picture,
    ...(sound ? [...tone, "-map", "0:v:0", "-map", "1:a:0"] : []),
    ...[...video, "-g", String(gop), "-threads", "1", ...encoder],
    ...(sound ? ["-c:a", sound, "-ac", "1", "-ar", sound === "aac" ? "16000" : "8000"] : []),
    ...["-t", String(frames / FPS)],
  ];
}

/** The same for a camera that sends without end. */
export function endlessArgs(drawing: Drawing = {}): string[] {
  const source = drawingSource({ ...drawing, frames: 36_000_000 });
  const paced = source.flatMap((arg) =>
    arg === "-f" ? ["-readrate", String(drawing.speed ?? 1), "-f"] : [arg]
  );
  return ["-hide_banner", "-nostdin", "-loglevel", "error", ...paced, ...TO_FRAGMENTED_VIDEO];
}

/** Draws a stream as the hub reads it from a camera. */
export function drawVideo(drawing: Drawing = {}): Promise<Uint8Array<ArrayBuffer>> {
  return ffmpeg([...drawingSource(drawing), ...TO_FRAGMENTED_VIDEO]);
}

/** Cuts a stream with the splitter of the hub, given in chunks of the sizes named, over and over. */
export function splitVideo(stream: Uint8Array, sizes: readonly number[] = [65_536]) {
  const inits: InitSegment[] = [];
  const fragments: Fragment[] = [];
  const splitter = new Fmp4Splitter({
    onInit: (init) => inits.push(init),
    onFragment: (fragment) => fragments.push(fragment),
  });
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy: the splitter's caller reuses its buffer.
    const chunk = stream.slice(at, at + size);
    splitter.push(chunk);
    chunk.fill(0xee);
    at += size;
  }
  return { inits, fragments };
}
