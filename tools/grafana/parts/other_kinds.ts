// Panels that ask the hub itself, and those that ask nothing.
import * as common from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder as Custom } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as Logs } from "@grafana/grafana-foundation-sdk/logs";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Text, TextMode } from "@grafana/grafana-foundation-sdk/text";
import { INCIDENTS, INFINITY } from "./datasources.ts";
import { csvTarget, type InfinityQuery, infinityTarget, inOrder } from "./infinity.ts";
import { described, filled, type Placed, placed, refId, type Size, type Spec } from "./panels.ts";

/** A panel with one question to the hub instead of PromQL. */
export type HubSpec = Omit<Spec, "queries"> & { query: InfinityQuery };

/** A table of rows that the hub tells. */
export function hubTable(spec: HubSpec): Placed {
  const { query, size } = spec;
  const panel = described(new Table(), spec)
    .datasource(query.source ?? INFINITY)
    .targets([infinityTarget(refId(0), query)])
    .transformations(query.columns.length === 0 ? [] : [inOrder(query.columns)])
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm);
  return placed(panel, size);
}

/** Large values of the one row that the hub tells: a field each. */
export function hubStat(spec: HubSpec): Placed {
  const panel = described(new Stat(), spec)
    .datasource(INFINITY)
    .targets([infinityTarget(refId(0), spec.query)])
    .transformations([inOrder(spec.query.columns)])
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(spec.steps ? common.BigValueColorMode.Background : common.BigValueColorMode.None)
    .textMode(common.BigValueTextMode.ValueAndName)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields("/.*/"));
  return placed(panel, spec.size);
}

/** Lines of a log: the rows need columns named timestamp and body. */
export function hubLogs(spec: HubSpec): Placed {
  const panel = described(new Logs(), spec)
    .datasource(INFINITY)
    .targets([infinityTarget(refId(0), { ...spec.query, format: "logs" })])
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(common.LogsSortOrder.Descending);
  return placed(panel, spec.size);
}

/** A CSV file from another host. */
export function csvTable(spec: Omit<Spec, "queries"> & { url: string }): Placed {
  const panel = described(new Table(), spec)
    .datasource(INCIDENTS)
    .targets([csvTarget(refId(0), spec.url, INCIDENTS)]);
  return placed(panel, spec.size);
}

/** A table of series: one row each, its labels as columns. `drop` names columns that say nothing. */
export function seriesTable(
  spec: Spec & { names: Record<string, string>; drop: readonly string[] },
): Placed {
  const panel = filled(new Table(), spec, { isInstant: true, format: PromQueryFormat.Table })
    .withTransformation({
      id: "organize",
      options: {
        excludeByName: Object.fromEntries(spec.drop.map((name) => [name, true])),
        renameByName: spec.names,
      },
    });
  return placed(panel, spec.size);
}

/** Words. */
export function note(spec: { title: string; description: string; markdown: string; size: Size }): Placed {
  const panel = new Text()
    .title(spec.title)
    .description(spec.description)
    .mode(TextMode.Markdown)
    .content(spec.markdown);
  return placed(panel, spec.size);
}

/** The live picture of a camera, by this project's panel plugin. */
export function live(
  spec: { title: string; description: string; cameraId: string; size: Size; repeat?: string },
): Placed {
  const panel = new Custom()
    .type("tapo-camera-panel")
    .title(spec.title)
    .description(spec.description)
    .options({
      cameraId: spec.cameraId,
      mode: "live",
      fit: "contain",
      showName: true,
      showPtz: false,
      snapshotSeconds: 5,
      datasourceUid: INFINITY.uid,
      hubUrl: "",
    });
  if (spec.repeat !== undefined) panel.repeat(spec.repeat).repeatDirection("h").maxPerRow(3);
  return placed(panel, spec.size);
}

/** What Grafana's own alert rules of the hub say now. */
export function alertList(spec: { title: string; description: string; size: Size }): Placed {
  const panel = new Custom()
    .type("alertlist")
    .title(spec.title)
    .description(spec.description)
    .options({
      viewMode: "list",
      groupMode: "default",
      maxItems: 20,
      sortOrder: 1,
      dashboardAlerts: false,
      alertInstanceLabelFilter: "",
      stateFilter: { firing: true, pending: true, noData: false, normal: false, error: true },
    });
  return placed(panel, spec.size);
}
