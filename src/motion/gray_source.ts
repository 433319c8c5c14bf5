// Small grey pictures of a camera: one process that is fed from the stream which everybody shares.
import type { Clock } from "../base/clock.ts";
import { abortError, HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Frame } from "../media/frame_hub.ts";
import { FrameTap } from "../media/frame_tap.ts";
import type { Lane } from "../media/lane.ts";
import type { Intake, ProcessSource } from "../media/on_demand.ts";
import { framesRunning } from "../media/rescale.ts";
import type { FrameStream } from "../media/stream.ts";
import { explainDecoder, feedPackets, packetsRunning } from "../media/transcode.ts";
import type { Child, ProcessExit } from "../process/launcher.ts";
import { grayFromJpegArgs, grayFromVideoArgs } from "../process/motion_args.ts";
import { PIXELS } from "./picture.ts";

/** Pictures a second that are looked at. */
export const PICTURES_PER_SECOND = 5;
const FAILED = "The picture could not be read to look for motion";

/** Reads a stream, and keeps it running, for as long as it is read itself. */
export function graySource(cameraId: string, lane: Lane, clock: Clock): ProcessSource {
  return lane.video?.framing === "mp4"
    ? videoSource(cameraId, lane)
    : jpegSource(cameraId, lane.frames, clock);
}

/** Cuts the output into pictures. The same bytes are used for the next one. */
export function grayIntake(onPicture: (picture: Uint8Array) => void): Intake {
  const picture = new Uint8Array(PIXELS);
  let filled = 0;
  return {
    push: (chunk) => {
      let isWhole = false;
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + PIXELS - filled);
        picture.set(part, filled);
        at += part.length;
        filled += part.length;
        if (filled < PIXELS) break;
        filled = 0;
        isWhole = true;
        onPicture(picture);
      }
      return isWhole;
    },
  };
}

function videoSource(cameraId: string, { packets }: Lane): ProcessSource {
  return {
    hold: () => packets.acquire(),
    spec: async (signal) => {
      await packetsRunning(packets, signal);
      const args = grayFromVideoArgs(PICTURES_PER_SECOND);
      return { name: `motion ${cameraId}`, program: "ffmpeg", args, stdin: "piped" };
    },
    feed: (child, signal) => feedPackets(child, packets, signal, ({ kind }) => kind === "video"),
    explain: (exit) => explainDecoder(packets, exit, FAILED),
  };
}

function jpegSource(cameraId: string, frames: FrameStream, clock: Clock): ProcessSource {
  let width = 0;
  return {
    hold: () => frames.acquire(),
    spec: async (signal) => {
      await framesRunning(frames, signal);
      width = frames.hub.latest?.width ?? 0;
      return { name: `motion ${cameraId}`, program: "ffmpeg", args: grayFromJpegArgs(width), stdin: "piped" };
    },
    feed: (child, signal) =>
      feedFrames(child, frames, { clock, signal, isFit: (frame) => frame.width === width }),
    explain: (exit) => explainFrames(frames, exit),
  };
}

function explainFrames(frames: FrameStream, exit: ProcessExit): HubError {
  if (frames.state.state === "waiting") return frames.state.error;
  if (exit.code === 0) return new HubError("unavailable", "The camera's picture has another size now");
  return new HubError("unavailable", FAILED, {
    hint: exit.stderr.at(-1),
    details: { exit_code: exit.code, stderr: exit.stderr },
  });
}

/** What frames are fed by. */
interface Feeding {
  clock: Clock;
  signal: AbortSignal;
  /** False for a picture for which the process was not started: feeding then ends. */
  isFit(frame: Frame): boolean;
}

/** Writes five frames a second, each with its length in front, so that none waits for the next. */
async function feedFrames(
  child: Child,
  frames: FrameStream,
  { clock, signal, isFit }: Feeding,
): Promise<void> {
  if (!child.stdin) return;
  using ended = new LinkedSignal(signal);
  void child.exited.then(() => ended.abort());
  const writer = child.stdin.getWriter();
  const tap = new FrameTap(frames.hub, { clock, fps: PICTURES_PER_SECOND });
  try {
    for (;;) {
      const frame = await nextFrame(tap, ended.signal);
      if (!isFit(frame)) break;
      await writer.write(frame.part);
    }
    await writer.close();
  } catch (error) {
    if (!isAbort(error) && !(error instanceof Deno.errors.BrokenPipe)) throw error;
    await writer.abort().catch(() => {/* the process has closed it already */});
  }
}

function nextFrame(tap: FrameTap, signal: AbortSignal): Promise<Frame> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      tap.cancel();
      reject(abortError());
    };
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave, { once: true });
    tap.request((frame) => {
      signal.removeEventListener("abort", leave);
      resolve(frame);
    });
  });
}
