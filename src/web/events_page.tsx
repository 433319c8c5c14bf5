// The page of events: what the server renders before the browser follows the journal live.
import type { EventFilter } from "../../islands/event_feed.ts";
import { EventList } from "../../islands/event_list.tsx";
import type { EventKind, EventPageView } from "../operations/event_views.ts";
import type { CameraView } from "../operations/views.ts";
import { EVENT_TITLES } from "../../islands/event_text.ts";
import { Island } from "./island.tsx";
import type { PageProps } from "./layout.tsx";

const TEXT = { title: "Events" };

/** What the page needs to know of the hub. */
export interface EventsPageDeps {
  cameras(): CameraView[];
  /** The newest events of a choice. */
  events(filter: EventFilter): Promise<EventPageView>;
}

/** The page for a query such as `?camera=door&kind=motion`; what is none of the choices is left out. */
export async function eventsPage(query: Record<string, string>, deps: EventsPageDeps): Promise<PageProps> {
  const filter = readFilter(query);
  const props = {
    page: await deps.events(filter),
    cameras: deps.cameras().map(({ id, name }) => ({ id, name })),
    filter,
  };
  return {
    title: TEXT.title,
    path: "/events",
    signedIn: true,
    children: (
      <div class="measure">
        <Island name="EventList" component={EventList} props={props} />
      </div>
    ),
  };
}

function readFilter({ camera, kind }: Record<string, string>): EventFilter {
  const isKind = kind !== undefined && Object.hasOwn(EVENT_TITLES, kind);
  return { ...(camera ? { camera } : {}), ...(isKind ? { kind: kind as EventKind } : {}) };
}
