// A webcam's V4L2 controls as settings, and those that move it as pan, tilt and zoom.
import { HubError } from "../../base/errors.ts";
import type { Ptz, PtzAxis, PtzPosition, Settings } from "../../devices/capabilities.ts";
import { checkSettingValue, requireSetting, type Setting, type SettingValue } from "../../devices/setting.ts";
import { parseControls, type V4l2Control } from "../../protocols/v4l2/parse.ts";

/** Asks the device: runs v4l2-ctl with arguments on its node. */
export type AskDevice = (args: readonly string[], signal: AbortSignal) => Promise<string>;

/** The controls that move the camera (V4L2 camera class; pan + is right, tilt + is up, zoom + is in). */
const AXES: readonly (readonly [PtzAxis, string])[] = [
  ["pan", "pan_absolute"],
  ["tilt", "tilt_absolute"],
  ["zoom", "zoom_absolute"],
];
const MOVING = new Set(["pan_absolute", "tilt_absolute", "zoom_absolute", "pan_relative", "tilt_relative"]);

async function readControls(ask: AskDevice, signal: AbortSignal): Promise<V4l2Control[]> {
  return parseControls(await ask(["--list-ctrls-menus"], signal));
}

/** Returns the settings capability; undefined when the device has no control. */
export async function openSettings(ask: AskDevice, signal: AbortSignal): Promise<Settings | undefined> {
  const list = async (own: AbortSignal) =>
    (await readControls(ask, own)).filter((control) => !MOVING.has(control.name) && !control.readOnly).map(
      toSetting,
    );
  if ((await list(signal)).length === 0) return undefined;
  const find = async (name: string, own: AbortSignal) => requireSetting(await list(own), name);
  return {
    list,
    set: async (name, value, own) => {
      const setting = await find(name, own);
      if (setting.inactive) throw inactive(name);
      const checked = checkSettingValue(setting, value);
      await ask([`--set-ctrl=${name}=${toRaw(checked)}`], own);
      return await find(name, own);
    },
  };
}

function inactive(name: string): HubError {
  return new HubError("device_rejected", `The camera does not take "${name}" now`, {
    hint: "An automatic mode governs it; switch that off first",
  });
}

function toRaw(value: SettingValue): string {
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value);
}

function toSetting(control: V4l2Control): Setting {
  const title = control.name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
  const base = { name: control.name, title, ...(control.inactive ? { inactive: true } : {}) };
  if (control.kind === "button") return { ...base, kind: "action" };
  const { value, default: preset } = control;
  if (control.kind === "bool") {
    return {
      ...base,
      kind: "boolean",
      ...(value === undefined ? {} : { value: value !== 0 }),
      ...(preset === undefined ? {} : { default: preset !== 0 }),
    };
  }
  if (control.kind === "menu") {
    return {
      ...base,
      kind: "choice",
      choices: control.menu.map((item) => ({ value: String(item.value), title: item.title })),
      ...(value === undefined ? {} : { value: String(value) }),
      ...(preset === undefined ? {} : { default: String(preset) }),
    };
  }
  const { min, max, step } = control;
  const limits = Object.fromEntries(
    Object.entries({ min, max, step, value, default: preset }).filter(([, v]) => v !== undefined),
  );
  return { ...base, kind: "number", ...limits };
}

/** Returns the PTZ capability; undefined when the device has no axis that moves. */
export async function openPtz(ask: AskDevice, signal: AbortSignal): Promise<Ptz | undefined> {
  const axesOf = async (own: AbortSignal) => {
    const controls = await readControls(ask, own);
    return AXES.flatMap(([axis, name]) => {
      const control = controls.find((each) => each.name === name);
      return control?.min !== undefined && control.max !== undefined && control.max > control.min
        ? [{ axis, control, min: control.min, max: control.max }]
        : [];
    });
  };
  type Axis = Awaited<ReturnType<typeof axesOf>>[number];
  const read = (axes: Axis[]): PtzPosition =>
    Object.fromEntries(
      axes.flatMap(({ axis, control, min, max }) =>
        control.value === undefined ? [] : [[axis, toNormal(axis, control.value, min, max)]]
      ),
    );
  const axes = await axesOf(signal);
  if (axes.length === 0) return undefined;
  return {
    axes: axes.map(({ axis }) => axis),
    position: async (own) => read(await axesOf(own)),
    move: async (target, { relative }, own) => {
      const now = await axesOf(own);
      const from = read(now);
      const changes = now.flatMap(({ axis, control, min, max }) => {
        const wanted = target[axis];
        if (wanted === undefined) return [];
        const goal = relative ? (from[axis] ?? 0) + wanted : wanted;
        return [{ name: control.name, raw: toVendor(axis, goal, min, max, control.step || 1) }];
      });
      if (changes.length === 0) throw noSuchAxis(target, now.map(({ axis }) => axis));
      await ask([`--set-ctrl=${changes.map(({ name, raw }) => `${name}=${raw}`).join(",")}`], own);
      const after = await axesOf(own);
      const isThere = changes.every(({ name, raw }) =>
        after.some(({ control }) => control.name === name && control.value === raw)
      );
      return isThere ? read(after) : {};
    },
  };
}

function noSuchAxis(target: PtzPosition, axes: readonly PtzAxis[]): HubError {
  return new HubError(
    "unsupported",
    `The camera cannot move its ${Object.keys(target).join(" or ") || "lens"} so`,
    {
      hint: `It can move: ${axes.join(", ")}`,
    },
  );
}

/** Pan and tilt to −1…1, zoom to 0…1. */
export function toNormal(axis: PtzAxis, value: number, min: number, max: number): number {
  const share = (value - min) / (max - min);
  return axis === "zoom" ? share : share * 2 - 1;
}

/** Back to the device's units, on its steps and within its limits. */
export function toVendor(axis: PtzAxis, value: number, min: number, max: number, step: number): number {
  const share = axis === "zoom" ? value : (value + 1) / 2;
  const raw = min + Math.min(1, Math.max(0, share)) * (max - min);
  return Math.min(max, min + Math.round((raw - min) / step) * step);
}
