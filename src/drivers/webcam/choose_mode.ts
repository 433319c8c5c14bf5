// Chooses what to ask of a webcam, among what it offers and what the user wants. Pure.
import { HubError } from "../../base/errors.ts";
import { isJpegFormat, isReadableFormat } from "../../process/ffmpeg_args.ts";
import type { V4l2Mode } from "../../protocols/v4l2/parse.ts";

/** What the user asked for; absent means the hub chooses. */
export interface ModeWish {
  format: "auto" | "mjpeg" | "yuyv";
  width?: number | undefined;
  height?: number | undefined;
  fps?: number | undefined;
}

/** What the device is asked for. */
export interface ChosenMode {
  format: string;
  width: number;
  height: number;
  fps: number;
}

/** Without a wish: JPEG up to 720p30; raw pictures up to VGA, which USB 2 carries at a fair rate. */
const DEFAULT_JPEG_PIXELS = 1280 * 720;
const DEFAULT_RAW_PIXELS = 640 * 480;
const DEFAULT_FPS = 30;

/**
 * Returns the best mode for the wish.
 * @throws HubError `invalid_input` listing what there is, when nothing fits.
 */
export function chooseMode(modes: readonly V4l2Mode[], wish: ModeWish): ChosenMode {
  const readable = modes.filter((mode) => isReadableFormat(mode.format));
  const fitting = readable.filter((mode) => fits(mode, wish));
  const best = fitting.toSorted((a, b) => score(b, wish) - score(a, wish))[0];
  if (!best) throw nothingFits(modes, wish);
  return { format: best.format, width: best.width, height: best.height, fps: chooseRate(best, wish) };
}

function fits(mode: V4l2Mode, wish: ModeWish): boolean {
  if (wish.format === "mjpeg" && !isJpegFormat(mode.format)) return false;
  if (wish.format === "yuyv" && mode.format !== "YUYV") return false;
  if (wish.width !== undefined && mode.width !== wish.width) return false;
  return wish.height === undefined || mode.height === wish.height;
}

/** JPEG before raw; the largest that is not above the default; else the smallest there is. */
function score(mode: V4l2Mode, wish: ModeWish): number {
  const isJpeg = isJpegFormat(mode.format);
  const pixels = mode.width * mode.height;
  const limit = isJpeg ? DEFAULT_JPEG_PIXELS : DEFAULT_RAW_PIXELS;
  const size = pixels <= limit ? pixels : -pixels;
  const rate = Math.min(chooseRate(mode, wish), DEFAULT_FPS) / 1000;
  return (isJpeg ? 1e12 : 0) + size + rate;
}

/** The nearest rate to the wish; without one the highest up to 30. */
function chooseRate(mode: V4l2Mode, wish: ModeWish): number {
  if (mode.fps.length === 0) return wish.fps ?? DEFAULT_FPS;
  const calm = mode.fps.filter((rate) => rate <= DEFAULT_FPS);
  if (wish.fps === undefined && calm.length > 0) return Math.max(...calm);
  const target = wish.fps ?? DEFAULT_FPS;
  return mode.fps.toSorted((a, b) => Math.abs(a - target) - Math.abs(b - target) || b - a)[0] ?? target;
}

function nothingFits(modes: readonly V4l2Mode[], wish: ModeWish): HubError {
  const size = wish.width || wish.height ? `${wish.width ?? "any"}x${wish.height ?? "any"}` : "any size";
  const offered = modes.map((mode) => `${mode.format} ${mode.width}x${mode.height}`);
  return new HubError("invalid_input", `The camera does not offer ${wish.format} at ${size}`, {
    hint: offered.length > 0
      ? `It offers: ${[...new Set(offered)].slice(0, 20).join(", ")}`
      : "It lists no picture format at all; it may be broken or need more power",
    details: { offered: offered.slice(0, 100) },
  });
}
