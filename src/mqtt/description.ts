// What a camera is over MQTT: its name, what it can report, what can be switched. Kept while its device is away.
import type { CameraRules } from "../config/camera_rules.ts";
import type { Camera } from "../devices/camera.ts";
import { OBSERVATION_KINDS, type ObservationKind, type Preset } from "../devices/capabilities.ts";
import type { EventKind } from "../events/event.ts";
import { wouldLook } from "../motion/wanted.ts";
import { SWITCHES } from "./switches.ts";

/** A camera as MQTT knows it. */
export interface CameraDescription {
  id: string;
  name: string;
  /** Facts that the device tells of itself; empty before it was opened. */
  info: Readonly<Record<string, string>>;
  /** Names of its switches. */
  switches: readonly string[];
  /** What it can report, or has reported at some time. */
  kinds: readonly ObservationKind[];
  presets: readonly Preset[];
  hasVideo: boolean;
  /** True once its device was open: before that nobody knows what it can do. */
  isKnown: boolean;
}

/** Describes a camera; what is not known now is taken over from before. */
export function describeCamera(
  { camera, rules }: { camera: Camera; rules: CameraRules },
  before: CameraDescription | undefined,
  seen: ReadonlySet<EventKind>,
): CameraDescription {
  const { device, spec: { id, name } } = camera;
  const known = device && {
    info: device.info,
    switches: SWITCHES.filter((each) => each.isThere({ camera, rules })).map((each) => each.name),
    hasVideo: device.capabilities.video !== undefined,
    isKnown: true,
  };
  const reports = device?.capabilities.observations !== undefined || wouldLook(camera, rules.motion) ||
    before?.kinds.includes("motion");
  return {
    ...{ info: {}, switches: [], hasVideo: false, isKnown: false, presets: [] },
    ...before,
    ...known,
    id,
    name,
    kinds: OBSERVATION_KINDS.filter((kind) => seen.has(kind) || (kind === "motion" && reports)),
  };
}
