// Keeps a list of events as the hub's journal has them, and follows it live.
import { useEffect, useRef, useState } from "preact/hooks";
import type { EventPageView, EventView } from "../src/operations/event_views.ts";
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem, callApi } from "./api.ts";
import {
  EventFeed,
  type EventFilter,
  eventsPath,
  type FeedListener,
  type FeedState,
  withEvent,
  withLive,
} from "./event_feed.ts";
import { after, openEventSocket } from "./event_socket.ts";
import { type Action, useAction } from "./use_action.ts";

const LOAD_AGAIN_MS = 5_000;

/** Events, newest first, and how following them goes. */
export interface FollowedEvents {
  page: EventPageView;
  connection: FeedState;
  /** Why the hub could not be asked. */
  problem: ProblemView | undefined;
  /** True after events could not be followed and were loaded anew, until it is dismissed. */
  hasGap: boolean;
  dismissGap(): void;
  /** The newest event that came live. */
  latest: EventView | undefined;
  /** Loading of older events. */
  older: Action;
  loadOlder(): void;
}

/** Shows `initial` at once; another filter loads anew. */
export function useEvents(initial: EventPageView, filter: EventFilter): FollowedEvents {
  const [page, setPage] = useState(initial);
  const [connection, setConnection] = useState<FeedState>("connecting");
  const [problem, setProblem] = useState<ProblemView>();
  const [hasGap, setHasGap] = useState(false);
  const [latest, setLatest] = useState<EventView>();
  const older = useAction();
  const first = useRef<EventPageView | undefined>(initial);
  const current = useRef(filter);
  current.current = filter;

  useEffect(() => {
    const known = first.current;
    first.current = undefined;
    setLatest(undefined);
    setHasGap(false);
    const start = known ? Promise.resolve(known) : undefined;
    return follow(filter, start, {
      loaded: (fresh, isWhole) => setPage((shown) => isWhole ? fresh : withLive(fresh, shown)),
      event: (event) => {
        setPage((shown) => withEvent(shown, event));
        setLatest((before) => before && before.seq >= event.seq ? before : event);
      },
      gap: () => setHasGap(true),
      state: setConnection,
      problem: setProblem,
    });
  }, [filter.camera, filter.kind]);

  const loadOlder = () => {
    const last = page.events.at(-1);
    if (!last) return;
    void older.run(async () => {
      const { events, more } = await fetchEvents({ ...filter, before: last.seq });
      // Another choice may have been made meanwhile, and the page loaded anew.
      if (current.current !== filter) return;
      setPage((shown) => shown.events.at(-1) === last ? withOlder(shown, events, more) : shown);
    });
  };
  const dismissGap = () => setHasGap(false);
  return { page, connection, problem, hasGap, dismissGap, latest, older, loadOlder };
}

function withOlder(page: EventPageView, events: EventView[], more: boolean): EventPageView {
  return { ...page, events: [...page.events, ...events], more };
}

interface Reports extends FeedListener {
  /** `isWhole`: it replaces what is shown. */
  loaded(page: EventPageView, isWhole: boolean): void;
  problem(problem: ProblemView | undefined): void;
}

/** Loads, then follows from there, until the returned function is called. */
function follow(
  filter: EventFilter,
  start: Promise<EventPageView> | undefined,
  reports: Reports,
): () => void {
  let isOver = false;
  let feed: EventFeed | undefined;
  const timers = { after, random: Math.random };
  const ask = async (use: (page: EventPageView) => void, from = fetchEvents(filter)) => {
    try {
      const page = await from;
      if (isOver) return;
      reports.problem(undefined);
      use(page);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (isOver) return;
      reports.problem(error.problem);
      if (!feed) timers.after(LOAD_AGAIN_MS, () => !isOver && void ask(use));
    }
  };
  const listener: FeedListener = {
    event: reports.event,
    gap: () => {
      reports.gap();
      void ask((page) => reports.loaded(page, false));
    },
    state: (state) => {
      reports.state(state);
      // A socket does not say why it was closed: an answer, or a problem such as a login that has ended, does.
      if (state === "waiting") void ask(() => {});
    },
  };
  void ask((page) => {
    reports.loaded(page, true);
    feed = new EventFeed({ filter, after: page.change, openSocket: openEventSocket, timers }, listener);
    feed.start();
  }, start);
  const retry = () => feed?.retryNow();
  globalThis.addEventListener("online", retry);
  return () => {
    isOver = true;
    feed?.stop();
    globalThis.removeEventListener("online", retry);
  };
}

function fetchEvents(query: EventFilter & { before?: number }): Promise<EventPageView> {
  return callApi<EventPageView>("GET", eventsPath("/api/events", query));
}
