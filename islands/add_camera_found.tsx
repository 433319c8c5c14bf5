// The second step for a device that was found: only what it still needs, and its name.
import type { CameraTypeView, DiscoveredView } from "../src/operations/views.ts";
import { AddCameraForm, NameField } from "./add_camera_form.tsx";
import type { AddedCamera } from "./api.ts";
import { type CameraDraft, draftToCamera, neededFields } from "./camera_form.ts";
import { DialogStep } from "./dialog.tsx";
import { deviceText } from "./device_text.ts";

const TEXT = { back: "Back to the list" };

export interface AddFoundDeviceProps {
  device: DiscoveredView;
  types: CameraTypeView[];
  draft: CameraDraft;
  onDraft: (draft: CameraDraft) => void;
  onBack: () => void;
  onAdded: (added: AddedCamera) => void;
}

export function AddFoundDevice({ device, types, draft, onDraft, onBack, onAdded }: AddFoundDeviceProps) {
  const type = types.find((each) => each.type === device.type);
  if (!type) return null;
  return (
    <DialogStep title={device.title} back={TEXT.back} onBack={onBack}>
      <p class="muted">{deviceText(device)}</p>
      {device.details["note"] && <p class="notice is-warning">{device.details["note"]}</p>}
      <AddCameraForm
        camera={draftToCamera(draft, type, device.options)}
        draft={draft}
        fields={{ main: neededFields(device, type), more: [] }}
        isNeeded
        canTry={false}
        onDraft={onDraft}
        onAdded={onAdded}
      >
        {(problems) => <NameField draft={draft} problem={problems["name"]} onDraft={onDraft} />}
      </AddCameraForm>
    </DialogStep>
  );
}
