// What a driver gives the hub: a device with the capabilities that the device itself reported.
import type { HubError } from "../base/errors.ts";
import type { ProcessExit, ProcessSpec } from "../process/launcher.ts";
import type { Setting, SettingValue } from "./setting.ts";

/** Facts that the device tells of itself, as shown to users. Keys such as `model`, `serial`, `bus`. */
export type DeviceInfo = Readonly<Record<string, string>>;

/** An opened device. */
export interface Device {
  readonly info: DeviceInfo;
  readonly capabilities: Capabilities;
  /**
   * Watches the device until the signal aborts.
   * @throws HubError when the device is gone (unplugged, switched off).
   */
  run(signal: AbortSignal): Promise<void>;
}

/** What a device can do. Absent means it cannot. */
export interface Capabilities {
  readonly video?: Video;
  readonly ptz?: Ptz;
  readonly settings?: Settings;
}

/** A size with its rates, as the device offers it. */
export interface VideoMode {
  format: string;
  width: number;
  height: number;
  /** Frames per second, highest first. */
  fps: number[];
}

/** A stream of pictures that one process reads from the device. */
export interface Video {
  readonly codec: "mjpeg" | "h264";
  /** How the process frames its output: ffmpeg's multipart or bare JPEGs (mjpeg), fragmented MP4 (h264). */
  readonly framing: "mpjpeg" | "jpeg" | "mp4";
  readonly modes?: readonly VideoMode[];
  /**
   * Says what to start. Asked before every start.
   * @throws HubError when it cannot start now, with the reason.
   */
  spec(signal: AbortSignal): Promise<ProcessSpec>;
  /** Tells in words why the process ended. */
  explain(exit: ProcessExit): HubError;
}

export type PtzAxis = "pan" | "tilt" | "zoom";

/** Normalised: pan and tilt −1…1 (+ right, + up); zoom 0 (wide) … 1 (tele). An axis that the device lacks is absent. */
export type PtzPosition = Partial<Record<PtzAxis, number>>;

/** Pan, tilt and zoom. */
export interface Ptz {
  readonly axes: readonly PtzAxis[];
  /** Reads the position from the device. */
  position(signal: AbortSignal): Promise<PtzPosition>;
  /** Moves to (or, relative, by) the values given, within the limits; returns the position read back. */
  move(target: PtzPosition, options: { relative: boolean }, signal: AbortSignal): Promise<PtzPosition>;
}

/** The device's small switches and sliders. */
export interface Settings {
  /** Reads all settings from the device. */
  list(signal: AbortSignal): Promise<Setting[]>;
  /**
   * Sets one and reads it back.
   * @throws HubError `not_found` for an unknown name, `invalid_input` for a value out of its range.
   */
  set(name: string, value: SettingValue, signal: AbortSignal): Promise<Setting>;
}
