// Builds the arguments of the ffmpeg that writes a recording: video as the camera sends it, sound as AAC, in
// fragments, so that a file is playable up to its last second however the writing ends.
import { QUIET } from "./ffmpeg_args.ts";

/** How often something is written. A fragment is one write, as long as it has no more than 256 KiB. */
export interface Fragments {
  /** A fragment ends before a key frame, and at the latest after so long. What is not written is lost in a crash. */
  maxS: number;
}

/**
 * `delay_moov` waits for the first packets, so that the beginning says the truth of the sound's delay. The bound on
 * interleaving keeps the picture from waiting for a microphone that is switched off.
 */
function toFile({ maxS }: Fragments, path: string, isEveryFrameKey = false): string[] {
  const flags = [
    "empty_moov",
    "default_base_moof",
    ...(isEveryFrameKey ? [] : ["frag_keyframe"]),
    "delay_moov",
  ];
  return [
    ...["-avoid_negative_ts", "make_zero", "-max_interleave_delta", "1000000", "-f", "mp4"],
    ...["-movflags", flags.join("+"), "-frag_duration", String(Math.round(maxS * 1_000_000))],
    ...["-flush_packets", "1", `file:${path}`],
  ];
}

/** What is copied. */
export interface CopyInput extends Fragments {
  /** True adds the sound, encoded: MP4 takes no G.711, which most cameras send. */
  hasSound: boolean;
  isH265: boolean;
}

/** Arguments that copy the hub's fragments from stdin into a file that is not there yet. */
export function recordCopyArgs(input: CopyInput, path: string): string[] {
  const sound = input.hasSound ? ["-map", "0:a:0", "-c:a", "aac", "-b:a", "48k", "-ar", "16000"] : [];
  // Apple's players take H.265 under this name only.
  const tag = input.isH265 ? ["-tag:v", "hvc1"] : [];
  return [
    ...QUIET,
    ...["-probesize", "32", "-analyzeduration", "0", "-f", "mp4", "-i", "pipe:0"],
    ...["-map", "0:v:0", "-c:v", "copy", ...tag, ...sound],
    ...toFile(input, path),
  ];
}

/** Encoders of H.264, the one in software, which is always there, last. */
export const ENCODERS = ["h264_v4l2m2m", "h264_vaapi", "libx264"] as const;
export type Encoder = typeof ENCODERS[number];

/** The device through which VAAPI encodes. */
const RENDER_NODE = "/dev/dri/renderD128";

const EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2:out_range=tv";

function encoderArgs(encoder: Encoder): { before: string[]; after: string[] } {
  switch (encoder) {
    case "h264_v4l2m2m":
      return { before: [], after: ["-vf", `${EVEN},format=yuv420p`, "-c:v", encoder, "-b:v", "4M"] };
    case "h264_vaapi":
      return {
        before: ["-vaapi_device", RENDER_NODE],
        after: ["-vf", `${EVEN},format=nv12,hwupload`, "-c:v", encoder, "-qp", "23"],
      };
    case "libx264":
      return {
        before: [],
        after: [
          ...["-vf", `${EVEN},format=yuv420p`],
          ...["-c:v", encoder, "-preset", "veryfast", "-crf", "23", "-threads", "2"],
        ],
      };
  }
}

const MATROSKA_IN = ["-probesize", "32", "-analyzeduration", "0", "-f", "matroska", "-i", "pipe:0"] as const;

/** Arguments that encode JPEGs with their times, as Matroska on stdin. A key frame every two seconds. */
export function recordJpegArgs(input: Fragments & { encoder: Encoder }, path: string): string[] {
  const { before, after } = encoderArgs(input.encoder);
  return [
    ...QUIET,
    ...before,
    ...MATROSKA_IN,
    ...["-map", "0:v:0", ...after],
    ...["-force_key_frames", "expr:gte(t,n_forced*2)", "-fps_mode", "passthrough"],
    ...["-enc_time_base", "1/1000", "-video_track_timescale", "90000"],
    ...toFile(input, path),
  ];
}

/** The same, with the pictures as they are. */
export function keepJpegArgs(input: Fragments, path: string): string[] {
  return [
    ...QUIET,
    ...MATROSKA_IN,
    ...["-map", "0:v:0", "-c:v", "copy", "-video_track_timescale", "90000"],
    ...toFile(input, path, true),
  ];
}

/** Arguments that encode a few pictures into nothing: what fails cannot encode here. */
export function tryEncoderArgs(encoder: Encoder): string[] {
  const { before, after } = encoderArgs(encoder);
  return [
    ...QUIET,
    ...before,
    ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=10:duration=0.5"],
    ...[...after, "-f", "null", "-"],
  ];
}
