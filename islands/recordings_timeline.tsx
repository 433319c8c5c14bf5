// The page of recordings: what was recorded of the cameras and what happened, over time, to be looked for and played.
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { RecordingTabs } from "./recording_tabs.tsx";
import { TimelineBar } from "./timeline_bar.tsx";
import { findEvent, type FoundEvent, type LaneView, type TimelineView } from "./timeline_client.ts";
import { localInput, TimelineExport } from "./timeline_export.tsx";
import { type TimelineCamera, TimelineFilterForm } from "./timeline_filter.tsx";
import { TimelineLanes } from "./timeline_lanes.tsx";
import { runningAt, TimelinePanes } from "./timeline_panes.tsx";
import {
  DAY_MS,
  dayOf,
  hourAround,
  type KeyAction,
  spanOf,
  type View,
  withMoment,
  zoomed,
} from "./timeline_scale.ts";
import { eventWords } from "./event_words.ts";
import { useAction } from "./use_action.ts";
import { useAlive } from "./use_alive.ts";
import { usePlayback } from "./use_playback.ts";
import { useTimeline } from "./use_timeline.ts";

const TEXT = {
  emptyTitle: "Nothing has been recorded yet",
  empty:
    "Open a camera and press Record, or let it be recorded by itself. What was recorded will stand here.",
  noEvent: "No other event was found in that direction.",
  at: (what: string) => `At ${what}`,
};
/** More videos at a time than a small computer and its network carry. */
const MOST_PLAYED = 4;
const TIME = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export interface RecordingsTimelineProps {
  /** Those that are there, and those that were removed but have recordings. */
  cameras: TimelineCamera[];
  /** Only this one at first. */
  camera?: string;
  /** When the newest recording began and ended; absent where there is none. */
  latest?: View;
  /** The moment to begin with; absent: the newest. */
  momentMs?: number;
  nowMs: number;
}

export function RecordingsTimeline(props: RecordingsTimelineProps) {
  const { cameras, latest } = props;
  const page = useTimelinePage(props);
  const { playback, view, shown, kinds, lanes, marked, scrubMs, atMs, jump } = page;
  const isAlive = useAlive();
  const problem = page.problem ?? jump.problem;
  const isEmpty = latest === undefined && lanes.every(({ lane }) => !lane || isUntouched(lane));
  return (
    <>
      <RecordingTabs view="timeline" />
      {isEmpty ? <Empty /> : (
        <TimelinePanes
          cameras={cameras}
          played={page.played}
          playback={playback}
          running={runningAt(page.timeline, atMs, Date.now())}
          scrubMs={scrubMs}
        />
      )}
      <TimelineBar
        time={isAlive ? TIME.format(atMs) : undefined}
        day={isAlive ? localInput(atMs).slice(0, 10) : ""}
        isPlaying={playback.isPlaying}
        rate={playback.rate}
        isLooking={jump.isLooking}
        onPlay={() => playback.play(!playback.isPlaying)}
        onRate={playback.setRate}
        onEvent={(direction) => void jump.go(direction)}
        onZoom={(factor) => page.show(zoomed(view, factor, within(view, atMs)))}
        onDay={page.goToDay}
        onNow={page.goToNow}
        onExport={page.beginExport}
      />
      <p class="timeline-told" role="status">{page.told}</p>
      {problem && <ProblemNotice problem={problem} />}
      <TimelineLanes
        view={view}
        lanes={lanes}
        bucketMs={page.bucketMs}
        atMs={atMs}
        marked={marked}
        onView={page.show}
        onSeek={playback.seek}
        onScrub={page.scrub}
        onKey={page.act}
      />
      <TimelineFilterForm
        cameras={cameras}
        shown={shown}
        kinds={kinds}
        present={kindsOf(lanes)}
        mostPlayed={MOST_PLAYED}
        onCameras={page.setShown}
        onKinds={page.setKinds}
      />
      <TimelineExport
        open={page.isExporting}
        cameras={cameras.filter(({ id }) => shown.includes(id))}
        camera={shown[0] ?? ""}
        marked={wholeMark(marked, playback.atMs)}
        onMark={page.setMarked}
        onClose={page.endExport}
      />
    </>
  );
}

/** True where nothing was recorded, and nothing is. */
function isUntouched({ recorded, recording_since }: LaneView): boolean {
  return recorded.length === 0 && recording_since === undefined;
}

function Empty() {
  return (
    <div class="empty timeline-empty">
      <Icon name="film" />
      <h2>{TEXT.emptyTitle}</h2>
      <p>{TEXT.empty}</p>
    </div>
  );
}

