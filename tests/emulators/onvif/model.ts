// What the emulated camera is and how it behaves, in one place for all other files.

export interface Position {
  pan: number;
  tilt: number;
  zoom: number;
}

type Range = readonly [min: number, max: number];

/** The camera's own units. */
export interface Ranges {
  pan: Range;
  tilt: Range;
  /** Undefined: no zoom. */
  zoom: Range | undefined;
}

export interface OnvifEmulatorOptions {
  hostname?: string;
  port?: number;
  username?: string;
  password?: string;
  /** `tapo`: one service address for all, no snapshots, no Media2, Tapo's topics. */
  flavour?: "generic" | "tapo";
  /**
   * `digest`: HTTP digest instead of WS-Security; `either`: whichever comes, and a refusal is a fault with a
   * challenge; `none`: open to everybody.
   */
  authentication?: "ws-security" | "digest" | "either" | "none";
  /** With `either`: a refusal is a page with a challenge. */
  isTerse?: boolean;
  /** With `digest`: the refusal is a SOAP fault, as for a wrong signature, beside the challenge. */
  explainsChallenge?: boolean;
  /** With `digest`: a WS-Security signature without HTTP digest counts as a wrong try. */
  countsSignatures?: boolean;
  /** The camera's clock minus ours. */
  clockSkewMs?: number;
  clockToleranceMs?: number;
  lockAfter?: number;
  information?: Partial<
    Record<"Manufacturer" | "Model" | "FirmwareVersion" | "SerialNumber" | "HardwareId", string>
  >;
  /** Scheme, host and port of the streams. */
  rtspBase?: string;
  /** Host that the camera names itself by, also wrongly. Default: `hostname`. */
  advertisedHost?: string;
  media2?: boolean | "broken";
  hasServices?: boolean;
  /** Has a third profile, of a second lens. */
  hasSecondLens?: boolean;
  /** False: a camera that does not move. */
  ptz?: boolean;
  ranges?: Partial<Ranges>;
  fixedHome?: boolean;
  maxPresets?: number;
  /** Called whenever the camera looks elsewhere: pan and tilt −1…1, zoom 0…1. */
  view?: (position: Position) => void;
  snapshot?: () => Uint8Array;
  /** Events that end are not told. */
  omitsFallingEdges?: boolean;
  /** Subscriptions live so long, whatever is asked for. */
  subscriptionMs?: number;
  maxSubscriptions?: number;
  /** Subscriptions are told apart by reference parameters, as Axis does, and have one address. */
  usesReferenceParameters?: boolean;
  /** Subscriptions have their address at a port of their own. */
  ownEventPort?: boolean;
  /** Longer pulls are broken off after so long. */
  breaksPullsAfterMs?: number;
  /** Pulls without messages are answered at once. */
  hastyPulls?: boolean;
  /** Who asks for the time must log in, against the standard. */
  guardsClock?: boolean;
  /** Operations that are refused as not supported. */
  refuses?: readonly string[];
  /** Operations that the account has no right to: refused as if the password were wrong. */
  forbids?: readonly string[];
}

/** The small adjustments of the picture. */
export interface ImagingState {
  Brightness: number;
  Contrast: number;
  ColorSaturation: number;
  Sharpness: number;
  IrCutFilter: string;
  wideMode: string;
  wideLevel: number;
}

export const IMAGING_RANGE: Range = [0, 100];

export function newImaging(): ImagingState {
  return {
    Brightness: 50,
    Contrast: 50,
    ColorSaturation: 50,
    Sharpness: 50,
    IrCutFilter: "AUTO",
    wideMode: "OFF",
    wideLevel: 30,
  };
}

export interface Profile {
  token: string;
  name: string;
  encoding: string;
  width: number;
  height: number;
  fps: number;
  bitrateKbps: number;
  path: string;
  /** Of another lens than the first. */
  lens?: { source: string; configuration: string };
}

export const PROFILES: readonly Profile[] = [
  {
    token: "profile_1",
    name: "mainStream",
    encoding: "H264",
    width: 2560,
    height: 1440,
    fps: 15,
    bitrateKbps: 2048,
    path: "/stream1",
  },
  {
    token: "profile_2",
    name: "minorStream",
    encoding: "H264",
    width: 640,
    height: 360,
    fps: 15,
    bitrateKbps: 512,
    path: "/stream2",
  },
];
export const VIDEO_SOURCE = "raw_vs1";
/** Smaller than the first. */
export const SECOND_LENS: Profile = {
  token: "profile_3",
  name: "secondLens",
  encoding: "H264",
  width: 1280,
  height: 720,
  fps: 15,
  bitrateKbps: 1024,
  path: "/stream6",
  lens: { source: "raw_vs2", configuration: "vsconf2" },
};

/** Topics with the item that tells the state. Those of Tapo as its cameras send them. */
export const TOPICS = {
  motion: ["tns1:RuleEngine/CellMotionDetector/Motion", "IsMotion"],
  people: ["tns1:RuleEngine/PeopleDetector/People", "IsPeople"],
  vehicle: ["tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent", "IsVehicle"],
  pet: ["tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent", "IsPet"],
  tamper: ["tns1:RuleEngine/TamperDetector/Tamper", "IsTamper"],
  lineCross: ["tns1:RuleEngine/LineCrossDetector/LineCross", "IsLineCross"],
  intrusion: ["tns1:RuleEngine/IntrusionDetector/Intrusion", "IsIntrusion"],
  motionAlarm: ["tns1:VideoSource/MotionAlarm", "State"],
  digitalInput: ["tns1:Device/Trigger/DigitalInput", "LogicalState"],
} as const;

/** A grey picture of 16 × 16. */
export const SMALL_JPEG = Uint8Array.from(
  atob(
    "/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgoKC8oLzc3Nzc3N0E8QUNDQ0FBQUFD" +
      "Q0NISEhVVVVISEhDQ0hIUFBVVVxfXFdXVVdfX2RkZHh4c3OMjJGsrM//xABKAAEAAAAAAAAAAAAAAAAAAAAAAQEA" +
      "AAAAAAAAAAAAAAAAAAAAEAEAAAAAAAAAAAAAAAAAAAAAEQEAAAAAAAAAAAAAAAAAAAAA/8AAEQgAEAAQAwEiAAIR" +
      "AAMRAP/aAAwDAQACEQMRAD8AAA//2Q==",
  ),
  (character) => character.charCodeAt(0),
);
