// Sends the changes of one setting, one after the other, the newest winning.
import { useState } from "preact/hooks";
import type { SettingView } from "../src/operations/views.ts";
import { type Operation, useOperation } from "./use_operation.ts";

export type SettingValue = number | boolean | string;

/** A setting as it is shown: what a person chose counts until the hub has answered. */
export interface SettingState extends Pick<Operation, "busy" | "problem" | "verified"> {
  value: SettingValue | undefined;
  /** Shows a value that is not sent yet, such as a slider under the finger. */
  preview(value: SettingValue): void;
  /** Shows again what the camera says, unless a change is on its way. */
  forget(): void;
  send(value: SettingValue): void;
}

/** `refresh` is called after the last change, because one setting can make another inactive. */
export function useSetting(camera: string, setting: SettingView, refresh: () => Promise<void>): SettingState {
  const { busy, problem, verified, sendNewest } = useOperation(camera, refresh);
  const [chosen, setChosen] = useState<SettingValue>();
  const send = async (value: SettingValue) => {
    setChosen(value);
    await sendNewest("set_camera_setting", { setting: setting.name, value });
    setChosen((now) => now === value ? undefined : now);
  };
  return {
    value: chosen ?? setting.value,
    busy,
    problem,
    verified,
    preview: setChosen,
    forget: () => busy || setChosen(undefined),
    send: (value) => void send(value),
  };
}
