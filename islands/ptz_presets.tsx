// The positions stored in a camera: go to one, forget one, and let the camera patrol.
import { useRef, useState } from "preact/hooks";
import type { ControlsView } from "../src/operations/views.ts";
import { ChangeResult } from "./change_result.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { focusSoon } from "./focus.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { PresetSave } from "./ptz_preset_save.tsx";
import { type Operation, useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Presets",
  empty: "No positions are stored yet. Move the camera, then save where it looks.",
  unknown: "The camera does not tell its presets at the moment.",
  go: (name: string) => `Go to ${name}`,
  remove: (name: string) => `Delete the preset ${name}`,
  removeTitle: "Delete this preset",
  question: (name: string) => `The camera forgets the position “${name}”.`,
  confirm: "Delete preset",
  patrol: "Patrol",
  patrolHelp: "The camera goes from preset to preset by itself.",
  start: "Start the patrol",
  stop: "Stop the patrol",
};

export type Preset = NonNullable<ControlsView["presets"]>[number];

export interface PtzPresetsProps {
  camera: string;
  /** Absent while the camera does not tell them. */
  presets: Preset[] | undefined;
  canPatrol: boolean;
  /** Why the camera cannot be moved now; presets can still be deleted. */
  blocked: string | undefined;
  /** A preset or the patrol has moved the camera. */
  onMoved: () => void;
  refresh: () => Promise<void>;
}

/** What the parts of the card share. */
interface PartProps {
  operation: Operation;
  isBlocked: boolean;
  onMoved: () => void;
}

export function PtzPresets({ camera, presets, canPatrol, blocked, onMoved, refresh }: PtzPresetsProps) {
  const operation = useOperation(camera, refresh);
  const heading = useRef<HTMLHeadingElement>(null);
  const common = { operation, isBlocked: blocked !== undefined, onMoved };
  return (
    <section class="card">
      <h2 ref={heading} tabIndex={-1}>{TEXT.title}</h2>
      {blocked && <p class="muted">{blocked}</p>}
      {!presets && <p class="muted">{TEXT.unknown}</p>}
      {presets?.length === 0 && <p class="muted">{TEXT.empty}</p>}
      {presets && presets.length > 0 && (
        <ul class="presets">
          {presets.map((preset) => (
            <PresetRow
              key={preset.id}
              preset={preset}
              {...common}
              onRemoved={() => focusSoon(() => heading.current)}
            />
          ))}
        </ul>
      )}
      <PresetSave presets={presets ?? []} operation={operation} isBlocked={common.isBlocked} />
      {canPatrol && <PatrolButtons {...common} />}
      <ChangeResult busy={operation.busy} verified={operation.verified} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
    </section>
  );
}

interface PresetRowProps extends PartProps {
  preset: Preset;
  /** The focus was on what is gone now. */
  onRemoved: () => void;
}

function PresetRow({ preset: { id, name }, operation, isBlocked, onMoved, onRemoved }: PresetRowProps) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    const isGone = await operation.send("delete_ptz_preset", { preset_id: id, confirm: true });
    if (isGone) onRemoved();
    else setAsking(false);
  };
  const go = async () => {
    if (await operation.send("recall_ptz_preset", { preset_id: id })) onMoved();
  };
  return (
    <li class="preset">
      <button
        type="button"
        class="button is-small"
        aria-label={TEXT.go(name)}
        title={TEXT.go(name)}
        disabled={isBlocked}
        aria-disabled={operation.busy}
        onClick={() => void go()}
      >
        {name}
      </button>
      <button
        type="button"
        class="icon-button is-danger"
        aria-label={TEXT.remove(name)}
        title={TEXT.removeTitle}
        onClick={() => setAsking(true)}
      >
        <Icon name="remove" />
      </button>
      <ConfirmDialog
        open={asking}
        title={TEXT.remove(name)}
        question={TEXT.question(name)}
        confirm={TEXT.confirm}
        busy={operation.busy}
        onConfirm={() => void remove()}
        onClose={() => setAsking(false)}
      />
    </li>
  );
}

type PatrolOperation = "start_ptz_patrol" | "stop_ptz_patrol";

function PatrolButtons({ operation, isBlocked, onMoved }: PartProps) {
  const run = async (name: PatrolOperation) => {
    if (await operation.send(name)) onMoved();
  };
  const button = (label: string, name: PatrolOperation) => (
    <button
      type="button"
      class="button is-small"
      disabled={isBlocked}
      aria-disabled={operation.busy}
      onClick={() => void run(name)}
    >
      {label}
    </button>
  );
  return (
    <div class="patrol">
      <h3>{TEXT.patrol}</h3>
      <p class="muted">{TEXT.patrolHelp}</p>
      <div class="form-actions">
        {button(TEXT.start, "start_ptz_patrol")}
        {button(TEXT.stop, "stop_ptz_patrol")}
      </div>
    </div>
  );
}
