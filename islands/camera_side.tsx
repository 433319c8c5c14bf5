// What a camera can be told, beside its picture: privacy, movement, presets, switches, card, settings.
import type { CameraDetailView } from "../src/operations/views.ts";
import { CameraControls, hasControls } from "./camera_controls.tsx";
import { CameraPower } from "./camera_power.tsx";
import { CameraStorage } from "./camera_storage.tsx";
import { PrivacyCard } from "./privacy_card.tsx";
import { PtzPad } from "./ptz_pad.tsx";
import { PtzPresets } from "./ptz_presets.tsx";
import { SettingsForm } from "./settings_form.tsx";
import { usePtz } from "./use_ptz.ts";

const TEXT = { covered: "The lens is covered: privacy mode is on." };

const CAPABILITIES = ["ptz", "presets", "privacy", "storage", "power"];

/** Whether there is anything to stand there. */
export function hasSide(camera: CameraDetailView): boolean {
  const isAble = camera.capabilities.some((name) => CAPABILITIES.includes(name));
  return isAble || hasControls(camera) || (camera.settings ?? []).length > 0;
}

export interface CameraSideProps {
  camera: CameraDetailView;
  refresh: () => Promise<void>;
}

export function CameraSide({ camera, refresh }: CameraSideProps) {
  const { id, capabilities, controls = {}, settings = [], ptz_axes: axes } = camera;
  const has = (capability: string) => capabilities.includes(capability);
  const ptz = usePtz(id);
  const blocked = controls.privacy ? TEXT.covered : undefined;
  return (
    <div class="camera-side">
      {has("privacy") && <PrivacyCard camera={id} isCovered={controls.privacy} refresh={refresh} />}
      {has("ptz") && <PtzPad ptz={ptz} axes={axes} hasHome={has("presets")} blocked={blocked} />}
      {has("presets") && (
        <PtzPresets
          camera={id}
          presets={controls.presets}
          canPatrol={has("patrol")}
          blocked={blocked}
          onMoved={ptz.moved}
          refresh={refresh}
        />
      )}
      {has("power") && <CameraPower power={controls.power} />}
      {hasControls(camera) && <CameraControls camera={camera} refresh={refresh} />}
      {has("storage") && <CameraStorage camera={id} media={controls.storage} refresh={refresh} />}
      {settings.length > 0 && <SettingsForm camera={id} settings={settings} refresh={refresh} />}
    </div>
  );
}
