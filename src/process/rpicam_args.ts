// Builds the arguments of rpicam-vid (libcamera-vid on older systems) from checked values. Pure.
import type { JpegQuality, PictureMode } from "./ffmpeg_args.ts";

/** Arguments that write one JPEG after the other to stdout until the process is stopped. */
export function rpicamArgs(camera: number, mode: PictureMode, quality: JpegQuality): string[] {
  return [
    ...["-t", "0", "-n", "--codec", "mjpeg", "--flush", "--camera", String(Math.trunc(camera))],
    ...["--width", String(mode.width), "--height", String(mode.height), "--framerate", String(mode.fps)],
    ...["--quality", String(quality), "-o", "-"],
  ];
}

/** Arguments that list the cameras. */
export const RPICAM_LIST_ARGS: readonly string[] = ["--list-cameras"];
