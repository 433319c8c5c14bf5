// The kinds of panels that the dashboards use, each set up in one way throughout.
import { PanelBuilder as BarGauge } from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as Gauge } from "@grafana/grafana-foundation-sdk/gauge";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { filled, type Placed, placed, type Spec } from "./panels.ts";

/** Large values of now. `showsNames`: which value is whose. */
export function stat(spec: Spec & { showsNames?: boolean }): Placed {
  const panel = filled(new Stat(), spec, { isInstant: true })
    .colorMode(
      spec.steps || spec.mappings ? common.BigValueColorMode.Background : common.BigValueColorMode.None,
    )
    .graphMode(common.BigValueGraphMode.None)
    .textMode(spec.showsNames ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Auto)
    .reduceOptions(lastValue());
  return placed(panel, spec.size);
}

/** Lines over time. `isStacked`: their sum counts. `showsLimits`: the thresholds are drawn. `bars` instead of lines. */
export function graph(
  spec: Spec & { isStacked?: boolean; showsLimits?: boolean; bars?: boolean },
): Placed {
  const panel = filled(new TimeSeries(), spec)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .calcs(["lastNotNull", "max"]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(
        common.SortOrder.Descending,
      ),
    )
    .fillOpacity(spec.isStacked ? 30 : spec.bars ? 60 : 5)
    .showPoints(common.VisibilityMode.Auto);
  if (spec.bars) panel.drawStyle(common.GraphDrawStyle.Bars);
  if (spec.isStacked) {
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
  }
  if (spec.showsLimits) {
    panel.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  return placed(panel, spec.size);
}

/** A lane of states for each series. */
export function timeline(spec: Spec): Placed {
  const panel = filled(new StateTimeline(), spec)
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.8)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    );
  return placed(panel, spec.size);
}

/** A dial for each value of now. */
export function gauge(spec: Spec): Placed {
  const panel = filled(new Gauge(), spec, { isInstant: true })
    .showThresholdMarkers(true)
    .reduceOptions(lastValue());
  return placed(panel, spec.size);
}

/** A bar for each value of now. */
export function bars(spec: Spec): Placed {
  const panel = filled(new BarGauge(), spec, { isInstant: true })
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(lastValue());
  return placed(panel, spec.size);
}

function lastValue(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]);
}
