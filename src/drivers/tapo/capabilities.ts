// From a Tapo device's component list to the capabilities of the hub.
import type { Clock } from "../../base/clock.ts";
import type { Capabilities } from "../../devices/device.ts";
import type { OnvifLink } from "../../devices/onvif_link.ts";
import { featuresOf, type TapoComponents } from "../../protocols/tapo/components.ts";
import { detectionsOf } from "../../protocols/tapo/detections.ts";
import { reboot } from "../../protocols/tapo/device.ts";
import { tapoStorage } from "./card.ts";
import type { ChildWatch } from "./child.ts";
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
  watch?: ChildWatch | undefined;
  observations?: TapoObservations | undefined;
}

/** Everything that is controlled over port 443. */
export function controlCapabilities(
  callers: TapoCallers,
  components: TapoComponents,
  { options, clock, onvif, isHub, watch, observations }: ControlParts,
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
        presets: tapoPresets(callers),
      }
      : {}),
    ...(features.has("patrol") ? { patrol: tapoPatrol(commands) } : {}),
    ...(features.has("privacy") ? { privacy: tapoSwitch(callers, "privacy") } : {}),
    ...(features.has("led") ? { led: tapoSwitch(callers, "led") } : {}),
    ...(detectionsOf(components).includes("motion") ? { motion: tapoMotion(callers) } : {}),
    ...(isHub && features.has("hubSiren") ? { siren: tapoHubSiren(callers) } : {}),
    ...(!isHub && features.has("siren") ? { siren: tapoSiren(commands) } : {}),
    ...(features.has("storage") ? { storage: tapoStorage(callers, clock, features.has("recordings")) } : {}),
    ...(watch ? { power: watch.power } : {}),
    ...(observations ? { observations } : {}),
  };
}
