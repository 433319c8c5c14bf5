// The camera's name as the page's heading, and the way to change it.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CameraView } from "../src/operations/views.ts";
import { callApi, cameraPath } from "./api.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  rename: "Rename this camera",
  label: "New name",
  save: "Save",
  cancel: "Cancel",
};

export interface CameraNameProps {
  camera: CameraView;
  refresh: () => Promise<void>;
}

export function CameraName({ camera, refresh }: CameraNameProps) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) return <RenameForm camera={camera} refresh={refresh} onClose={() => setRenaming(false)} />;
  return (
    <div class="camera-name">
      <h1>{camera.name}</h1>
      <button
        type="button"
        class="icon-button"
        aria-label={TEXT.rename}
        title={TEXT.rename}
        onClick={() => setRenaming(true)}
      >
        <Icon name="edit" />
      </button>
    </div>
  );
}

function RenameForm({ camera, refresh, onClose }: CameraNameProps & { onClose: () => void }) {
  const [draft, setDraft] = useState(camera.name);
  const action = useAction();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    const name = draft.trim();
    const saved = name === camera.name ||
      await action.run(() => callApi("PATCH", cameraPath(camera.id), { name }));
    if (!saved) return;
    await refresh();
    onClose();
  };
  return (
    <form class="rename" onSubmit={(event) => void save(event)}>
      <label class="visually-hidden" for={id}>{TEXT.label}</label>
      <input
        id={id}
        ref={input}
        type="text"
        autocomplete="off"
        required
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      />
      <button type="submit" class="button is-primary" disabled={action.busy}>{TEXT.save}</button>
      <button type="button" class="button" onClick={onClose}>{TEXT.cancel}</button>
      {action.problem && <ProblemNotice problem={action.problem} />}
    </form>
  );
}
