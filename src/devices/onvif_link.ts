// One ONVIF connection of a camera, opened when it is first needed and guarded like every login.
import type { Clock } from "../base/clock.ts";
import { Changes, sleepOrChange } from "../base/changes.ts";
import { abortError, HubError, isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Backoff, waitAfter } from "../base/retry.ts";
import { abortable } from "../base/scope.ts";
import type { Secret } from "../base/secret.ts";
import { classify } from "../protocols/onvif/classify.ts";
import { connectOnvif, type OnvifDevice } from "../protocols/onvif/device.ts";
import { watchEvents } from "../protocols/onvif/events.ts";
import type { OnvifObservation } from "../protocols/onvif/observation.ts";
import { isFromOther, type OtherSources, sourceKey } from "../protocols/onvif/observation_source.ts";
import type { AccountGuard } from "./account_guard.ts";
import {
  type Observation,
  OBSERVATION_KINDS,
  type ObservationKind,
  type Observations,
} from "./capabilities.ts";

/** Where and as whom. */
export interface OnvifLinkOptions {
  /** Already allowed by `Network.resolve`. */
  address: string;
  port: number;
  path?: string | undefined;
  username?: string | undefined;
  password?: Secret | undefined;
  guard?: AccountGuard | undefined;
  clock: Clock;
}

/** What a watcher is told. */
export type OnvifCallbacks = Parameters<Observations["watch"]>[0] & {
  /** The camera tells its events from now on, until the next `onGap`. */
  onHeard?(): void;
};

/** Longest wait for a camera to take note that nobody watches any more. */
const LEAVE_MS = 1500;
const BACKOFF = { firstMs: 1000, maxMs: 30_000 };
/** Cameras lock for up to half an hour and do not say for how long. */
const LOCKOUT_MS = 30 * 60_000;

/** Connects once for all who ask. */
export class OnvifLink {
  /** Lenses or channels of the camera that are another one's: what they observe is left out. */
  others: OtherSources | undefined;
  readonly #options: OnvifLinkOptions;
  readonly #refusal = Promise.withResolvers<never>();
  #device: Promise<OnvifDevice> | undefined;
  /** Those who watch, each with its signal: they take their leave of the camera before the connection goes. */
  readonly #watching = new Map<Promise<void>, AbortSignal>();
  /** Breaks off connecting. */
  #closing = new AbortController();

  constructor(options: OnvifLinkOptions) {
    this.#options = options;
    this.#refusal.promise.catch(() => {/* who asks the camera is told as well */});
  }

  /** Rejects when the camera refuses the account; settles in no other way. */
  get refused(): Promise<never> {
    return this.#refusal.promise;
  }

