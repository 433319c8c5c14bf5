// Samples as OTLP's JSON: an element of `resourceMetrics` for each snapshot.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (64-bit integers are texts, enums are numbers)
import { CATALOGUE, type MetricName } from "../metrics/catalogue/catalogue.ts";
import type { Metric } from "../metrics/catalogue/metric.ts";
import type { Labels, Sample } from "../metrics/sample.ts";
import type { Sending, Snapshot } from "./snapshot.ts";

const CUMULATIVE = 2;
/** Names of units in UCUM. A decibel has none that receivers know. */
const UNITS: Readonly<Partial<Record<NonNullable<Metric["unit"]>, string>>> = {
  seconds: "s",
  bytes: "By",
  celsius: "Cel",
  watts: "W",
  joules: "J",
};

/** Names, labels and values are those of /metrics; job and instance are told as the resource. */
export function otlpResource(snapshot: Snapshot, { job, instance }: Sending, version: string) {
  const byMetric = new Map<MetricName, Sample[]>();
  for (const sample of snapshot.samples) {
    if (!Number.isFinite(sample.value)) continue;
    const list = byMetric.get(sample.metric);
    if (list) list.push(sample);
    else byMetric.set(sample.metric, [sample]);
  }
  return {
    resource: {
      attributes: attributes({
        "service.name": job,
        "service.instance.id": instance,
        "service.version": version,
      }),
    },
    scopeMetrics: [{
      scope: { name: "tapo-camera-mcp", version },
      metrics: [...byMetric].map(([name, samples]) => metricOf(name, samples, snapshot)),
    }],
  };
}

function metricOf(name: MetricName, samples: readonly Sample[], snapshot: Snapshot) {
  const { type, unit, help } = CATALOGUE[name];
  const times = {
    startTimeUnixNano: nanos(snapshot.startedAtMs),
    timeUnixNano: nanos(snapshot.atMs),
  };
  const points = () =>
    samples.map(({ labels, value }) => ({ attributes: attributes(labels), ...times, asDouble: value }));
  const about = { name, description: help, unit: (unit && UNITS[unit]) ?? "" };
  if (type === "counter") {
    return {
      ...about,
      sum: { dataPoints: points(), aggregationTemporality: CUMULATIVE, isMonotonic: true },
    };
  }
  if (type === "histogram") {
    const dataPoints = histogramPoints(samples).map((point) => ({ ...times, ...point }));
    return { ...about, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
  }
  return { ...about, gauge: { dataPoints: points() } };
}

/** The buckets of /metrics add up; here each counts for itself. */
function histogramPoints(samples: readonly Sample[]) {
  const series = new Map<string, { labels: Labels; buckets: Sample[]; sum: number; count: number }>();
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    const known = series.get(key) ?? { labels, buckets: [], sum: 0, count: 0 };
    series.set(key, known);
    if (sample.part === "bucket") known.buckets.push(sample);
    else if (sample.part === "sum") known.sum = sample.value;
    else known.count = sample.value;
  }
  return [...series.values()].map(({ labels, buckets, sum, count }) => ({
    attributes: attributes(labels),
    count: String(count),
    sum,
    bucketCounts: buckets.map(({ value }, at) => String(value - (buckets[at - 1]?.value ?? 0))),
    explicitBounds: buckets.map((each) => Number(each.labels["le"])).filter(Number.isFinite),
  }));
}

/** One without a value is the same as none. */
function attributes(labels: Labels) {
  return Object.entries(labels).filter(([, value]) => value !== "")
    .map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function nanos(atMs: number): string {
  return `${Math.round(atMs)}000000`;
}
