// The page of metrics: charts of the history, all over the same time.
import { useEffect, useRef, useState } from "preact/hooks";
import { ChartBar } from "./chart_bar.tsx";
import { CameraChips } from "./camera_chips.tsx";
import { lineLook } from "./chart_colours.ts";
import { ChartGroup } from "./chart_group.tsx";
import { CAMERA_CHARTS, HUB_CHARTS } from "./chart_list.ts";
import {
  CHART_LIMITS,
  type ChartQuery,
  isLive,
  settled,
  type Shown,
  stepFor,
  viewAt,
  writeQuery,
} from "./chart_range.ts";
import type { ChartLine } from "./history_card.tsx";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { type KeyAction, moved, spanOf, type View, zoomed } from "./timeline_scale.ts";
import { useAlive } from "./use_alive.ts";
import { type HistoryState, useHistory, useVisibleNow } from "./use_history.ts";

const TEXT = {
  title: "Metrics",
  hint: "Drag a chart to move the time. Pinch, or click a chart and turn the wheel, to zoom.",
  cameras: "Cameras",
  hub: "The hub",
  truncated: "There is more than could be answered at once: zoom in, or choose fewer cameras.",
  gone: (ids: string) => `There is no such camera any more: ${ids}.`,
  goneAll: " All cameras are shown.",
  emptyTitle: "The history begins now",
  empty: "The hub keeps what it measures from now on. The first points come within a minute.",
  emptyPastTitle: "Nothing is kept of this time",
  emptyPast: "The hub measured nothing then, or it was too long ago to be kept.",
};

/** Whom the hub's own values belong to. */
const HUB: ChartLine = { id: "@hub", name: "Hub", look: lineLook(0) };
const REFRESH_MS = 30_000;

export interface MetricsViewProps {
  cameras: { id: string; name: string }[];
  query: ChartQuery;
  /** How often something is measured. */
  intervalMs: number;
  nowMs: number;
}

export function MetricsView(props: MetricsViewProps) {
  const page = useMetricsPage(props);
  const isAlive = useAlive();
  const { view, stepMs, shown, cameras, hub, lines, all, gone } = page;
  const problem = cameras.problem ?? hub.problem;
  const isEmpty = isWithout(cameras) && isWithout(hub);
  const hadCharts = useRef(false);
  hadCharts.current ||= isWith(cameras) || isWith(hub);
  const group = { view, stepMs, onView: page.show, onKey: page.act };
  return (
    <div aria-busy={cameras.isLoading || hub.isLoading}>
      <div class="page-head">
        <h1>{TEXT.title}</h1>
        <p class="page-summary">{TEXT.hint}</p>
      </div>
      <ChartBar
        shown={shown}
        view={view}
        stepMs={hub.loaded?.stepMs}
        isAlive={isAlive}
        onRange={page.goLive}
        onMove={(share) => page.show(moved(view, share * spanOf(view)))}
        onZoom={(factor) => page.zoom(factor)}
      />
      {problem && <ProblemNotice problem={problem} />}
      {(cameras.loaded?.isTruncated || hub.loaded?.isTruncated) && (
        <p class="notice is-warning">
          <Icon name="warning" />
          <span class="notice-text">{TEXT.truncated}</span>
        </p>
      )}
      {gone.length > 0 && (
        <p class="notice">
          {TEXT.gone(gone.join(", "))}
          {lines === all && TEXT.goneAll}
        </p>
      )}
      {isEmpty && hadCharts.current && <p class="notice">{TEXT.emptyPastTitle}</p>}
      {isEmpty && !hadCharts.current ? <Empty isNow={isLive(shown)} /> : (
        <>
          <ChartGroup
            title={TEXT.cameras}
            charts={CAMERA_CHARTS}
            lines={lines}
            loaded={cameras.loaded}
            {...group}
          >
            <CameraChips all={all} chosen={lines} onChoose={page.choose} />
          </ChartGroup>
          <ChartGroup title={TEXT.hub} charts={HUB_CHARTS} lines={[HUB]} loaded={hub.loaded} {...group} />
        </>
      )}
    </div>
  );
}

function isWith({ loaded }: HistoryState): boolean {
  return loaded !== undefined && loaded.rows.length > 0;
}

function isWithout({ loaded }: HistoryState): boolean {
  return loaded !== undefined && loaded.rows.length === 0;
}

function Empty({ isNow }: { isNow: boolean }) {
  return (
    <div class="empty">
      <Icon name="search" />
      <h2>{isNow ? TEXT.emptyTitle : TEXT.emptyPastTitle}</h2>
      <p>{isNow ? TEXT.empty : TEXT.emptyPast}</p>
    </div>
  );
}

/** What is shown, and what buttons, fingers and keys do to it. The address keeps it. */
function useMetricsPage({ cameras: known, query, intervalMs, nowMs: firstMs }: MetricsViewProps) {
  const [nowMs, renew] = useVisibleNow(firstMs, REFRESH_MS);
  const [shown, setShown] = useState<Shown>(query.shown);
  const [chosen, choose] = useState(query.cameras);
  const all = known.map(({ id, name }, index): ChartLine => ({ id, name, look: lineLook(index) }));
  const named = all.filter(({ id }) => chosen?.includes(id));
  const lines = named.length > 0 ? named : all;
  const gone = chosen?.filter((id) => !all.some((each) => each.id === id)) ?? [];
  const view = viewAt(shown, nowMs);
  const wish = { view, stepMs: stepFor(spanOf(view), intervalMs) };
  const cameras = useHistory({ subjects: lines.map(({ id }) => id), charts: CAMERA_CHARTS, ...wish });
  const hub = useHistory({ subjects: [HUB.id], charts: HUB_CHARTS, ...wish });
  const show = (wanted: View) => {
    setShown(settled(wanted, Date.now()));
    renew();
  };
  const goLive = (spanMs: number) => show({ fromMs: Date.now() - spanMs, toMs: Date.now() });
  const zoom = (factor: number) => show(zoomed(view, factor, zoomPoint(shown, view), CHART_LIMITS));
  const act = (action: KeyAction) => {
    if ("step" in action) show(moved(view, action.step * spanOf(view)));
    if ("zoom" in action) zoom(action.zoom);
    if ("go" in action && action.go === "last") goLive(spanOf(view));
  };
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) history.replaceState(history.state, "", writeQuery({ shown, cameras: chosen }));
    isFirst.current = false;
  }, [JSON.stringify(shown), chosen?.join()]);
  return {
    view,
    stepMs: wish.stepMs,
    shown,
    cameras,
    hub,
    lines,
    all,
    gone,
    choose,
    show,
    goLive,
    zoom,
    act,
  };
}

/** Buttons and keys keep now where it is, or the middle of a stretch of the past. */
function zoomPoint(shown: Shown, { fromMs, toMs }: View): number {
  return isLive(shown) ? toMs : (fromMs + toMs) / 2;
}
