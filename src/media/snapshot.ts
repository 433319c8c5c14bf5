// One picture of a camera: the newest frame if the stream runs, else the first that comes after starting it.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import { abortable } from "../base/scope.ts";
import type { Turns } from "../base/turns.ts";
import { runCommand } from "../process/command.ts";
import { rescalePictureArgs } from "../process/ffmpeg_args.ts";
import type { Launcher } from "../process/launcher.ts";
import type { Frame } from "./frame_hub.ts";
import { DEFAULT_QUALITY, type Rescale } from "./rescale.ts";
import type { FrameStream } from "./stream.ts";

/** What taking a picture needs. */
export interface SnapshotContext {
  /** Rescaling costs a core for a moment: not all at once. */
  rescaling: Turns;
  launcher: Launcher;
  clock: Clock;
  signal: AbortSignal;
}

/** A picture and when it was taken. */
export interface Snapshot {
  bytes: Uint8Array<ArrayBuffer>;
  capturedAtMs: number;
}

/** A running stream's newest frame is taken when it is not older than this. */
const FRESH_MS = 1000;
const DEADLINE_MS = 15_000;

/**
 * Takes a picture.
 * @throws HubError with the stream's own reason when it fails, or `timeout`.
 */
export async function takeSnapshot(
  stream: FrameStream,
  wish: Rescale,
  context: SnapshotContext,
): Promise<Snapshot> {
  const frame = await awaitFreshFrame(stream, context);
  const { capturedAtMs } = frame;
  if (wish.width === undefined && wish.quality === undefined) return { bytes: frame.bytes, capturedAtMs };
  return { bytes: await rescalePicture(frame.bytes, wish, context), capturedAtMs };
}

/** Makes one JPEG smaller. @throws HubError `internal` when it cannot be read, `timeout`. */
export async function rescalePicture(
  picture: Uint8Array<ArrayBuffer>,
  wish: Rescale,
  context: SnapshotContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const args = rescalePictureArgs(wish.width, wish.quality ?? DEFAULT_QUALITY);
  const result = await context.rescaling.run(() =>
    runCommand({ name: "snapshot", program: "ffmpeg", args }, {
      ...context,
      deadlineMs: DEADLINE_MS,
      maxBytes: 64 * 1024 * 1024,
      input: picture,
    })
  );
  if (result.stdout.length > 0) return result.stdout;
  throw new HubError("internal", "The picture could not be rescaled", { details: { stderr: result.stderr } });
}

/** Waits for a live frame of a stream that somebody holds or that starts for this. @throws HubError with the reason. */
export async function awaitFreshFrame(
  stream: FrameStream,
  context: Omit<SnapshotContext, "rescaling">,
): Promise<Frame> {
  const latest = stream.hub.latest;
  const isRunning = stream.state.state === "running";
  if (latest && isRunning && context.clock.now() - latest.capturedAtMs <= FRESH_MS) {
    // Whoever takes a picture every second keeps the stream running, instead of finding it stopped now and then.
    stream.acquire()();
    return latest;
  }
  const deadline = new AbortController();
  const timer = context.clock.sleep(DEADLINE_MS, deadline.signal).then(
    () => Promise.reject(new HubError("timeout", `No picture came within ${DEADLINE_MS / 1000} s`)),
    () => new Promise<never>(() => {/* called off: another has won the race */}),
  );
  const release = stream.acquire();
  const waiting = new AbortController();
  try {
    const frame = stream.hub.next(latest?.seq ?? 0, waiting.signal);
    frame.catch(() => {/* left when the race is over */});
    return await abortable(Promise.race([frame, timer, failure(stream, waiting.signal)]), context.signal);
  } finally {
    deadline.abort();
    waiting.abort();
    release();
  }
}

/** Rejects when the stream fails; never resolves. */
async function failure(stream: FrameStream, signal: AbortSignal): Promise<never> {
  while (!signal.aborted) {
    if (stream.state.state === "waiting") throw stream.state.error;
    await stream.changes.next(signal);
  }
  return await new Promise<never>(() => {/* the picture came */});
}
