// The last step of adding a camera: it is there, and this is what its accounts came to.
import { AccountChecks } from "./account_checks.tsx";
import type { AddedCamera } from "./api.ts";
import { DialogStep } from "./dialog.tsx";
import { Icon } from "./icon.tsx";

const TEXT = {
  title: (name: string) => `“${name}” was added`,
  open: "Open its page",
  more: "Add another",
  done: "Done",
};

export interface AddCameraResultProps {
  result: AddedCamera;
  onMore: () => void;
  onClose: () => void;
}

export function AddCameraResult({ result: { camera, checks }, onMore, onClose }: AddCameraResultProps) {
  return (
    <DialogStep title={TEXT.title(camera.name)}>
      {checks && <AccountChecks checks={checks} />}
      <div class="form-actions">
        <button type="button" class="button is-primary" onClick={onClose}>
          <Icon name="check" /> {TEXT.done}
        </button>
        <a class="button" href={`/cameras/${camera.id}`}>
          <Icon name="open" /> {TEXT.open}
        </a>
        <button type="button" class="button" onClick={onMore}>
          <Icon name="add" /> {TEXT.more}
        </button>
      </div>
    </DialogStep>
  );
}
