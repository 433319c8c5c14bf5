// Keeps one process running: start, watch its output, notice a stall, stop it, wait longer each time, again.
import { type Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import { type Backoff, waitAfter } from "../base/retry.ts";
import {
  type Child,
  explainLaunchFailure,
  type Launcher,
  type ProcessExit,
  type ProcessSpec,
} from "./launcher.ts";

/** What the supervisor tells of its process. */
export type SupervisorState =
  | { state: "starting" }
  | { state: "running"; pid: number }
  /** `nextTryAtMs` is absent when nothing is tried before somebody has changed something. */
  | { state: "waiting"; error: HubError; nextTryAtMs?: number };

/** One process to keep running. */
export interface Supervised {
  /** Says what to start; asked anew before every start. An error counts as a failed start. */
  spec(signal: AbortSignal): Promise<ProcessSpec>;
  /** Called once a start, with the process, before its output flows. */
  onStart?(child: Child): void;
  /** Called when the process has ended, after `explain`, and when it could not be started. */
  onEnd?(): Promise<void>;
  /**
   * Gets the output. The chunk is only valid during the call.
   * @returns true when it brought something of use: other output counts as silence.
   */
  onOutput(chunk: Uint8Array<ArrayBuffer>): boolean;
  onState(state: SupervisorState): void;
  /** Tells in words why the process ended. */
  explain(exit: ProcessExit): HubError;
  /** Longest silence before the first output, milliseconds. */
  startTimeoutMs: number;
  /** Longest silence after it, milliseconds. */
  stallTimeoutMs: number;
  backoff: Backoff;
  /** A run whose useful output went on this long counts as a success, milliseconds. */
  stableMs: number;
  /** A notification ends a wait between two tries. */
  wake: Changes;
}

/** What the supervisor needs of the house. */
export interface SupervisorContext {
  launcher: Launcher;
  clock: Clock;
}

/** Keeps the process running until the signal aborts; then stops it and returns. Never throws for its faults. */
export async function supervise(
  task: Supervised,
  context: SupervisorContext,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    task.onState({ state: "starting" });
    const run: Run = { firstOutputMs: undefined, lastOutputMs: 0 };
    const error = await runOnce(task, context, run, signal);
    if (error === undefined) return;
    if (run.firstOutputMs !== undefined && run.lastOutputMs - run.firstOutputMs >= task.stableMs) {
      task.backoff.reset();
    }
    const nowMs = context.clock.now();
    const waitMs = waitAfter(error, task.backoff, nowMs);
    const next = waitMs === Infinity ? {} : { nextTryAtMs: nowMs + waitMs };
    task.onState({ state: "waiting", error, ...next });
    await sleepOrChange(waitMs, task.wake, context.clock, signal);
  }
}

/** What one run brought. Times on the monotonic clock. */
interface Run {
  firstOutputMs: number | undefined;
  lastOutputMs: number;
}

/** One start to one end. Returns why it failed, or undefined when it was asked to stop. */
async function runOnce(
  task: Supervised,
  context: SupervisorContext,
  run: Run,
  signal: AbortSignal,
): Promise<HubError | undefined> {
  let child: Child | undefined;
  try {
    const spec = await task.spec(signal);
    child = context.launcher.spawn(spec);
    task.onStart?.(child);
    const stalled = await pump(child, task, context.clock, run, signal);
    if (stalled === undefined && !signal.aborted) await leaveTime(child, context.clock, signal);
    const exit = await child.stop();
    const error = signal.aborted
      ? undefined
      : stalled === undefined
      ? explainLaunchFailure(spec.program, exit) ?? task.explain(exit)
      : stallError(spec, stalled);
    await task.onEnd?.();
    return signal.aborted ? undefined : error;
  } catch (error) {
    if (child && !child.stdout.locked) await child.stdout.cancel();
    await child?.stop();
    await task.onEnd?.();
    if (signal.aborted && isAbort(error)) return undefined;
    return toHubError(error);
  }
}

/** A process whose output has ended is about to say why by its exit; a signal now would cover that. */
const EXIT_GRACE_MS = 500;

async function leaveTime(child: Child, clock: Clock, signal: AbortSignal): Promise<void> {
  using over = new LinkedSignal(signal);
  const grace = clock.sleep(EXIT_GRACE_MS, over.signal).catch((error) => {
    if (!isAbort(error)) throw error;
  });
  await Promise.race([child.exited, grace]);
  over.abort();
  await grace;
}

/** As much as a Linux pipe holds by default. */
const READ_BYTES = 64 * 1024;

/** Reads until the output ends, the signal aborts, or it stalls: then it returns the silence in milliseconds. */
async function pump(
  child: Child,
  task: Supervised,
  clock: Clock,
  run: Run,
  signal: AbortSignal,
): Promise<number | undefined> {
  // One buffer for all reads: a stream of pictures would else leave megabytes of garbage a second.
  const reader = child.stdout.getReader({ mode: "byob" });
  let buffer = new Uint8Array(READ_BYTES);
  const watch = new AbortController();
  run.lastOutputMs = clock.monotonic();
  let stalledMs: number | undefined;
  const cancel = () =>
    void reader.cancel().catch(() => {/* the pipe is gone already, which is what was wanted */});
  signal.addEventListener("abort", cancel, { once: true });
  const watching = watchForStall(
    () => {
      const silenceMs = clock.monotonic() - run.lastOutputMs;
      const limitMs = run.firstOutputMs === undefined ? task.startTimeoutMs : task.stallTimeoutMs;
      // Looks again in time for the shorter limit that holds once output has come.
      if (silenceMs < limitMs) return Math.min(limitMs - silenceMs, task.stallTimeoutMs);
      stalledMs = silenceMs;
      cancel();
      return undefined;
    },
    clock,
    watch.signal,
  );
  try {
    if (signal.aborted) cancel();
    for (;;) {
      const { done, value } = await reader.read(buffer);
      if (done || signal.aborted) return stalledMs;
      buffer = new Uint8Array(value.buffer);
      if (!task.onOutput(value)) continue;
      run.lastOutputMs = clock.monotonic();
      if (run.firstOutputMs !== undefined) continue;
      run.firstOutputMs = run.lastOutputMs;
      task.onState({ state: "running", pid: child.pid });
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    watch.abort();
    await watching;
    cancel();
  }
}

/** Sleeps for as long as `check` says, until it says undefined or the signal aborts. */
async function watchForStall(
  check: () => number | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (let waitMs = check(); waitMs !== undefined; waitMs = check()) await clock.sleep(waitMs, signal);
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

function stallError(spec: ProcessSpec, silenceMs: number): HubError {
  return new HubError("timeout", `No picture came for ${Math.round(silenceMs / 1000)} s`, {
    hint: "Check the camera's cable and power; the hub tries again by itself",
    details: { program: spec.program },
  });
}
