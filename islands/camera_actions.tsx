// The buttons of one camera: start, stop, try now, snapshot.
import type { CameraView } from "../src/operations/views.ts";
import { callOperation } from "./api.ts";
import { canShowPicture, isPartlyRefused } from "./camera_state.tsx";
import { Icon, type IconName } from "./icon.tsx";
import type { Action } from "./use_action.ts";

const TEXT = {
  start: "Start",
  stop: "Stop",
  tryAgain: "Try again",
  snapshot: "Save a snapshot",
  noSnapshot: "A snapshot needs the camera online",
  of: (label: string, name: string) => `${label}: ${name}`,
};

export interface CameraActionsProps {
  camera: CameraView;
  action: Action;
  refresh: () => Promise<void>;
  /** Shows words beside the icons; the attempt then has its button beside the reason for it. */
  labelled?: boolean;
}

type SwitchOperation = "connect_camera" | "disconnect_camera";

function operate(
  { camera, action, refresh }: CameraActionsProps,
  operation: SwitchOperation,
): void {
  void action.run(async () => {
    await callOperation(operation, { camera_id: camera.id });
    await refresh();
  });
}

/** Ends a wait of the hub for its next attempt. */
export function RetryButton(props: CameraActionsProps) {
  return (
    <button
      type="button"
      class="button is-small"
      disabled={props.action.busy}
      onClick={() => operate(props, "connect_camera")}
    >
      <Icon name="retry" /> {TEXT.tryAgain}
    </button>
  );
}

/** Start or stop, an attempt at once where the camera is away, and the snapshot as a download. */
export function CameraActions(props: CameraActionsProps) {
  const { camera, action, labelled = false } = props;
  const button = (icon: IconName, label: string, operation: SwitchOperation) => (
    <button
      type="button"
      class={labelled ? "button" : "icon-button"}
      aria-label={TEXT.of(label, camera.name)}
      title={label}
      disabled={action.busy}
      onClick={() => operate(props, operation)}
    >
      <Icon name={icon} />
      {labelled && label}
    </button>
  );
  const stopped = camera.status === "disabled";
  const away = !stopped && camera.status !== "online" && camera.status !== "connecting";
  return (
    <>
      {stopped && button("play", TEXT.start, "connect_camera")}
      {away && !labelled && button("retry", TEXT.tryAgain, "connect_camera")}
      {!stopped && button("stop", TEXT.stop, "disconnect_camera")}
      {camera.links.snapshot && (
        <SnapshotLink camera={camera} url={camera.links.snapshot} labelled={labelled} />
      )}
    </>
  );
}

function SnapshotLink({ camera, url, labelled }: { camera: CameraView; url: string; labelled: boolean }) {
  const isOpen = camera.status === "online" || isPartlyRefused(camera);
  const available = isOpen && canShowPicture(camera);
  const label = available ? TEXT.snapshot : TEXT.noSnapshot;
  return (
    <a
      class={labelled ? "button" : "icon-button"}
      aria-label={TEXT.of(label, camera.name)}
      title={label}
      download={`${camera.id}.jpg`}
      {...(available ? { href: url } : { role: "link", "aria-disabled": true })}
      onClick={(event) => event.currentTarget.download = snapshotName(camera.id, new Date())}
    >
      <Icon name="camera" />
      {labelled && TEXT.snapshot}
    </a>
  );
}

/** "front_2026-11-22_14-02-31.jpg", in local time. */
export function snapshotName(id: string, time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  const clock = [two(time.getHours()), two(time.getMinutes()), two(time.getSeconds())].join("-");
  return `${id}_${day}_${clock}.jpg`;
}
