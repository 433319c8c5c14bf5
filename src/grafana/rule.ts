// What an alert rule is, whoever evaluates it: Prometheus or Grafana.
import type { AlertThresholds } from "../config/metrics.ts";

/** How urgent it is: something is lost now; something is wrong; something to know. */
export type Severity = "critical" | "warning" | "info";

/** One rule. Its alert holds while `value` is beyond the threshold, for every series of `value` by itself. */
export interface AlertRule {
  /** Name of the alert; its heading in docs/grafana.md is the same. */
  readonly name: string;
  /** Part of a fixed uid in Grafana: never changed once it was published. */
  readonly uid: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** What it concerns, for routing. */
  readonly service: "security" | "network" | "hardware" | "hub";
  /** PromQL of the value that is watched, without the comparison. */
  readonly value: string;
  readonly beyond: { readonly is: "above" | "below"; than(thresholds: AlertThresholds): number };
  /** Seconds for which it has to hold. */
  forS(thresholds: AlertThresholds): number;
  /** One line. May name labels as `{{ $labels.name }}`, and the value as `{{ VALUE }}`, with a filter if need be. */
  readonly summary: string;
  description(thresholds: AlertThresholds): string;
  /** The dashboard on which to look. */
  readonly dashboard: DashboardUid;
  /** What Grafana makes of no series at all: normally that nothing is wrong. */
  readonly noData: "OK" | "Alerting";
  /** True where the hub could not tell of it, because it is the hub itself, or its messages, that fail. */
  readonly isAboutHub: boolean;
}

export const RULE_GROUPS = [
  "tapocam-cameras",
  "tapocam-hub",
  "tapocam-service-levels",
  "tapocam-kitchen",
] as const;
export type RuleGroup = typeof RULE_GROUPS[number];

/** Fixed uids of the dashboards that rules point at. */
export type DashboardUid =
  | "tapocam-overview"
  | "tapocam-streams"
  | "tapocam-host"
  | "tapocam-slo"
  | "tapocam-kitchen";

/** Seconds between two evaluations, the same as between two scrapes. */
export const INTERVAL_S = 30;

/** Where each rule is explained. */
export function runbookOf({ name }: AlertRule): string {
  return `docs/grafana.md#${name.toLowerCase()}`;
}

/** Seconds as Prometheus and Grafana write them. */
export function promDuration(seconds: number): string {
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Seconds in words, such as `5 minutes`. */
export function durationWords(seconds: number): string {
  const [count, unit] = seconds % 60 === 0 && seconds > 0 ? [seconds / 60, "minute"] : [seconds, "second"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** A text with the value as an evaluator writes it: `$value` in Prometheus, `$values.A.Value` in Grafana. */
export function withValue(text: string, value: string): string {
  return text.replaceAll("VALUE", value);
}
