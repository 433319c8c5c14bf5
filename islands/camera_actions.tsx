// The buttons of one camera: start, stop, try now, snapshot.
import type { CameraView } from "../src/operations/views.ts";
import { callOperation } from "./api.ts";
import { Icon, type IconName } from "./icon.tsx";
import type { Action } from "./use_action.ts";

const TEXT = {
  start: "Start",
  stop: "Stop",
  tryNow: "Try now",
  snapshot: "Save a snapshot",
  noSnapshot: "A snapshot needs the camera online",
  of: (label: string, name: string) => `${label}: ${name}`,
};

export interface CameraActionsProps {
  camera: CameraView;
  action: Action;
  refresh: () => Promise<void>;
  /** Shows words beside the icons. */
  labelled?: boolean;
}

/** Start or stop, an attempt at once where the camera is away, and the snapshot as a download. */
export function CameraActions({ camera, action, refresh, labelled = false }: CameraActionsProps) {
  const operate = (operation: string) =>
    void action.run(async () => {
      await callOperation(operation, { camera_id: camera.id });
      await refresh();
    });
  const button = (icon: IconName, label: string, operation: string) => (
    <button
      type="button"
      class={labelled ? "button" : "icon-button"}
      aria-label={TEXT.of(label, camera.name)}
      title={label}
      disabled={action.busy}
      onClick={() => operate(operation)}
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
      {away && button("retry", TEXT.tryNow, "connect_camera")}
      {!stopped && button("stop", TEXT.stop, "disconnect_camera")}
      {camera.links.snapshot && (
        <SnapshotLink camera={camera} url={camera.links.snapshot} labelled={labelled} />
      )}
    </>
  );
}

function SnapshotLink({ camera, url, labelled }: { camera: CameraView; url: string; labelled: boolean }) {
  const available = camera.status === "online";
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
