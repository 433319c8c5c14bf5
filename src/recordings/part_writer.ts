// Writes one file of a recording: a process that is fed until the source or the recording ends, and then given time
// to write out what it holds.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { explainLaunchFailure, type Launcher, type ProcessExit } from "../process/launcher.ts";
import type { PartFeed } from "./sources.ts";

/** What writing needs of the house. */
export interface WriterContext {
  launcher: Launcher;
  clock: Clock;
}

/** What is written, and where. */
export interface PartOrder {
  name: string;
  feed: PartFeed;
  /** A file that is not there yet. */
  path: string;
}

/** Together with the time that `Child.stop` takes, no more than five seconds from the end to the closed file. */
const FEED_GRACE_MS = 500;
const EXIT_GRACE_MS = 2000;

/**
 * Writes until the source ends or the signal aborts.
 * @throws HubError why the file could not be written on: `storage_full`, `unavailable` without ffmpeg, `internal`.
 */
export async function writePart(
  { name, feed, path }: PartOrder,
  { launcher, clock }: WriterContext,
  signal: AbortSignal,
): Promise<void> {
  const child = launcher.spawn({ name, program: "ffmpeg", args: feed.args(path), stdin: "piped" });
  // It writes the file by itself: nothing comes this way.
  const draining = child.stdout.cancel();
  using ended = new LinkedSignal(signal);
  let exit: ProcessExit | undefined;
  let hasEndedByItself = false;
  const exiting = child.exited.then((result) => {
    exit = result;
    ended.abort();
  });
  const writer = child.stdin?.getWriter();
  const pumping = feed.pump(async (bytes) => await writer?.write(bytes), ended.signal)
    .catch((error) => {
      const isClosed = error instanceof Deno.errors.BrokenPipe || error instanceof TypeError;
      if (!isClosed && !isAbort(error)) throw error;
    });
  try {
    await Promise.race([pumping, endOf(ended.signal)]);
    await settled(pumping, FEED_GRACE_MS, clock);
  } finally {
    hasEndedByItself = exit !== undefined;
    const closing = writer?.close().catch(() => {/* the process has closed it already */});
    await settled(exiting, EXIT_GRACE_MS, clock);
    exit = await child.stop();
    await Promise.all([exiting, closing, draining]);
  }
  if (hasEndedByItself || exit.code !== 0) refuseFailure(exit, signal);
}

/** A process that was told to end may end as it likes. */
function refuseFailure(exit: ProcessExit, signal: AbortSignal): void {
  const text = exit.stderr.join("\n");
  if (/No space left on device|Disk quota exceeded/i.test(text)) {
    throw new HubError("storage_full", "The disk is full: the recording cannot go on", {
      hint: "Delete recordings, or free some space on that disk",
    });
  }
  if (signal.aborted) return;
  throw explainLaunchFailure("ffmpeg", exit) ??
    new HubError("internal", "The recording could not be written", {
      hint: exit.stderr.at(-1),
      details: { exit_code: exit.code, stderr: exit.stderr },
    });
}

function endOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Waits for the promise, but not longer than that. */
async function settled(promise: Promise<unknown>, limitMs: number, clock: Clock): Promise<void> {
  const timer = new AbortController();
  const limit = clock.sleep(limitMs, timer.signal).catch(() => {/* called off: it was in time */});
  await Promise.race([promise, limit]);
  timer.abort();
  await limit;
}
