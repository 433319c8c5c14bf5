// The groups of a Tapo camera's settings: how each is read from the camera and written to it.
import { HubError } from "../../base/errors.ts";
import type { Setting, SettingValue } from "../../devices/setting.ts";
import { readAlarm, setAlarm, type TapoAlarm } from "../../protocols/tapo/alarm.ts";
import { readAudio, setAudio } from "../../protocols/tapo/audio.ts";
import { hasFeature, type TapoComponents } from "../../protocols/tapo/components.ts";
import {
  type DetectionKind,
  detectionsOf,
  readDetections,
  setDetection,
  WORD_LEVELS,
} from "../../protocols/tapo/detections.ts";
import {
  type DayNightMode,
  type LightFrequency,
  listNightVisionModes,
  readImage,
  setDayNight,
  setFlipped,
  setLensCorrection,
  setLightFrequency,
  setNightVision,
} from "../../protocols/tapo/image.ts";
import { calibrate } from "../../protocols/tapo/ptz.ts";
import { readSwitches, setSwitch, TAPO_SWITCHES, type TapoSwitch } from "../../protocols/tapo/switches.ts";
import type { SettingGroup } from "./settings.ts";

/** A setting that is there only when its value is known. */
function shown(value: SettingValue | undefined, setting: Omit<Setting, "value">): Setting[] {
  return value === undefined ? [] : [{ ...setting, value }];
}

function choices(titles: Readonly<Record<string, string>>, present?: string): Setting["choices"] {
  const all = Object.entries(titles).map(([value, title]) => ({ value, title }));
  const isKnown = present === undefined || Object.hasOwn(titles, present);
  return isKnown ? all : [...all, { value: present, title: present }];
}

const DAY_NIGHT = { auto: "Automatic", day: "Day (colour)", night: "Night" };
const FREQUENCIES = { auto: "Automatic", "50": "50 Hz", "60": "60 Hz" };
const NIGHT_VISION: Readonly<Record<string, string>> = {
  inf_night_vision: "Infrared",
  wtl_night_vision: "White light, in colour",
  md_night_vision: "White light when something moves",
  dbl_night_vision: "Doorbell",
  shed_night_vision: "Scheduled",
};
const NONE: SettingGroup = { read: () => Promise.resolve([]), set: () => Promise.resolve(false) };

/** How the picture is made. */
export function imageGroup(components: TapoComponents): SettingGroup {
  const hasModes = hasFeature(components, "nightVisionModes");
  return {
    read: async (caller, signal) => {
      const [image, modes] = await Promise.all([
        readImage(caller, signal),
        hasModes ? listNightVisionModes(caller, signal).catch(noModes) : [],
      ]);
      const lamps = Object.fromEntries(modes.map((mode) => [mode, NIGHT_VISION[mode] ?? mode]));
      return [
        ...shown(image.dayNight, choice("day_night", "Day and night", choices(DAY_NIGHT))),
        ...(modes.length > 0
          ? shown(
            image.nightVision,
            choice("night_vision", "Light at night", choices(lamps, image.nightVision)),
          )
          : []),
        ...shown(image.isFlipped, toggle("flip", "Upside down")),
        ...shown(image.hasLensCorrection, toggle("lens_correction", "Correct the lens's distortion")),
        ...shown(image.lightFrequency, choice("light_frequency", "Mains frequency", choices(FREQUENCIES))),
      ];
    },
    set: async (name, value, caller, signal) => {
      if (name === "day_night") await setDayNight(caller, value as DayNightMode, signal);
      else if (name === "night_vision") await setNightVision(caller, String(value), signal);
      else if (name === "flip") await setFlipped(caller, value === true, signal);
      else if (name === "lens_correction") await setLensCorrection(caller, value === true, signal);
      else if (name === "light_frequency") await setLightFrequency(caller, value as LightFrequency, signal);
      else return false;
      return true;
    },
  };
}

/** Firmware without the question has one mode only. */
function noModes(error: unknown): string[] {
  if (error instanceof HubError) return [];
  throw error;
}

const DETECTIONS: Readonly<Record<DetectionKind, string>> = {
  motion: "Motion",
  person: "People",
  vehicle: "Vehicles",
  pet: "Pets",
  package: "Parcels",
  bark: "Barking",
  meow: "Meowing",
  glass: "Breaking glass",
  line_crossing: "Line crossed",
  tamper: "Camera covered or moved",
  baby_cry: "Crying baby",
};

/** A camera that takes words has no more than these. */
const [LOWEST = 0, NEXT = 100] = WORD_LEVELS;
const wordSteps = { min: LOWEST, max: WORD_LEVELS.at(-1) ?? 100, step: NEXT - LOWEST };

