// From a Tapo device's component list to the capabilities of the hub.
import type { Clock } from "../../base/clock.ts";
import type { Capabilities } from "../../devices/device.ts";
import type { OnvifLink } from "../../devices/onvif_link.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { featuresOf, type TapoComponents } from "../../protocols/tapo/components.ts";
import { detectionsOf } from "../../protocols/tapo/detections.ts";
import { reboot } from "../../protocols/tapo/device.ts";
import type { ChildWatch } from "./child.ts";
import { tapoHubSiren, tapoMotion, tapoSiren, tapoStorage, tapoSwitch } from "./controls.ts";
import { tapoPatrol, tapoPresets, tapoPtz } from "./motion_control.ts";
import { onvifPosition } from "./onvif_position.ts";
import { tapoObservations } from "./observations.ts";
import type { TapoOptions } from "./options.ts";
import { tapoSettings } from "./settings.ts";

/** What capabilities are made with. */
export interface ControlParts {
  options: TapoOptions;
  clock: Clock;
  onvif: OnvifLink | undefined;
  isHub: boolean;
  watch?: ChildWatch | undefined;
}

/** Everything that is controlled over port 443. */
export function controlCapabilities(
  caller: TapoCaller,
  components: TapoComponents,
  { options, clock, onvif, isHub, watch }: ControlParts,
): Capabilities {
  const features = featuresOf(components);
  const source = onvif && onvifPosition(onvif, clock);
  const isBattery = watch !== undefined;
  return {
    settings: tapoSettings(caller, components),
    reboot: (signal) => reboot(caller, signal),
    ...(features.has("ptz")
      ? {
        ptz: tapoPtz({ caller, clock, source, isPanInverted: options.invert_pan }),
        presets: tapoPresets(caller),
      }
      : {}),
    ...(features.has("patrol") ? { patrol: tapoPatrol(caller) } : {}),
    ...(features.has("privacy") ? { privacy: tapoSwitch(caller, "privacy") } : {}),
    ...(features.has("led") ? { led: tapoSwitch(caller, "led") } : {}),
    ...(detectionsOf(components).includes("motion") ? { motion: tapoMotion(caller) } : {}),
    ...(isHub && features.has("hubSiren") ? { siren: tapoHubSiren(caller) } : {}),
    ...(!isHub && features.has("siren") ? { siren: tapoSiren(caller) } : {}),
    ...(features.has("storage") ? { storage: tapoStorage(caller, clock, features.has("recordings")) } : {}),
    ...(watch ? { power: watch.power } : {}),
    ...(isHub || isBattery ? {} : { observations: tapoObservations(caller, onvif, clock) }),
  };
}
