// What a device may be able to do beside giving pictures. Units are normalised; what is not known is absent.
import { EVENT_CAUSES } from "../config/camera_rules.ts";
import type { Setting, SettingValue } from "./setting.ts";

export type PtzAxis = "pan" | "tilt" | "zoom";

/** Normalised: pan and tilt −1…1 (+ right, + up); zoom 0 (wide) … 1 (tele). What is not known is absent. */
export type PtzPosition = Partial<Record<PtzAxis, number>>;

/** How to move. */
export interface PtzMove {
  /** True: by so much; false: to this place. */
  relative: boolean;
  /** Share of the greatest speed, 0…1. Absent: the device's own. */
  speed?: number | undefined;
  /** Moves for so long in the direction given, instead of by so much, and then stops. */
  durationMs?: number | undefined;
}

/** Pan, tilt and zoom. */
export interface Ptz {
  readonly axes: readonly PtzAxis[];
  /** Reads the position; empty when the device cannot tell it. */
  position(signal: AbortSignal): Promise<PtzPosition>;
  /**
   * Moves within the limits; returns where the movement ended. Empty when the device cannot tell, still moves, or
   * does not say whether it does and is not at the target: that may be where it was before.
   * @throws HubError `unsupported` for an axis or a kind of move that the device lacks; `device_rejected`.
   */
  move(target: PtzPosition, options: PtzMove, signal: AbortSignal): Promise<PtzPosition>;
  /** Stops whatever moves. */
  stop?(signal: AbortSignal): Promise<void>;
  /** Goes to the device's own home position. */
  home?(signal: AbortSignal): Promise<void>;
}

/** A stored position. */
export interface Preset {
  id: string;
  name: string;
  position?: PtzPosition;
}

/** Stored positions. */
export interface Presets {
  list(signal: AbortSignal): Promise<Preset[]>;
  /** Stores the present position; with an id, over that one. Returns it as the device names it. */
  save(name: string, id: string | undefined, signal: AbortSignal): Promise<Preset>;
  /** @throws HubError `not_found` for an unknown id. */
  recall(id: string, signal: AbortSignal): Promise<void>;
  /** @throws HubError `not_found` for an unknown id. */
  remove(id: string, signal: AbortSignal): Promise<void>;
}

/** Moving around by itself. */
export interface Patrol {
  start(signal: AbortSignal): Promise<void>;
  stop(signal: AbortSignal): Promise<void>;
}

/** Something that is on or off. */
export interface Switch {
  /** Undefined when the device does not say. */
  read(signal: AbortSignal): Promise<boolean | undefined>;
  /** Returns the state read back; undefined when the device does not say. */
  set(isOn: boolean, signal: AbortSignal): Promise<boolean | undefined>;
}

/** A rectangle of the picture, in shares of its width and height: 0,0 is the upper left corner, 1,1 the lower right. */
export interface Zone {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How the device's own motion detection is set. It says nothing of whether something moves now. */
export interface MotionSetup {
  enabled?: boolean;
  /** 0…100. */
  sensitivity?: number;
  /** The sensitivities that the device knows, where they are few; others become the nearest. Only read. */
  levels?: readonly number[];
  /** Only what moves in one of these counts; none: the whole picture. Only for detections with `maxZones`. */
  zones?: readonly Zone[];
}

/** The device's own motion detection. */
export interface MotionDetection {
  /** How many zones it takes; absent: the hub can set none. */
  readonly maxZones?: number;
  read(signal: AbortSignal): Promise<MotionSetup>;
  /** Changes the switch, the sensitivity and the zones, where given; returns what is read back. */
  set(change: MotionSetup, signal: AbortSignal): Promise<MotionSetup>;
}

/** A sounder. */
export interface Siren {
  /** Undefined when the device does not say. */
  isActive(signal: AbortSignal): Promise<boolean | undefined>;
  start(signal: AbortSignal): Promise<void>;
  stop(signal: AbortSignal): Promise<void>;
}

/** A card or disk in the device. */
export interface StorageMedium {
  id: string;
  /** In the words of people: `normal`, `absent`, `unformatted`, `full`, `failing`, … */
  state: string;
  totalBytes?: number;
  freeBytes?: number;
}

/** A stretch of video that the device has recorded. */
export interface DeviceRecording {
  startMs: number;
  endMs: number;
  /** What made it record, in the device's words. */
  kind?: string;
}

/** What the device stores by itself. */
export interface DeviceStorage {
  /** `isCommand`: a person waits to do something with it, for which a device that sleeps may be woken. */
  media(signal: AbortSignal, options?: { isCommand: boolean }): Promise<StorageMedium[]>;
  /** Erases everything on the medium, whose id is one that `media` lists. */
  format?(id: string, signal: AbortSignal): Promise<void>;
  /** Days with recordings, as `YYYY-MM-DD` in the device's time zone. */
  days?(month: string, signal: AbortSignal): Promise<string[]>;
  /** Recordings of one day. */
  recordings?(day: string, signal: AbortSignal): Promise<DeviceRecording[]>;
}

/** A device on batteries. Asking for its state never wakes it: it is then what was heard last. */
export interface Power {
  read(signal: AbortSignal): Promise<PowerState>;
}

/** How a device on batteries stands. */
export interface PowerState {
  asleep?: boolean;
  batteryPercent?: number;
  charging?: boolean;
}

/** The device's Wi-Fi. */
export interface Radio {
  /** How strong it hears its access point, dBm; undefined on a cable and when the device does not say. */
  signalDbm(signal: AbortSignal): Promise<number | undefined>;
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

/** Kinds of things that devices observe. */
export const OBSERVATION_KINDS = EVENT_CAUSES;
export type ObservationKind = typeof OBSERVATION_KINDS[number];

/** What a device says it has seen or heard. */
export interface Observation {
  kind: ObservationKind;
  /** True: it began or goes on; false: it ended; undefined: it happened at one moment. */
  active: boolean | undefined;
  /** True when the device holds it as a state, whose end it should tell. Absent: the end may never be told. */
  isState?: boolean | undefined;
  /** The device's own time, which may be wrong; milliseconds since 1970. */
  deviceAtMs?: number | undefined;
  /** Who says so, for example `onvif`. */
  source: string;
  /** Which rule, region or channel of the device observed it: each tells its own beginnings and ends. */
  sourceKey?: string | undefined;
  /** More about it for people: `score` from 0 to 1, `zone`. No secrets. */
  details?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Observations of the device. */
export interface Observations {
  /**
   * Calls back for each until the signal aborts; subscribes again by itself when the subscription is lost, and
   * calls `onGap` when something may have been missed.
   */
  watch(
    callbacks: { onObservation(observation: Observation): void; onGap(reason: string): void },
    signal: AbortSignal,
  ): Promise<void>;
}
