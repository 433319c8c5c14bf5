// Builds the arguments of the ffmpeg that writes a recording: video as the camera sends it, sound as AAC, in
// fragments, so that a file is playable up to its last second however the writing ends.
import { QUIET } from "./ffmpeg_args.ts";

/**
 * A fragment ends after a second or before a key frame, whichever is first: a killed hub loses no more than that.
 * `delay_moov` waits for the first packets, so that the beginning says the truth of the sound's delay. The bound on
 * interleaving keeps the picture from waiting for a microphone that is switched off.
 */
const TO_FILE = [
  ...["-avoid_negative_ts", "make_zero", "-max_interleave_delta", "1000000", "-f", "mp4"],
  ...["-movflags", "empty_moov+default_base_moof+frag_keyframe+delay_moov", "-frag_duration", "1000000"],
  ...["-flush_packets", "1"],
] as const;

/** What is copied. */
export interface CopyInput {
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
    ...TO_FILE,
    `file:${path}`,
  ];
}

/**
 * Arguments that encode JPEGs from stdin, as they come, into a file that is not there yet. Each has the time at
 * which it came; a clock of milliseconds keeps two that lie close together apart. A key frame every two seconds.
 */
export function recordJpegArgs(path: string): string[] {
  return [
    ...QUIET,
    ...["-use_wallclock_as_timestamps", "1", "-probesize", "32", "-analyzeduration", "0"],
    ...[
      "-f",
      "mjpeg",
      "-i",
      "pipe:0",
      "-map",
      "0:v:0",
      "-vf",
      "scale=trunc(iw/2)*2:trunc(ih/2)*2:out_range=tv,format=yuv420p",
    ],
    ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-threads", "2"],
    ...["-force_key_frames", "expr:gte(t,n_forced*2)", "-fps_mode", "passthrough"],
    ...["-enc_time_base", "1/1000", "-video_track_timescale", "90000"],
    ...TO_FILE,
    `file:${path}`,
  ];
}
