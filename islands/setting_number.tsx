// A setting that is a number: a slider where its ends are known, and the exact value beside it.
import type { SettingView } from "../src/operations/views.ts";
import type { SettingState } from "./use_setting.ts";

const TEXT = {
  exact: (title: string) => `${title}, exact value`,
  notNumber: "This is no number.",
  between: (min: number, max: number) => `Possible: ${min} to ${max}`,
  atLeast: (min: number) => `Possible: ${min} or more`,
  atMost: (max: number) => `Possible: ${max} or less`,
  whole: "whole numbers only",
  steps: (step: number) => `in steps of ${step}`,
};

type NumberSetting = Pick<SettingView, "min" | "max" | "step">;

/** Why the camera would not take this number; undefined for one that it takes. */
export function numberProblem({ min, max, step = 1 }: NumberSetting, value: number): string | undefined {
  if (!Number.isFinite(value)) return TEXT.notNumber;
  const isInside = value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  const isStep = isOnStep(value, min ?? 0, step);
  if (isInside && isStep) return undefined;
  const range = rangeText(min, max);
  const steps = step === 1 ? TEXT.whole : TEXT.steps(step);
  return [...(range ? [range] : []), ...(isStep ? [] : [steps])].join(", ") + ".";
}

/** Steps such as 0.1 are not exact in binary. */
function isOnStep(value: number, from: number, step: number): boolean {
  const steps = (value - from) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

function rangeText(min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return TEXT.between(min, max);
  if (min !== undefined) return TEXT.atLeast(min);
  return max === undefined ? undefined : TEXT.atMost(max);
}

export interface NumberControlProps {
  id: string;
  setting: SettingView;
  state: SettingState;
  /** Told why a number was not sent; undefined when one was. */
  onRefuse: (problem: string | undefined) => void;
}

/** What cannot be sent is not left standing: the camera's own value comes back. */
export function NumberControl({ id, setting, state, onRefuse }: NumberControlProps) {
  const { min, max, step, title, inactive = false } = setting;
  const shown = state.value === undefined ? "" : String(state.value);
  const change = (input: HTMLInputElement) => {
    const problem = input.value === "" && !input.validity.badInput
      ? undefined
      : numberProblem(setting, input.valueAsNumber);
    onRefuse(problem);
    if (input.value !== "" && problem === undefined) return state.send(input.valueAsNumber);
    input.value = setting.value === undefined ? "" : String(setting.value);
    state.forget();
  };
  const shared = {
    min,
    max,
    step: step ?? 1,
    disabled: inactive,
    value: shown,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => {
      onRefuse(undefined);
      if (event.currentTarget.value !== "") state.preview(event.currentTarget.valueAsNumber);
    },
    onChange: (event: Event & { currentTarget: HTMLInputElement }) => change(event.currentTarget),
    // A slider that was drawn back to where it was reports no change.
    onBlur: state.forget,
  };
  const hasRange = min !== undefined && max !== undefined;
  return (
    <div class="setting-number">
      {hasRange && <input {...shared} id={id} type="range" />}
      <input {...shared} {...(hasRange ? {} : { id })} type="number" aria-label={TEXT.exact(title)} />
    </div>
  );
}
