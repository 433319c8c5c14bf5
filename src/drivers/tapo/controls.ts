// A Tapo camera's switches, motion detection and siren as capabilities of the hub.
import type { MotionDetection, MotionSetup, Siren, Switch } from "../../devices/capabilities.ts";
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { readDetections, setDetection, WORD_LEVELS } from "../../protocols/tapo/detections.ts";
import { readHubSiren, setHubSiren, setSiren } from "../../protocols/tapo/siren.ts";
import { readSwitch, setSwitch, type TapoSwitch } from "../../protocols/tapo/switches.ts";
import type { TapoCallers } from "./gathered_caller.ts";

/** Returns one of the plain switches as a capability. */
export function tapoSwitch({ questions, commands }: TapoCallers, id: TapoSwitch): Switch {
  return {
    read: (signal) => readSwitch(questions, id, signal),
    set: async (isOn, signal) => {
      await setSwitch(commands, { id, isOn }, signal);
      return await readSwitch(commands, id, signal);
    },
  };
}

/** Returns the motion capability. */
export function tapoMotion({ questions, commands }: TapoCallers): MotionDetection {
  const read = async (caller: TapoCaller, signal: AbortSignal): Promise<MotionSetup> => {
    const state = (await readDetections(caller, ["motion"], signal)).get("motion");
    if (state instanceof HubError) throw state;
    return {
      ...(state?.isEnabled === undefined ? {} : { enabled: state.isEnabled }),
      ...(state?.sensitivity === undefined ? {} : { sensitivity: state.sensitivity }),
      ...(state?.form === "words" ? { levels: WORD_LEVELS } : {}),
    };
  };
  return {
    read: (signal) => read(questions, signal),
    set: async ({ enabled, sensitivity }, signal) => {
      const change = {
        kind: "motion" as const,
        ...(enabled === undefined ? {} : { isEnabled: enabled }),
        ...(sensitivity === undefined ? {} : { sensitivity }),
      };
      await setDetection(commands, change, signal);
      return await read(commands, signal);
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
export function tapoHubSiren({ questions, commands }: TapoCallers): Siren {
  return {
    isActive: async (signal) => (await readHubSiren(questions, signal)).isOn,
    start: (signal) => setHubSiren(commands, true, signal),
    stop: (signal) => setHubSiren(commands, false, signal),
  };
}
