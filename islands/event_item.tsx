// One event of the list, in words.
import type { EventKind, EventView } from "../src/operations/event_views.ts";
import type { CameraStatus } from "../src/operations/views.ts";
import { statusText, statusTone } from "./camera_state.tsx";
import { formatClock, formatDuration } from "./format.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  hub: "Hub",
  removed: (id: string) => `${id} (removed)`,
  now: (duration: string) => `going on for ${duration}`,
  lasted: (duration: string) => `lasted ${duration}`,
  count: (count: number) => `reported ${count} times`,
  closedBy: {
    timeout: "its end was not reported",
    split: "goes on in a further event",
    device_lost: "the connection was lost",
    restart: "the hub was restarted",
  } as Record<string, string>,
};

/** The name of each kind of event, in the order in which they are offered. */
export const EVENT_TITLES = {
  motion: "Motion",
  person: "Person",
  vehicle: "Vehicle",
  pet: "Pet",
  sound: "Sound",
  tamper: "Tampering",
  line_crossed: "Line crossed",
  intrusion: "Intrusion",
  doorbell: "Doorbell",
  package: "Parcel",
  camera_state: "Camera status",
  recording: "Recording",
  alarm: "Siren",
  alert: "Alert",
  workflow: "Workflow",
  login: "Login",
  config_change: "Change of settings",
  gap: "Events missed",
} satisfies Record<EventKind, string>;

/** What a camera notices is neither good nor bad. */
const NOTICED = "is-noticed";
const TONES: Partial<Record<EventKind, string>> = { gap: "is-warning" };

export interface EventItemProps {
  event: EventView;
  /** Absent for a camera that was removed, and for events of the hub. */
  camera: { id: string; name: string } | undefined;
  nowMs: number;
}

/** What happened, in a few words. */
export function eventTitle({ kind, details }: EventView): string {
  return kind === "camera_state" && details ? statusText(details.status as CameraStatus) : EVENT_TITLES[kind];
}

/** Who is meant where no camera of that id is there: it was removed, or none is meant. */
export function missingCameraText(id: string | undefined): string {
  return id === undefined ? TEXT.hub : TEXT.removed(id);
}

export function EventItem({ event, camera, nowMs }: EventItemProps) {
  const { kind, active, started_at: startedAt } = event;
  const tone = kind === "camera_state" ? stateTone(event) : TONES[kind] ?? NOTICED;
  return (
    <li class={active && kind !== "camera_state" ? "event is-active" : "event"}>
      <time dateTime={startedAt}>{formatClock(startedAt, nowMs)}</time>
      <p class="event-what">
        <span class={`badge ${tone}`}>{eventTitle(event)}</span>
        {camera
          ? <a href={`/cameras/${encodeURIComponent(camera.id)}`}>{camera.name}</a>
          : <span>{missingCameraText(event.camera_id)}</span>}
      </p>
      <p class="event-more">
        <Length event={event} />
        {remarks(event).map((remark) => <span key={remark}>{remark}</span>)}
      </p>
    </li>
  );
}

function Length({ event }: { event: EventView }) {
  if (event.active) return <RunningLength startedAt={event.started_at} />;
  const ms = (event.duration_s ?? 0) * 1000;
  return ms < 1000 ? null : <span>{TEXT.lasted(formatDuration(ms))}</span>;
}

function RunningLength({ startedAt }: { startedAt: string }) {
  const now = useNow();
  return <span>{TEXT.now(formatDuration(now - Date.parse(startedAt)))}</span>;
}

function remarks({ details, count }: EventView): string[] {
  const reason = details?.reason;
  const closedBy = TEXT.closedBy[String(details?.closed_by)];
  return [
    ...(count > 1 ? [TEXT.count(count)] : []),
    ...(typeof reason === "string" ? [reason] : []),
    ...(closedBy === undefined ? [] : [closedBy]),
  ];
}

/** As on the dashboard. */
function stateTone({ details }: EventView): string {
  return statusTone(details?.status as CameraStatus | undefined) ?? "is-bad";
}
