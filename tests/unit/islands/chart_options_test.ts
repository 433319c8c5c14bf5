// How a chart is drawn, as far as that is decided before anything is drawn.
import { assert, assertEquals } from "@std/assert";
import { CAMERA_CHARTS } from "../../../islands/chart_list.ts";
import { plotOptions, type PlotParts } from "../../../islands/chart_options.ts";

Deno.test("[METRICS-VIEW-FIGURES] plotOptions: what is counted has whole numbers beside its chart, each once", () => {
  for (const chart of CAMERA_CHARTS) {
    const [, values] = plotOptions({
      chart,
      looks: [],
      palette: {} as PlotParts["palette"],
      width: 600,
      view: () => ({ fromMs: 0, toMs: 1 }),
      onCursor: () => {},
      UPlot: undefined as unknown as PlotParts["UPlot"],
    }).axes ?? [];
    const steps = values?.incrs as number[] | undefined;
    assertEquals(steps !== undefined, chart.isCount === true, chart.title);
    for (const [index, step] of (steps ?? []).entries()) {
      assert(Number.isInteger(step) && step > (steps?.[index - 1] ?? 0), `${step}`);
    }
  }
});
