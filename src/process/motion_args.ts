// Arguments of the ffmpeg that makes the small grey pictures in which motion is looked for.
import { NO_PROBING, QUIET } from "./ffmpeg_args.ts";

/** The size of those pictures, whatever the shape of the camera's: zones are fractions of it. */
export const GRAY_WIDTH = 160;
export const GRAY_HEIGHT = 90;

const ONE_THREAD = ["-threads", "1"] as const;
/** Luminance alone: colours are neither converted nor scaled. */
const SHRINK = `scale=${GRAY_WIDTH}:${GRAY_HEIGHT}:flags=area`;

/** What goes out: bare pictures of one byte a pixel, each at once. */
function toGray(filters: string): string[] {
  const output = [...ONE_THREAD, "-filter_threads", "1", "-fps_mode", "passthrough"];
  return ["-an", "-vf", filters, ...output, "-f", "rawvideo", "-flush_packets", "1", "pipe:1"];
}

/**
 * Arguments that turn multipart JPEGs from stdin into small grey pictures, one for each, without waiting for the
 * next one as a bare row of JPEGs would need.
 * @param width of the JPEGs: they are decoded at a half, a quarter or an eighth where that is large enough.
 */
export function grayFromJpegArgs(width: number): string[] {
  const reduced = [3, 2, 1].find((step) => width >> step >= GRAY_WIDTH) ?? 0;
  const input = ["-lowres", String(reduced), ...NO_PROBING, "-f", "mpjpeg", "-i", "pipe:0"];
  return [...QUIET, ...ONE_THREAD, ...input, ...toGray(`extractplanes=y,${SHRINK}`)];
}

/** The same of a video in fragmented MP4, of which not more pictures a second are given than are wanted. */
export function grayFromVideoArgs(fps: number): string[] {
  const decode = ["-skip_loop_filter", "all", "-flags", "low_delay"];
  const input = [...decode, ...NO_PROBING, "-f", "mp4", "-i", "pipe:0"];
  const due = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${(0.9 / fps).toFixed(3)})'`;
  return [...QUIET, ...ONE_THREAD, ...input, ...toGray(`${due},extractplanes=y,${SHRINK}`)];
}
