// What a camera says that it can do: its component list. Capabilities come from here, never from a model's name.
import type { TapoCaller } from "./caller.ts";
import { asNumber, asRows, asText, at } from "./values.ts";

/** Component names with their versions. */
export type TapoComponents = ReadonlyMap<string, number>;

/** Asks a camera or hub for its components. @throws what the caller throws. */
export async function readComponents(caller: TapoCaller, signal: AbortSignal): Promise<TapoComponents> {
  const params = { app_component: { name: "app_component_list" } };
  const result = await caller.request("getAppComponentList", params, signal);
  return parseComponents(at(result, "app_component", "app_component_list"));
}

/** Reads a list of `{name, version}`; what has no name is left out, what has no version counts as 1. */
export function parseComponents(list: unknown): TapoComponents {
  const components = new Map<string, number>();
  for (const row of asRows(list)) {
    const name = asText(row["name"]);
    if (name !== undefined) components.set(name, asNumber(row["version"]) ?? 1);
  }
  return components;
}

/** What one component, or any of several, stands for. */
const FEATURES = {
  ptz: ["ptz"],
  // Positions come with the motor; no component of their own has been seen.
  presets: ["ptz"],
  patrol: ["patrol"],
  tracking: ["targetTrack"],
  privacy: ["lensMask"],
  led: ["led"],
  dayNight: ["dayNightMode"],
  nightVisionModes: ["nightVisionMode"],
  whiteLamp: ["whiteLamp"],
  floodlight: ["floodlight"],
  flip: ["videoRotation"],
  lightFrequency: ["lightFrequency"],
  lensCorrection: ["ldc"],
  audio: ["audio"],
  storage: ["sdCard"],
  recordings: ["playback"],
  alarm: ["alert"],
  siren: ["alert", "manualAlarm", "siren"],
  hubSiren: ["siren"],
  notifications: ["msgPush"],
  autoUpgrade: ["firmware"],
  battery: ["battery"],
  children: ["childControl"],
  doorbell: ["ring"],
} as const satisfies Record<string, readonly string[]>;

/** Something that a camera may be able to do. */
export type TapoFeature = keyof typeof FEATURES;

/** True when the components stand for the feature. */
export function hasFeature(components: TapoComponents, feature: TapoFeature): boolean {
  return FEATURES[feature].some((name) => components.has(name));
}

/** Everything that the components stand for. */
export function featuresOf(components: TapoComponents): Set<TapoFeature> {
  const all = Object.keys(FEATURES) as TapoFeature[];
  return new Set(all.filter((feature) => hasFeature(components, feature)));
}
