// The page of one camera: the big picture, its buttons, settings, movement and figures.
import { useRef } from "preact/hooks";
import type { CameraDetailView } from "../src/operations/views.ts";
import { fetchCamera } from "./api.ts";
import { CameraActions } from "./camera_actions.tsx";
import { CameraDetails } from "./camera_details.tsx";
import { CameraName } from "./camera_name.tsx";
import { StatusBadge, StatusPanel } from "./camera_state.tsx";
import { canShowPicture } from "./camera_tile.tsx";
import { Icon } from "./icon.tsx";
import { LiveView } from "./live_view.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { PtzPad } from "./ptz_pad.tsx";
import { SettingsForm } from "./settings_form.tsx";
import { useAction } from "./use_action.ts";
import { useFullscreen } from "./use_fullscreen.ts";
import { usePolled } from "./use_polled.ts";

const TEXT = {
  fullscreen: "Full screen",
  leave: "Leave full screen",
};

const REFRESH_MS = 3_000;

export interface CameraPageProps {
  camera: CameraDetailView;
}

export function CameraPage({ camera: initial }: CameraPageProps) {
  const { value: camera, problem, refresh } = usePolled(initial, () => fetchCamera(initial.id), REFRESH_MS);
  const action = useAction();
  const hasPtz = camera.capabilities.includes("ptz");
  const settings = camera.settings ?? [];
  return (
    <>
      <div class="page-head">
        <CameraName camera={camera} refresh={refresh} />
        <p aria-live="polite">
          <StatusBadge status={camera.status} />
        </p>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      <div class={hasPtz || settings.length > 0 ? "camera-page has-side" : "camera-page"}>
        <div class="camera-main">
          <BigPicture camera={camera} refresh={refresh} />
          <div class="camera-actions">
            <CameraActions camera={camera} action={action} refresh={refresh} labelled />
          </div>
          {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
        </div>
        {(hasPtz || settings.length > 0) && (
          <div class="camera-side">
            {hasPtz && <PtzPad camera={camera.id} />}
            {settings.length > 0 && <SettingsForm camera={camera.id} settings={settings} refresh={refresh} />}
          </div>
        )}
        <CameraDetails camera={camera} />
      </div>
    </>
  );
}

function BigPicture({ camera, refresh }: { camera: CameraDetailView; refresh: () => Promise<void> }) {
  const box = useRef<HTMLDivElement>(null);
  const { full, toggle } = useFullscreen(box);
  const { stream } = camera.links;
  const online = camera.status === "online";
  const label = full ? TEXT.leave : TEXT.fullscreen;
  return (
    <div ref={box} class={full ? "big-picture is-full" : "big-picture"}>
      {stream && canShowPicture(camera) && (
        <LiveView
          camera={camera.id}
          name={camera.name}
          streamUrl={stream}
          explain={online}
          onStatus={() => void refresh()}
        />
      )}
      {!online && <StatusPanel camera={camera} />}
      {(online || full) && (
        <button
          type="button"
          class="icon-button fullscreen-button"
          aria-label={label}
          title={label}
          onClick={toggle}
        >
          <Icon name={full ? "close" : "fullscreen"} />
        </button>
      )}
    </div>
  );
}
