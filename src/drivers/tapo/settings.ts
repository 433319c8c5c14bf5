// A Tapo camera's switches and sliders as settings. Which of them there are is what the camera answers to.
import type { Settings } from "../../devices/capabilities.ts";
import { checkSettingValue, requireSetting, type Setting, type SettingValue } from "../../devices/setting.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import type { TapoComponents } from "../../protocols/tapo/components.ts";
import type { TapoCallers } from "./gathered_caller.ts";
import {
  alarmGroup,
  detectionGroup,
  imageGroup,
  motorGroup,
  soundGroup,
  switchGroup,
} from "./setting_groups.ts";

/** Settings that are read together. */
export interface SettingGroup {
  /** Those that the camera has, with their values. */
  read(caller: TapoCaller, signal: AbortSignal): Promise<Setting[]>;
  /** Sets one of those; false when it is none of them. The value has been checked. */
  set(name: string, value: SettingValue, caller: TapoCaller, signal: AbortSignal): Promise<boolean>;
}

/** Returns the settings capability of a camera with these components. */
export function tapoSettings({ questions, commands }: TapoCallers, components: TapoComponents): Settings {
  const groups = [
    imageGroup(components),
    detectionGroup(components),
    alarmGroup(components),
    soundGroup(components),
    switchGroup(components),
    motorGroup(components),
  ];
  const list = async (caller: TapoCaller, signal: AbortSignal) => {
    const answers = await Promise.allSettled(groups.map((group) => group.read(caller, signal)));
    const failed = answers.find((answer) => answer.status === "rejected");
    const found = answers.flatMap((answer) => answer.status === "fulfilled" ? answer.value : []);
    if (found.length === 0 && failed) throw failed.reason;
    return found;
  };
  const find = async (name: string, signal: AbortSignal) =>
    requireSetting(await list(commands, signal), name);
  return {
    list: (signal) => list(questions, signal),
    set: async (name, value, signal) => {
      const setting = await find(name, signal);
      const checked = checkSettingValue(setting, value);
      for (const group of groups) if (await group.set(name, checked, commands, signal)) break;
      return setting.kind === "action" ? setting : await find(name, signal);
    },
  };
}