/** What the camera looks and listens for. */
export function detectionGroup(components: TapoComponents): SettingGroup {
  // Motion is a capability of its own.
  const kinds: DetectionKind[] = detectionsOf(components).filter((kind) => kind !== "motion");
  if (kinds.length === 0) return NONE;
  const parse = (name: string) => {
    const [, kind = "", part] = /^(.+)_(detection|sensitivity)$/.exec(name) ?? [];
    return kinds.includes(kind as DetectionKind) ? { kind: kind as DetectionKind, part } : undefined;
  };
  return {
    read: async (caller, signal) => {
      const states = await readDetections(caller, kinds, signal);
      return kinds.flatMap((kind) => {
        const state = states.get(kind);
        if (state === undefined || state instanceof HubError) return [];
        const title = DETECTIONS[kind];
        return [
          ...shown(state.isEnabled, toggle(`${kind}_detection`, `${title}: detect`)),
          ...shown(state.sensitivity, {
            ...percent(`${kind}_sensitivity`, `${title}: sensitivity`),
            ...(state.form === "words" ? wordSteps : {}),
          }),
        ];
      });
    },
    set: async (name, value, caller, signal) => {
      const wanted = parse(name);
      if (!wanted) return false;
      const change = wanted.part === "detection"
        ? { isEnabled: value === true }
        : { sensitivity: Number(value) };
      await setDetection(caller, { kind: wanted.kind, ...change }, signal);
      return true;
    },
  };
}

const VOLUMES = { low: "Low", normal: "Normal", high: "High" };

/** What the camera does when it notices something. */
export function alarmGroup(components: TapoComponents): SettingGroup {
  if (!hasFeature(components, "alarm")) return NONE;
  const change = (name: string, value: SettingValue): TapoAlarm | undefined => {
    if (name === "alarm") return { isEnabled: value === true };
    if (name === "alarm_sound") return { hasSound: value === true };
    if (name === "alarm_light") return { hasLight: value === true };
    return name === "alarm_volume" ? { volume: String(value) } : undefined;
  };
  return {
    read: async (caller, signal) => {
      const alarm = await readAlarm(caller, signal);
      return [
        ...shown(alarm.isEnabled, toggle("alarm", "Alarm when something is noticed")),
        ...shown(alarm.hasSound, toggle("alarm_sound", "Alarm with sound")),
        ...shown(alarm.hasLight, toggle("alarm_light", "Alarm with light")),
        ...shown(alarm.volume, choice("alarm_volume", "Volume of the alarm", choices(VOLUMES, alarm.volume))),
      ];
    },
    set: async (name, value, caller, signal) => {
      const wanted = change(name, value);
      if (wanted) await setAlarm(caller, wanted, signal);
      return wanted !== undefined;
    },
  };
}

/** Volumes. */
export function soundGroup(components: TapoComponents): SettingGroup {
  if (!hasFeature(components, "audio")) return NONE;
  return {
    read: async (caller, signal) => {
      const audio = await readAudio(caller, signal);
      return [
        ...shown(audio.speakerPercent, percent("speaker_volume", "Volume of the speaker")),
        ...shown(audio.microphonePercent, percent("microphone_volume", "Volume of the microphone")),
        ...shown(audio.isMicrophoneMuted, toggle("microphone_muted", "Microphone off")),
      ];
    },
    set: async (name, value, caller, signal) => {
      if (name === "speaker_volume") await setAudio(caller, { speakerPercent: Number(value) }, signal);
      else if (name === "microphone_volume") {
        await setAudio(caller, { microphonePercent: Number(value) }, signal);
      } else if (name === "microphone_muted") {
        await setAudio(caller, { isMicrophoneMuted: value === true }, signal);
      } else return false;
      return true;
    },
  };
}

const SWITCHES: Readonly<Partial<Record<TapoSwitch, string>>> = {
  tracking: "Follow what moves",
  media_encryption: "Encrypt recordings on the card",
  record_audio: "Record sound on the card",
  loop_recording: "Overwrite the oldest recordings",
  notifications: "Messages to the Tapo app",
  auto_upgrade: "Firmware upgrades itself",
};

/** Plain switches; privacy and the status light are capabilities of their own. */
export function switchGroup(_components: TapoComponents): SettingGroup {
  const ids = TAPO_SWITCHES.filter((id) => SWITCHES[id] !== undefined);
  return {
    read: async (caller, signal) => {
      const states = await readSwitches(caller, ids, signal);
      return ids.flatMap((id) => {
        const state = states.get(id);
        return typeof state === "boolean" ? shown(state, toggle(id, SWITCHES[id] ?? id)) : [];
      });
    },
    set: async (name, value, caller, signal) => {
      const id = ids.find((each) => each === name);
      if (id) await setSwitch(caller, { id, isOn: value === true }, signal);
      return id !== undefined;
    },
  };
}

/** What can be done with the motor beside moving. */
export function motorGroup(components: TapoComponents): SettingGroup {
  if (!hasFeature(components, "ptz")) return NONE;
  return {
    read: () =>
      Promise.resolve([{ name: "calibrate", title: "Find the ends of pan and tilt anew", kind: "action" }]),
    set: async (name, _value, caller, signal) => {
      if (name !== "calibrate") return false;
      await calibrate(caller, signal);
      return true;
    },
  };
}

function toggle(name: string, title: string): Omit<Setting, "value"> {
  return { name, title, kind: "boolean" };
}

function percent(name: string, title: string): Omit<Setting, "value"> {
  return { name, title, kind: "number", min: 0, max: 100, step: 1 };
}

function choice(name: string, title: string, list: Setting["choices"]): Omit<Setting, "value"> {
  return { name, title, kind: "choice", ...(list ? { choices: list } : {}) };
}
