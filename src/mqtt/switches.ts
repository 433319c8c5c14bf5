// What can be switched over MQTT, as data: how it is read, and which operation switches it.
import type { Camera } from "../devices/camera.ts";
import type { Recordings } from "../recordings/recordings.ts";

/** One switch of a camera. */
export interface CameraSwitch {
  /** Stands in topics. */
  name: string;
  title: string;
  icon: string;
  /** False for a camera without it. */
  isThere(camera: Camera): boolean;
  /** Undefined where it is not known. @throws HubError when the device does not answer. */
  read(source: SwitchSource, signal: AbortSignal): Promise<boolean | undefined>;
  /** The operation and its input beside `camera_id`. */
  command(isOn: boolean): { operation: string; input: Record<string, unknown> };
}

/** Where the state of a switch comes from. */
export interface SwitchSource {
  camera: Camera;
  recordings: Pick<Recordings, "cameras">;
}

export const SWITCHES: readonly CameraSwitch[] = [
  {
    name: "privacy",
    title: "Privacy mode",
    icon: "mdi:eye-off",
    isThere: ({ device }) => device?.capabilities.privacy !== undefined,
    read: async ({ camera: { device } }, signal) => await device?.capabilities.privacy?.read(signal),
    command: (enabled) => ({ operation: "set_privacy_mode", input: { enabled } }),
  },
  {
    name: "led",
    title: "Status light",
    icon: "mdi:led-on",
    isThere: ({ device }) => device?.capabilities.led !== undefined,
    read: async ({ camera: { device } }, signal) => await device?.capabilities.led?.read(signal),
    command: (enabled) => ({ operation: "set_led_enabled", input: { enabled } }),
  },
  {
    name: "motion_detection",
    title: "Motion detection",
    icon: "mdi:motion-sensor",
    isThere: ({ device }) => device?.capabilities.motion !== undefined,
    read: async ({ camera: { device } }, signal) =>
      (await device?.capabilities.motion?.read(signal))?.enabled,
    command: (enabled) => ({ operation: "set_motion_detection", input: { enabled } }),
  },
  {
    name: "recording",
    title: "Recording",
    icon: "mdi:record-rec",
    isThere: ({ device }) => device?.capabilities.video !== undefined,
    read: ({ camera, recordings }) => Promise.resolve(recordings.cameras.includes(camera.id)),
    command: (isOn) => ({ operation: isOn ? "start_recording" : "stop_recording", input: {} }),
  },
];
