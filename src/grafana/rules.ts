// The one list of alert rules. Prometheus's file, Grafana's file and the tests of both are made from it.
import { CATALOGUE, type MetricName } from "../metrics/catalogue/catalogue.ts";
import { CAMERA_RULES } from "./camera_rules.ts";
import { HUB_RULES } from "./hub_rules.ts";
import type { AlertRule } from "./rule.ts";
import { SLO_RULES } from "./slo_rules.ts";

const KITCHEN = 'camera=~".*kitchen.*"';
/** Watts above which a stove is on, and not only its clock. */
const STOVE_WATTS = 200;

const STOVE: AlertRule = {
  name: "StoveOnKitchenEmpty",
  uid: "stove-on-kitchen-empty",
  group: "tapocam-kitchen",
  severity: "critical",
  service: "security",
  // Only where a camera looks for motion in the kitchen: without one nobody knows that it is empty.
  value: 'max by (job, instance) (tapocam_plug_power_watts{zone="kitchen"}) and on (job, instance) ' +
    `(max by (job, instance) (tapocam_camera_motion_active{${KITCHEN}}) + ` +
    `sum by (job, instance) (increase(tapocam_camera_motion_events_total{${KITCHEN}}[2m])) == 0)`,
  beyond: { is: "above", than: () => STOVE_WATTS },
  forS: () => 900,
  summary: "The stove is on and the kitchen is empty",
  description: () =>
    `The stove draws {{ VALUE | printf "%.0f" }} W, and nothing has moved in the kitchen for 15 minutes. This is a ` +
    "hint, not a safety device.",
  dashboard: "tapocam-kitchen",
  noData: "OK",
  isAboutHub: false,
};

export const ALERT_RULES: readonly AlertRule[] = [...CAMERA_RULES, ...HUB_RULES, ...SLO_RULES, STOVE];

/** The hub's metrics that a rule reads; `up` is Prometheus's own. */
export function metricsOf({ value }: AlertRule): MetricName[] {
  const words = value.match(/\b(?:tapocam|process)_\w+/g) ?? [];
  return [...new Set(words.map((word) => nameOf(word.replace(/_(?:bucket|count|sum)$/, ""), word)))];
}

function nameOf(family: string, word: string): MetricName {
  for (const name of [word, family]) if (Object.hasOwn(CATALOGUE, name)) return name as MetricName;
  throw new Error(`A rule reads ${word}, which is no metric of the hub`);
}

/** Why a rule cannot fire yet: the metrics that nothing tells the hub of. Undefined for one that can. */
export function waitsFor(rule: AlertRule): string | undefined {
  const reasons = metricsOf(rule).flatMap((name) => {
    const why = CATALOGUE[name].waitsFor;
    return why === undefined ? [] : [`${name}: ${why}`];
  });
  return reasons.length === 0 ? undefined : reasons.join("; ");
}
