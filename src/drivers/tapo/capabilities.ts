// From a Tapo device's component list to the capabilities of the hub.
import type { Clock } from "../../base/clock.ts";
import type { Power } from "../../devices/capabilities.ts";
import type { Capabilities } from "../../devices/device.ts";
import type { OnvifLink } from "../../devices/onvif_link.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { featuresOf, type TapoComponents } from "../../protocols/tapo/components.ts";
import { detectionsOf } from "../../protocols/tapo/detections.ts";
import { readSignalDbm, reboot } from "../../protocols/tapo/device.ts";
import { tapoStorage } from "./card.ts";
import { tapoHubSiren, tapoMotion, tapoSiren, tapoSwitch } from "./controls.ts";
import type { TapoCallers } from "./gathered_caller.ts";
import { tapoPatrol, tapoPtz } from "./motion_control.ts";
import { onvifPosition } from "./onvif_position.ts";
import type { TapoObservations } from "./observations.ts";
import type { TapoOptions } from "./options.ts";
import { tapoPresets } from "./preset_control.ts";
import { tapoSettings } from "./settings.ts";

/** What capabilities are made with. */
export interface ControlParts {
  options: TapoOptions;
  clock: Clock;
  onvif: OnvifLink | undefined;
  isHub: boolean;
  /** Of a camera on batteries. */
  power?: Power | undefined;
  /** Whom to ask for recordings: nobody asks for them but a person. */
  searcher: TapoCaller;
  observations?: TapoObservations | undefined;
}

/** Everything that is controlled over port 443. */
export function controlCapabilities(
  callers: TapoCallers,
  components: TapoComponents,
  { options, clock, onvif, isHub, power, searcher, observations }: ControlParts,
): Capabilities {
  const features = featuresOf(components);
  const source = onvif && onvifPosition(onvif, clock);
  const { commands } = callers;
  return {
    settings: tapoSettings(callers, components),
    reboot: (signal) => reboot(commands, signal),
    ...(features.has("ptz")
      ? {
        ptz: tapoPtz({ caller: commands, clock, source, isPanInverted: options.invert_pan }),
        presets: tapoPresets(callers, clock),
      }
      : {}),
    ...(features.has("patrol") ? { patrol: tapoPatrol(commands) } : {}),
    ...(features.has("privacy") ? { privacy: tapoSwitch(callers, "privacy") } : {}),
    ...(features.has("led") ? { led: tapoSwitch(callers, "led") } : {}),
    ...(detectionsOf(components).includes("motion") ? { motion: tapoMotion(callers) } : {}),
    ...(isHub && features.has("hubSiren") ? { siren: tapoHubSiren(callers) } : {}),
    ...(!isHub && features.has("siren") ? { siren: tapoSiren(commands) } : {}),
    ...(features.has("storage")
      ? { storage: tapoStorage(callers, clock, features.has("recordings") ? searcher : undefined) }
      : {}),
    ...(power ? { power } : { radio: { signalDbm: (signal) => readSignalDbm(callers.questions, signal) } }),
    ...(observations ? { observations } : {}),
  };
}
