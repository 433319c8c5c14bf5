// The dialog for adding a camera: what the hub finds, one click each, and a form for the rest.
import { useEffect, useState } from "preact/hooks";
import type { CameraTypeView, DiscoveredView } from "../src/operations/views.ts";
import { AddCameraForm } from "./add_camera_form.tsx";
import { callApi, discoverDevices } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  title: "Add a camera",
  found: "Found by the hub",
  search: "Search again",
  searching: "Searching for cameras…",
  nothing:
    "Nothing new was found. Check that the camera is plugged in or on the same network, then search again.",
  add: "Add",
  adding: "Adding…",
  addOf: (title: string) => `Add ${title}`,
  used: "Added",
  byHand: "Add by hand",
};

export interface AddCameraDialogProps {
  open: boolean;
  types: CameraTypeView[];
  refresh: () => Promise<void>;
  onClose: () => void;
}

/** Searches when opened; what was found and typed stays when it is closed. */
export function AddCameraDialog({ open, types, refresh, onClose }: AddCameraDialogProps) {
  const [devices, setDevices] = useState<DiscoveredView[]>();
  const action = useAction();
  const search = () => action.run(async () => setDevices(await discoverDevices()));
  useEffect(() => {
    if (open) void search();
  }, [open]);
  const added = () => void refresh();
  return (
    <Dialog open={open} title={TEXT.title} wide onClose={onClose}>
      <section class="dialog-part">
        <div class="part-head">
          <h3>{TEXT.found}</h3>
          <button type="button" class="button is-small" disabled={action.busy} onClick={() => void search()}>
            <Icon name="search" /> {TEXT.search}
          </button>
        </div>
        <div aria-live="polite">
          {action.busy && (
            <p class="progress">
              <span class="spinner" /> {TEXT.searching}
            </p>
          )}
          {!action.busy && devices?.length === 0 && <p class="muted">{TEXT.nothing}</p>}
        </div>
        {action.problem && <ProblemNotice problem={action.problem} />}
        <ul class="device-list">
          {devices?.map((device) => (
            <DeviceRow
              key={JSON.stringify([device.type, device.options, device.camera_id])}
              device={device}
              onAdded={added}
            />
          ))}
        </ul>
      </section>
      {types.length > 0 && (
        <section class="dialog-part">
          <h3>{TEXT.byHand}</h3>
          <AddCameraForm
            types={types}
            onAdded={() => {
              onClose();
              added();
            }}
          />
        </section>
      )}
    </Dialog>
  );
}

function DeviceRow({ device, onAdded }: { device: DiscoveredView; onAdded: () => void }) {
  const action = useAction();
  const [added, setAdded] = useState(device.camera_id !== undefined);
  const { type, title, options } = device;
  const add = async () => {
    if (!await action.run(() => callApi("POST", "/api/cameras", { name: title, type, options }))) return;
    setAdded(true);
    onAdded();
  };
  return (
    <li>
      <div class="device">
        <div class="device-text">
          <strong>{title}</strong>
          <span class="muted">{Object.values(device.details).join(" · ")}</span>
        </div>
        {added ? <span class="device-added" role="status">{TEXT.used}</span> : (
          <button
            type="button"
            class="button is-small"
            aria-label={TEXT.addOf(title)}
            disabled={action.busy}
            onClick={() => void add()}
          >
            <Icon name="add" /> {action.busy ? TEXT.adding : TEXT.add}
          </button>
        )}
      </div>
      {action.problem && <ProblemNotice problem={action.problem} />}
    </li>
  );
}
