// Reads what a camera's own switches stand at. One that fails is told beside the others.
import { isAbort, toHubError } from "../base/errors.ts";
import type { Device } from "../devices/device.ts";
import type { Setting } from "../devices/setting.ts";
import type { ControlsView } from "./views.ts";

/** The state of everything in a device that can be switched. */
export interface DeviceState {
  settings?: Setting[] | undefined;
  controls?: ControlsView | undefined;
}

/** Asks the device for all of it. @throws AbortError only. */
export async function readControls(device: Device, signal: AbortSignal): Promise<DeviceState> {
  const { settings, privacy, led, motion, siren, presets, storage, power } = device.capabilities;
  const problems: { what: string; message: string }[] = [];
  const ask = async <T>(what: string, question: Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await question;
    } catch (error) {
      if (isAbort(error)) throw error;
      problems.push({ what, message: toHubError(error).message });
      return undefined;
    }
  };
  const [list, isCovered, isLit, setup, isSounding, places, media, energy] = await Promise.all([
    ask("settings", settings?.list(signal)),
    ask("privacy", privacy?.read(signal)),
    ask("led", led?.read(signal)),
    ask("motion", motion?.read(signal)),
    ask("siren", siren?.isActive(signal)),
    ask("presets", presets?.list(signal)),
    ask("storage", storage?.media(signal)),
    ask("power", power?.read(signal)),
  ]);
  const controls = known({
    privacy: isCovered,
    led: isLit,
    motion: setup && known({ enabled: setup.enabled, sensitivity: setup.sensitivity }),
    siren_active: isSounding,
    presets: places,
    storage: media?.map(({ id, state, totalBytes, freeBytes }) =>
      known({ id, state, total_bytes: totalBytes, free_bytes: freeBytes })
    ),
    power: energy && known({
      asleep: energy.asleep,
      battery_percent: energy.batteryPercent,
      charging: energy.charging,
    }),
    problems: problems.length > 0 ? problems : undefined,
  }) as ControlsView;
  return { settings: list, controls: Object.keys(controls).length > 0 ? controls : undefined };
}

/** The same without what is not known. */
function known<T extends Record<string, unknown>>(view: T): T {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined)) as T;
}
