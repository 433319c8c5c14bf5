// One recording of the list, in words, with its buttons.
import type { EndReason, RecordingView } from "../src/operations/recording_views.ts";
import { formatBytes, formatClock, formatRunning } from "./format.ts";
import { Icon } from "./icon.tsx";
import { useNow } from "./use_now.ts";

const TEXT = {
  play: "Play",
  download: "Download",
  remove: "Delete",
  lock: "Lock, so that nothing deletes it",
  unlock: "Unlock",
  isLocked: "Locked: unlock it to delete it",
  of: (label: string, what: string) => `${label}: ${what}`,
  part: (part: number) => `part ${part}`,
  causes: { continuous: "all the time", event: "an event" },
  locked: "locked",
  missing: "its file is not on the disk",
  covered: "the lens was covered for a while",
  ended: {
    disk_full: "ended because the disk was nearly full",
    camera_lost: "ended because the camera was away",
    camera_stopped: "ended because the camera was stopped",
    camera_removed: "ended because the camera was removed",
    hub_stopped: "ended because the hub was stopped",
    failed: "ended because it could not be written",
    interrupted: "interrupted; its last second may be missing",
    privacy: "ended because the lens was covered",
    folder_missing: "ended because the disk of the recordings was away",
  } as Partial<Record<EndReason, string>>,
};

export interface RecordingItemProps {
  recording: RecordingView;
  /** Name of its camera. */
  name: string;
  onPlay: () => void;
  onDelete: () => void;
  onLock: (isLocked: boolean) => void;
}

/** "Front door, 21 Nov, 14:02". */
export function whenAndWho({ started_at }: RecordingView, name: string, nowMs: number): string {
  return `${name}, ${formatClock(started_at, nowMs)}`;
}

export function RecordingItem({ recording, name, onPlay, onDelete, onLock }: RecordingItemProps) {
  const nowMs = useNow(60_000);
  const what = whenAndWho(recording, name, nowMs);
  const label = (text: string) => ({ "aria-label": TEXT.of(text, what), title: text });
  return (
    <li class="recording">
      <img
        class="recording-picture"
        src={`/api/recordings/${encodeURIComponent(recording.id)}/thumbnail`}
        alt=""
        loading="lazy"
        width={112}
        height={63}
      />
      <time dateTime={recording.started_at}>{formatClock(recording.started_at, nowMs)}</time>
      <span class="recording-camera">{name}</span>
      <span class="recording-facts">
        <span>{formatRunning(recording.duration_s * 1000)}</span>
        <span>{formatBytes(recording.size_bytes)}</span>
        {remarksOf(recording).map((remark) => <span key={remark}>{remark}</span>)}
      </span>
      <span class="recording-actions">
        <button type="button" class="icon-button" {...label(TEXT.play)} onClick={onPlay}>
          <Icon name="play" />
        </button>
        <a class="icon-button" {...label(TEXT.download)} href={recording.links.download} download>
          <Icon name="download" />
        </a>
        <button
          type="button"
          class="icon-button"
          aria-pressed={recording.locked}
          {...label(recording.locked ? TEXT.unlock : TEXT.lock)}
          onClick={() => onLock(!recording.locked)}
        >
          <Icon name={recording.locked ? "locked" : "unlocked"} />
        </button>
        <button
          type="button"
          class="icon-button"
          disabled={recording.locked}
          {...label(recording.locked ? TEXT.isLocked : TEXT.remove)}
          onClick={onDelete}
        >
          <Icon name="remove" />
        </button>
      </span>
    </li>
  );
}

function remarksOf({ part, gaps, ended_because, cause, locked, missing }: RecordingView): string[] {
  const ended = TEXT.ended[ended_because];
  return [
    ...(cause === "manual" ? [] : [TEXT.causes[cause]]),
    ...(locked ? [TEXT.locked] : []),
    ...(missing ? [TEXT.missing] : []),
    ...(part > 1 && cause === "manual" ? [TEXT.part(part)] : []),
    ...(ended === undefined ? [] : [ended]),
    ...(gaps.length > 0 ? [TEXT.covered] : []),
  ];
}
