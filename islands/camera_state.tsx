// Puts a camera's status into words: the badge, and the panel that stands where a picture would be.
import type { ComponentChildren } from "preact";
import type { CameraStatus, CameraView } from "../src/operations/views.ts";
import { formatAgo, formatClock, formatIn, localTimes } from "./format.ts";
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
  nextTry: (time: string, left: string) => `next try at ${time} (${left})`,
  unknown: "Not known",
  noPicture: "No picture",
  neverPicture: "This device gives no picture.",
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

/** The colour of a status, as a class; undefined for one that is not known here. */
export function statusTone(status: CameraStatus | undefined): string | undefined {
  return status && TONES[status];
}

export interface StatusBadgeProps {
  status: CameraStatus;
  /** The hub cannot be reached: the status is that of an earlier time. */
  lost?: boolean;
}

/** The status as a small badge; the dot only repeats in colour what the text says. */
export function StatusBadge({ status, lost = false }: StatusBadgeProps) {
  if (lost) return <span class="badge is-off">{TEXT.unknown}</span>;
  return <span class={`badge ${TONES[status]}`}>{TEXT.status[status]}</span>;
}

/** Where all is well a dot beside the name says so: a badge would cover what the camera writes on its picture. */
export function OnlineDot() {
  return (
    <span class="dot is-good" title={TEXT.status.online}>
      <span class="visually-hidden">{TEXT.status.online}</span>
    </span>
  );
}

function StatusSign({ status }: { status: CameraStatus }) {
  if (status === "disabled") return null;
  return status === "connecting" ? <span class="spinner" /> : <Icon name="warning" />;
}

/** Why the camera is not online, in words. */
export function reasonText({ status, reason }: CameraView): string {
  return reason === undefined ? TEXT.noReason[status] : localTimes(reason, Date.now());
}

/**
 * The states in which a part of a camera is refused while another part, its picture, may go on: it has an account
 * for each.
 */
export function isPartlyRefused({ status }: CameraView): boolean {
  return status === "auth_required" || status === "locked_out" || status === "unsupported";
}

/** Cameras of the configuration file are changed there, and nowhere else. */
export function isFromFile({ origin }: CameraView): boolean {
  return origin === "file";
}

/** Whether to ask for a picture: the hub goes on trying, or the camera has one in spite of its status. */
export function canShowPicture(camera: CameraView): boolean {
  const { status, links, stream, capabilities } = camera;
  if (links.stream === undefined || status === "disabled") return false;
  // What an open device can do is known: a hub of the maker, for example, has no picture itself.
  const isOpen = status === "online" || isPartlyRefused(camera);
  return !isOpen || stream?.running === true || capabilities.includes("video");
}

/** Since when it is so, and when the hub tries again. */
export function StatusTimes({ camera }: { camera: CameraView }) {
  const now = useNow();
  const { since, next_try_at: next } = camera;
  return (
    <p class="status-times">
      {TEXT.since} <time dateTime={since}>{formatClock(since, now)}</time> ({formatAgo(since, now)})
      {next && (
        <>
          ; <time dateTime={next}>{TEXT.nextTry(formatClock(next, now), formatIn(next, now))}</time>
        </>
      )}
    </p>
  );
}

/** Why there is no picture, since when, what to do, and when the hub tries again. */
export function StatusPanel({ camera, children }: { camera: CameraView; children?: ComponentChildren }) {
  return (
    <div class={`status-panel ${TONES[camera.status]}`}>
      <StatusSign status={camera.status} />
      <p class="status-reason">{reasonText(camera)}</p>
      {camera.hint && <p>{localTimes(camera.hint, Date.now())}</p>}
      <StatusTimes camera={camera} />
      {children}
    </div>
  );
}

/** In place of a picture, where nothing need be explained or the rest stands elsewhere. */
export function NoPicturePanel({ camera: { status } }: { camera: CameraView }) {
  const online = status === "online";
  return (
    <div class={`status-panel ${TONES[status]}`}>
      {!online && <StatusSign status={status} />}
      <p class="status-reason">{online ? TEXT.neverPicture : TEXT.noPicture}</p>
    </div>
  );
}

/** One line on a picture that comes in spite of the status. */
export function StatusStrip({ camera }: { camera: CameraView }) {
  return (
    <p class="status-strip">
      <StatusSign status={camera.status} /> {reasonText(camera)}
    </p>
  );
}
