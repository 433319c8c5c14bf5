// A camera's own switches: status light, motion detection, siren, restart.
import { useId, useState } from "preact/hooks";
import type { CameraDetailView, ControlsView } from "../src/operations/views.ts";
import { RebootRow } from "./reboot_row.tsx";
import { SirenRow } from "./siren_row.tsx";
import { SwitchRow } from "./switch_row.tsx";
import { useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Controls",
  led: "Status light",
  motion: "Motion detection",
  motionHelp: "The camera itself looks for movement and reports it.",
  sensitivity: "Sensitivity",
};

const CONTROLS = ["led", "motion", "siren", "reboot"];

/** Whether a camera has any of these. */
export function hasControls({ capabilities }: CameraDetailView): boolean {
  return capabilities.some((name) => CONTROLS.includes(name));
}

export interface CameraControlsProps {
  camera: CameraDetailView;
  refresh: () => Promise<void>;
}

export function CameraControls({ camera, refresh }: CameraControlsProps) {
  const { id, name, capabilities, controls = {} } = camera;
  const has = (capability: string) => capabilities.includes(capability);
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <div class="settings">
        {has("led") && <LedRow camera={id} isLit={controls.led} refresh={refresh} />}
        {has("motion") && <MotionRow camera={id} motion={controls.motion} refresh={refresh} />}
        {has("siren") && (
          <SirenRow camera={id} name={name} isSounding={controls.siren_active} refresh={refresh} />
        )}
        {has("reboot") && <RebootRow camera={id} name={name} refresh={refresh} />}
      </div>
    </section>
  );
}

interface LedRowProps {
  camera: string;
  isLit: boolean | undefined;
  refresh: () => Promise<void>;
}

function LedRow({ camera, isLit, refresh }: LedRowProps) {
  const operation = useOperation(camera, refresh);
  return (
    <SwitchRow
      title={TEXT.led}
      isOn={isLit}
      operation={operation}
      onChange={(enabled) => void operation.send("set_led_enabled", { enabled })}
    />
  );
}

interface MotionRowProps {
  camera: string;
  motion: ControlsView["motion"];
  refresh: () => Promise<void>;
}

function MotionRow({ camera, motion = {}, refresh }: MotionRowProps) {
  const operation = useOperation(camera, refresh);
  const { enabled, sensitivity } = motion;
  const send = (change: { enabled: boolean; sensitivity?: number }) =>
    operation.send("set_motion_detection", change);
  return (
    <SwitchRow
      title={TEXT.motion}
      help={TEXT.motionHelp}
      isOn={enabled}
      operation={operation}
      onChange={(isOn) => void send({ enabled: isOn })}
    >
      {sensitivity !== undefined && (
        <SensitivitySlider
          value={sensitivity}
          onChange={async (value) => void await send({ enabled: enabled ?? true, sensitivity: value })}
        />
      )}
    </SwitchRow>
  );
}

interface SensitivitySliderProps {
  value: number;
  onChange: (value: number) => Promise<void>;
}

/** Shows where the finger is until the camera has answered. */
function SensitivitySlider({ value, onChange }: SensitivitySliderProps) {
  const id = useId();
  const [chosen, setChosen] = useState<number>();
  const shown = chosen ?? value;
  return (
    <div class="sensitivity">
      <label for={id}>{TEXT.sensitivity}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        value={String(shown)}
        onInput={(event) => setChosen(event.currentTarget.valueAsNumber)}
        onChange={(event) =>
          void onChange(event.currentTarget.valueAsNumber).then(() => setChosen(undefined))}
      />
      <output for={id}>{shown}</output>
    </div>
  );
}
