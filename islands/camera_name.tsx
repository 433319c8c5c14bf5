// The camera's name as the page's heading, and the way to change it.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CameraView } from "../src/operations/views.ts";
import { callApi, cameraPath } from "./api.ts";
import { isFromFile } from "./camera_state.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  rename: "Rename this camera",
  fromFile: "This camera stands in the configuration file. To rename it, change its name there.",
  label: "New name",
  empty: "Give the camera a name of at least one letter.",
  save: "Save",
  cancel: "Cancel",
};

/** The longest name that the hub takes. */
const NAME_LENGTH = 100;

export interface CameraNameProps {
  camera: CameraView;
  refresh: () => Promise<void>;
}

export function CameraName({ camera, refresh }: CameraNameProps) {
  const [renaming, setRenaming] = useState(false);
  const fixed = isFromFile(camera);
  if (renaming) return <RenameForm camera={camera} refresh={refresh} onClose={() => setRenaming(false)} />;
  return (
    <div class="camera-name">
      <h1>{camera.name}</h1>
      <button
        type="button"
        class="icon-button"
        aria-label={fixed ? `${TEXT.rename}. ${TEXT.fromFile}` : TEXT.rename}
        title={fixed ? TEXT.fromFile : TEXT.rename}
        aria-disabled={fixed}
        onClick={() => setRenaming(!fixed)}
      >
        <Icon name="edit" />
      </button>
    </div>
  );
}

function RenameForm({ camera, refresh, onClose }: CameraNameProps & { onClose: () => void }) {
  const [draft, setDraft] = useState(camera.name);
  const [isEmpty, setEmpty] = useState(false);
  const action = useAction();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    const name = draft.trim();
    setEmpty(name === "");
    if (name === "") return input.current?.focus();
    const saved = name === camera.name ||
      await action.run(() => callApi("PATCH", cameraPath(camera.id), { name }));
    if (!saved) return;
    await refresh();
    onClose();
  };
  return (
    <form class="rename" noValidate onSubmit={(event) => void save(event)}>
      <label class="visually-hidden" for={id}>{TEXT.label}</label>
      <input
        id={id}
        ref={input}
        type="text"
        autocomplete="off"
        required
        maxLength={NAME_LENGTH}
        aria-invalid={isEmpty}
        aria-describedby={`${id}-text`}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      />
      <button type="submit" class="button is-primary" disabled={action.busy}>{TEXT.save}</button>
      <button type="button" class="button" onClick={onClose}>{TEXT.cancel}</button>
      <p id={`${id}-text`} class="rename-problem" role="alert">{isEmpty ? TEXT.empty : ""}</p>
      {action.problem && <ProblemNotice problem={action.problem} />}
    </form>
  );
}
