// Operations that switch something in a camera. Each reads back what the device then says.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { Camera } from "../devices/camera.ts";
import type { DeviceStorage, StorageMedium } from "../devices/capabilities.ts";
import { checkSettingValue, requireSetting } from "../devices/setting.ts";
import { wouldDo } from "./able.ts";
import { readOfCamera, writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import { isSensitivityTaken, isSettingTaken, notTaken, proofOf } from "./proof.ts";
import * as schemas from "./schemas.ts";

const { done } = schemas;
const enabled = z.boolean().meta({ description: "true: on; false: off" });

const setCameraSetting = writeOfCamera({
  name: "set_camera_setting",
  title: "Change a camera setting",
  summary: "Sets one of the settings that get_camera_info lists, such as brightness, and reads it back",
  guide: "Ask get_camera_info first: settings have names, ranges and choices of each camera's own",
  toolset: "system",
  input: z.object({
    setting: z.string().min(1).max(100).meta({ description: "Name of the setting" }),
    value: z.union([z.number(), z.boolean(), z.string().max(200)]).meta({
      description: "In the setting's range, or one of its choices",
    }),
  }),
  output: done.extend({
    setting: schemas.setting,
    value: z.union([z.number(), z.boolean(), z.string()]).optional().meta({ description: "As read back" }),
  }),
  examples: [
    { title: "Brighter", input: { camera_id: "front-door", setting: "brightness", value: 60 } },
  ],
  would: async ({ hub, signal }, { camera_id, setting: name, value }) => {
    const settings = await hub.manager.requireSoon(camera_id, "settings", signal);
    const setting = requireSetting(await settings.list(signal), name);
    const next = checkSettingValue(setting, value);
    return `Set ${name} of camera "${camera_id}" to ${next}; it is ${setting.value ?? "not known"}`;
  },
  run: async ({ hub, signal }, { camera_id, setting: name, value }) => {
    const settings = await hub.manager.requireSoon(camera_id, "settings", signal);
    const after = await settings.set(name, value, signal);
    if (isSettingTaken(after, value) === false) {
      throw notTaken(camera_id, `${name} = ${value}; it is ${after.value}`);
    }
    const known = after.value === undefined ? {} : { value: after.value };
    return {
      success: true as const,
      camera_id,
      setting: { ...after },
      ...known,
      verified: proofOf(after.value),
    };
  },
});

/** What tells one switch from another. */
interface SwitchWords {
  name: string;
  title: string;
  summary: string;
  guide?: string;
  /** What turning it on and off is called. */
  verbs: readonly [on: string, off: string];
}

/** Operations that turn one thing on or off. */
function switchOperation(capability: "privacy" | "led", { verbs, ...words }: SwitchWords): Operation {
  return writeOfCamera({
    ...words,
    toolset: "system",
    input: z.object({ enabled }),
    output: done.extend({ enabled: z.boolean() }),
    examples: [{ title: verbs[0], input: { camera_id: "front-door", enabled: true } }],
    would: (context, { camera_id, enabled }) =>
      wouldDo(context, camera_id, capability, `${verbs[enabled ? 0 : 1]} of camera "${camera_id}"`),
    run: async ({ hub, signal }, { camera_id, enabled }) => {
      const able = await hub.manager.requireSoon(camera_id, capability, signal);
      const after = capability === "privacy"
        ? await setPrivacy(hub.manager.get(camera_id), () => able.set(enabled, signal))
        : await able.set(enabled, signal);
      if (after !== undefined && after !== enabled) throw notTaken(camera_id, `${capability} = ${enabled}`);
      return { success: true as const, camera_id, enabled, verified: proofOf(after) };
    },
  });
}

/** What the camera then says of its lens is kept; where it fails nobody knows. */
async function setPrivacy(
  camera: Camera,
  set: () => Promise<boolean | undefined>,
): Promise<boolean | undefined> {
  const { device } = camera;
  let isCovered: boolean | undefined;
  try {
    isCovered = await set();
    return isCovered;
  } finally {
    if (device) camera.noteCovered(device, isCovered);
  }
}

const setMotion = writeOfCamera({
  name: "set_motion_detection",
  title: "Set motion detection",
  summary: "Turns the camera's own motion detection on or off and sets its sensitivity (0…100)",
  guide: "What was detected is told by list_events, not by this",
  toolset: "system",
  input: z.object({
    enabled,
    sensitivity: z.int().min(0).max(100).optional().meta({
      description: "100 notices the least movement; a camera with a few levels takes the nearest",
    }),
  }),
  output: done.extend({ enabled: z.boolean().optional(), sensitivity: z.number().optional() }),
  examples: [
    { title: "On, not too sharp", input: { camera_id: "front-door", enabled: true, sensitivity: 40 } },
  ],
  would: (context, { camera_id, enabled, sensitivity }) => {
    const at = sensitivity === undefined ? "" : `, sensitivity ${sensitivity}`;
    const what = `Turn motion detection of camera "${camera_id}" ${enabled ? "on" : "off"}${at}`;
    return wouldDo(context, camera_id, "motion", what);
  },
  run: async ({ hub, signal }, { camera_id, enabled, sensitivity }) => {
    const motion = await hub.manager.requireSoon(camera_id, "motion", signal);
    const change = { enabled, ...(sensitivity === undefined ? {} : { sensitivity }) };
    const after = await motion.set(change, signal);
    if (after.enabled !== undefined && after.enabled !== enabled) {
      throw notTaken(camera_id, `motion = ${enabled}`);
    }
    const isTaken = sensitivity === undefined || isSensitivityTaken(after, sensitivity);
    if (isTaken === false) {
      throw notTaken(camera_id, `sensitivity = ${sensitivity}; it is ${after.sensitivity}`);
    }
    const verified = isTaken ? proofOf(after.enabled) : "acknowledged" as const;
    const { levels: _, ...shown } = after;
    return { success: true as const, camera_id, ...shown, verified };
  },
});

/** Starting and stopping differ in one word. */
function siren(isStart: boolean): Operation {
  return writeOfCamera({
    name: isStart ? "sound_siren" : "stop_siren",
    title: isStart ? "Sound the siren" : "Stop the siren",
    summary: isStart
      ? "Sounds the camera's siren until it is stopped or ends by itself"
      : "Silences the siren of a camera",
    ...(isStart ? { guide: "Loud: it disturbs people. Only when the user asks for it" } : {}),
    toolset: "system",
    effect: isStart ? "destructive" : "write",
    input: z.object({}),
    output: done.extend({ active: z.boolean().optional() }),
    examples: [{
      title: isStart ? "Sound it" : "Silence it",
      input: { camera_id: "front-door", ...(isStart ? { confirm: true } : {}) },
    }],
    would: (context, { camera_id }) => {
      const what = isStart
        ? `Sound the siren of camera "${camera_id}", which everybody near it hears`
        : `Silence the siren of camera "${camera_id}"`;
      return wouldDo(context, camera_id, "siren", what);
    },
    run: async ({ hub, signal }, { camera_id }) => {
      const able = await hub.manager.requireSoon(camera_id, "siren", signal);
      await (isStart ? able.start(signal) : able.stop(signal));
      const active = await able.isActive(signal);
      if (active !== undefined && active !== isStart) throw notTaken(camera_id, `siren = ${isStart}`);
      const known = active === undefined ? {} : { active };
      return { success: true as const, camera_id, ...known, verified: proofOf(active) };
    },
  });
}

const rebootCamera = writeOfCamera({
  name: "reboot_camera",
  title: "Restart a camera",
  summary: "Makes the camera start anew; it is away for about a minute",
  guide: "For a camera that misbehaves. connect_camera is enough for one that is offline",
  toolset: "system",
  effect: "destructive",
  input: z.object({}),
  output: done,
  examples: [{ title: "Restart it", input: { camera_id: "front-door", confirm: true } }],
  would: (context, { camera_id }) =>
    wouldDo(context, camera_id, "reboot", `Restart camera "${camera_id}": it is away for about a minute`),
  run: async ({ hub, signal }, { camera_id }) => {
    const reboot = await hub.manager.requireSoon(camera_id, "reboot", signal);
    await reboot(signal);
    return { success: true as const, camera_id, verified: "acknowledged" as const };
  },
});

const formatStorage = writeOfCamera({
  name: "format_camera_storage",
  title: "Erase a camera's card",
  summary:
    "Formats a card in the camera: every recording on it is lost. storage_id may be left out where there " +
    "is one card",
  toolset: "system",
  effect: "destructive",
  role: "admin",
  input: z.object({
    storage_id: z.string().optional().meta({ description: "Which card, as get_camera_info lists them" }),
  }),
  output: done.extend({ storage_id: z.string(), state: z.string().optional() }),
  examples: [{ title: "Erase the only card", input: { camera_id: "front-door", confirm: true } }],
  would: async (context, { camera_id, storage_id }) => {
    const { id } = await chooseCard(context, camera_id, storage_id);
    return `Erase card ${id} of camera "${camera_id}": every recording on it would be lost`;
  },
  run: async (context, { camera_id, storage_id }) => {
    const { storage, id } = await chooseCard(context, camera_id, storage_id);
    await storage.format(id, context.signal);
    const state = await stateAfter(storage, id, context.signal);
    const isDone = state === "formatting" || state === "normal";
    return {
      success: true as const,
      camera_id,
      storage_id: id,
      ...(state === undefined ? {} : { state }),
      verified: isDone ? "readback" as const : "acknowledged" as const,
    };
  },
});

async function chooseCard({ hub, signal }: OperationContext, cameraId: string, wanted: string | undefined) {
  const storage = await requireStorage(hub.manager.requireSoon(cameraId, "storage", signal), "format");
  return { storage, id: chooseMedium(await storage.media(signal, { isCommand: true }), wanted, cameraId) };
}

/** @throws HubError `not_found` for one that is not there, `invalid_input` where the one meant is not clear. */
function chooseMedium(media: readonly StorageMedium[], wanted: string | undefined, cameraId: string): string {
  const ids = media.map(({ id }) => id);
  if (wanted !== undefined && ids.includes(wanted)) return wanted;
  const [only, ...more] = ids;
  if (only === undefined) throw new HubError("not_found", `Camera "${cameraId}" tells of no card`);
  if (wanted === undefined && more.length === 0) return only;
  const hint = `storage_id is one of: ${ids.join(", ")}`;
  if (wanted !== undefined) {
    throw new HubError("not_found", `Camera "${cameraId}" has no card "${wanted}"`, { hint });
  }
  throw new HubError("invalid_input", `Camera "${cameraId}" has ${ids.length} cards: say which`, { hint });
}

/** A card that is being erased may not tell of itself: that is no failure of erasing it. */
async function stateAfter(
  storage: DeviceStorage,
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await storage.media(signal, { isCommand: true })).find((each) => each.id === id)?.state;
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

const listCameraRecordings = readOfCamera({
  name: "list_camera_recordings",
  title: "Recordings on a camera's card",
  summary:
    "Lists what the camera itself has recorded on a day (YYYY-MM-DD), or the days of a month (YYYY-MM)",
  guide: "Not the hub's own recordings. Days are those of the camera's time zone; times come as UTC",
  toolset: "media",
  input: z.object({
    day: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "Expected YYYY-MM-DD or YYYY-MM").meta({
      description: "YYYY-MM-DD: recordings of the day; YYYY-MM: days of the month that have some",
    }),
  }),
  output: z.object({
    success: schemas.success,
    camera_id: z.string(),
    days: z.array(z.string()).optional(),
    recordings: z.array(z.object({ start: z.string(), end: z.string(), kind: z.string().optional() }))
      .optional(),
  }),
  examples: [{ title: "A day", input: { camera_id: "front-door", day: "2026-05-01" } }],
  run: async ({ hub, signal }, { camera_id, day }) => {
    const storage = hub.manager.requireSoon(camera_id, "storage", signal);
    if (day.length === 7) {
      const days = await (await requireStorage(storage, "days")).days(day, signal);
      return { success: true as const, camera_id, days };
    }
    const found = await (await requireStorage(storage, "recordings")).recordings(day, signal);
    const recordings = found.map(({ startMs, endMs, kind }) => ({
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      ...(kind === undefined ? {} : { kind }),
    }));
    return { success: true as const, camera_id, recordings };
  },
});

/** A camera may tell of its card without being able to do everything with it. */
async function requireStorage<K extends "format" | "days" | "recordings">(
  asked: Promise<DeviceStorage>,
  part: K,
): Promise<DeviceStorage & Required<Pick<DeviceStorage, K>>> {
  const storage = await asked;
  if (storage[part]) return storage as DeviceStorage & Required<Pick<DeviceStorage, K>>;
  throw new HubError("unsupported", `The camera's card has no ${part} that the hub could ask for`);
}

export const CONTROL_OPERATIONS: readonly Operation[] = [
  setCameraSetting,
  switchOperation("privacy", {
    name: "set_privacy_mode",
    title: "Cover the lens",
    summary: "Privacy mode: true covers the lens, so that nobody sees anything; false uncovers it",
    guide: "While the lens is covered there are no pictures and no detections",
    verbs: ["Cover the lens", "Uncover the lens"],
  }),
  switchOperation("led", {
    name: "set_led_enabled",
    title: "Status light",
    summary: "Turns the camera's small status light on or off",
    verbs: ["Turn on the status light", "Turn off the status light"],
  }),
  setMotion,
  siren(true),
  siren(false),
  rebootCamera,
  formatStorage,
  listCameraRecordings,
];
