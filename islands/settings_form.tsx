// The switches and sliders of a camera, built from what the camera says it has.
import type { SettingView } from "../src/operations/views.ts";
import { SettingRow } from "./setting_row.tsx";

const TEXT = { title: "Settings" };

export interface SettingsFormProps {
  camera: string;
  settings: SettingView[];
  refresh: () => Promise<void>;
}

/** Every change is sent at once; there is nothing to save. */
export function SettingsForm({ camera, settings, refresh }: SettingsFormProps) {
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <div class="settings">
        {settings.map((setting) => (
          <SettingRow key={setting.name} camera={camera} setting={setting} refresh={refresh} />
        ))}
      </div>
    </section>
  );
}
