// Operations that switch something in a camera. Each reads back what the device then says.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { Camera } from "../devices/camera.ts";
import type { DeviceStorage, StorageMedium } from "../devices/capabilities.ts";
import { type Operation, operation } from "./operation.ts";
import { isSensitivityTaken, isSettingTaken, notTaken, proofOf } from "./proof.ts";
import * as schemas from "./schemas.ts";

const setting = z.object({ name: z.string(), title: z.string(), kind: z.string() }).loose();
const input = z.strictObject({ camera_id: schemas.cameraId });
const done = z.object({ success: schemas.success, camera_id: z.string(), verified: schemas.verified });

const setCameraSetting = operation({
  name: "set_camera_setting",
  title: "Change a camera setting",
  summary: "Sets one of the settings that get_camera_info lists, such as brightness, and reads it back",
  effect: "write",
  input: z.strictObject({
    camera_id: schemas.cameraId,
    setting: z.string().min(1).max(100),
    value: z.union([z.number(), z.boolean(), z.string().max(200)]),
  }),
  output: done.extend({ setting, value: z.union([z.number(), z.boolean(), z.string()]).optional() }),
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

/** Operations that turn one thing on or off. */
function switchOperation(
  capability: "privacy" | "led",
  words: { name: string; title: string; summary: string },
): Operation {
  return operation({
    ...words,
    effect: "write",
    input: input.extend({ enabled: z.boolean() }),
    output: done.extend({ enabled: z.boolean() }),
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

const setMotion = operation({
  name: "set_motion_detection",
  title: "Set motion detection",
  summary: "Turns the camera's own motion detection on or off and sets its sensitivity (0…100)",
  effect: "write",
  input: input.extend({ enabled: z.boolean(), sensitivity: z.int().min(0).max(100).optional() }),
  output: done.extend({ enabled: z.boolean().optional(), sensitivity: z.number().optional() }),
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
  return operation({
    name: isStart ? "sound_siren" : "stop_siren",
    title: isStart ? "Sound the siren" : "Stop the siren",
    summary: isStart
      ? "Sounds the camera's siren until it is stopped or ends by itself"
      : "Silences the siren of a camera",
    effect: isStart ? "destructive" : "write",
    input,
    output: done.extend({ active: z.boolean().optional() }),
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

const rebootCamera = operation({
  name: "reboot_camera",
  title: "Restart a camera",
  summary: "Makes the camera start anew; it is away for about a minute",
  effect: "destructive",
  input: input.extend({ confirm: z.boolean().default(false).meta({ description: "Must be true" }) }),
  output: done,
  run: async ({ hub, signal }, { camera_id, confirm }) => {
    const reboot = await hub.manager.requireSoon(camera_id, "reboot", signal);
    refuseUnconfirmed(confirm, `Restarting "${camera_id}" takes it away for about a minute`);
    await reboot(signal);
    return { success: true as const, camera_id, verified: "acknowledged" as const };
  },
});

const formatStorage = operation({
  name: "format_camera_storage",
  title: "Erase a camera's card",
  summary:
    "Formats a card in the camera: every recording on it is lost. storage_id may be left out where there " +
    "is one card",
  effect: "destructive",
  input: input.extend({ storage_id: z.string().optional(), confirm: z.boolean().default(false) }),
  output: done.extend({ storage_id: z.string(), state: z.string().optional() }),
  run: async ({ hub, signal }, { camera_id, storage_id, confirm }) => {
    const storage = await requireStorage(hub.manager.requireSoon(camera_id, "storage", signal), "format");
    refuseUnconfirmed(confirm, `Every recording on the card of "${camera_id}" would be lost`);
    const id = chooseMedium(await storage.media(signal, { isCommand: true }), storage_id, camera_id);
    await storage.format(id, signal);
    const state = await stateAfter(storage, id, signal);
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

const listCameraRecordings = operation({
  name: "list_camera_recordings",
  title: "Recordings on a camera's card",
  summary:
    "Lists what the camera itself has recorded on a day (YYYY-MM-DD), or the days of a month (YYYY-MM)",
  effect: "read",
  input: input.extend({ day: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "Expected YYYY-MM-DD or YYYY-MM") }),
  output: z.object({
    success: schemas.success,
    camera_id: z.string(),
    days: z.array(z.string()).optional(),
    recordings: z.array(z.object({ start: z.string(), end: z.string(), kind: z.string().optional() }))
      .optional(),
  }),
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

function refuseUnconfirmed(isConfirmed: boolean, consequence: string): void {
  if (isConfirmed) return;
  throw new HubError("invalid_input", consequence, {
    hint: "Say so with confirm: true",
    details: { needs: "confirm" },
  });
}

export const CONTROL_OPERATIONS: readonly Operation[] = [
  setCameraSetting,
  switchOperation("privacy", {
    name: "set_privacy_mode",
    title: "Cover the lens",
    summary: "Privacy mode: true covers the lens, so that nobody sees anything; false uncovers it",
  }),
  switchOperation("led", {
    name: "set_led_enabled",
    title: "Status light",
    summary: "Turns the camera's small status light on or off",
  }),
  setMotion,
  siren(true),
  siren(false),
  rebootCamera,
  formatStorage,
  listCameraRecordings,
];
