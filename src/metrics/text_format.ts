// Samples as text: Prometheus's format 0.0.4 and OpenMetrics 1.0.0.
import { CATALOGUE, METRIC_NAMES, type MetricName } from "./catalogue/catalogue.ts";
import type { Metric } from "./catalogue/metric.ts";
import type { Labels, Sample } from "./sample.ts";

export type TextFormat = "prometheus" | "openmetrics";

/** What each is called in a Content-Type. Prometheus 3 refuses other ones. */
export const CONTENT_TYPES: Readonly<Record<TextFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** All samples, those of a metric together and in the catalogue's order. */
export function toText(samples: readonly Sample[], format: TextFormat): string {
  const byMetric = new Map<MetricName, Sample[]>();
  for (const sample of samples) {
    const list = byMetric.get(sample.metric);
    if (list) list.push(sample);
    else byMetric.set(sample.metric, [sample]);
  }
  const lines: string[] = [];
  for (const name of METRIC_NAMES) {
    const own = byMetric.get(name);
    if (own) lines.push(...head(name, format), ...own.map((sample) => line(name, sample, format)));
  }
  if (format === "openmetrics") lines.push("# EOF");
  return lines.join("\n") + "\n";
}

/** What stands before the samples of a metric. */
function head(name: MetricName, format: TextFormat): string[] {
  const metric = CATALOGUE[name];
  if (format === "prometheus") {
    // That format knows no type for what only carries labels.
    const type = metric.type === "info" ? "gauge" : metric.type;
    return [`# HELP ${name} ${escapeHelp(metric.help)}`, `# TYPE ${name} ${type}`];
  }
  const family = familyOf(name, metric);
  const hasUnit = metric.unit !== undefined && family.endsWith(`_${metric.unit}`);
  return [
    `# TYPE ${family} ${metric.type}`,
    ...(hasUnit ? [`# UNIT ${family} ${metric.unit}`] : []),
    `# HELP ${family} ${escapeHelp(metric.help)}`,
  ];
}

/** OpenMetrics names families without the ending that says what a sample of them is. */
function familyOf(name: MetricName, { type }: Metric): string {
  if (type === "counter") return name.replace(/_total$/, "");
  return type === "info" ? name.replace(/_info$/, "") : name;
}

function line(name: MetricName, { labels, value, part }: Sample, format: TextFormat): string {
  const suffix = part === undefined ? "" : `_${part}`;
  return `${name}${suffix}${labelText(labels, format)} ${value}`;
}

function labelText(labels: Labels, format: TextFormat): string {
  // An empty label is the same as none.
  const parts = Object.entries(labels).filter(([, value]) => value !== "").map(([key, value]) =>
    `${key}="${key === "le" ? bound(value, format) : escapeLabel(value)}"`
  );
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

/** OpenMetrics wants bounds to look like fractions: `1.0`. */
function bound(value: string, format: TextFormat): string {
  return format === "openmetrics" && /^\d+$/.test(value) ? `${value}.0` : value;
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
