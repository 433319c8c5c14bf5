// What a Tapo camera observes: over ONVIF, and while that gives nothing from the time of its last alarm.
import { Changes } from "../../base/changes.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Scope } from "../../base/scope.ts";
import type { Observations } from "../../devices/capabilities.ts";
import type { OnvifLink } from "../../devices/onvif_link.ts";
import { type AlarmSource, watchAlarms } from "./last_alarm.ts";

type Callbacks = Parameters<Observations["watch"]>[0];

/** The observations of a device; at least one of the two sources is there. */
export class TapoObservations implements Observations {
  readonly #onvif: OnvifLink | undefined;
  readonly #alarms: AlarmSource | undefined;
  /** Why ONVIF gives nothing at present. */
  #silence: string | undefined;
  readonly #changes = new Changes();

  constructor({ onvif, alarms }: { onvif: OnvifLink | undefined; alarms: AlarmSource | undefined }) {
    this.#onvif = onvif;
    this.#alarms = alarms;
  }

  /** What a user should know of them now; undefined while all is well, or nobody watches. */
  get notice(): string | undefined {
    if (this.#silence === undefined) return undefined;
    const instead = this.#alarms ? "the camera is asked for its last alarm instead" : "there are no events";
    return `ONVIF tells no events, so ${instead}: ${this.#silence}`;
  }

  /** @param signal ends it; nothing else does. */
  async watch(callbacks: Callbacks, signal: AbortSignal): Promise<void> {
    const [onvif, alarms] = [this.#onvif, this.#alarms];
    if (!onvif) {
      return alarms ? await watchAlarms(alarms, callbacks, signal) : await this.#changes.next(signal);
    }
    try {
      await using scope = new Scope(signal);
      scope.spawn((own) => this.#watchOnvif(onvif, callbacks, own));
      if (alarms) scope.spawn((own) => this.#standIn(alarms, callbacks, own));
      await scope.join();
    } finally {
      this.#setSilence(undefined);
    }
  }

  async #watchOnvif(onvif: OnvifLink, callbacks: Callbacks, signal: AbortSignal): Promise<void> {
    await onvif.watch({
      onObservation: callbacks.onObservation,
      onHeard: () => this.#setSilence(undefined),
      onGap: (reason) => {
        this.#setSilence(reason);
        callbacks.onGap(reason);
      },
    }, signal);
  }

  /** Asks for alarms while ONVIF is silent. What ONVIF tells again is told by nobody else from then on. */
  async #standIn(alarms: AlarmSource, callbacks: Callbacks, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#silence === undefined) {
        await this.#changes.next(signal);
        continue;
      }
      using silent = new LinkedSignal(signal);
      const unsubscribe = this.#changes.subscribe(() => {
        if (this.#silence === undefined) silent.abort();
      });
      try {
        await watchAlarms(alarms, callbacks, silent.signal);
      } finally {
        unsubscribe();
      }
    }
  }

  #setSilence(reason: string | undefined): void {
    this.#silence = reason;
    this.#changes.notify();
  }
}
