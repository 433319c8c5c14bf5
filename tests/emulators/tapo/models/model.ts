// What a model is, as data: its parts, its ranges and the habits of its firmware.
import type { Modules } from "../settings.ts";

/** Name and version, as in the component list. */
export type Component = readonly [name: string, version: number];

/** Degrees; pan grows to the right, tilt upwards. */
export interface MotorRange {
  readonly pan: readonly [least: number, most: number];
  readonly tilt: readonly [least: number, most: number];
}

export interface Lens {
  /** The channel number in requests. */
  readonly id: number;
  readonly name: string;
  readonly zoom: string;
}

export interface BatteryModel {
  readonly percent: number;
  readonly modes: readonly string[];
}

export interface TapoModel {
  readonly model: string;
  readonly deviceType: "SMART.IPCAMERA" | "SMART.TAPODOORBELL" | "SMART.TAPOHUB";
  readonly hardware: string;
  readonly firmware: string;
  readonly region: string;
  readonly avatar: string;
  readonly components: readonly Component[];
  readonly motor?: MotorRange;
  readonly lenses?: readonly Lens[];
  readonly battery?: BatteryModel;
  /** Cameras that a hub brings along. */
  readonly children?: readonly TapoModel[];
  /** Night vision modes it can be set to. */
  readonly nightModes?: readonly string[];
  readonly alarmTypes?: readonly string[];
  /** How the siren's state is read: hubs under `siren`, some cameras under `msg_alarm`, most not at all. */
  readonly sirenModule?: "siren" | "msg_alarm";
  readonly video?: {
    readonly resolutions: readonly string[];
    readonly bitrates: readonly string[];
    readonly framesPerSecond: number;
  };
  /** Differences from the usual sections. */
  readonly settings?: Modules;
  /** More fields of basic_info. */
  readonly basicInfo?: { readonly [field: string]: string | number | boolean };
  /** The code for methods that this firmware does not have: −40105, −40106 or −40210. */
  readonly unknownMethodCode: number;
  /** Methods that answer with an empty object: the feature is absent, but nobody says so. */
  readonly emptyMethods?: readonly string[];
  readonly quirks?: {
    /** Answers of a multipleRequest come in another order. */
    readonly reorder?: boolean;
    /** The outer answer has no error_code. */
    readonly omitOuterCode?: boolean;
    /** Sections carry `.name` and `.type`. */
    readonly dotNames?: boolean;
  };
}

/** The names of a model's components. */
export function componentNames(model: TapoModel): Set<string> {
  return new Set(model.components.map(([name]) => name));
}
