// Above the picture: which part of a camera is refused, why, and what can be done about it.
import type { CameraDetailView } from "../src/operations/views.ts";
import { RetryButton } from "./camera_actions.tsx";
import { reasonText, StatusTimes } from "./camera_state.tsx";
import { localTimes } from "./format.ts";
import { Icon } from "./icon.tsx";
import type { Action } from "./use_action.ts";

const TEXT = { change: "Change the accounts" };

export interface CameraTroubleProps {
  camera: CameraDetailView;
  action: Action;
  refresh: () => Promise<void>;
  /** Opens the form for the accounts; absent where they cannot be changed here. */
  onChange?: (() => void) | undefined;
}

export function CameraTrouble({ camera, action, refresh, onChange }: CameraTroubleProps) {
  return (
    <section class="notice is-warning trouble">
      <Icon name="warning" />
      <div class="notice-text">
        <p role="status">
          <strong>{reasonText(camera)}</strong>
        </p>
        {camera.hint && <p>{localTimes(camera.hint, Date.now())}</p>}
        <StatusTimes camera={camera} />
        <div class="form-actions">
          <RetryButton camera={camera} action={action} refresh={refresh} />
          {onChange && (
            <button type="button" class="button is-small" onClick={onChange}>
              <Icon name="edit" /> {TEXT.change}
            </button>
          )}
        </div>
      </div>
    </section>
  );
}