  /** @throws HubError when it cannot be connected; the next call tries anew, within what the guard allows. */
  async device(signal: AbortSignal): Promise<OnvifDevice> {
    for (;;) {
      this.#device ??= this.#connect(signal).catch((error) => {
        this.#device = undefined;
        throw error;
      });
      try {
        return await abortable(this.#device, signal);
      } catch (error) {
        // Whoever had begun to connect was called off: that is not this caller's end.
        if (!isAbort(error) || signal.aborted) throw error;
      }
    }
  }

  /** What the camera observes. */
  get observations(): Observations {
    return { watch: (callbacks, signal) => this.watch(callbacks, signal) };
  }

  /** Calls back for what the camera observes until the signal aborts, whatever becomes of the connection. */
  async watch(callbacks: OnvifCallbacks, signal: AbortSignal): Promise<void> {
    const watching = this.#watch(callbacks, signal);
    this.#watching.set(watching, signal);
    try {
      await watching;
    } finally {
      this.#watching.delete(watching);
    }
  }

  /** Breaks off what is under way; a watcher that is ending is given time to say so to the camera. */
  async close(): Promise<void> {
    const leaving = [...this.#watching].filter(([, signal]) => signal.aborted).map(([watching]) => watching);
    const patience = new AbortController();
    const late = sleepOrChange(LEAVE_MS, new Changes(), this.#options.clock, patience.signal);
    if (leaving.length > 0) await Promise.race([Promise.allSettled(leaving), late]);
    patience.abort();
    await late;
    this.#closing.abort(abortError());
    this.#closing = new AbortController();
    try {
      (await this.#device)?.close();
    } catch (error) {
      // It was never connected, and whoever asked has been told.
      if (!(error instanceof HubError) && !isAbort(error)) throw error;
    }
    this.#device = undefined;
  }

  async #connect(signal: AbortSignal): Promise<OnvifDevice> {
    const { guard, address, ...rest } = this.#options;
    const closing = this.#closing.signal;
    using either = new LinkedSignal(signal, closing);
    await guard?.assertAllowed("onvif");
    let over: (() => void) | undefined;
    try {
      const device = await connectOnvif({
        ...rest,
        host: address,
        signal: either.signal,
        onRefused: (error) => this.#noted(error),
        // Not before the camera has answered: an ONVIF port that is closed holds up nobody else's login.
        beforeLogin: async () => {
          over = await guard?.begin("onvif", either.signal);
        },
      });
      await guard?.accepted("onvif");
      return device;
    } catch (error) {
      if (!closing.aborted || signal.aborted) throw error;
      throw new HubError("unavailable", "The camera is no longer in use", { cause: error });
    } finally {
      over?.();
    }
  }

  /**
   * Tells the guard what the camera said of the account, and lets go of the connection: who asks next connects anew,
   * if the guard allows it. Returns the error with the time of the next try.
   */
  async #noted(error: HubError): Promise<HubError> {
    const { guard, clock } = this.#options;
    const isLocked = error.kind === "locked_out";
    const retryAtMs = isLocked ? error.retryAtMs ?? clock.now() + LOCKOUT_MS : Infinity;
    await (isLocked ? guard?.lockedOut(retryAtMs) : guard?.refused("onvif", error));
    this.#device = undefined;
    const { kind, message, hint, details } = error;
    const told = new HubError(kind, message, { hint, details, retryAtMs, cause: error });
    this.#refusal.reject(told);
    return told;
  }

  async #watch(callbacks: OnvifCallbacks, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const backoff = new Backoff(BACKOFF);
    const told = oncePerOutage(callbacks, () => this.others);
    while (!signal.aborted) {
      try {
        const device = await this.device(signal);
        return await watchEvents(device, { ...told, signal, clock });
      } catch (error) {
        if (signal.aborted) return;
        const reason = toHubError(error);
        told.onGap(reason.message);
        await sleepOrChange(waitAfter(reason, backoff, clock.now()), new Changes(), clock, signal);
      }
    }
  }
}

/** Passes on what is heard, and of several gaps in a row the first. */
function oncePerOutage(
  { onObservation, onGap, onHeard }: OnvifCallbacks,
  others: () => OtherSources | undefined,
) {
  let isGapTold = false;
  return {
    onMessage: (message: OnvifObservation) => {
      const observation = toObservation(message, others());
      if (observation) onObservation(observation);
    },
    onHeard: () => {
      isGapTold = false;
      onHeard?.();
    },
    onGap: (reason: string) => {
      if (!isGapTold) onGap(reason);
      isGapTold = true;
    },
  };
}

const KINDS: ReadonlySet<string> = new Set(OBSERVATION_KINDS);

/** What the hub makes of a notification; undefined for what is none of its kinds, or comes from one of the others. */
export function toObservation(message: OnvifObservation, others?: OtherSources): Observation | undefined {
  const event = isFromOther(message, others) ? undefined : classify(message);
  if (!event || !KINDS.has(event.kind)) return undefined;
  return {
    kind: event.kind as ObservationKind,
    active: event.active,
    isState: message.operation !== undefined,
    deviceAtMs: message.utcTimeMs,
    source: "onvif",
    sourceKey: sourceKey(message),
  };
}
