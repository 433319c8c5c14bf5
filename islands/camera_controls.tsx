// A camera's own switches: status light, motion detection, siren, restart.
import { useId, useRef, useState } from "preact/hooks";
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
  /** What the switch was set to, until the camera has answered: a sensitivity must not undo it. */
  const wanted = useRef<boolean>(undefined);
  const turn = async (isOn: boolean) => {
    if (operation.busy) return;
    wanted.current = isOn;
    await operation.send("set_motion_detection", { enabled: isOn });
    wanted.current = undefined;
  };
  return (
    <SwitchRow
      title={TEXT.motion}
      help={TEXT.motionHelp}
      isOn={enabled}
      operation={operation}
      onChange={(isOn) => void turn(isOn)}
    >
      {sensitivity !== undefined && (
        <SensitivitySlider
          value={sensitivity}
          onChange={(value) =>
            operation.sendNewest("set_motion_detection", {
              enabled: wanted.current ?? enabled ?? true,
              sensitivity: value,
            })}
        />
      )}
    </SwitchRow>
  );
}

interface SensitivitySliderProps {
  value: number;
  onChange: (value: number) => Promise<unknown>;
}

/** Shows where the finger is until the camera has answered to the last change. */
function SensitivitySlider({ value, onChange }: SensitivitySliderProps) {
  const id = useId();
  const [chosen, setChosen] = useState<number>();
  const sent = useRef(0);
  const shown = chosen ?? value;
  const send = async (wanted: number) => {
    sent.current++;
    await onChange(wanted);
    sent.current--;
    setChosen((now) => now === wanted ? undefined : now);
  };
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
        onChange={(event) => void send(event.currentTarget.valueAsNumber)}
        // A slider that was drawn back to where it was reports no change.
        onBlur={() => sent.current === 0 && setChosen(undefined)}
      />
      <output for={id}>{shown}</output>
    </div>
  );
}
