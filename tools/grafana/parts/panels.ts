// Panels with what each must have: a title, what it means, a unit, what stands there without data.
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PROMETHEUS } from "./datasources.ts";

/** PromQL with its legend. */
export interface Query {
  expr: string;
  legend?: string;
}

/** A panel with its place: columns of 24, rows of about 30 pixels. */
export interface Placed {
  panel: Builder<dashboard.Panel>;
  width: number;
  height: number;
}

/** Width and height. */
export type Size = readonly [width: number, height: number];

/** A colour from a value on; the first has none. */
export type Step = readonly [colour: string, from?: number];

/** What every panel that shows values is given. */
export interface Spec {
  title: string;
  /** What it means, for people. */
  description: string;
  /** Grafana's name of the unit; `none` for plain numbers. */
  unit: string;
  size: Size;
  /** What stands there without data. */
  noValue: string;
  queries: readonly Query[];
  decimals?: number;
  min?: number;
  max?: number;
  steps?: readonly Step[];
  mappings?: dashboard.ValueMapping[];
  links?: readonly Builder<dashboard.DashboardLink>[];
  overrides?: readonly Override[];
  /** Another time than the dashboard's, such as now/d. */
  timeFrom?: string;
  /** Repeats the panel for each value of a variable. */
  repeat?: string;
}

/** Other properties for the values of one query or of a field. */
export interface Override {
  of: { query: string } | { field: string } | { fields: string };
  set: Record<string, unknown>;
}

/** What the builders of all kinds of panels have. */
export interface AnyBuilder extends Builder<dashboard.Panel> {
  title(title: string): this;
  description(text: string): this;
  unit(unit: string): this;
  noValue(text: string): this;
  datasource(ref: DataSourceRef): this;
  targets(targets: Builder<Dataquery>[]): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  dataLinks(links: Builder<dashboard.DashboardLink>[]): this;
  withOverride(
    override: { matcher: dashboard.MatcherConfig; properties: dashboard.DynamicConfigValue[] },
  ): this;
  timeFrom(time: string): this;
  repeat(variable: string): this;
}

/** How a panel asks: `isInstant` for the values of now alone. */
interface Asking {
  isInstant?: boolean;
  format?: PromQueryFormat;
}

/** Fills a builder in. */
export function filled<B extends AnyBuilder>(builder: B, spec: Spec, asking: Asking = {}): B {
  builder.datasource(PROMETHEUS).targets(spec.queries.map((query, i) => prometheusTarget(i, query, asking)));
  return described(builder, spec);
}

/** The same without the queries. */
export function described<B extends AnyBuilder>(builder: B, spec: Omit<Spec, "queries" | "size">): B {
  builder.title(spec.title).description(spec.description).unit(spec.unit).noValue(spec.noValue);
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.min !== undefined) builder.min(spec.min);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.steps) builder.thresholds(thresholds(spec.steps));
  if (spec.mappings) builder.mappings(spec.mappings);
  if (spec.links) builder.dataLinks([...spec.links]);
  if (spec.timeFrom !== undefined) builder.timeFrom(spec.timeFrom);
  if (spec.repeat !== undefined) builder.repeat(spec.repeat);
  for (const { of, set } of spec.overrides ?? []) {
    builder.withOverride({
      matcher: matcher(of),
      properties: Object.entries(set).map(([id, value]) => ({ id, value })),
    });
  }
  return builder;
}

/** Gives a panel its size. */
export function placed(panel: Builder<dashboard.Panel>, [width, height]: Size): Placed {
  return { panel, width, height };
}

/** A, B, C. */
export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

export function thresholds(steps: readonly Step[]): Builder<dashboard.ThresholdsConfig> {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([color, value = null]) => ({ color, value })));
}

/** Words and colours for values. */
export function words(of: Record<string, readonly [text: string, color?: string]>): dashboard.ValueMapping[] {
  const options = Object.entries(of).map(([value, [text, color]], index) =>
    [value, { text, index, ...(color === undefined ? {} : { color }) }] as const
  );
  return [{ type: dashboard.MappingType.ValueToText, options: Object.fromEntries(options) }];
}

function matcher(of: Override["of"]): dashboard.MatcherConfig {
  if ("query" in of) return { id: "byFrameRefID", options: of.query };
  return "field" in of ? { id: "byName", options: of.field } : { id: "byRegexp", options: of.fields };
}

function prometheusTarget(
  index: number,
  query: Query,
  { isInstant = false, format = PromQueryFormat.TimeSeries }: Asking,
): Builder<Dataquery> {
  const target = new DataqueryBuilder()
    .refId(refId(index))
    .datasource(PROMETHEUS)
    .expr(query.expr)
    .format(format)
    .legendFormat(query.legend ?? "__auto");
  return isInstant ? target.instant() : target.range();
}
