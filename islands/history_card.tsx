// One chart of the history with its figures, and what mouse, fingers and keys do on it.
import { useRef, useState } from "preact/hooks";
import type { Columns } from "./chart_columns.ts";
import type { LineLook } from "./chart_colours.ts";
import type { Chart } from "./chart_list.ts";
import { INSET } from "./chart_options.ts";
import { CHART_LIMITS } from "./chart_range.ts";
import { HistoryFigures } from "./history_figures.tsx";
import { type KeyAction, keyAction, type View } from "./timeline_scale.ts";
import { useGestures } from "./use_gestures.ts";
import { usePlot } from "./use_plot.ts";
import { useWidth } from "./use_width.ts";

const TEXT = {
  label: (title: string) =>
    `${title}: chart. Arrows move the time, plus and minus zoom, End goes back to now. The figures stand below.`,
};

/** A line of a chart. */
export interface ChartLine {
  id: string;
  name: string;
  look: LineLook;
}

export interface HistoryCardProps {
  chart: Chart;
  lines: readonly ChartLine[];
  /** Means of the lines, and in a band around each its least and its most, where there are not too many. */
  columns: Columns;
  stepMs: number;
  view: View;
  onView(view: View): void;
  onKey(action: KeyAction): void;
}

export function HistoryCard(props: HistoryCardProps) {
  const { chart, lines, columns, stepMs, view } = props;
  const [cursorMs, setCursor] = useState<number>();
  const id = `chart-${chart.field}`;
  return (
    <section class="card chart-card" aria-labelledby={id} data-chart={chart.field}>
      <header>
        <h3 id={id}>{chart.title}</h3>
        <p class="muted">{chart.note}</p>
      </header>
      <ChartPlot {...props} onCursor={setCursor} />
      <HistoryFigures
        chart={chart}
        lines={lines}
        columns={columns}
        view={view}
        cursor={cursorMs === undefined ? undefined : { atMs: cursorMs, stepMs }}
      />
    </section>
  );
}

function ChartPlot(
  { chart, lines, columns, view, onView, onKey, onCursor }: HistoryCardProps & {
    onCursor(atMs: number | undefined): void;
  },
) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const newest = useRef({ view, onView });
  newest.current = { view, onView };
  usePlot(box, { chart, looks: lines.map(({ look }) => look), columns, view, width, onCursor });
  useGestures(box, {
    view: () => newest.current.view,
    limits: CHART_LIMITS,
    show: (shown) => newest.current.onView(shown),
    // A click and a tap put the cursor there, which uPlot does by itself.
    seek: () => {},
    scrub: () => {},
  }, { rulerHeight: 0, inset: INSET, takesWheel: (event) => isForChart(event, box.current) });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = keyAction(event.key, event.shiftKey);
    if (!action || !("step" in action || "zoom" in action || "go" in action)) return;
    event.preventDefault();
    onKey(action);
  };
  return (
    <div
      ref={box}
      class="chart-plot"
      tabIndex={0}
      role="group"
      aria-label={TEXT.label(chart.title)}
      onKeyDown={onKeyDown}
    />
  );
}

/** The wheel scrolls the page, unless the chart was chosen before or it can only be meant for the chart. */
function isForChart({ ctrlKey, shiftKey, deltaX, deltaY }: WheelEvent, box: Element | null): boolean {
  return ctrlKey || shiftKey || document.activeElement === box || Math.abs(deltaX) > Math.abs(deltaY);
}
