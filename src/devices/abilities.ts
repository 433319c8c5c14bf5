// What a camera that lacks something cannot do, in words.
import { HubError } from "../base/errors.ts";
import type { PtzAxis } from "./capabilities.ts";
import type { Capabilities } from "./device.ts";

const CANNOT: Readonly<Record<keyof Capabilities, string>> = {
  video: "give pictures",
  ptz: "be moved",
  presets: "store positions",
  patrol: "look around by itself",
  settings: "be set",
  privacy: "cover its lens",
  led: "switch its light",
  motion: "detect motion by itself",
  siren: "sound a siren",
  storage: "tell of a card",
  power: "tell of a battery",
  radio: "tell of its Wi-Fi",
  observations: "tell what it notices",
  reboot: "be restarted from here",
};

/**
 * The error for a camera that cannot do something, with those that can.
 * @param others.hint instead of the advice to choose one of them.
 */
export function unable(
  id: string,
  what: keyof Capabilities | PtzAxis,
  { able, hint }: { able: readonly string[]; hint?: string },
): HubError {
  const words = CANNOT[what as keyof Capabilities] ?? what;
  const others = able.length > 0 ? `these can: ${able.join(", ")}` : "no camera of this hub can";
  return new HubError("unsupported", `Camera "${id}" cannot ${words}; ${others}`, {
    hint: hint ?? (able.length > 0 ? "Choose one of those cameras" : undefined),
    details: { camera_id: id, capability: what, able: [...able] },
  });
}
