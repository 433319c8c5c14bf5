// The cases of the rules as `promtool test rules` reads them.
import type { AlertThresholds } from "../config/metrics.ts";
import { INTERVAL_S, promDuration, runbookOf } from "./rule.ts";
import type { RuleCase } from "./rule_case.ts";
import { ruleCases } from "./rule_cases.ts";
import { ALERT_RULES } from "./rules.ts";
import { toYaml } from "./yaml.ts";

/** Text of `tapocam.rules.test.yml`. */
export function ruleTests(thresholds: AlertThresholds): string {
  const every = promDuration(INTERVAL_S);
  const bySeries = Object.groupBy(ruleCases(thresholds), ({ series }) => JSON.stringify(series));
  return toYaml({
    rule_files: ["tapocam.rules.yml"],
    evaluation_interval: every,
    tests: Object.entries(bySeries).map(([series, cases = []]) => ({
      interval: every,
      input_series: Object.entries<string>(JSON.parse(series)).map(([name, values]) => ({
        series: name,
        values,
      })),
      alert_rule_test: cases.map((each) => ({
        eval_time: `${each.atS}s`,
        alertname: each.rule,
        exp_alerts: expected(each),
      })),
    })),
  });
}

function expected({ rule: name, fires }: RuleCase) {
  if (!fires) return [];
  const rule = ALERT_RULES.find((each) => each.name === name);
  if (!rule) throw new Error(`There is no rule ${name}`);
  const { severity, service, dashboard } = rule;
  const { labels, summary, description } = fires;
  return [{
    exp_labels: { ...labels, severity, service },
    exp_annotations: { summary, description, runbook: runbookOf(rule), dashboard: `/d/${dashboard}` },
  }];
}
