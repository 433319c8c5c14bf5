// Notices that a device on the network has gone, without logging in to it: its port must take a connection.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { abortable } from "../base/scope.ts";
import type { Shared } from "./shared.ts";

/** A port of a device. */
export interface Target {
  /** Address, already allowed by `Network.resolve`. */
  address: string;
  port: number;
}

const CONNECT_TIMEOUT_MS = 2000;
const LOOK_EVERY_MS = 3000;
const SECOND_LOOK_MS = 1000;

/** How long cameras on the network took to connect when they were last looked at. One for the life of the hub. */
export class ConnectTimes {
  readonly #times = new Map<string, { tookMs: number; atMs: number }>();
  readonly #counts = new Map<string, { ok: number; failed: number }>();

  /** @param atMs on the monotonic clock. */
  note(cameraId: string, tookMs: number, atMs: number): void {
    this.#times.set(cameraId, { tookMs, atMs });
    this.#count(cameraId, "ok");
  }

  /** A look that found nobody. */
  noteFailure(cameraId: string): void {
    this.#count(cameraId, "failed");
  }

  /** How many looks there were at a camera since the hub started; undefined where it was never looked at. */
  counts(cameraId: string): Readonly<{ ok: number; failed: number }> | undefined {
    return this.#counts.get(cameraId);
  }

  /** Forgets a camera that is gone. */
  forget(cameraId: string): void {
    this.#times.delete(cameraId);
    this.#counts.delete(cameraId);
  }

  #count(cameraId: string, result: "ok" | "failed"): void {
    const counts = this.#counts.get(cameraId) ?? { ok: 0, failed: 0 };
    counts[result]++;
    this.#counts.set(cameraId, counts);
  }

  /** Those of looks that are not older than this, by camera. */
  recent(nowMs: number, maxAgeMs: number): [cameraId: string, tookMs: number][] {
    return [...this.#times].filter(([, { atMs }]) => nowMs - atMs <= maxAgeMs).map(([id, { tookMs }]) => [
      id,
      tookMs,
    ]);
  }
}

/**
 * Connects once and lets go.
 * @throws HubError `unavailable` with `details.unreachable`, or AbortError.
 */
export async function assertReachable({ address, port }: Target, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  using either = new LinkedSignal(signal, deadline);
  try {
    const connection = await connect(address, port, either.signal);
    connection.close();
  } catch (error) {
    if (signal.aborted) throw error;
    const what = deadline.aborted ? "does not answer" : explain(error);
    throw new HubError("unavailable", `${address} ${what} on port ${port}`, {
      hint: "Check that the camera has power and is on the network, and that its address has not changed",
      details: { unreachable: true, address, port },
      cause: error,
    });
  }
}

/** Who watches a device for which camera. */
export interface Watcher {
  clock: Clock;
  cameraId: string;
  shared: Shared;
}

/**
 * Looks every few seconds until the signal aborts; two failures in a row mean that the device is gone. How long each
 * look took is noted in `ConnectTimes`.
 * @throws HubError `unavailable` then, within 8 s of the loss.
 */
export async function watchReachable(target: Target, watcher: Watcher, signal: AbortSignal): Promise<void> {
  const { clock, cameraId, shared } = watcher;
  const times = shared.get(ConnectTimes);
  const look = async () => {
    const startMs = clock.monotonic();
    try {
      await assertReachable(target, signal);
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) times.noteFailure(cameraId);
      throw error;
    }
    const nowMs = clock.monotonic();
    times.note(cameraId, nowMs - startMs, nowMs);
  };
  const never = new Changes();
  while (!signal.aborted) {
    await sleepOrChange(LOOK_EVERY_MS, never, clock, signal);
    if (signal.aborted) return;
    try {
      await look();
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      await sleepOrChange(SECOND_LOOK_MS, never, clock, signal);
      if (signal.aborted) return;
      await look();
    }
  }
}

/** So long an abort waits for a connection that is on its way: one to a device that is there comes by then. */
const LET_GO_MS = 100;

/** A connection that comes after nobody waits for it any more is closed. The kernel alone can give one up. */
async function connect(hostname: string, port: number, signal: AbortSignal): Promise<Deno.TcpConn> {
  signal.throwIfAborted();
  const connecting = Deno.connect({ hostname, port });
  try {
    return await abortable(connecting, signal);
  } catch (error) {
    if (signal.aborted) await closed(connecting);
    throw error;
  }
}

/** Closes it once it comes; waits for that, but not for long. */
async function closed(connecting: Promise<Deno.TcpConn>): Promise<void> {
  const { promise: isLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LET_GO_MS);
  const isClosed = connecting.then((connection) => connection.close(), () => {/* none came */});
  await Promise.race([isClosed, isLate]);
  clearTimeout(timer);
}

function explain(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "refuses connections";
  const text = error instanceof Error ? error.message : String(error);
  return /No route|unreachable/i.test(text) ? "cannot be reached" : `cannot be connected to (${text})`;
}
