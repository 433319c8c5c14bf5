// A stream made smaller: one ffmpeg per wish, fed with the newest frames of the camera's stream.
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Child } from "../process/launcher.ts";
import { rescaleStreamArgs } from "../process/ffmpeg_args.ts";
import type { Frame } from "./frame_hub.ts";
import type { FrameSource, FrameStream } from "./stream.ts";

/** How a viewer wants the picture. Absent means as the camera gives it. */
export interface Rescale {
  /** Width in pixels; the height follows. Never enlarged. */
  width?: number | undefined;
  /**
   * A width that is enough, for a viewer with little room: a smaller stream of the camera serves it, but nothing
   * is scaled for its sake.
   */
  enoughWidth?: number | undefined;
  /** JPEG quality 1…100. */
  quality?: number | undefined;
}

/** Quality where only a width was wished. */
export const DEFAULT_QUALITY = 75;

/** Returns a source that reads `base` (and keeps it running) while it is read itself; it fails as `base` fails. */
export function rescaledSource(cameraId: string, base: FrameStream, wish: Rescale): FrameSource {
  const args = rescaleStreamArgs(wish.width, wish.quality ?? DEFAULT_QUALITY);
  return {
    framing: "mpjpeg",
    hold: () => base.acquire(),
    spec: async (signal) => {
      await framesRunning(base, signal);
      return { name: `rescale ${cameraId}`, program: "ffmpeg", args, stdin: "piped" };
    },
    explain: (exit) =>
      new HubError("unavailable", "The picture could not be rescaled", { details: { stderr: exit.stderr } }),
    feed: (child, signal) => feedFrames(child, base, signal, ({ bytes }) => bytes),
  };
}

/** Resolves when frames come. @throws HubError why there are none, or AbortError. */
export async function framesRunning(base: FrameStream, signal: AbortSignal): Promise<void> {
  while (base.state.state !== "running") {
    if (base.state.state === "waiting") throw base.state.error;
    await base.changes.next(signal);
    signal.throwIfAborted();
  }
}

/** Writes the newest frame each time the process is ready for one; ends with one of which `bytesOf` gives nothing. */
export async function feedFrames(
  child: Child,
  base: FrameStream,
  signal: AbortSignal,
  bytesOf: (frame: Frame) => Uint8Array | undefined,
): Promise<void> {
  if (!child.stdin) return;
  using ended = new LinkedSignal(signal);
  void child.exited.then(() => ended.abort());
  const writer = child.stdin.getWriter();
  let seq = base.hub.latest?.seq ?? 0;
  try {
    while (!ended.signal.aborted) {
      const frame = await base.hub.next(seq, ended.signal);
      seq = frame.seq;
      const bytes = bytesOf(frame);
      if (!bytes) return;
      await writer.write(bytes);
    }
  } catch (error) {
    if (!isAbort(error) && !(error instanceof Deno.errors.BrokenPipe)) throw error;
  } finally {
    await writer.abort().catch(() => {/* the process has closed it already */});
  }
}
