// How uPlot draws a chart of the history.
import type uPlot from "uplot/dist/uPlot.d.ts";
import { axisMarks, markText } from "./chart_axis.ts";
import type { LineLook } from "./chart_colours.ts";
import type { Chart } from "./chart_list.ts";
import type { View } from "./timeline_scale.ts";
import type { Palette } from "./timeline_draw.ts";

export const CHART_HEIGHT = 190;
/** What of a chart's width shows no time, pixels: the same for all, so that a moment lies below itself. */
export const INSET = { left: 66, right: 14 };
/** Charts of this name show the cursor of one another. */
const TOGETHER = "history";
/** A chart of levels shows this much at least, in its unit. */
const LEAST_LEVELS = 3;
/** More bands than this hide one another. */
const MOST_BANDS = 2;
const FONT = "11px system-ui, sans-serif";

export interface PlotParts {
  UPlot: typeof uPlot;
  chart: Chart;
  looks: readonly LineLook[];
  palette: Palette;
  width: number;
  /** What is shown at the moment of drawing. */
  view(): View;
  /** Undefined: the pointer is elsewhere. */
  onCursor(atMs: number | undefined): void;
}

/** Between two marks of what is counted: nothing happens half a time. */
const WHOLE_STEPS = [0, 1, 2, 3, 4, 5].flatMap((zeros) => [1, 2, 5].map((first) => first * 10 ** zeros));

export function plotOptions(parts: PlotParts): uPlot.Options {
  const { chart, palette, width } = parts;
  return {
    width,
    height: CHART_HEIGHT,
    ms: 1,
    padding: [8, INSET.right, 0, 0],
    legend: { show: false },
    scales: { x: { time: false, range: () => rangeOf(parts.view()) }, y: { range: valueRange(parts) } },
    axes: [timeAxis(parts), {
      ...axisLook(palette),
      size: INSET.left,
      values: (_plot, values) => values.map(chart.write),
      ...(chart.isCount ? { incrs: WHOLE_STEPS } : {}),
    }],
    series: [{}, ...parts.looks.map((look) => series(look, parts)), ...edges(parts)],
    bands: bands(parts),
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { size: 7 },
      sync: { key: TOGETHER, setSeries: false },
      // Else it would show everything: there is a button to go back.
      bind: { dblclick: () => null },
    },
    hooks: {
      setCursor: [
        (plot) => {
          const { left = -1 } = plot.cursor;
          parts.onCursor(left < 0 ? undefined : plot.posToVal(left, "x"));
        },
      ],
    },
  };
}

function rangeOf({ fromMs, toMs }: View): uPlot.Range.MinMax {
  return [fromMs, toMs];
}

function valueRange({ UPlot, chart: { scale } }: PlotParts): uPlot.Range.Function {
  // A line along the edge would be half hidden.
  if (scale === "share") return () => [-0.02, 1.02];
  if (scale === "amount") return (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1];
  return (_plot, least, most) => {
    if (least === null || most === null) return [0, 1];
    // Closer up, the marks would all have the same words.
    const spare = Math.max(0, LEAST_LEVELS - (most - least)) / 2;
    return UPlot.rangeNum(least - spare, most + spare, 0.1, true);
  };
}

function timeAxis({ view, palette }: PlotParts): uPlot.Axis {
  const marks = (plot: uPlot) => axisMarks(view(), plot.bbox.width / devicePixelRatio);
  return {
    ...axisLook(palette),
    size: 28,
    splits: (plot) => marks(plot).map(({ atMs }) => atMs),
    values: (plot) => marks(plot).map((mark) => markText(mark, view())),
  };
}

function axisLook({ muted, line }: Palette): uPlot.Axis {
  return {
    stroke: muted,
    font: FONT,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
  };
}

function series({ colour, dash }: LineLook, { UPlot, chart }: PlotParts): uPlot.Series {
  return {
    stroke: colour,
    width: 1.75,
    ...(dash.length > 0 ? { dash: [...dash] } : {}),
    points: { size: 4, space: 14, fill: colour },
    // What is counted lasts for its step.
    ...(chart.isCount && UPlot.paths.stepped ? { paths: UPlot.paths.stepped({ align: 1 }) } : {}),
  };
}

/** Whether the least and the most within steps are drawn around so many lines. */
export function hasBands(lines: number): boolean {
  return lines <= MOST_BANDS;
}

/** The edges of bands: they are not seen, but count for the range of values. */
function edges({ looks }: PlotParts): uPlot.Series[] {
  if (!hasBands(looks.length)) return [];
  return [...looks, ...looks].map(() => ({ width: 0, points: { show: false } }));
}

function bands({ looks }: PlotParts): uPlot.Band[] {
  if (!hasBands(looks.length)) return [];
  const { length } = looks;
  return looks.map(({ colour }, line) => ({
    series: [1 + 2 * length + line, 1 + length + line],
    fill: `${colour}38`,
  }));
}
