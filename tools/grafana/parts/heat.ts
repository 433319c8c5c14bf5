// How values are spread over time, from the buckets of a histogram.
import { HeatmapCellLayout } from "@grafana/grafana-foundation-sdk/common";
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as Heatmap,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { filled, type Placed, placed, type Spec } from "./panels.ts";

/** The series are the buckets of one histogram, cumulative, with the label le as the legend. */
export function heat(spec: Spec): Placed {
  const panel = filled(new Heatmap(), spec, { format: PromQueryFormat.Heatmap })
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .yAxis(new YAxisConfigBuilder().unit(spec.unit))
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme("Oranges").steps(32));
  return placed(panel, spec.size);
}
