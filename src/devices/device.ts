// What a driver gives the hub: a device with the capabilities that the device itself reported.
import type { Changes } from "../base/changes.ts";
import type { HubError } from "../base/errors.ts";
import type { ProcessExit, ProcessSpec } from "../process/launcher.ts";
import type {
  DeviceStorage,
  MotionDetection,
  Observations,
  Patrol,
  Power,
  Presets,
  Ptz,
  Radio,
  Settings,
  Siren,
  Switch,
} from "./capabilities.ts";

/** Facts that the device tells of itself, as shown to users. Keys such as `model`, `serial`, `bus`. */
export type DeviceInfo = Readonly<Record<string, string>>;

/** An opened device. */
export interface Device {
  readonly info: DeviceInfo;
  readonly capabilities: Capabilities;
  /** Other cameras that this one brings along and that can be added: a second lens, children of a hub. */
  readonly children?: readonly ChildCamera[];
  /** What a user should know although the camera works, for example that its stream account is missing. */
  readonly notices?: readonly string[];
  /** Why a part of the device does not work at present although it gives pictures: its control is locked. */
  readonly impairment?: Impairment;
  /**
   * Watches the device until the signal aborts.
   * @throws HubError when the device is gone (unplugged, switched off).
   */
  run(signal: AbortSignal): Promise<void>;
}

/** A fault of a part of a device, as it stands now. */
export interface Impairment {
  readonly error: HubError | undefined;
  readonly changes: Changes;
}

/** A camera behind another one, to be added with that one's options and these. */
export interface ChildCamera {
  title: string;
  suggestedId: string;
  /** Laid over the parent's options. */
  options: Record<string, unknown>;
}

/** What a device can do. Absent means it cannot. */
export interface Capabilities {
  readonly video?: Video;
  readonly ptz?: Ptz;
  readonly presets?: Presets;
  readonly patrol?: Patrol;
  readonly settings?: Settings;
  /** True covers the lens. */
  readonly privacy?: Switch;
  readonly led?: Switch;
  readonly motion?: MotionDetection;
  readonly siren?: Siren;
  readonly storage?: DeviceStorage;
  readonly power?: Power;
  readonly radio?: Radio;
  readonly observations?: Observations;
  readonly reboot?: (signal: AbortSignal) => Promise<void>;
}

/** A size with its rates, as the device offers it. */
export interface VideoMode {
  format: string;
  width: number;
  height: number;
  /** Frames per second, highest first. */
  fps: number[];
}

/** Streams that a device serves at the same time, over all cameras made of it. */
export interface SessionLimit {
  /** The same for all cameras of one device. */
  device: string;
  max: number;
}

/** A stream of pictures that one process reads from the device. */
export interface Video {
  /** As announced; a running stream knows better. */
  readonly codec: "mjpeg" | "h264" | "h265";
  /** How the process frames its output: ffmpeg's multipart or bare JPEGs (mjpeg), fragmented MP4 (h264, h265). */
  readonly framing: "mpjpeg" | "jpeg" | "mp4";
  readonly modes?: readonly VideoMode[];
  /** A smaller stream of the same picture, for viewers who need no more. */
  readonly sub?: Video;
  readonly limit?: SessionLimit;
  /** The picture is drawn and always moves: there is nothing to watch in it. */
  readonly isDrawn?: boolean;
  /**
   * Says what to start. Asked before every start.
   * @throws HubError when it cannot start now, with the reason.
   */
  spec(signal: AbortSignal): Promise<ProcessSpec>;
  /** Told when the first picture of a process came. */
  begun?(): void;
  /** Tells in words why the process ended. */
  explain(exit: ProcessExit): HubError;
  /**
   * Told when a process has ended, after `explain` where it ended by itself, or when there was nothing to start.
   * Resolves when what was learnt of it is kept.
   */
  ended?(): Promise<void>;
}
