// A small switch or slider of a device as data, so that a new one needs no new operation and no new form.
import { HubError } from "../base/errors.ts";

export type SettingValue = number | boolean | string;

/** Describes one setting and its present value. */
export interface Setting {
  name: string;
  title: string;
  kind: "number" | "boolean" | "choice" | "action";
  value?: SettingValue;
  default?: SettingValue;
  min?: number;
  max?: number;
  step?: number;
  choices?: { value: string; title: string }[];
  /** True while the device does not take this setting, for example exposure time under automatic exposure. */
  inactive?: boolean;
}

/** @throws HubError `not_found`, naming the settings that there are. */
export function requireSetting(settings: readonly Setting[], name: string): Setting {
  const found = settings.find((setting) => setting.name === name);
  if (found) return found;
  throw new HubError("not_found", `The camera has no setting "${name}"`, {
    hint: `Its settings are: ${settings.map((setting) => setting.name).join(", ")}`,
  });
}

/**
 * Returns the value in the setting's own type.
 * @throws HubError `invalid_input` saying what was expected.
 */
export function checkSettingValue(setting: Setting, value: SettingValue): SettingValue {
  switch (setting.kind) {
    case "boolean":
      if (typeof value === "boolean") return value;
      throw wrong(setting, value, "true or false");
    case "choice":
      return checkChoice(setting, value);
    case "number":
      return checkNumber(setting, value);
    case "action":
      return true;
  }
}

function checkChoice(setting: Setting, value: SettingValue): SettingValue {
  const choices = setting.choices ?? [];
  const wanted = String(value).toLowerCase();
  const found = choices.find((choice) => choice.value === wanted || choice.title.toLowerCase() === wanted);
  if (found) return found.value;
  throw wrong(setting, value, `one of ${choices.map((choice) => choice.value).join(", ")}`);
}

function checkNumber(setting: Setting, value: SettingValue): SettingValue {
  const { min = -Infinity, max = Infinity } = setting;
  if (typeof value === "number" && Number.isFinite(value) && value >= min && value <= max) return value;
  throw wrong(setting, value, `a number from ${min} to ${max}`);
}

function wrong(setting: Setting, value: SettingValue, expected: string): HubError {
  return new HubError("invalid_input", `${setting.name} cannot be ${JSON.stringify(value)}`, {
    hint: `Give ${expected}`,
    details: { setting: setting.name, expected },
  });
}
