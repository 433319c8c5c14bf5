// What can be switched over MQTT, as data: how it is read, and which operation switches it.
import type { CameraRules } from "../config/camera_rules.ts";
import type { Camera } from "../devices/camera.ts";
import { isHubsOwn, wouldLook } from "../motion/wanted.ts";
import type { Recordings } from "../recordings/recordings.ts";

/** One switch of a camera. */
export interface CameraSwitch {
  /** Stands in topics. */
  name: string;
  title: string;
  icon: string;
  /** False for a camera without it. */
  isThere(source: Pick<SwitchSource, "camera" | "rules">): boolean;
  /** What the hub knows by itself; undefined where the device has to be asked. */
  known?(source: SwitchSource): boolean | undefined;
  /** Undefined where it is not known. @throws HubError when the device does not answer. */
  read?(camera: Camera, signal: AbortSignal): Promise<boolean | undefined>;
  /** The operation and its input beside `camera_id`. */
  command(isOn: boolean): { operation: string; input: Record<string, unknown> };
}

/** Where the state of a switch comes from. */
export interface SwitchSource {
  camera: Camera;
  recordings: Pick<Recordings, "cameras">;
  rules: CameraRules;
}

export const SWITCHES: readonly CameraSwitch[] = [
  {
    name: "privacy",
    title: "Privacy mode",
    icon: "mdi:eye-off",
    isThere: ({ camera: { device } }) => device?.capabilities.privacy !== undefined,
    read: async ({ device }, signal) => await device?.capabilities.privacy?.read(signal),
    command: (enabled) => ({ operation: "set_privacy_mode", input: { enabled } }),
  },
  {
    name: "led",
    title: "Status light",
    icon: "mdi:led-on",
    isThere: ({ camera: { device } }) => device?.capabilities.led !== undefined,
    read: async ({ device }, signal) => await device?.capabilities.led?.read(signal),
    command: (enabled) => ({ operation: "set_led_enabled", input: { enabled } }),
  },
  {
    name: "motion_detection",
    title: "Motion detection",
    icon: "mdi:motion-sensor",
    isThere: ({ camera, rules }) =>
      camera.device?.capabilities.motion !== undefined || isHubsOwn(camera, rules.motion),
    known: ({ camera, rules: { motion } }) =>
      isHubsOwn(camera, motion) ? wouldLook(camera, motion) : undefined,
    read: async ({ device }, signal) => (await device?.capabilities.motion?.read(signal))?.enabled,
    command: (enabled) => ({ operation: "set_motion_detection", input: { enabled } }),
  },
  {
    name: "recording",
    title: "Recording",
    icon: "mdi:record-rec",
    isThere: ({ camera: { device } }) => device?.capabilities.video !== undefined,
    known: ({ camera, recordings }) => recordings.cameras.includes(camera.id),
    command: (isOn) => ({ operation: isOn ? "start_recording" : "stop_recording", input: {} }),
  },
];
