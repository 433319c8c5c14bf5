// Keeps a chart of uPlot in an element. uPlot is loaded when the first one is drawn.
import type uPlot from "uplot/dist/uPlot.d.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import type { LineLook } from "./chart_colours.ts";
import type { Columns } from "./chart_columns.ts";
import type { Chart } from "./chart_list.ts";
import { CHART_HEIGHT, hasBands, plotOptions } from "./chart_options.ts";
import { paletteOf } from "./timeline_draw.ts";
import type { View } from "./timeline_scale.ts";

export interface Plotted {
  chart: Chart;
  looks: readonly LineLook[];
  /** Means of all lines, then the least of each, then the most. */
  columns: Columns;
  view: View;
  width: number;
  onCursor(atMs: number | undefined): void;
}

/** Draws anew what has changed. */
export function usePlot(box: { current: HTMLElement | null }, plotted: Plotted): void {
  const { chart, looks, columns, view, width } = plotted;
  const plot = useRef<uPlot>(undefined);
  const newest = useRef(plotted);
  newest.current = plotted;
  const isDark = useDarkness();
  useEffect(() => {
    let isGone = false;
    void loadUplot().then((UPlot) => {
      const element = box.current;
      if (isGone || !element || width === 0) return;
      const options = plotOptions({
        UPlot,
        chart,
        looks,
        palette: paletteOf(element),
        width: newest.current.width,
        view: () => newest.current.view,
        onCursor: (atMs) => newest.current.onCursor(atMs),
      });
      plot.current = new UPlot(options, dataOf(newest.current), element);
    });
    return () => {
      isGone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [chart.field, JSON.stringify(looks), isDark, width > 0]);
  useEffect(() => plot.current?.setSize({ width, height: CHART_HEIGHT }), [width]);
  useEffect(() => plot.current?.setData(dataOf(newest.current)), [columns, view.fromMs, view.toMs]);
}

/** The package does not say where its types are in words that Deno knows. */
async function loadUplot(): Promise<typeof uPlot> {
  const loaded = await import("uplot") as { default: typeof uPlot };
  return loaded.default;
}

/** Means, and where there is room the least and the most of each. */
function dataOf({ columns: { times, values }, looks }: Plotted): uPlot.AlignedData {
  return [times, ...values.slice(0, hasBands(looks.length) ? 3 * looks.length : looks.length)];
}

/** Whether the system is dark at present: a canvas does not change its colours by itself. */
function useDarkness(): boolean {
  const [isDark, setDark] = useState(false);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const take = () => setDark(query.matches);
    take();
    query.addEventListener("change", take);
    return () => query.removeEventListener("change", take);
  }, []);
  return isDark;
}
