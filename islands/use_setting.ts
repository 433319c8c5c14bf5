// Sends the changes of one setting, one after the other, the newest winning.
import { useRef, useState } from "preact/hooks";
import type { ProblemView, SettingView } from "../src/operations/views.ts";
import { callOperation, type WriteResult } from "./api.ts";
import { useAction } from "./use_action.ts";

export type SettingValue = number | boolean | string;

/** A setting as it is shown: what a person chose counts until the hub has answered. */
export interface SettingState {
  value: SettingValue | undefined;
  busy: boolean;
  problem: ProblemView | undefined;
  /** How sure the hub was about the last change. */
  verified: WriteResult["verified"] | undefined;
  /** Shows a value that is not sent yet, such as a slider under the finger. */
  preview(value: SettingValue): void;
  send(value: SettingValue): void;
}

/** `refresh` is called after each change, because one setting can make another inactive. */
export function useSetting(camera: string, setting: SettingView, refresh: () => Promise<void>): SettingState {
  const action = useAction();
  const [chosen, setChosen] = useState<SettingValue>();
  const [verified, setVerified] = useState<WriteResult["verified"]>();
  const wanted = useRef<SettingValue>(undefined);
  const sending = useRef(false);

  const sendWanted = async () => {
    for (let value = wanted.current; value !== undefined; value = wanted.current) {
      wanted.current = undefined;
      const result = await callOperation("set_camera_setting", {
        camera_id: camera,
        setting: setting.name,
        value,
      });
      setVerified(result.verified ?? "unverified");
      if (wanted.current === undefined) await refresh();
    }
  };
  const send = (value: SettingValue) => {
    setChosen(value);
    setVerified(undefined);
    wanted.current = value;
    if (sending.current) return;
    sending.current = true;
    void action.run(sendWanted).finally(() => {
      sending.current = false;
      wanted.current = undefined;
      setChosen(undefined);
    });
  };
  const value = chosen ?? setting.value;
  return { value, busy: action.busy, problem: action.problem, verified, preview: setChosen, send };
}
