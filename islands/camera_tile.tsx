// One camera of the dashboard: its picture or why there is none, and its buttons.
import { useId, useState } from "preact/hooks";
import type { CameraView } from "../src/operations/views.ts";
import { callApi, cameraPath } from "./api.ts";
import { CameraActions } from "./camera_actions.tsx";
import {
  canShowPicture,
  isFromFile,
  isPartlyRefused,
  NoPicturePanel,
  OnlineDot,
  StatusBadge,
  StatusPanel,
  StatusStrip,
} from "./camera_state.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { LiveView, type Trouble } from "./live_view.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  open: (name: string) => `Open the page of ${name}`,
  openTitle: "Open the camera’s page",
  remove: (name: string) => `Remove ${name}`,
  removeTitle: "Remove this camera",
  fromFile:
    "This camera stands in the configuration file. To remove it, delete it there and reload the configuration.",
  question: (name: string) =>
    `The hub forgets “${name}” and its settings in the hub. Nothing is changed on the camera itself; you can add it again.`,
  confirm: "Remove camera",
  covered: "Lens covered",
  zones: "Privacy zones are covered for others",
};

export interface CameraTileProps {
  camera: CameraView;
  /** True where so many pictures are shown that a fallback must use snapshots. */
  crowded: boolean;
  /** The hub cannot be reached. */
  lost: boolean;
  refresh: () => Promise<void>;
  /** The focus was on what is gone now. */
  onRemoved: () => void;
}

export function CameraTile({ camera, crowded, lost, refresh, onRemoved }: CameraTileProps) {
  const isWell = camera.status === "online" && !lost;
  const heading = useId();
  const action = useAction();
  return (
    <article class="tile" aria-labelledby={heading}>
      <div class="tile-picture">
        <TilePicture camera={camera} crowded={crowded} refresh={refresh} />
        {!isWell && <StatusBadge status={camera.status} lost={lost} />}
        {isWell && camera.covered && <span class="badge is-off">{TEXT.covered}</span>}
        {isWell && camera.privacy_zones && (
          <span class="privacy-mark" role="img" aria-label={TEXT.zones} title={TEXT.zones}>
            <Icon name="eye" />
          </span>
        )}
        {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
      </div>
      <div class="tile-bar">
        {isWell && <OnlineDot />}
        <h2 id={heading}>
          <a href={camera.links.page}>{camera.name}</a>
        </h2>
        <div class="tile-actions">
          <CameraActions camera={camera} action={action} refresh={refresh} />
          <a
            class="icon-button is-extra"
            href={camera.links.page}
            aria-label={TEXT.open(camera.name)}
            title={TEXT.openTitle}
          >
            <Icon name="open" />
          </a>
          <RemoveButton camera={camera} refresh={refresh} onRemoved={onRemoved} />
        </div>
      </div>
    </article>
  );
}

function TilePicture({ camera, crowded, refresh }: Pick<CameraTileProps, "camera" | "crowded" | "refresh">) {
  const { stream, snapshot } = camera.links;
  const trouble = troubleOf(camera);
  if (!stream || !canShowPicture(camera)) return <>{trouble?.panel ?? <NoPicturePanel camera={camera} />}</>;
  return (
    <LiveView
      camera={camera.id}
      name={camera.name}
      streamUrl={stream}
      sized
      trouble={trouble}
      onStatus={() => void refresh()}
      {...(crowded && snapshot ? { snapshotUrl: snapshot } : {})}
    />
  );
}

function troubleOf(camera: CameraView): Trouble | undefined {
  if (camera.status === "online") return undefined;
  const panel = <StatusPanel camera={camera} />;
  return isPartlyRefused(camera) ? { panel, strip: <StatusStrip camera={camera} /> } : { panel };
}

function RemoveButton(
  { camera, refresh, onRemoved }: Pick<CameraTileProps, "camera" | "refresh" | "onRemoved">,
) {
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const fixed = isFromFile(camera);
  const label = TEXT.remove(camera.name);
  const remove = async () => {
    const done = await action.run(() => callApi("DELETE", `${cameraPath(camera.id)}?confirm=true`));
    if (!done) return;
    setAsking(false);
    await refresh();
    onRemoved();
  };
  return (
    <>
      <button
        type="button"
        class="icon-button is-danger"
        aria-label={fixed ? `${label}. ${TEXT.fromFile}` : label}
        title={fixed ? TEXT.fromFile : TEXT.removeTitle}
        aria-disabled={fixed}
        disabled={action.busy}
        onClick={() => setAsking(!fixed)}
      >
        <Icon name="remove" />
      </button>
      <ConfirmDialog
        open={asking}
        title={label}
        question={TEXT.question(camera.name)}
        confirm={TEXT.confirm}
        busy={action.busy}
        onConfirm={() => void remove()}
        onClose={() => setAsking(false)}
      >
        {action.problem && <ProblemNotice problem={action.problem} />}
      </ConfirmDialog>
    </>
  );
}
