// What a Tapo camera observes: over ONVIF, and where that cannot be had from the time of its last alarm.
import { Changes, sleepOrChange } from "../../base/changes.ts";
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { ObservationKind, Observations } from "../../devices/capabilities.ts";
import type { OnvifLink } from "../../devices/onvif_link.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { readLastAlarm } from "../../protocols/tapo/device.ts";

const ASK_EVERY_MS = 5000;

/** The camera's words for its alarms. */
const KINDS: Readonly<Record<string, ObservationKind>> = {
  motion: "motion",
  people: "person",
  person: "person",
  human: "person",
  vehicle: "vehicle",
  pet: "pet",
  tamper: "tamper",
  linecrossing: "line_crossed",
  intrusion: "intrusion",
  ring: "doorbell",
};

/** Returns the observations capability. */
export function tapoObservations(
  caller: TapoCaller,
  onvif: OnvifLink | undefined,
  clock: Clock,
): Observations {
  if (onvif) return onvif.observations;
  return { watch: (callbacks, signal) => watchAlarms(caller, callbacks, clock, signal) };
}

/** Tells each alarm once; the one that was there before is none of ours. */
async function watchAlarms(
  caller: TapoCaller,
  { onObservation, onGap }: Parameters<Observations["watch"]>[0],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let last: number | undefined;
  let isGapTold = false;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const { epochSeconds, type } = await readLastAlarm(caller, signal);
      const isNew = !isFirst && epochSeconds !== undefined && epochSeconds !== last;
      const kind = KINDS[type?.toLowerCase() ?? "motion"] ?? "motion";
      if (isNew) onObservation({ kind, active: undefined, deviceAtMs: epochSeconds * 1000, source: "tapo" });
      last = epochSeconds ?? last;
      isGapTold = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof HubError)) throw error;
      if (error.kind === "unsupported") return await new Changes().next(signal);
      if (!isGapTold) onGap(error.message);
      isGapTold = true;
    }
    await sleepOrChange(ASK_EVERY_MS, new Changes(), clock, signal);
  }
}
