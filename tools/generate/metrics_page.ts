// Writes the list of metrics in docs/metrics.md, between its two marks.
import { CATALOGUE, METRIC_NAMES, type MetricName } from "../../src/metrics/catalogue/catalogue.ts";
import type { MetricSubject } from "../../src/metrics/catalogue/metric.ts";

const BEGIN = "<!-- Generated from src/metrics/catalogue/ by `make generate` -->";
const END = "<!-- End of what is generated -->";

const TITLES: readonly (readonly [MetricSubject, string])[] = [
  ["camera", "Cameras"],
  ["stream", "Streams"],
  ["hub", "The hub"],
  ["host", "The machine"],
  ["process", "The hub's process"],
  ["http", "HTTP"],
  ["mcp", "MCP"],
  ["house", "The house"],
];

/** The page with its list as the catalogue has it. */
export function metricsPage(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error("docs/metrics.md has lost the marks between which the list of metrics stands");
  }
  return `${before}${BEGIN}\n\n${sections()}\n\n${END}${after}`;
}

function sections(): string {
  const present = METRIC_NAMES.filter((name) => CATALOGUE[name].waitsFor === undefined);
  const waiting = METRIC_NAMES.filter((name) => CATALOGUE[name].waitsFor !== undefined);
  const parts = TITLES.flatMap(([subject, title]) => {
    const own = present.filter((name) => CATALOGUE[name].of === subject);
    return own.length === 0 ? [] : [`### ${title}`, table("Meaning", own, (name) => CATALOGUE[name].help)];
  });
  return [
    ...parts,
    "### Names that are kept for later",
    "Nothing is exposed under these yet:",
    table("Meaning", waiting, (name) => `${CATALOGUE[name].help}: ${CATALOGUE[name].waitsFor}`),
  ].join("\n\n");
}

function table(title: string, names: readonly MetricName[], text: (name: MetricName) => string): string {
  const rows = names.map((name) => {
    const { type, labels } = CATALOGUE[name];
    const list = labels.length === 0 ? "–" : labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${list} | ${text(name)} |`;
  });
  return [`| Metric | Type | Labels | ${title} |`, "|---|---|---|---|", ...rows].join("\n");
}
