// The dialog for adding a camera: what the hub finds, the form for what is still to be given, and what came of it.
import { useState } from "preact/hooks";
import type { CameraTypeView, CameraView, DiscoveredView } from "../src/operations/views.ts";
import { AddByHand } from "./add_camera_by_hand.tsx";
import { AddFoundDevice } from "./add_camera_found.tsx";
import { AddCameraList } from "./add_camera_list.tsx";
import { AddCameraResult } from "./add_camera_result.tsx";
import type { AddedCamera } from "./api.ts";
import { type CameraDraft, emptyDraft, foundDraft } from "./camera_form.ts";
import { deviceKey } from "./device_text.ts";
import { Dialog } from "./dialog.tsx";
import { useDeviceSearch } from "./use_device_search.ts";

const TEXT = { title: "Add a camera" };

type Step =
  | { name: "list" }
  | { name: "found"; device: DiscoveredView }
  | { name: "hand" }
  | { name: "added"; result: AddedCamera };

export interface AddCameraDialogProps {
  open: boolean;
  cameras: CameraView[];
  types: CameraTypeView[];
  refresh: () => Promise<void>;
  onClose: () => void;
}

/** Searches when opened; what was found and typed stays when it is closed. */
export function AddCameraDialog({ open, cameras, types, refresh, onClose }: AddCameraDialogProps) {
  const search = useDeviceSearch(open);
  const [step, setStep] = useState<Step>({ name: "list" });
  const [byHand, setByHand] = useState(() => emptyDraft(types[0]?.type ?? ""));
  const [drafts, setDrafts] = useState<Record<string, CameraDraft>>({});
  const toList = () => setStep({ name: "list" });
  const close = () => {
    if (step.name === "added") toList();
    onClose();
  };
  const added = (result: AddedCamera) => {
    // Passwords are kept no longer than they are needed.
    setByHand(emptyDraft(byHand.type));
    setDrafts({});
    setStep({ name: "added", result });
    void refresh();
  };
  const content = () => {
    switch (step.name) {
      case "list":
        return (
          <AddCameraList
            search={search}
            cameras={cameras}
            onAdded={() => void refresh()}
            onChoose={(device) => setStep({ name: "found", device })}
            onByHand={() => setStep({ name: "hand" })}
          />
        );
      case "found": {
        const key = deviceKey(step.device);
        return (
          <AddFoundDevice
            device={step.device}
            types={types}
            draft={drafts[key] ?? foundDraft(step.device)}
            onDraft={(draft) => setDrafts({ ...drafts, [key]: draft })}
            onBack={toList}
            onAdded={(result) => {
              search.mark(step.device, result.camera.id);
              added(result);
            }}
          />
        );
      }
      case "hand":
        return <AddByHand types={types} draft={byHand} onDraft={setByHand} onBack={toList} onAdded={added} />;
      case "added":
        return <AddCameraResult result={step.result} onMore={toList} onClose={close} />;
    }
  };
  return (
    <Dialog open={open} title={TEXT.title} wide onClose={close}>
      {content()}
    </Dialog>
  );
}
