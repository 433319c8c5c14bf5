// The big picture of a camera's page, with what covers it: trouble, or the camera's own privacy mode.
import { useRef } from "preact/hooks";
import type { CameraDetailView } from "../src/operations/views.ts";
import { RetryButton } from "./camera_actions.tsx";
import { canShowPicture, isPartlyRefused, NoPicturePanel, StatusPanel } from "./camera_state.tsx";
import { Icon } from "./icon.tsx";
import { LiveView, type Trouble } from "./live_view.tsx";
import { PrivacyMark } from "./privacy_mark.tsx";
import { PrivacyCover } from "./privacy_card.tsx";
import type { Action } from "./use_action.ts";
import { useFullscreen } from "./use_fullscreen.ts";

const TEXT = {
  fullscreen: "Full screen",
  leave: "Leave full screen",
};

export interface CameraPictureProps {
  camera: CameraDetailView;
  /** Shows what those see who may not see the privacy zones. */
  isMasked: boolean;
  action: Action;
  refresh: () => Promise<void>;
}

export function CameraPicture({ camera, isMasked, action, refresh }: CameraPictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const { full, toggle } = useFullscreen(box);
  const { stream } = camera.links;
  const hasPicture = stream !== undefined && canShowPicture(camera);
  const isOpen = camera.status === "online" || isPartlyRefused(camera);
  const trouble = troubleOf({ camera, action, refresh });
  const label = full ? TEXT.leave : TEXT.fullscreen;
  return (
    <div ref={box} class={full ? "big-picture is-full" : "big-picture"}>
      {hasPicture
        ? (
          <LiveView
            camera={camera.id}
            name={camera.name}
            streamUrl={stream}
            masked={isMasked}
            trouble={trouble}
            onStatus={() => void refresh()}
          />
        )
        : trouble?.panel ?? <NoPicturePanel camera={camera} />}
      {hasPicture && isOpen && camera.privacy_zones && (
        <PrivacyMark isMasked={isMasked || camera.privacy.covered_for_you} />
      )}
      {camera.controls?.privacy && camera.status === "online" && <PrivacyCover />}
      {((hasPicture && isOpen) || full) && (
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

/** Where a part of the camera is refused, a notice above the picture says all, so that the picture stays free. */
function troubleOf(props: Omit<CameraPictureProps, "isMasked">): Trouble | undefined {
  const { camera } = props;
  if (camera.status === "online") return undefined;
  if (isPartlyRefused(camera)) return { panel: <NoPicturePanel camera={camera} />, strip: null };
  const canRetry = camera.status === "offline";
  return { panel: <StatusPanel camera={camera}>{canRetry && <RetryButton {...props} />}</StatusPanel> };
}
