// The page of events: what happened at the cameras, newest first, followed live.
import { useState } from "preact/hooks";
import type { EventKind, EventPageView, EventView } from "../src/operations/event_views.ts";
import { type EventFilter, eventsPath } from "./event_feed.ts";
import { EventFilterForm } from "./event_filter.tsx";
import { EventItem } from "./event_item.tsx";
import { eventTitle } from "./event_text.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useEvents } from "./use_events.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  title: "Events",
  list: "Events, newest first",
  live: "Live",
  connecting: "Connecting…",
  waiting: "Not live at the moment",
  gap: "Some events could not be followed live. The list was loaded again.",
  dismiss: "Dismiss",
  older: "Show older events",
  loading: "Loading…",
  emptyTitle: "Nothing has happened yet",
  empty: "Motion, doorbells and lost connections of your cameras will stand here.",
  noneTitle: "No such events",
  none: "No event of this choice is in the journal.",
  all: "Show all events",
  announce: (title: string, camera: string) => camera === "" ? title : `${title}: ${camera}`,
};

/** A camera that can be chosen, and its name. */
export interface EventCamera {
  id: string;
  name: string;
}

export interface EventListProps {
  page: EventPageView;
  cameras: EventCamera[];
  filter: EventFilter;
}

export function EventList({ page: initial, cameras, filter: first }: EventListProps) {
  const [filter, setFilter] = useState(first);
  const events = useEvents(initial, filter);
  const choose = (camera: string | undefined, kind: EventKind | undefined) => {
    const chosen = { ...(camera ? { camera } : {}), ...(kind ? { kind } : {}) };
    setFilter(chosen);
    history.replaceState(null, "", eventsPath("/events", chosen));
  };
  const isFiltered = filter.camera !== undefined || filter.kind !== undefined;
  return (
    <>
      <div class="page-head">
        <h1>{TEXT.title}</h1>
        <p class={`page-summary events-live is-${events.connection}`} role="status">
          {events.connection === "open" ? TEXT.live : TEXT[events.connection]}
        </p>
        <EventFilterForm filter={filter} cameras={cameras} onChoose={choose} />
      </div>
      {events.problem && <ProblemNotice problem={events.problem} />}
      {events.hasGap && <GapNotice onDismiss={events.dismissGap} />}
      <Announcer event={events.latest} cameras={cameras} />
      {events.page.events.length === 0
        ? <Empty isFiltered={isFiltered} onAll={() => choose(undefined, undefined)} />
        : <List events={events.page.events} cameras={cameras} />}
      {events.older.problem && (
        <ProblemNotice
          problem={events.older.problem}
          onDismiss={events.older.clear}
        />
      )}
      {events.page.more && (
        <button type="button" class="button" disabled={events.older.busy} onClick={events.loadOlder}>
          {events.older.busy ? TEXT.loading : TEXT.older}
        </button>
      )}
    </>
  );
}

function List({ events, cameras }: { events: EventView[]; cameras: EventCamera[] }) {
  const nowMs = useNow(60_000);
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  return (
    <ol class="events" aria-label={TEXT.list}>
      {events.map((event) => (
        <EventItem key={event.seq} event={event} camera={byId.get(event.camera_id ?? "")} nowMs={nowMs} />
      ))}
    </ol>
  );
}

function Empty({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  return (
    <div class="empty">
      <Icon name="camera" />
      <h2>{isFiltered ? TEXT.noneTitle : TEXT.emptyTitle}</h2>
      <p>{isFiltered ? TEXT.none : TEXT.empty}</p>
      {isFiltered && <button type="button" class="button" onClick={onAll}>{TEXT.all}</button>}
    </div>
  );
}

function GapNotice({ onDismiss }: { onDismiss: () => void }) {
  return (
    <div class="notice is-warning" role="status">
      <Icon name="warning" />
      <p class="notice-text">{TEXT.gap}</p>
      <button
        type="button"
        class="icon-button"
        aria-label={TEXT.dismiss}
        title={TEXT.dismiss}
        onClick={onDismiss}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Tells screen readers of each new event, once. */
function Announcer({ event, cameras }: { event: EventView | undefined; cameras: EventCamera[] }) {
  const name = cameras.find(({ id }) => id === event?.camera_id)?.name ?? event?.camera_id ?? "";
  return (
    <p class="visually-hidden" aria-live="polite">
      {event && TEXT.announce(eventTitle(event), name)}
    </p>
  );
}
