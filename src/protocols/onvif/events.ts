// Hears what a camera observes for as long as it is wanted, whatever becomes of the subscription.
import type { Clock } from "../../base/clock.ts";
import { type ErrorKind, HubError, isAbort } from "../../base/errors.ts";
import { Backoff, type BackoffPolicy } from "../../base/retry.ts";
import type { OnvifDevice } from "./device.ts";
import type { OnvifObservation } from "./observation.ts";
import { PullPoint } from "./pull_point.ts";

/** How to watch. */
export interface WatchOptions {
  onMessage(observation: OnvifObservation): void;
  /** The camera answers from now on: told at first, and again after each `onGap`, before its messages. */
  onHeard?(): void;
  /**
   * Something may have been missed: the subscription was lost, or could not be made. Told once per outage.
   */
  onGap?(reason: string): void;
  signal: AbortSignal;
  clock: Clock;
  /** How long the camera may wait for a message before it answers. Default 10 s. */
  waitMs?: number;
  /** Waits between tries to subscribe. Default 1 s, growing to 60 s. */
  backoff?: BackoffPolicy;
}

const WAIT_MS = 10_000;
const BACKOFF: BackoffPolicy = { firstMs: 1000, maxMs: 60_000 };
/** Tries do not help against these: the account, or what the camera is. */
const FINAL: ReadonlySet<ErrorKind> = new Set(["unauthenticated", "locked_out", "forbidden", "unsupported"]);
/** After these every further call would count as one more wrong try, the goodbye too. */
const ACCOUNT: ReadonlySet<ErrorKind> = new Set(["unauthenticated", "locked_out"]);
/** Some cameras answer at once although they have nothing to tell. */
const EMPTY_PAUSE_MS = 1000;
/** A camera that breaks long waits off (Tapo: after some 10 s) is asked for shorter ones, down to this. */
const SHORTEST_WAIT_MS = 2000;

/**
 * Calls back for every observation until the signal aborts, then unsubscribes and returns. Subscribes anew by
 * itself when the subscription is lost; the camera then tells all its states again, as `Initialized`.
 * @throws HubError `unauthenticated`, `locked_out`, `forbidden` or `unsupported`: not to be tried again so.
 */
export async function watchEvents(device: OnvifDevice, options: WatchOptions): Promise<void> {
  await new Watcher(device, options).run();
}

class Watcher {
  readonly #device: OnvifDevice;
  readonly #options: WatchOptions;
  readonly #backoff: Backoff;
  #waitMs = 0;
  #isGapTold = false;
  #isHeard = false;
  /** A subscription that the camera may still have, because it did not hear the goodbye. */
  #orphan: PullPoint | undefined;

  constructor(device: OnvifDevice, options: WatchOptions) {
    this.#device = device;
    this.#options = options;
    this.#backoff = new Backoff(options.backoff ?? BACKOFF);
  }

  async run(): Promise<void> {
    const { signal, clock } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#watchOnce();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof HubError) || FINAL.has(error.kind)) throw error;
        this.#tellGap(error.message);
        await untilAbort(clock.sleep(this.#backoff.next(), signal));
      }
    }
  }

  /** One subscription, until it fails or is no longer wanted. */
  async #watchOnce(): Promise<void> {
    const { signal, waitMs = WAIT_MS } = this.#options;
    this.#waitMs = waitMs;
    // Before, for a camera that has no room for another; after, for one that was away until now.
    await this.#dropOrphan();
    const point = await PullPoint.create(this.#device.session, signal);
    let isAccountGood = true;
    try {
      await this.#dropOrphan();
      while (!signal.aborted) {
        await this.#pullOnce(point);
        if (point.isDueForRenewal && !signal.aborted) await point.renew(signal);
      }
    } catch (error) {
      isAccountGood = !(error instanceof HubError && ACCOUNT.has(error.kind));
      throw error;
    } finally {
      if (isAccountGood && !await point.unsubscribe()) this.#orphan = point;
    }
  }

  async #dropOrphan(): Promise<void> {
    if (await this.#orphan?.unsubscribe()) this.#orphan = undefined;
  }

  async #pullOnce(point: PullPoint): Promise<void> {
    const { signal, clock, onMessage } = this.#options;
    const beginMs = clock.monotonic();
    const observations = await this.#pull(point);
    this.#backoff.reset();
    this.#isGapTold = false;
    if (!this.#isHeard) this.#options.onHeard?.();
    this.#isHeard = true;
    for (const observation of observations) onMessage(observation);
    const isHasty = clock.monotonic() - beginMs < EMPTY_PAUSE_MS;
    if (observations.length === 0 && isHasty) await untilAbort(clock.sleep(EMPTY_PAUSE_MS, signal));
  }

  /** A wait that was broken off is tried once more with half the time: the queue is kept by the camera. */
  async #pull(point: PullPoint): Promise<OnvifObservation[]> {
    const { signal } = this.#options;
    try {
      return await point.pull({ waitMs: this.#waitMs, signal });
    } catch (error) {
      const isBrokenOff = error instanceof HubError && error.kind === "unavailable" &&
        error.details?.unreachable !== true;
      if (!isBrokenOff || this.#waitMs <= SHORTEST_WAIT_MS) throw error;
      this.#waitMs = Math.max(SHORTEST_WAIT_MS, this.#waitMs / 2);
      return await point.pull({ waitMs: this.#waitMs, signal });
    }
  }

  #tellGap(reason: string): void {
    if (!this.#isGapTold) this.#options.onGap?.(reason);
    this.#isGapTold = true;
    this.#isHeard = false;
  }
}

async function untilAbort(waiting: Promise<void>): Promise<void> {
  try {
    await waiting;
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}
