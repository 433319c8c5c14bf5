// The rules as Prometheus reads them.
import type { AlertThresholds } from "../config/metrics.ts";
import { type AlertRule, INTERVAL_S, promDuration, RULE_GROUPS, runbookOf, withValue } from "./rule.ts";
import { ALERT_RULES, waitsFor } from "./rules.ts";
import { toYaml } from "./yaml.ts";

/** Text of `tapocam.rules.yml`. */
export function prometheusRules(thresholds: AlertThresholds): string {
  const groups = RULE_GROUPS.map((name) => ({
    name,
    interval: promDuration(INTERVAL_S),
    rules: ALERT_RULES.filter(({ group }) => group === name).map((rule) => ruleOf(rule, thresholds)),
  }));
  return `${waitingNote()}${toYaml({ groups })}`;
}

/** PromQL of a whole rule: the value and what it is compared with. */
function promExpression({ value, beyond }: AlertRule, thresholds: AlertThresholds): string {
  return `(${value}) ${beyond.is === "above" ? ">" : "<"} ${beyond.than(thresholds)}`;
}

/** What is said of an alert, with the value as the evaluator writes it. */
export function annotationsOf(rule: AlertRule, thresholds: AlertThresholds, value: string) {
  return {
    summary: withValue(rule.summary, value),
    description: withValue(rule.description(thresholds), value),
    runbook: runbookOf(rule),
    dashboard: `/d/${rule.dashboard}`,
  };
}

function ruleOf(rule: AlertRule, thresholds: AlertThresholds) {
  return {
    alert: rule.name,
    expr: promExpression(rule, thresholds),
    for: promDuration(rule.forS(thresholds)),
    labels: { severity: rule.severity, service: rule.service },
    annotations: annotationsOf(rule, thresholds, "$value"),
  };
}

/** Comment lines that name the rules which cannot fire yet. */
export function waitingNote(): string {
  const waiting = ALERT_RULES.flatMap((rule) => {
    const why = waitsFor(rule);
    return why === undefined ? [] : [`#   ${rule.name} waits for ${why}\n`];
  });
  return waiting.length === 0 ? "" : `# These rules cannot fire yet:\n${waiting.join("")}`;
}
