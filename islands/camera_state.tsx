// Puts a camera's status into words: the badge, and the panel that stands where a picture would be.
import type { CameraStatus, CameraView } from "../src/operations/views.ts";
import { formatAgo, formatClock, formatIn } from "./format.ts";
import { Icon } from "./icon.tsx";
import { useNow } from "./use_now.ts";

const TEXT = {
  status: {
    online: "Online",
    connecting: "Connecting",
    offline: "Offline",
    auth_required: "Sign-in needed",
    locked_out: "Locked out",
    unsupported: "Not supported",
    disabled: "Stopped",
  } satisfies Record<CameraStatus, string>,
  noReason: {
    online: "",
    connecting: "The hub is connecting to the camera.",
    offline: "The camera does not answer.",
    auth_required: "The camera wants a user name and password.",
    locked_out: "The camera refuses sign-ins for a while.",
    unsupported: "The hub cannot show this camera.",
    disabled: "This camera is stopped.",
  } satisfies Record<CameraStatus, string>,
  since: "Since",
  nextTry: "next try",
};

const TONES: Record<CameraStatus, string> = {
  online: "is-good",
  connecting: "is-busy",
  offline: "is-bad",
  auth_required: "is-warning",
  locked_out: "is-warning",
  unsupported: "is-bad",
  disabled: "is-off",
};

/** The status in a word or two. */
export function statusText(status: CameraStatus): string {
  return TEXT.status[status];
}

/** The status as a small badge; the dot only repeats in colour what the text says. */
export function StatusBadge({ status }: { status: CameraStatus }) {
  return <span class={`badge ${TONES[status]}`}>{TEXT.status[status]}</span>;
}

function StatusSign({ status }: { status: CameraStatus }) {
  if (status === "disabled") return null;
  return status === "connecting" ? <span class="spinner" /> : <Icon name="warning" />;
}

/** Why there is no picture, since when, what to do, and when the hub tries again. */
export function StatusPanel({ camera }: { camera: CameraView }) {
  const now = useNow();
  return (
    <div class={`status-panel ${TONES[camera.status]}`}>
      <StatusSign status={camera.status} />
      <p class="status-reason">{camera.reason ?? TEXT.noReason[camera.status]}</p>
      {camera.hint && <p>{camera.hint}</p>}
      <p class="status-times">
        {TEXT.since} <time dateTime={camera.since}>{formatClock(camera.since, now)}</time>{" "}
        ({formatAgo(camera.since, now)})
        {camera.next_try_at && (
          <span>
            ; {TEXT.nextTry} <time dateTime={camera.next_try_at}>{formatIn(camera.next_try_at, now)}</time>
          </span>
        )}
      </p>
    </div>
  );
}
