// Builds ffmpeg's arguments from checked values. Pure. No text of a user can become an option here.
import { HubError } from "../base/errors.ts";

/** What every ffmpeg of the hub begins with. */
export const QUIET = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning"] as const;
/** Each frame leaves the process as soon as it is there. */
export const TO_MPJPEG = ["-f", "mpjpeg", "-flush_packets", "1", "pipe:1"] as const;

/**
 * No time is spent on probing: the format is known. Not `-fflags nobuffer`: it throws away what was read while
 * probing, and with it the first key frame, so that the picture comes a whole GOP later.
 */
export const NO_PROBING = ["-probesize", "32", "-analyzeduration", "0"] as const;

/**
 * Each packet is a fragment of its own. MOV, not MP4: it holds G.711 sound, which most cameras send. Not
 * `frag_every_frame`: with two tracks ffmpeg 5.1 then writes decode times that step back. The interleaving limit
 * keeps the picture from waiting for a microphone that is off; `delay_moov` and `frag_discont` give the first
 * frame its right time when the hub joins between two key frames.
 */
export const TO_FRAGMENTED_VIDEO = [
  ...["-max_interleave_delta", "200000", "-avoid_negative_ts", "make_non_negative", "-f", "mov"],
  ...[
    "-movflags",
    "empty_moov+default_base_moof+separate_moof+delay_moov+frag_discont",
    "-frag_duration",
    "1",
  ],
  ...["-flush_packets", "1", "pipe:1"],
] as const;

/** Each frame is a fragment of its own, so that none waits for the next. */
const TO_FRAGMENTED_MP4 = [
  ...["-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_every_frame"],
  ...["-flush_packets", "1", "pipe:1"],
] as const;

/** A picture size and rate. */
export interface PictureMode {
  width: number;
  height: number;
  fps: number;
}

/** JPEG quality as users give it, 1 (poor) … 100 (best). */
export type JpegQuality = number;

/**
 * Arguments that draw a moving test picture with the wall clock in it, at the pace of real time.
 * @throws HubError `invalid_input` for values out of range.
 */
export function testPatternArgs(mode: PictureMode, quality: JpegQuality): string[] {
  return [...drawTestPattern(mode), ...encodeJpeg(quality), ...TO_MPJPEG];
}

/** The same as H.264 in fragmented MP4, a key frame every two seconds. */
export function testPatternH264Args(mode: PictureMode): string[] {
  const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"];
  return [...drawTestPattern(mode), ...encode, "-g", String(mode.fps * 2), ...TO_FRAGMENTED_MP4];
}

function drawTestPattern(mode: PictureMode): string[] {
  checkMode(mode);
  const size = Math.round(mode.height / 14);
  const clock = `drawtext=text='%{localtime}':fontsize=${size}:fontcolor=white:box=1:boxcolor=black@0.6:` +
    `boxborderw=${Math.round(size / 3)}:x=(w-text_w)/2:y=text_h`;
  const source = `testsrc2=size=${mode.width}x${mode.height}:rate=${mode.fps},${clock}`;
  return [...QUIET, "-re", "-f", "lavfi", "-i", source];
}

/** What to read from a V4L2 node. */
export interface V4l2Input extends PictureMode {
  /** Node or stable link below /dev. */
  device: string;
  /** FourCC of the pixel format. */
  format: string;
}

const INPUT_FORMATS: Readonly<Record<string, string>> = {
  MJPG: "mjpeg",
  JPEG: "mjpeg",
  YUYV: "yuyv422",
  UYVY: "uyvy422",
  NV12: "nv12",
  YU12: "yuv420p",
  RGB3: "rgb24",
  BGR3: "bgr24",
  GREY: "gray",
};

/** True for a pixel format that `v4l2Args` can read. */
export function isReadableFormat(fourcc: string): boolean {
  return Object.hasOwn(INPUT_FORMATS, fourcc);
}

/** True for a pixel format that already is JPEG, so that nothing need be encoded. */
export function isJpegFormat(fourcc: string): boolean {
  return INPUT_FORMATS[fourcc] === "mjpeg";
}

/**
 * Arguments that read a V4L2 node: JPEG is passed through untouched, other formats are encoded once.
 * @throws HubError `invalid_input` for a path outside /dev, an unknown format or values out of range.
 */
