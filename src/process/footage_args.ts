// Builds the arguments of the ffmpeg that takes a picture from a recording, or puts files of it together. Pure.
import { QUIET } from "./ffmpeg_args.ts";

/** One JPEG of a file, at the key frame at or before a time: only that one picture is decoded. */
export function pictureOfFileArgs(path: string, offsetMs: number, width: number): string[] {
  return [
    ...QUIET,
    ...["-threads", "1", "-skip_frame", "nokey", "-noaccurate_seek", "-ss", seconds(offsetMs)],
    ...["-f", "mp4", "-i", `file:${path}`, "-map", "0:v:0", "-frames:v", "1"],
    // The key frame lies before the time that is looked for: else it is dropped where no other follows.
    ...["-fps_mode", "passthrough"],
    ...["-vf", `scale='min(${width},iw)':-2:flags=area,format=yuvj420p`],
    ...["-c:v", "mjpeg", "-q:v", "5", "-f", "image2pipe", "pipe:1"],
  ];
}

/** A piece of a file. */
export interface FilePiece {
  path: string;
  /** From the key frame at or before it; undefined: from the beginning. */
  fromMs?: number | undefined;
  /** Undefined: to the end. */
  toMs?: number | undefined;
}

/**
 * What ffmpeg's `concat` format reads (ffmpeg.org/ffmpeg-formats.html#concat-1), for its stdin.
 * @throws Error for a path with a line break: none of the hub's has one.
 */
export function concatList(pieces: readonly FilePiece[]): string {
  const lines = pieces.flatMap(({ path, fromMs, toMs }) => {
    if (/[\r\n]/.test(path)) throw new Error("A path of a recording has a line break");
    return [
      `file 'file:${path.replaceAll("'", `'\\''`)}'`,
      ...(fromMs === undefined ? [] : [`inpoint ${seconds(fromMs)}`]),
      ...(toMs === undefined ? [] : [`outpoint ${seconds(toMs)}`]),
    ];
  });
  return `${["ffconcat version 1.0", ...lines].join("\n")}\n`;
}

/**
 * Arguments that copy what the list on stdin names into one MP4 with its index in front; it tells on stdout how far
 * it is, twice a second.
 */
export function joinFilesArgs(path: string, { isH265 }: { isH265: boolean }): string[] {
  return [
    ...QUIET,
    ...["-progress", "pipe:1", "-stats_period", "0.5"],
    ...["-protocol_whitelist", "file,pipe", "-f", "concat", "-safe", "0", "-i", "pipe:0"],
    ...["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", ...(isH265 ? ["-tag:v", "hvc1"] : [])],
    ...["-avoid_negative_ts", "make_zero", "-movflags", "+faststart", "-f", "mp4", `file:${path}`],
  ];
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}
