// The positions stored in a camera: go to one, store the present one, forget one, and let the camera patrol.
import { useState } from "preact/hooks";
import type { ControlsView } from "../src/operations/views.ts";
import { ChangeResult } from "./change_result.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
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
  name: "Name for the present position",
  save: "Save",
  patrol: "Patrol",
  patrolHelp: "The camera goes from preset to preset by itself.",
  start: "Start the patrol",
  stop: "Stop the patrol",
};

type Preset = NonNullable<ControlsView["presets"]>[number];

export interface PtzPresetsProps {
  camera: string;
  /** Absent while the camera does not tell them. */
  presets: Preset[] | undefined;
  canPatrol: boolean;
  refresh: () => Promise<void>;
}

export function PtzPresets({ camera, presets, canPatrol, refresh }: PtzPresetsProps) {
  const operation = useOperation(camera, refresh);
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      {!presets && <p class="muted">{TEXT.unknown}</p>}
      {presets?.length === 0 && <p class="muted">{TEXT.empty}</p>}
      {presets && presets.length > 0 && (
        <ul class="presets">
          {presets.map((preset) => <PresetRow key={preset.id} preset={preset} operation={operation} />)}
        </ul>
      )}
      <SaveForm operation={operation} />
      {canPatrol && <PatrolButtons operation={operation} />}
      <ChangeResult busy={operation.busy} verified={operation.verified} />
      {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
    </section>
  );
}

function PresetRow({ preset: { id, name }, operation }: { preset: Preset; operation: Operation }) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    await operation.send("delete_ptz_preset", { preset_id: id });
    setAsking(false);
  };
  return (
    <li class="preset">
      <button
        type="button"
        class="button is-small"
        aria-label={TEXT.go(name)}
        title={TEXT.go(name)}
        aria-disabled={operation.busy}
        onClick={() => void operation.send("recall_ptz_preset", { preset_id: id })}
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

function SaveForm({ operation }: { operation: Operation }) {
  const [name, setName] = useState("");
  const save = async (event: Event) => {
    event.preventDefault();
    if (await operation.send("save_ptz_preset", { name: name.trim() })) setName("");
  };
  return (
    <form class="preset-save" onSubmit={(event) => void save(event)}>
      <input
        type="text"
        autocomplete="off"
        required
        maxLength={64}
        aria-label={TEXT.name}
        placeholder={TEXT.name}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="button" aria-disabled={operation.busy}>{TEXT.save}</button>
    </form>
  );
}

function PatrolButtons({ operation }: { operation: Operation }) {
  const button = (label: string, name: string) => (
    <button
      type="button"
      class="button is-small"
      aria-disabled={operation.busy}
      onClick={() => void operation.send(name)}
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
