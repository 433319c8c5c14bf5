// The first step of adding a camera: what the hub finds, with one button for each.
import { useRef } from "preact/hooks";
import type { CameraView, DiscoveredView } from "../src/operations/views.ts";
import { addCamera } from "./api.ts";
import { deviceKey, deviceText } from "./device_text.ts";
import { useStepFocus } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";
import type { DeviceSearch } from "./use_device_search.ts";

const TEXT = {
  found: "Found by the hub",
  search: "Search again",
  searching: "Searching for cameras… this takes a few seconds.",
  nothing: "No camera was found. Check that:",
  checks: [
    "the camera is switched on, or plugged in;",
    "it is set up in its maker’s app, and on the same network as the hub (not on a guest network);",
    "nothing between them, such as a firewall or a second router, keeps broadcasts back.",
  ],
  otherwise: "Then search again, or enter the camera by hand.",
  add: "Add",
  adding: "Adding…",
  addOf: (title: string) => `Add ${title}`,
  used: "Added:",
  byHand: "Enter it by hand",
  byHandHelp: "For cameras that do not answer a search, or in another network.",
};

export interface AddCameraListProps {
  search: DeviceSearch;
  cameras: CameraView[];
  /** A device was added that needed nothing more. */
  onAdded: () => void;
  onChoose: (device: DiscoveredView) => void;
  onByHand: () => void;
}

export function AddCameraList({ search, cameras, onAdded, onChoose, onByHand }: AddCameraListProps) {
  const { busy, devices, problem } = search;
  const heading = useRef<HTMLHeadingElement>(null);
  useStepFocus(heading);
  return (
    <>
      <section class="dialog-part">
        <div class="part-head">
          <h3 ref={heading} tabIndex={-1}>{TEXT.found}</h3>
          <button type="button" class="button is-small" aria-disabled={busy} onClick={search.start}>
            <Icon name="search" /> {TEXT.search}
          </button>
        </div>
        <div class="search-state" aria-live="polite">
          {busy && (
            <p class="progress">
              <span class="spinner" /> {TEXT.searching}
            </p>
          )}
          {!busy && devices?.length === 0 && <NothingFound />}
        </div>
        {problem && <ProblemNotice problem={problem} />}
        <ul class="device-list">
          {devices?.map((device) => (
            <DeviceRow
              key={deviceKey(device)}
              device={device}
              camera={cameras.find(({ id }) => id === device.camera_id)}
              onChoose={onChoose}
              onAdded={(camera) => {
                search.mark(device, camera);
                onAdded();
              }}
            />
          ))}
        </ul>
      </section>
      <section class="dialog-part">
        <p class="muted">{TEXT.byHandHelp}</p>
        <div class="form-actions">
          <button type="button" class="button" onClick={onByHand}>
            <Icon name="edit" /> {TEXT.byHand}
          </button>
        </div>
      </section>
    </>
  );
}

function NothingFound() {
  return (
    <div class="nothing-found">
      <p>{TEXT.nothing}</p>
      <ul>
        {TEXT.checks.map((check) => <li key={check}>{check}</li>)}
      </ul>
      <p>{TEXT.otherwise}</p>
    </div>
  );
}

interface DeviceRowProps {
  device: DiscoveredView;
  /** The camera that it already is, once the list of cameras knows it. */
  camera: CameraView | undefined;
  onChoose: (device: DiscoveredView) => void;
  onAdded: (camera: string) => void;
}

/** Added with one click where nothing is missing; otherwise the next step asks for it. */
function DeviceRow({ device, camera, onChoose, onAdded }: DeviceRowProps) {
  const action = useAction();
  const { type, title, options, details, needs = [], camera_id: used } = device;
  const add = () =>
    action.run(async () => onAdded((await addCamera({ name: title, type, options })).camera.id));
  return (
    <li>
      <div class="device">
        <div class="device-text">
          <strong>{title}</strong>
          <span class="muted">{deviceText(device)}</span>
          {details["note"] && <span class="device-note">{details["note"]}</span>}
        </div>
        {used !== undefined ? <Used id={used} camera={camera} /> : (
          <button
            type="button"
            class="button is-small"
            aria-label={TEXT.addOf(title)}
            disabled={action.busy}
            onClick={() => needs.length > 0 ? onChoose(device) : void add()}
          >
            <Icon name="add" /> {action.busy ? TEXT.adding : TEXT.add}
          </button>
        )}
      </div>
      {action.problem && <ProblemNotice problem={action.problem} />}
    </li>
  );
}

function Used({ id, camera }: { id: string; camera: CameraView | undefined }) {
  return (
    <span class="device-added" role="status">
      {TEXT.used} <a href={`/cameras/${encodeURIComponent(id)}`}>{camera?.name ?? id}</a>
    </span>
  );
}
