// Operations that switch something in a camera. Each reads back what the device then says.
import { z } from "zod";
import type { Camera } from "../devices/camera.ts";
import { checkSettingValue, requireSetting } from "../devices/setting.ts";
import { wouldDo } from "./able.ts";
import { CAMERA_STORAGE_OPERATIONS } from "./camera_storage.ts";
import { writeOfCamera } from "./define.ts";
import { setMotionDetection } from "./motion_detection.ts";
import type { Operation } from "./operation.ts";
import { isSettingTaken, notTaken, proofOf } from "./proof.ts";
import * as schemas from "./schemas.ts";

const { done } = schemas;
const enabled = z.boolean().meta({ description: "true: on; false: off" });

const setCameraSetting = writeOfCamera({
  name: "set_camera_setting",
  title: "Change a camera setting",
  summary: "Sets one of the settings that get_camera_info lists, such as brightness, and reads it back",
  guide: "Ask get_camera_info first: settings have names, ranges and choices of each camera's own",
  toolset: "system",
  event: { kind: "config_change", what: "setting of the camera changed" },
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
    event: {
      kind: "config_change",
      what: capability === "privacy" ? "privacy mode set" : "status light set",
    },
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
    event: { kind: "alarm", what: isStart ? "siren sounded" : "siren silenced" },
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
  setMotionDetection,
  siren(true),
  siren(false),
  rebootCamera,
  ...CAMERA_STORAGE_OPERATIONS,
];