/** What is shown, and what buttons, fingers and keys do to it. */
function useTimelinePage({ cameras, camera, latest, momentMs, nowMs }: RecordingsTimelineProps) {
  const isKnown = cameras.some(({ id }) => id === camera);
  const [shown, setShown] = useState(camera && isKnown ? [camera] : cameras.map(({ id }) => id));
  const [kinds, setKinds] = useState<string[]>([]);
  const [view, show] = useState(() =>
    momentMs === undefined ? firstView(latest?.toMs, nowMs) : hourAround(momentMs)
  );
  const [scrubMs, setScrub] = useState<number>();
  const [marked, setMarked] = useState<Partial<View>>({});
  const [isExporting, setExporting] = useState(false);
  const [told, setTold] = useState("");
  const filter = { cameras: shown, kinds };
  const { timeline, problem } = useTimeline(view, filter);
  const played = shown.slice(0, MOST_PLAYED);
  const playback = usePlayback(played, momentMs ?? firstMoment(latest, nowMs));
  const goTo = (wanted: number) => {
    playback.seek(wanted);
    show((before) => withMoment(before, wanted));
  };
  const jump = useEventJump(playback.atMs, filter, (found) => {
    setTold(found ? TEXT.at(eventWords(found, cameras)) : TEXT.noEvent);
    if (found) goTo(found.atMs);
  });
  useEffect(() => {
    // While it plays, the view goes along.
    if (playback.isPlaying) show((before) => withMoment(before, playback.atMs));
  }, [playback.isPlaying && playback.atMs]);
  useEffect(() => {
    for (const player of playback.players.values()) player.refresh();
  }, [timeline]);
  const lanes = lanesOf(shown, cameras, timeline);
  const goToDay = (day: string) => {
    const noon = new Date(`${day}T12:00`).getTime();
    if (!Number.isFinite(noon)) return;
    show(dayOf(noon));
    playback.seek(noon);
  };
  const goToNow = () => {
    const now = Date.now();
    show({ fromMs: now - spanOf(view) * 0.9, toMs: now + spanOf(view) * 0.1 });
    playback.seek(now - FIRST_BACK_MS);
  };
  const scrub = (wanted: number | undefined) => {
    if (wanted === undefined && scrubMs !== undefined) playback.seek(scrubMs);
    setScrub(wanted);
  };
  const act = (action: KeyAction) => {
    if ("step" in action) goTo(playback.atMs + action.step * spanOf(view));
    else if ("zoom" in action) show(zoomed(view, action.zoom, playback.atMs));
    else if ("toggle" in action) playback.play(!playback.isPlaying);
    else if ("mark" in action) setMarked(mark(marked, action.mark, playback.atMs));
    else if (action.go === "next" || action.go === "previous") void jump.go(action.go === "next" ? 1 : -1);
    else {
      const edge = edgeOf(lanes, action.go);
      if (edge !== undefined) goTo(edge);
    }
  };
  const beginExport = () => {
    setMarked(wholeMark(marked, playback.atMs));
    setExporting(true);
  };
  return {
    ...{ shown, setShown, kinds, setKinds, view, show, marked, setMarked },
    ...{ told, problem, timeline, played, playback, lanes },
    ...{ jump, goToDay, goToNow, scrub, scrubMs, act, beginExport, isExporting },
    atMs: scrubMs ?? playback.atMs,
    bucketMs: timeline?.bucket_s === undefined ? undefined : timeline.bucket_s * 1000,
    endExport: () => setExporting(false),
  };
}

type NamedLane = { name: string; lane: LaneView | undefined };

function lanesOf(
  shown: readonly string[],
  cameras: readonly TimelineCamera[],
  timeline: TimelineView | undefined,
): NamedLane[] {
  return shown.map((id) => ({
    name: cameras.find((each) => each.id === id)?.name ?? id,
    lane: timeline?.cameras.find((each) => each.camera_id === id),
  }));
}

/** The first moment that was recorded, or one shortly before the last. */
function edgeOf(lanes: readonly NamedLane[], which: "first" | "last"): number | undefined {
  const recorded = lanes.flatMap(({ lane }) => lane?.recorded ?? []);
  if (recorded.length === 0) return undefined;
  if (which === "first") return Math.min(...recorded.map(({ from }) => Date.parse(from)));
  return Math.max(...recorded.map(({ to }) => Date.parse(to))) - 1000;
}

/** Playing begins so much before the end of what was recorded. */
const FIRST_BACK_MS = 30_000;
/** What is exported where nothing was marked: the time around the cursor. */
const AROUND_MS = 60_000;

/** The last hours up to now, or up to the newest recording where that is long ago. */
function firstView(latestMs: number | undefined, nowMs: number): View {
  const endMs = latestMs !== undefined && nowMs - latestMs > DAY_MS / 4 ? latestMs : nowMs;
  return { fromMs: endMs - DAY_MS / 4, toMs: endMs + DAY_MS / 48 };
}

/** Shortly before the end of what was recorded last, but not before its beginning. */
function firstMoment(latest: View | undefined, nowMs: number): number {
  return latest ? Math.max(latest.fromMs, latest.toMs - FIRST_BACK_MS) : nowMs;
}

function within({ fromMs, toMs }: View, atMs: number): number {
  return atMs >= fromMs && atMs <= toMs ? atMs : (fromMs + toMs) / 2;
}

/** With one edge put somewhere; an edge on its other side is taken away. */
function mark(marked: Partial<View>, which: "from" | "to", atMs: number): Partial<View> {
  const { fromMs, toMs } = marked;
  if (which === "from") return { fromMs: atMs, ...(toMs !== undefined && toMs > atMs ? { toMs } : {}) };
  return { toMs: atMs, ...(fromMs !== undefined && fromMs < atMs ? { fromMs } : {}) };
}

function wholeMark({ fromMs, toMs }: Partial<View>, atMs: number): View {
  const begin = fromMs ?? (toMs === undefined ? atMs - AROUND_MS : toMs - 2 * AROUND_MS);
  return { fromMs: begin, toMs: toMs ?? begin + 2 * AROUND_MS };
}

function kindsOf(lanes: readonly NamedLane[]): Set<string> {
  return new Set(lanes.flatMap(({ lane }) => [
    ...(lane?.events ?? []).map(({ kind }) => kind),
    ...(lane?.density ?? []).flatMap(({ counts }) => Object.keys(counts)),
  ]));
}

/** Looks for the event before or after. */
function useEventJump(
  atMs: number,
  filter: { cameras: readonly string[]; kinds: readonly string[] },
  onFound: (found: FoundEvent | undefined) => void,
) {
  const { busy, problem, run } = useAction();
  const newest = useRef(onFound);
  newest.current = onFound;
  const go = (direction: 1 | -1) => run(async () => newest.current(await findEvent(atMs, direction, filter)));
  return { isLooking: busy, problem, go };
}
