// One event of the list, in words.
import { useState } from "preact/hooks";
import type { EventKind, EventView } from "../src/operations/event_views.ts";
import type { CameraStatus } from "../src/operations/views.ts";
import { statusTone } from "./camera_state.tsx";
import { eventRemarks, eventTitle } from "./event_text.ts";
import { formatClock, formatDuration } from "./format.ts";
import { momentHref } from "./timeline_scale.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  hub: "Hub",
  removed: (id: string) => `${id} (removed)`,
  now: (duration: string) => `going on for ${duration}`,
  lasted: (duration: string) => `lasted ${duration}`,
  picture: (title: string) => `Picture: ${title}`,
  onTimeline: (time: string) => `${time}, on the timeline`,
};

/** What a camera notices is neither good nor bad; what the hub does stands back behind it. */
const NOTICED = "is-noticed";
const TONES: Partial<Record<EventKind, string>> = {
  gap: "is-warning",
  alarm: "is-warning",
  alert: "is-warning",
  recording: "",
  workflow: "",
  login: "",
  config_change: "",
};

export interface EventItemProps {
  event: EventView;
  /** Absent for a camera that was removed, and for events of the hub. */
  camera: { id: string; name: string } | undefined;
  nowMs: number;
}

/** Who is meant where no camera of that id is there: it was removed, or none is meant. */
export function missingCameraText(id: string | undefined): string {
  return id === undefined ? TEXT.hub : TEXT.removed(id);
}

export function EventItem({ event, camera, nowMs }: EventItemProps) {
  const { kind, active, started_at: startedAt } = event;
  const tone = toneOf(event);
  const isOngoing = active && kind !== "camera_state";
  return (
    <li class={isOngoing ? "event is-active" : "event"}>
      <Moment camera={camera?.id ?? event.camera_id} startedAt={startedAt} nowMs={nowMs} />
      <p class="event-what">
        <span class={`badge ${tone}`.trim()}>{eventTitle(event)}</span>
        {camera
          ? <a href={`/cameras/${encodeURIComponent(camera.id)}`}>{camera.name}</a>
          : <span>{missingCameraText(event.camera_id)}</span>}
      </p>
      <p class="event-more">
        <Length event={event} />
        {eventRemarks(event).map((remark) => <span key={remark}>{remark}</span>)}
      </p>
      <Picture event={event} />
    </li>
  );
}

/** When it began. At a camera it leads to that moment of its recordings. */
function Moment(
  { camera, startedAt, nowMs }: { camera: string | undefined; startedAt: string; nowMs: number },
) {
  const words = formatClock(startedAt, nowMs);
  const time = <time dateTime={startedAt}>{words}</time>;
  if (camera === undefined) return time;
  const href = momentHref(camera, Date.parse(startedAt));
  return <a class="event-moment" href={href} aria-label={TEXT.onTimeline(words)}>{time}</a>;
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

/** A small picture that leads to itself. One that is no longer kept leaves no broken frame behind. */
function Picture({ event: { snapshot, seq, ...event } }: { event: EventView }) {
  const [gone, setGone] = useState<number>();
  if (snapshot === undefined || gone === seq) return null;
  const label = TEXT.picture(eventTitle({ ...event, seq }));
  return (
    <a class="event-picture" href={snapshot} aria-label={label} title={label}>
      <img src={snapshot} alt="" loading="lazy" decoding="async" onError={() => setGone(seq)} />
    </a>
  );
}

function toneOf(event: EventView): string {
  const { kind, details } = event;
  if (kind === "camera_state") return stateTone(event);
  const isRefused = kind === "login" && details?.outcome !== "success";
  const isCutOff = kind === "recording" && details?.error !== undefined;
  return isRefused || isCutOff ? "is-warning" : TONES[kind] ?? NOTICED;
}

/** As on the dashboard. */
function stateTone({ details }: EventView): string {
  return statusTone(details?.status as CameraStatus | undefined) ?? "is-bad";
}
