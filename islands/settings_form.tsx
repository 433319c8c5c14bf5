// The switches and sliders of a camera, built from what the camera says it has.
import { useState } from "preact/hooks";
import type { SettingView } from "../src/operations/views.ts";
import { SettingRow } from "./setting_row.tsx";

const TEXT = {
  title: "Settings",
  all: (count: number) => `Show all ${count} settings`,
};

/** A longer list would bury what stands below it on a phone. */
const MOST_SHOWN = 14;
const FIRST_SHOWN = 10;

export interface SettingsFormProps {
  camera: string;
  settings: SettingView[];
  refresh: () => Promise<void>;
}

/** Every change is sent at once; there is nothing to save. */
export function SettingsForm({ camera, settings, refresh }: SettingsFormProps) {
  const [all, setAll] = useState(false);
  const isCut = !all && settings.length > MOST_SHOWN;
  const shown = isCut ? settings.slice(0, FIRST_SHOWN) : settings;
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <div class="settings">
        {shown.map((setting) => (
          <SettingRow key={setting.name} camera={camera} setting={setting} refresh={refresh} />
        ))}
      </div>
      {isCut && (
        <button type="button" class="button is-small" onClick={() => setAll(true)}>
          {TEXT.all(settings.length)}
        </button>
      )}
    </section>
  );
}
