// A dashboard from its sections: places, ids, variables, marks of events, links to the others.
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as d from "@grafana/grafana-foundation-sdk/dashboard";
import { eventMarks } from "./annotations.ts";
import { datasourceVariables } from "./datasources.ts";
import type { Placed } from "./panels.ts";
import { scopeVariables } from "./variables.ts";

const COLUMNS = 24;

/** A row with its panels, in reading order. A folded one asks nothing until it is opened. */
export interface Section {
  title: string;
  isFolded?: boolean;
  panels: readonly Placed[];
}

/** A dashboard. */
export interface Frame {
  uid: string;
  title: string;
  description: string;
  tags?: readonly string[];
  /** `browser` by default. */
  timezone?: string;
  /** How far back it looks at first, such as now-6h. */
  from: string;
  /** Whether a camera can be chosen; `one`: exactly one, by a variable of the dashboard's own. */
  hasCameras: boolean;
  variables?: readonly Builder<d.VariableModel>[];
  sections: readonly Section[];
}

/** Builds it. */
export function dashboard(frame: Frame): d.Dashboard {
  const builder = new d.DashboardBuilder(frame.title)
    .uid(frame.uid)
    .description(frame.description)
    .tags(["tapocam", ...(frame.tags ?? [])])
    .timezone(frame.timezone ?? "browser")
    .time({ from: frame.from, to: "now" })
    .refresh("30s")
    .tooltip(d.DashboardCursorSync.Crosshair)
    .editable()
    .variables([
      ...datasourceVariables(),
      ...scopeVariables({ hasCameras: frame.hasCameras }),
      ...(frame.variables ?? []),
    ])
    .annotations(eventMarks())
    .links(links());
  const { links: shown = [], annotations, ...rest } = builder.build();
  return {
    ...rest,
    annotations: { list: annotations?.list?.map(inSight) ?? [] },
    links: shown.map(inSight),
    panels: laidOut(frame.sections),
  };
}

/** The SDK puts links and marks into a menu unless that is taken out again. */
function inSight<T extends { placement?: unknown }>({ placement: _, ...rest }: T): Omit<T, "placement"> {
  return rest;
}

function links(): d.DashboardLinkBuilder[] {
  return [
    new d.DashboardLinkBuilder("Tapo cameras")
      .type(d.DashboardLinkType.Dashboards)
      .tags(["tapocam"])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
    new d.DashboardLinkBuilder("Alerts").type(d.DashboardLinkType.Link).url("${hub:raw}/alerts").targetBlank(
      true,
    ),
    new d.DashboardLinkBuilder("Hub").type(d.DashboardLinkType.Link).url("${hub:raw}").targetBlank(true),
  ];
}

/** Fills each row from left to right; what does not fit goes below. Ids count from 1. */
function laidOut(sections: readonly Section[]): (d.Panel | d.RowPanel)[] {
  const all: (d.Panel | d.RowPanel)[] = [];
  let id = 1;
  let y = 0;
  for (const { title, isFolded = false, panels } of sections) {
    const row: d.RowPanel = {
      ...new d.RowBuilder(title).collapsed(isFolded).id(id++).build(),
      gridPos: { x: 0, y: y++, w: COLUMNS, h: 1 },
    };
    const [below, own] = inRow(panels, y);
    const withIds = own.map((panel) => ({ ...panel, id: id++ }));
    all.push(isFolded ? { ...row, panels: withIds } : row, ...(isFolded ? [] : withIds));
    y = below;
  }
  return all;
}

function inRow(panels: readonly Placed[], top: number): [below: number, panels: d.Panel[]] {
  let [x, y, tallest] = [0, top, 0];
  const own = panels.map(({ panel, width: w, height: h }): d.Panel => {
    if (x + w > COLUMNS) [x, y, tallest] = [0, y + tallest, 0];
    const gridPos = { x, y, w, h };
    x += w;
    tallest = Math.max(tallest, h);
    return { ...panel.build(), gridPos };
  });
  return [y + tallest, own];
}
