// Writes one file of a recording: a process that is fed until the source or the recording ends, and then given time
// to write out what it holds.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { explainLaunchFailure, type Launcher, type ProcessExit } from "../process/launcher.ts";
import type { PartFeed, WriteManner } from "./record_source.ts";

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
  manner: WriteManner;
  /** True when another file is to begin with the next picture that can begin one. */
  isDue(): boolean;
}

/** A file that is being written. */
export interface Writing {
  /** Resolves when nothing more is fed into it, with what goes into the next file where the recording goes on. */
  fed: Promise<PartFeed | undefined>;
  /**
   * Resolves when it is written. Rejects with why it could not be written on: HubError `storage_full`, `unavailable`
   * without ffmpeg, `internal`.
   */
  written: Promise<void>;
}

/** Together with the time that `Child.stop` takes, no more than five seconds from the end to the closed file. */
const FEED_GRACE_MS = 500;
const EXIT_GRACE_MS = 2000;
/** Nobody waits for a file that another one follows: a slow disk may take its time. */
const LAST_WRITES_MS = 30_000;

/** Begins to write a file, until the source ends, another file is due, or the signal aborts. */
export function beginWriting(
  order: PartOrder,
  { launcher, clock }: WriterContext,
  signal: AbortSignal,
): Writing {
  const { name, feed, path, manner, isDue } = order;
  const child = launcher.spawn({ name, program: "ffmpeg", args: feed.args(path, manner), stdin: "piped" });
  const fed = Promise.withResolvers<PartFeed | undefined>();
  const written = (async () => {
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
    let next: PartFeed | undefined;
    const pumping = feed.pump(async (bytes) => await writer?.write(bytes), isDue, ended.signal)
      .then((rest) => next = rest, (error) => {
        const isClosed = error instanceof Deno.errors.BrokenPipe || error instanceof TypeError;
        if (!isClosed && !isAbort(error)) throw error;
      });
    try {
      await Promise.race([pumping, endOf(ended.signal)]);
      await settled(pumping, FEED_GRACE_MS, clock);
    } finally {
      fed.resolve(next);
      hasEndedByItself = exit !== undefined;
      const closing = writer?.close().catch(() => {/* the process has closed it already */});
      await settled(exiting, next ? LAST_WRITES_MS : EXIT_GRACE_MS, clock);
      exit = await child.stop();
      await Promise.all([exiting, closing, draining]);
    }
    if (hasEndedByItself || exit.code !== 0) refuseFailure(exit, signal);
  })();
  written.catch(() => {/* who waits for it is told */});
  return { fed: fed.promise, written };
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
