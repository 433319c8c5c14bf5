// A Tapo camera's switches, siren and card as capabilities of the hub.
import type { DeviceStorage, MotionDetection, Siren, Switch } from "../../devices/capabilities.ts";
import { HubError } from "../../base/errors.ts";
import type { Clock } from "../../base/clock.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { readDetections, setDetection } from "../../protocols/tapo/detections.ts";
import { readClock } from "../../protocols/tapo/device.ts";
import { RecordingSearch } from "../../protocols/tapo/recordings.ts";
import { readHubSiren, setHubSiren, setSiren } from "../../protocols/tapo/siren.ts";
import { formatCard, listCards } from "../../protocols/tapo/storage.ts";
import { parseSwitch, setSwitch, switchRequest, type TapoSwitch } from "../../protocols/tapo/switches.ts";

/** Returns one of the plain switches as a capability. */
export function tapoSwitch(caller: TapoCaller, id: TapoSwitch): Switch {
  const read = async (signal: AbortSignal) => {
    const { method, params = {} } = switchRequest(id);
    return parseSwitch(id, await caller.request(method, params, signal));
  };
  return {
    read,
    set: async (isOn, signal) => {
      await setSwitch(caller, { id, isOn }, signal);
      return await read(signal);
    },
  };
}

/** Returns the motion capability. */
export function tapoMotion(caller: TapoCaller): MotionDetection {
  const read: MotionDetection["read"] = async (signal) => {
    const state = (await readDetections(caller, ["motion"], signal)).get("motion");
    if (state instanceof HubError) throw state;
    return {
      ...(state?.isEnabled === undefined ? {} : { enabled: state.isEnabled }),
      ...(state?.sensitivity === undefined ? {} : { sensitivity: state.sensitivity }),
    };
  };
  return {
    read,
    set: async ({ enabled, sensitivity }, signal) => {
      const change = {
        kind: "motion" as const,
        ...(enabled === undefined ? {} : { isEnabled: enabled }),
        ...(sensitivity === undefined ? {} : { sensitivity }),
      };
      await setDetection(caller, change, signal);
      return await read(signal);
    },
  };
}

/** Returns the siren of a camera, which does not tell whether it sounds. */
export function tapoSiren(caller: TapoCaller): Siren {
  return {
    isActive: () => Promise.resolve(undefined),
    start: (signal) => setSiren(caller, true, signal),
    stop: (signal) => setSiren(caller, false, signal),
  };
}

/** Returns the siren of a hub, which tells. */
export function tapoHubSiren(caller: TapoCaller): Siren {
  return {
    isActive: async (signal) => (await readHubSiren(caller, signal)).isOn,
    start: (signal) => setHubSiren(caller, true, signal),
    stop: (signal) => setHubSiren(caller, false, signal),
  };
}

/** What the camera calls a card's state, in words of people. */
const CARD_STATES: Readonly<Record<string, string>> = {
  offline: "absent",
  insufficient: "too small",
  abnormal: "failing",
  readonly: "read only",
};

/** Why a stretch was recorded, in the camera's numbers. */
const RECORDED_BECAUSE: Readonly<Record<number, string>> = {
  1: "continuous",
  2: "motion",
  3: "tamper",
  4: "line_crossed",
  6: "person",
  7: "crying",
  8: "vehicle",
  9: "pet",
};

/** Returns the card capability. */
export function tapoStorage(caller: TapoCaller, clock: Clock, hasRecordings: boolean): DeviceStorage {
  const search = new RecordingSearch(caller);
  const cards: DeviceStorage = {
    media: async (signal) =>
      (await listCards(caller, signal)).map(({ slot, status, totalBytes, freeBytes }) => ({
        id: slot,
        state: status === undefined ? "unknown" : CARD_STATES[status] ?? status,
        ...(totalBytes === undefined ? {} : { totalBytes }),
        ...(freeBytes === undefined ? {} : { freeBytes }),
      })),
    format: (_id, signal) => formatCard(caller, signal),
  };
  if (!hasRecordings) return cards;
  return {
    ...cards,
    days: async (month, signal) => {
      const plain = month.replace("-", "");
      const days = await search.days({ from: `${plain}01`, to: `${plain}31` }, signal);
      return days.map((day) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`);
    },
    recordings: async (day, signal) => {
      const [segments, skewMs] = await Promise.all([
        search.segmentsOfDay(day.replaceAll("-", ""), signal),
        readSkew(caller, clock, signal),
      ]);
      return segments.map(({ startSeconds, endSeconds, kind }) => {
        const word = kind === undefined ? undefined : RECORDED_BECAUSE[kind];
        return {
          startMs: startSeconds * 1000 - skewMs,
          endMs: endSeconds * 1000 - skewMs,
          ...(word === undefined ? {} : { kind: word }),
        };
      });
    },
  };
}

/** How far the camera's clock is ahead of the hub's; differences below 2 s are the way there and back. */
async function readSkew(caller: TapoCaller, clock: Clock, signal: AbortSignal): Promise<number> {
  const { epochSeconds } = await readClock(caller, signal);
  const skewMs = epochSeconds === undefined ? 0 : epochSeconds * 1000 - clock.now();
  return Math.abs(skewMs) < 2000 ? 0 : skewMs;
}
