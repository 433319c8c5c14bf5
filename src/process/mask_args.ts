// Builds the arguments of an ffmpeg that covers parts of pictures. Pure. Whatever goes wrong with the mask, nothing
// comes out: `maskedmerge` makes no picture before it has all three of its inputs, which `overlay` would.
import { encodeJpeg, type JpegQuality, QUIET, TO_MPJPEG } from "./ffmpeg_args.ts";

/** What covers which parts. */
export interface MaskSpec {
  /** Size of the picture in pixels, even numbers. */
  width: number;
  height: number;
  /** How many pixels of the picture each of the mask's stands for, across and down. */
  blockPixels: number;
  /** A grey PNG, white where the picture is covered. It may be seen in the list of processes: it holds no picture. */
  png: Uint8Array;
  style: "black" | "blur";
}

/** Columns and rows that are left of a whole picture where it is blurred: too few to tell a face or a word. */
const BLUR_CELLS = 16;

const ERRORS_ONLY = [...QUIET, "-loglevel", "error"];
/** Parts tell their length: a picture is read as soon as it is there, not when the next one begins. */
const FROM_MPJPEG = [
  "-threads",
  "1",
  "-probesize",
  "32",
  "-analyzeduration",
  "0",
  "-f",
  "mpjpeg",
  "-i",
  "pipe:0",
];

/** Arguments that cover a stream of JPEGs, in multipart from stdin to stdout: one picture for each. */
export function maskStreamArgs(mask: MaskSpec, quality: JpegQuality): string[] {
  const output = ["-fps_mode", "passthrough", ...TO_MPJPEG];
  return [...ERRORS_ONLY, ...FROM_MPJPEG, ...masking(mask), ...encodeJpeg(quality), ...output];
}

/** Arguments that cover one JPEG from stdin to stdout. */
export function maskPictureArgs(mask: MaskSpec, quality: JpegQuality): string[] {
  const input = ["-f", "mjpeg", "-i", "pipe:0"];
  return [
    ...ERRORS_ONLY,
    ...input,
    ...masking(mask),
    ...["-frames:v", "1"],
    ...encodeJpeg(quality),
    ...["-f", "mjpeg", "pipe:1"],
  ];
}

/** Arguments that cover a video in fragmented MP4 from stdin and write it, with its sound, as the same to stdout. */
export function maskVideoArgs(mask: MaskSpec): string[] {
  const picture = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-crf",
    "26",
    "-pix_fmt",
    "yuv420p",
    "-g",
    "60",
  ];
  const sound = ["-map", "0:a?", "-c:a", "aac", "-b:a", "64k"];
  const output = ["-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_keyframe", "pipe:1"];
  return [...ERRORS_ONLY, ...["-i", "pipe:0"], ...masking(mask), ...picture, ...sound, ...output];
}

/** The mask as the second input, and what is made of both. */
function masking({ width, height, blockPixels, png, style }: MaskSpec): string[] {
  const half = `${width / 2}:${height / 2}`;
  const blocks = `${Math.ceil(width / blockPixels) * blockPixels}:${
    Math.ceil(height / blockPixels) * blockPixels
  }`;
  const isBlur = style === "blur";
  const graph = [
    // Whatever comes is made as large as the mask: there is no part of a picture without its part of the mask.
    `[0:v]scale=${width}:${height},format=yuvj420p,setpts=PTS-STARTPTS${
      isBlur ? ",split[plain][seen]" : "[plain]"
    }`,
    `[1:v]format=gray,scale=${blocks}:flags=neighbor,crop=${width}:${height}:0:0,` +
    (isBlur ? "split=3[bright][u][v]" : "split=4[bright][u][v][dark]"),
    // Colours lie half as dense as brightness, and are covered by the same mask.
    `[u]scale=${half}:flags=neighbor[mask_u]`,
    `[v]scale=${half}:flags=neighbor[mask_v]`,
    "[bright][mask_u][mask_v]mergeplanes=map0s=0:map1s=1:map2s=2:map1p=0:map2p=0:format=yuv420p[mask]",
    isBlur
      ? `[seen]scale=${BLUR_CELLS}:${BLUR_CELLS}:flags=area,scale=${width}:${height}:flags=bilinear[cover]`
      : "[dark]lut=c0=0,format=yuvj420p[cover]",
    "[plain][cover][mask]maskedmerge[out]",
  ];
  const uri = `data:image/png;base64,${png.toBase64()}`;
  return ["-f", "png_pipe", "-i", uri, "-filter_complex", graph.join(";"), "-map", "[out]"];
}
