// Emulated Tapo devices for the conformance suite, and what each of them must be able to do.
import type { CameraClock } from "../emulators/tapo/camera_clock.ts";
import type { TapoDevice } from "../emulators/tapo/device.ts";
import { TapoEmulator, type TapoOptions } from "../emulators/tapo/emulator.ts";
import { componentNames, type TapoModel } from "../emulators/tapo/models/model.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD, TapoRig } from "../emulators/rig/tapo_rig.ts";
import type { Settings } from "../emulators/tapo/settings.ts";
import { VendorError } from "../emulators/tapo/vendor_error.ts";
import type { Card, Head, Rig } from "./conformance.ts";

/** What each component of the list brings along. Kept by hand: the driver's own table is what is tested. */
export const CAPABILITIES_OF: Readonly<Record<string, readonly string[]>> = {
  ptz: ["ptz", "presets"],
  patrol: ["patrol"],
  lensMask: ["privacy"],
  led: ["led"],
  detection: ["motion"],
  alert: ["siren"],
  siren: ["siren"],
  sdCard: ["storage"],
};

/** What a device with these components must be able to do. */
function expectedCapabilities(model: TapoModel): string[] {
  const own = [...componentNames(model)].flatMap((name) => CAPABILITIES_OF[name] ?? []);
  return [...new Set(["settings", "reboot", ...(model.battery ? [] : ["radio"]), ...own])];
}

type StartOptions = Partial<TapoOptions> & { model: TapoModel };

/** A device by itself: control, without picture and ONVIF. */
export async function startTapo(options: StartOptions): Promise<Rig> {
  const tapo = await TapoEmulator.start({
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
    ...options,
  });
  tapo.rebootMs = Infinity;
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  const isWatched = !options.model.children && !options.model.battery;
  const more = [...(isWatched ? ["observations"] : []), ...(options.model.battery ? ["power"] : [])];
  return {
    ...rigOf(tapo, tapo.device),
    options: login,
    isLeftInPeace: options.model.battery !== undefined,
    expects: {
      capabilities: [...expectedCapabilities(options.model), ...more],
      info: { model: options.model.model, firmware: options.model.firmware, name: tapo.identity.name },
    },
    [Symbol.asyncDispose]: () => tapo[Symbol.asyncDispose](),
  };
}

/** A whole camera, with picture and ONVIF. `tele`: its second lens. */
export async function startWhole(options: StartOptions, lens?: "tele"): Promise<Rig> {
  const mounts = lens === undefined ? {} : { mounts: [{ path: "/stream6" }, { path: "/stream7" }] };
  const whole = await TapoRig.start({ ...options, ...mounts });
  whole.tapo.rebootMs = Infinity;
  const all = [...expectedCapabilities(options.model), "observations", "video"];
  return {
    ...rigOf(whole.tapo, whole.tapo.device),
    options: { ...whole.options, ...(lens ? { lens } : {}) },
    expects: {
      capabilities: lens === undefined ? all : ["video"],
      info: { model: options.model.model },
    },
    offline: () => whole.offline(),
    online: () => whole.online(),
    connections: () => whole.tapo.connections + (whole.onvif?.connections ?? 0),
    [Symbol.asyncDispose]: () => whole[Symbol.asyncDispose](),
  };
}

/** The first camera behind a hub. */
export async function startChild(options: StartOptions): Promise<Rig> {
  const hub = await TapoEmulator.start({
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
    ...options,
  });
  hub.rebootMs = Infinity;
  const child = hub.device.children?.list[0];
  if (!child) throw new Error("This model has no children");
  const { restarts: _hubOnly, ...rig } = rigOf(hub, child.device);
  return {
    ...rig,
    options: { host: hub.host, port: hub.port, cloud_password: CLOUD_PASSWORD, child_id: child.id },
    expects: {
      capabilities: [...expectedCapabilities(child.device.model), "power"],
      info: { model: child.device.model.model, name: child.device.identity.name },
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

function rigOf(tapo: TapoEmulator, device: TapoDevice) {
  const { settings, motor } = device;
  // The suite looks at where a movement ends.
  if (motor) motor.speedDegreesPerS = Infinity;
  const field = (module: string, section: string, name: string) => settings.field(module, section, name);
  return {
    ...(device.motor ? { head: headOf(device) } : {}),
    ...(device.storage ? { card: cardOf(device) } : {}),
    settings: () => JSON.stringify(SECTIONS.map((at) => readSection(settings, at))),
    isPrivate: () => device.isPrivate,
    isLedOn: () => field("led", "config", "enabled") === "on",
    isSirenOn: () => device.alarm.isActive,
    isPatrolling: () => device.motor?.isPatrolling ?? false,
    motion: () => ({
      enabled: field("motion_detection", "motion_det", "enabled") === "on",
      sensitivity: Number(field("motion_detection", "motion_det", "digital_sensitivity")),
    }),
    restarts: () => tapo.reboots,
    offline: () => tapo.offline(),
    online: () => tapo.online(),
    connections: () => tapo.connections,
  };
}

/** Where the settings that a person can change are kept. */
const SECTIONS: readonly (readonly [module: string, section: string])[] = [
  ...["common", "switch"].map((section) => ["image", section] as const),
  ...["microphone", "speaker", "record_audio"].map((section) => ["audio_config", section] as const),
  ...["people", "vehicle", "pet", "package", "bark", "meow", "glass", "linecrossing"].map((kind) =>
    [`${kind}_detection`, "detection"] as const
  ),
  ["motion_detection", "motion_det"],
  ["tamper_detection", "tamper_det"],
  ["sound_detection", "bcd"],
  ["msg_alarm", "chn1_msg_alarm_info"],
  ["target_track", "target_track_info"],
  ["cet", "media_encrypt"],
  ["auto_upgrade", "common"],
  ["msg_push", "chn1_msg_push_info"],
  ["harddisk_manage", "harddisk"],
];

/** Undefined for a section that this model does not have. */
function readSection(settings: Settings, [module, section]: readonly [string, string]): unknown {
  try {
    return settings.read({ [module]: { name: [section] } }, [module]);
  } catch (error) {
    if (error instanceof VendorError) return undefined;
    throw error;
  }
}

/** The driver takes ±180° and ±57° for every camera's range: none tells its own. */
const HALF = { pan: 180, tilt: 57 };

function headOf({ motor, presets }: TapoDevice): Head {
  if (!motor || !presets) throw new Error("This model does not move");
  return {
    position: () => ({
      pan: motor.position.panDegrees / HALF.pan,
      tilt: motor.position.tiltDegrees / HALF.tilt,
    }),
    place: (pan, tilt) => motor.place({ panDegrees: pan * HALF.pan, tiltDegrees: tilt * HALF.tilt }),
    isMoving: () => motor.isMoving,
    presets: () => presets.list.map(({ name }) => name),
    maxPresets: 8,
    panEnd: motor.range.pan[1] / HALF.pan,
  };
}

function cardOf({ storage, recordings, clock }: TapoDevice): Card {
  if (!storage) throw new Error("This model has no card");
  return {
    set: (state) => storage.state = state === "absent" ? "offline" : state,
    formats: () => storage.formats,
    ...(recordings
      ? {
        record: (startMs: number, durationMs: number, aheadMs: number) => {
          setAhead(clock, aheadMs);
          const startS = (startMs + aheadMs) / 1000;
          recordings.clips = [{ startS, endS: startS + durationMs / 1000, type: 2 }];
        },
      }
      : {}),
  };
}

function setAhead(clock: CameraClock, aheadMs: number): void {
  clock.skewS = aheadMs / 1000;
}
