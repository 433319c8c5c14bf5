// One ONVIF connection of a camera, opened when it is first needed and guarded like every login.
import type { Clock } from "../base/clock.ts";
import { Changes, sleepOrChange } from "../base/changes.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import { Backoff, waitAfter } from "../base/retry.ts";
import type { Secret } from "../base/secret.ts";
import { classify } from "../protocols/onvif/classify.ts";
import { connectOnvif, type OnvifDevice } from "../protocols/onvif/device.ts";
import { watchEvents } from "../protocols/onvif/events.ts";
import type { OnvifObservation } from "../protocols/onvif/observation.ts";
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

const BACKOFF = { firstMs: 1000, maxMs: 30_000 };

/** Connects once for all who ask. */
export class OnvifLink {
  readonly #options: OnvifLinkOptions;
  #device: Promise<OnvifDevice> | undefined;

  constructor(options: OnvifLinkOptions) {
    this.#options = options;
  }

  /** @throws HubError when it cannot be connected; the next call tries anew, within what the guard allows. */
  device(signal: AbortSignal): Promise<OnvifDevice> {
    this.#device ??= this.#connect(signal).catch((error) => {
      this.#device = undefined;
      throw error;
    });
    return this.#device;
  }

  /** What the camera observes. */
  get observations(): Observations {
    return { watch: (callbacks, signal) => this.#watch(callbacks, signal) };
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
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
    await guard?.assertAllowed();
    try {
      const device = await connectOnvif({ ...rest, host: address, signal });
      await guard?.accepted();
      return device;
    } catch (error) {
      if (error instanceof HubError && error.kind === "unauthenticated") await guard?.refused(error);
      throw error;
    }
  }

  async #watch(callbacks: Parameters<Observations["watch"]>[0], signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const backoff = new Backoff(BACKOFF);
    let isGapTold = false;
    while (!signal.aborted) {
      try {
        const device = await this.device(signal);
        isGapTold = false;
        const onMessage = (message: OnvifObservation) => {
          const observation = toObservation(message);
          if (observation) callbacks.onObservation(observation);
        };
        return await watchEvents(device, { onMessage, onGap: callbacks.onGap, signal, clock });
      } catch (error) {
        if (signal.aborted) return;
        const reason = toHubError(error);
        if (!isGapTold) callbacks.onGap(reason.message);
        isGapTold = true;
        await sleepOrChange(waitAfter(reason, backoff, clock.now()), new Changes(), clock, signal);
      }
    }
  }
}

const KINDS: ReadonlySet<string> = new Set(OBSERVATION_KINDS);

/** What the hub makes of a notification; undefined for what is none of its kinds. */
export function toObservation(message: OnvifObservation): Observation | undefined {
  const event = classify(message);
  if (!event || !KINDS.has(event.kind)) return undefined;
  return {
    kind: event.kind as ObservationKind,
    active: event.active,
    deviceAtMs: message.utcTimeMs,
    source: "onvif",
  };
}
