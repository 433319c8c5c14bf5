// One setting of a camera: slider, switch, choice or button, with what came of the last change.
import { useId, useState } from "preact/hooks";
import type { SettingView } from "../src/operations/views.ts";
import { ChangeResult } from "./change_result.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { NumberControl, type NumberControlProps } from "./setting_number.tsx";
import { Switch } from "./switch.tsx";
import { type SettingState, useSetting } from "./use_setting.ts";

const TEXT = {
  inactive:
    "The camera does not take this setting now; another setting, such as an automatic mode, decides it.",
  reset: "Reset",
  resetOf: (title: string, value: string) => `Reset ${title} to its default, ${value}`,
  run: "Run",
  ask: (title: string) => `${title}?`,
  question: "The camera does it at once. It may move, and show something else for a while.",
  on: "on",
  off: "off",
};

type ControlProps = Omit<NumberControlProps, "onRefuse">;

export interface SettingRowProps {
  camera: string;
  setting: SettingView;
  refresh: () => Promise<void>;
}

export function SettingRow({ camera, setting, refresh }: SettingRowProps) {
  const id = useId();
  const state = useSetting(camera, setting, refresh);
  const [refused, setRefused] = useState<string>();
  return (
    <div
      class={settingClass(setting)}
      title={setting.inactive ? TEXT.inactive : undefined}
    >
      <div class="setting-head">
        <label for={id}>{setting.title}</label>
        <ResetButton setting={setting} state={state} />
      </div>
      <Control id={id} setting={setting} state={state} onRefuse={setRefused} />
      {refused && <p class="setting-result is-warning" role="status">{refused}</p>}
      <ChangeResult busy={state.busy} verified={state.verified} />
      {state.problem && <ProblemNotice problem={state.problem} />}
    </div>
  );
}

function settingClass({ kind, inactive }: SettingView): string {
  const beside = kind === "boolean" || kind === "action" ? " is-beside" : "";
  return `setting${beside}${inactive ? " is-inactive" : ""}`;
}

function Control(props: NumberControlProps) {
  switch (props.setting.kind) {
    case "number":
      return <NumberControl {...props} />;
    case "boolean":
      return <SwitchControl {...props} />;
    case "choice":
      return <ChoiceControl {...props} />;
    case "action":
      return <ActionControl {...props} />;
  }
}

function SwitchControl({ id, setting, state }: ControlProps) {
  return (
    <Switch
      id={id}
      isOn={state.value === true}
      disabled={setting.inactive ?? false}
      onChange={(isOn) => state.send(isOn)}
    />
  );
}

function ChoiceControl({ id, setting, state }: ControlProps) {
  const value = state.value === undefined ? "" : String(state.value);
  return (
    <select
      id={id}
      value={value}
      disabled={setting.inactive ?? false}
      onChange={(event) => state.send(event.currentTarget.value)}
    >
      {value === "" && <option value="" disabled />}
      {setting.choices?.map((choice) => (
        <option key={choice.value} value={choice.value}>{choice.title}</option>
      ))}
    </select>
  );
}

/** What it sets going may turn the camera away, so it asks first. */
function ActionControl({ id, setting, state }: ControlProps) {
  const [asking, setAsking] = useState(false);
  const start = () => {
    setAsking(false);
    state.send(true);
  };
  return (
    <>
      <button
        id={id}
        type="button"
        class="button is-small"
        aria-label={setting.title}
        aria-disabled={state.busy}
        disabled={setting.inactive ?? false}
        onClick={() => setAsking(!state.busy)}
      >
        {TEXT.run}
      </button>
      <ConfirmDialog
        open={asking}
        title={TEXT.ask(setting.title)}
        question={TEXT.question}
        confirm={TEXT.run}
        busy={state.busy}
        onConfirm={start}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function ResetButton({ setting, state }: { setting: SettingView; state: SettingState }) {
  const value = setting.default;
  if (value === undefined || value === state.value || setting.inactive) return null;
  const label = TEXT.resetOf(setting.title, describeValue(setting, value));
  return (
    <button
      type="button"
      class="link-button"
      title={label}
      aria-label={label}
      disabled={state.busy}
      onClick={() => state.send(value)}
    >
      <Icon name="undo" /> {TEXT.reset}
    </button>
  );
}

function describeValue({ choices }: SettingView, value: number | boolean | string): string {
  if (typeof value === "boolean") return value ? TEXT.on : TEXT.off;
  return choices?.find((choice) => choice.value === value)?.title ?? String(value);
}