export function v4l2Args(input: V4l2Input, quality: JpegQuality): string[] {
  checkMode(input);
  const format = INPUT_FORMATS[input.format];
  if (!format) throw new HubError("invalid_input", `The pixel format ${input.format} cannot be read`);
  return [
    ...QUIET,
    ...NO_PROBING,
    ...["-f", "v4l2", "-input_format", format, "-video_size", `${input.width}x${input.height}`],
    ...["-framerate", String(input.fps), "-i", checkDevicePath(input.device)],
    ...(isJpegFormat(input.format) ? ["-c:v", "copy"] : encodeJpeg(quality)),
    ...TO_MPJPEG,
  ];
}

/** Arguments that scale and encode a stream of JPEGs from stdin to stdout. */
export function rescaleStreamArgs(width: number | undefined, quality: JpegQuality): string[] {
  const input = [...NO_PROBING, "-f", "mjpeg", "-i", "pipe:0"];
  return [
    ...QUIET,
    ...input,
    ...scale(width),
    ...encodeJpeg(quality),
    "-fps_mode",
    "passthrough",
    ...TO_MPJPEG,
  ];
}

/**
 * Arguments that decode a video in fragmented MP4 from stdin and encode every frame as JPEG to stdout. The
 * encoder counts in the video's own ticks: in frames, two pictures that lie close together would be one, and
 * ffmpeg would end.
 */
export function videoToJpegArgs(quality: JpegQuality): string[] {
  const input = ["-threads", "1", "-flags", "low_delay", ...NO_PROBING, "-f", "mp4", "-i", "pipe:0"];
  const timing = ["-enc_time_base", "-1", "-fps_mode", "passthrough"];
  return [...QUIET, ...input, ...encodeJpeg(quality), ...timing, ...TO_MPJPEG];
}

/** Arguments that encode the sound of a video in fragmented MP4 from stdin as AAC in ADTS to stdout. */
export function audioToAacArgs(): string[] {
  const input = [...NO_PROBING, "-f", "mp4", "-i", "pipe:0"];
  // 16 kHz: with the 8 kHz of G.711 an AAC frame would be twice as long, and so would the delay.
  const encode = ["-vn", "-c:a", "aac", "-b:a", "32k", "-ar", "16000", "-ac", "1"];
  return [...QUIET, ...input, ...encode, "-f", "adts", "-flush_packets", "1", "pipe:1"];
}

/** Arguments that scale and encode one JPEG from stdin to stdout. */
export function rescalePictureArgs(width: number | undefined, quality: JpegQuality): string[] {
  const input = ["-f", "mjpeg", "-i", "pipe:0", "-frames:v", "1"];
  return [...QUIET, ...input, ...scale(width), ...encodeJpeg(quality), "-f", "mjpeg", "pipe:1"];
}

/** Never larger than the original: that would only cost bytes. */
function scale(width: number | undefined): string[] {
  if (width === undefined) return [];
  checkRange("width", width, 16, 7680);
  return ["-vf", `scale='min(${width},iw)':-2`];
}

/** `-q:v` runs from 2 (best) to 31; the browser's 1…100 is mapped onto it. */
export function encodeJpeg(quality: JpegQuality): string[] {
  checkRange("quality", quality, 1, 100);
  const scaleValue = Math.round(31 - (quality - 1) / 99 * 29);
  return ["-c:v", "mjpeg", "-q:v", String(scaleValue), "-pix_fmt", "yuvj420p", "-threads", "1"];
}

/**
 * Returns the path when it names a node below /dev and nothing else.
 * @throws HubError `invalid_input`.
 */
export function checkDevicePath(path: string): string {
  if (/^\/dev\/[A-Za-z0-9][A-Za-z0-9._:+@,=-]*(\/[A-Za-z0-9][A-Za-z0-9._:+@,=-]*)*$/.test(path)) return path;
  throw new HubError("invalid_input", `${JSON.stringify(path)} is not a device path`, {
    hint: "Give a path such as /dev/video0 or /dev/v4l/by-id/usb-…-video-index0",
  });
}

function checkMode(mode: PictureMode): void {
  checkRange("width", mode.width, 16, 7680);
  checkRange("height", mode.height, 16, 4320);
  if (!(mode.fps > 0 && mode.fps <= 240)) checkRange("fps", mode.fps, 1, 240);
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new HubError("invalid_input", `${name} cannot be ${value}`, {
    hint: `Give a whole number from ${min} to ${max}`,
    details: { path: name, expected: `${min}…${max}` },
  });
}
