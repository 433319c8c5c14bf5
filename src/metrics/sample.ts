// A measured value with its labels.
import type { MetricName } from "./catalogue/catalogue.ts";

export type Labels = Readonly<Record<string, string>>;

/** One value. */
export interface Sample {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly value: number;
  /** Of a histogram only: which of its series. A bucket has its bound as `le`, a number in words or `+Inf`. */
  readonly part?: "bucket" | "sum" | "count";
}

/** A sample, or none where the value is not known. */
export function sampleOf(
  metric: MetricName,
  labels: Labels,
  value: number | boolean | undefined,
): Sample[] {
  if (value === undefined) return [];
  const number = Number(value);
  return Number.isFinite(number) ? [{ metric, labels, value: number }] : [];
}
