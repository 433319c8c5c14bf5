// A toy camera that can do everything a camera can, and asks of operations on it.
import { HubError } from "../../../src/base/errors.ts";
import type { MotionSetup, Preset, PtzMove, PtzPosition } from "../../../src/devices/capabilities.ts";
import type { Capabilities } from "../../../src/devices/device.ts";
import type { Driver } from "../../../src/devices/driver.ts";
import { checkSettingValue, requireSetting, type Setting } from "../../../src/devices/setting.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type Site, withSite } from "./app.ts";
import { toyDriver } from "./devices.ts";

/** What the toy camera is at; the test reads and changes it. */
export interface GadgetState {
  position: PtzPosition;
  moves: [PtzPosition, PtzMove][];
  presets: Preset[];
  privacy: boolean | undefined;
  led: boolean | undefined;
  motion: MotionSetup;
  siren: boolean | undefined;
  settings: Setting[];
  media: { id: string; state: string; totalBytes?: number; freeBytes?: number }[];
  /** What a card says after it was formatted; undefined: it then tells nothing. */
  afterFormat: string | undefined;
  /** What it was asked to do, in order. */
  done: string[];
  /** It says yes to commands and does not do them. */
  isStubborn: boolean;
  /** It does not tell what it is at. */
  isMute: boolean;
}

function newState(): GadgetState {
  return {
    position: { pan: 0, tilt: 0, zoom: 0 },
    moves: [],
    presets: [{ id: "1", name: "Door", position: { pan: 0.5 } }, { id: "2", name: "Home" }],
    privacy: false,
    led: true,
    motion: { enabled: true, sensitivity: 50 },
    siren: false,
    settings: [{ name: "brightness", title: "Brightness", kind: "number", min: 0, max: 100, value: 50 }],
    media: [{ id: "1", state: "normal", totalBytes: 100, freeBytes: 40 }],
    afterFormat: "formatting",
    done: [],
    isStubborn: false,
    isMute: false,
  };
}

/** All capabilities over one state. */
export function gadgets(): { state: GadgetState; capabilities: Capabilities } {
  const state = newState();
  const act = (what: string, change: () => void = () => {}) => {
    state.done.push(what);
    if (!state.isStubborn) change();
    return Promise.resolve();
  };
  const tell = <T>(value: T) => Promise.resolve(state.isMute ? undefined : value);
  const toggle = (name: "privacy" | "led") => ({
    read: () => tell(state[name]),
    set: async (isOn: boolean) => {
      await act(`${name} ${isOn}`, () => state[name] = isOn);
      return await tell(state[name]);
    },
  });
  const capabilities: Capabilities = {
    ptz: {
      axes: ["pan", "tilt", "zoom"],
      position: () => Promise.resolve(state.isMute ? {} : { ...state.position }),
      move: async (target, options) => {
        state.moves.push([target, options]);
        await act("move", () => state.position = { ...state.position, ...target });
        return state.isMute ? {} : { ...state.position };
      },
      stop: () => act("stop"),
      home: () => act("home"),
    },
    presets: {
      list: () => Promise.resolve([...state.presets]),
      save: async (name, id = String(state.presets.length + 1)) => {
        const preset = { id, name, position: { ...state.position } };
        await act(`save ${name}`, () => {
          state.presets = [...state.presets.filter((each) => each.id !== id), preset];
        });
        return preset;
      },
      recall: (id) => act(`recall ${id}`),
      remove: (id) =>
        act(`remove ${id}`, () => state.presets = state.presets.filter((each) => each.id !== id)),
    },
    patrol: { start: () => act("patrol on"), stop: () => act("patrol off") },
    settings: {
      list: () => Promise.resolve(state.settings.map((each) => ({ ...each }))),
      set: async (name, value) => {
        const setting = requireSetting(state.settings, name);
        const checked = checkSettingValue(setting, value);
        await act(`set ${name}`, () => setting.value = checked);
        const { value: _, ...quiet } = setting;
        return state.isMute ? quiet : { ...setting };
      },
    },
    privacy: toggle("privacy"),
    led: toggle("led"),
    motion: {
      read: () => Promise.resolve(state.isMute ? {} : { ...state.motion }),
      set: async (change) => {
        await act("motion", () => state.motion = { ...state.motion, ...change });
        return state.isMute ? {} : { ...state.motion };
      },
    },
    siren: {
      isActive: () => tell(state.siren),
      start: () => act("siren on", () => state.siren = true),
      stop: () => act("siren off", () => state.siren = false),
    },
    storage: {
      media: () => {
        const isSilent = state.afterFormat === undefined && state.done.at(-1)?.startsWith("format");
        if (isSilent) return Promise.reject(new HubError("unavailable", "The card is being read in"));
        return Promise.resolve(state.isMute ? [] : state.media.map((each) => ({ ...each })));
      },
      format: (id) =>
        act(`format ${id}`, () => {
          const after = state.afterFormat ?? "formatting";
          state.media = state.media.map((each) => each.id === id ? { ...each, state: after } : each);
        }),
      days: (month) => Promise.resolve([`${month}-01`, `${month}-03`]),
      recordings: (day) => {
        const startMs = Date.parse(`${day}T10:00:00Z`);
        return Promise.resolve([{ startMs, endMs: startMs + 60_000, kind: "motion" }, {
          startMs,
          endMs: startMs,
        }]);
      },
    },
    power: { read: () => Promise.resolve({ asleep: false, batteryPercent: 80 }) },
    reboot: () => act("reboot"),
  };
  return { state, capabilities };
}

export interface Bench extends Site {
  state: GadgetState;
  toys: ReturnType<typeof toyDriver>;
  /** Invokes an operation as the admin, on camera `a` unless the input names another. */
  ask: Site["ask"];
  op(name: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface GadgetOptions {
  /** Takes capabilities away, or puts others in their place. */
  change?: (all: Capabilities) => Capabilities;
  driver?: Partial<Driver>;
}

/**
 * A site with a toy camera `a` that can do everything but what is left out, and a camera `plain` that can do
 * nothing.
 */
export async function withGadgets(
  work: (bench: Bench) => Promise<void>,
  options: GadgetOptions = {},
): Promise<void> {
  const { state, capabilities } = gadgets();
  const toys = toyDriver(options.driver);
  toys.capabilities = options.change?.(capabilities) ?? capabilities;
  const plain = toyDriver({ id: "plain" });
  await withSite([toys.driver, plain.driver], async (site) => {
    const spec = { enabled: true, origin: "store" as const, options: {} };
    site.manager.add({ ...spec, id: "a", name: "A", type: "toy" });
    site.manager.add({ ...spec, id: "plain", name: "Plain", type: "plain" });
    await settle();
    const op: Bench["op"] = async (name, input = {}) => {
      const operation = OPERATIONS.get(name);
      if (!operation) throw new HubError("not_found", `There is no operation ${name}`);
      const signal = new AbortController().signal;
      const principal = { user: "admin", role: "admin" as const };
      const context = { hub: site.hub, principal, signal, report: () => {} };
      const given = operation.input.shape.camera_id && !("camera_id" in input) ? { camera_id: "a" } : {};
      return await invoke(operation, context, { ...given, ...input }) as Record<string, unknown>;
    };
    await work({ ...site, state, toys, op });
  });
}
