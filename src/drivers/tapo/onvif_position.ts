// Where a Tapo camera looks: port 443 does not tell, ONVIF does, and it knows places to go to as well.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { PtzPosition } from "../../devices/capabilities.ts";
import type { OnvifLink } from "../../devices/onvif_link.ts";
import { type OnvifPtz, type OnvifPtzStatus, outcomeOf } from "../../protocols/onvif/ptz.ts";
import type { PositionSource } from "./motion_control.ts";

/** A movement is not held up for longer to learn where it ended. */
const PATIENCE_MS = 1500;
/** After a failure the camera is left alone for so long. */
const REST_MS = 60_000;

/** Returns a source of positions over the link, which is opened when it is first asked. */
export function onvifPosition(onvif: OnvifLink, clock: Clock): PositionSource {
  const reader = new Reader(onvif, clock);
  return {
    position: async (signal) => (await reader.status(signal))?.position ?? {},
    outcome: async (target, signal) => {
      const status = await reader.status(signal);
      return status ? outcomeOf(status, target) : {};
    },
    moveTo: (target, speed, signal) => reader.moveTo(target, speed, signal),
  };
}

class Reader {
  readonly #onvif: OnvifLink;
  readonly #clock: Clock;
  #ptz: OnvifPtz | undefined;
  #restUntilMs = -Infinity;

  constructor(onvif: OnvifLink, clock: Clock) {
    this.#onvif = onvif;
    this.#clock = clock;
  }

  /** @throws HubError `unsupported` when ONVIF moves nothing, or why it cannot be reached. */
  async ptz(signal: AbortSignal): Promise<OnvifPtz> {
    if (this.#ptz) return this.#ptz;
    const device = await this.#onvif.device(signal);
    const profile = (await device.profiles(signal)).find(({ hasPtz }) => hasPtz);
    this.#ptz = profile && await device.ptz(profile, signal);
    if (this.#ptz) return this.#ptz;
    throw new HubError("unsupported", "This camera moves by steps and to presets, not to a position", {
      hint: "Use relative: true, or save a preset and go to that",
    });
  }

  async moveTo(target: PtzPosition, speed: number | undefined, signal: AbortSignal): Promise<void> {
    try {
      await (await this.ptz(signal)).absoluteMove(target, { speed }, signal);
    } catch (error) {
      // The next one begins with a connection that may work.
      this.#ptz = undefined;
      throw error;
    }
  }

  /** Not to know where the camera looks is no reason to say that it did not move. */
  async status(signal: AbortSignal): Promise<OnvifPtzStatus | undefined> {
    if (this.#clock.monotonic() < this.#restUntilMs) return undefined;
    using patience = new LinkedSignal(signal, AbortSignal.timeout(PATIENCE_MS));
    try {
      return await (await this.ptz(patience.signal)).status(patience.signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#ptz = undefined;
      this.#restUntilMs = this.#clock.monotonic() + REST_MS;
      return undefined;
    }
  }
}
