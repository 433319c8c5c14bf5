// The page of one camera: the big picture, its buttons, what it can be told, and what is known of it.
import { useState } from "preact/hooks";
import type { CameraDetailView, CameraTypeView } from "../src/operations/views.ts";
import { fetchCamera } from "./api.ts";
import { CameraActions } from "./camera_actions.tsx";
import { CameraChildren } from "./camera_children.tsx";
import { CameraDetails } from "./camera_details.tsx";
import { CameraName } from "./camera_name.tsx";
import { CameraNotices } from "./camera_notices.tsx";
import { CameraOptions } from "./camera_options.tsx";
import { CameraPicture } from "./camera_picture.tsx";
import { CameraSide, hasSide } from "./camera_side.tsx";
import { CameraSound, mayHaveSound } from "./camera_sound.tsx";
import { canShowPicture, isFromFile, isPartlyRefused, StatusBadge } from "./camera_state.tsx";
import { CameraTrouble } from "./camera_trouble.tsx";
import { MotionCard } from "./motion_card.tsx";
import { Missing, noCameraText } from "./missing.tsx";
import { PrivacyZonesCard } from "./privacy_zones_card.tsx";
import { RefreshProblem } from "./connection_lost.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { RecordButton } from "./record_button.tsx";
import { RecordingRulesCard } from "./recording_rules_card.tsx";
import { useAction } from "./use_action.ts";
import { usePolled } from "./use_polled.ts";

const REFRESH_MS = 3_000;

/** A camera that is away has no capabilities now, but its rules can be set. */
function canBeRecorded({ capabilities }: CameraDetailView): boolean {
  return capabilities.length === 0 || capabilities.includes("video");
}

export interface CameraPageProps {
  camera: CameraDetailView;
  /** Its kind, with the form for its options; absent where the hub does not know it. */
  type?: CameraTypeView;
}

export function CameraPage({ camera: initial, type }: CameraPageProps) {
  const polled = usePolled(initial, () => fetchCamera(initial.id), REFRESH_MS);
  const { value: camera, problem, lostAtMs, refresh } = polled;
  const [editing, setEditing] = useState(false);
  const [wantsMasked, setWantsMasked] = useState(false);
  const isMasked = wantsMasked && camera.privacy_zones === true;
  const action = useAction();
  const common = { camera, refresh };
  // Somebody else removed it: nothing that is shown is true any more.
  if (problem?.status === 404) return <Missing message={noCameraText(camera.id)} />;
  return (
    <>
      <div class="page-head">
        <CameraName {...common} />
        <p aria-live="polite">
          <StatusBadge status={camera.status} lost={lostAtMs !== undefined} />
        </p>
      </div>
      <RefreshProblem problem={problem} lostAtMs={lostAtMs} />
      <div class={hasSide(camera) ? "camera-page has-side" : "camera-page"}>
        <div class="camera-main">
          {isPartlyRefused(camera) && (
            <CameraTrouble
              {...common}
              action={action}
              onChange={type && !isFromFile(camera) ? () => setEditing(true) : undefined}
            />
          )}
          <CameraPicture {...common} isMasked={isMasked} action={action} />
          <div class="camera-actions">
            <CameraActions {...common} action={action} labelled />
            {mayHaveSound(camera) && <CameraSound camera={camera.id} />}
            <RecordButton camera={camera.id} available={canShowPicture(camera)} />
          </div>
          {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
          <CameraNotices camera={camera} />
          {camera.children && <CameraChildren cameras={camera.children} refresh={refresh} />}
        </div>
        {hasSide(camera) && <CameraSide {...common} />}
        <div class="camera-details">
          {camera.motion && <MotionCard {...common} motion={camera.motion} />}
          {canBeRecorded(camera) && <RecordingRulesCard camera={camera.id} />}
          <PrivacyZonesCard {...common} isMasked={isMasked} onMasked={setWantsMasked} />
          <CameraOptions {...common} type={type} editing={editing} onEdit={setEditing} />
          <CameraDetails camera={camera} type={type} />
        </div>
      </div>
    </>
  );
}
