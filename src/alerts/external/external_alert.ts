// An alert that somebody else's rules found, as the hub knows it.
import {
  EXTERNAL_RULE,
  EXTERNAL_SOURCES,
  type ExternalCondition,
  type ExternalSource,
} from "../../config/external_alerts.ts";
import type { AlertRule } from "../../config/alerts.ts";
import type { AlertWords } from "../words.ts";
import type { Severity } from "../channel.ts";

/** Stands where a metric's name does. */
export const EXTERNAL = "external";

/** An alert that goes on. Its texts come from outside and are bounded. Times are milliseconds since 1970. */
export interface ExternalAlert {
  source: ExternalSource;
  /** Tells it from all others of its source. */
  fingerprint: string;
  /** The camera of the hub that its label `camera` names. */
  camera?: string | undefined;
  /** Its label `alertname`. */
  name: string;
  severity: Severity;
  title: string;
  text: string;
  labels: Readonly<Record<string, string>>;
  /** By its reporter's clock. */
  startsAtMs: number;
}

/** How people call those who report. */
const SOURCE_NAMES: Readonly<Record<ExternalSource, string>> = {
  grafana: "Grafana",
  alertmanager: "Alertmanager",
};

/** What tells an alert from outside from all others. */
export function subjectOf({ source, fingerprint }: Pick<ExternalAlert, "source" | "fingerprint">): string {
  return `${source}:${fingerprint}`;
}

/** True when a rule's condition is about it. */
export function fitsExternal(condition: ExternalCondition, alert: ExternalAlert): boolean {
  const { source, name, severity, labels = {} } = condition;
  return (source === undefined || source === alert.source) &&
    (name === undefined || name === alert.name) &&
    (severity === undefined || severity === alert.severity) &&
    Object.entries(labels).every(([label, value]) =>
      Object.hasOwn(alert.labels, label) && alert.labels[label] === value
    );
}

/** The rule for the rest says what the alert itself says; every other rule has a severity of its own. */
export function severityFor(rule: AlertRule, alert: ExternalAlert | undefined): Severity {
  return alert !== undefined && rule.id === EXTERNAL_RULE ? alert.severity : rule.severity;
}

/** Words for it. */
export function wordsOfExternal(
  rule: AlertRule,
  alert: ExternalAlert,
  camera: string | undefined,
): AlertWords {
  const own = rule.title?.replaceAll("{camera}", camera ?? "The hub").replaceAll("{what}", alert.title)
    .replaceAll("{value}", alert.name);
  const by = `Reported by ${SOURCE_NAMES[alert.source]}: ${alert.name}`;
  return {
    title: own ?? alert.title,
    text: alert.text === "" ? by : `${alert.text.replace(/\.$/, "")}. ${by}`,
  };
}

/** What a rule watches, in words. */
export function externalText({ source, name, severity, labels = {} }: ExternalCondition): string {
  const who = source === undefined
    ? EXTERNAL_SOURCES.map((each) => SOURCE_NAMES[each]).join(" or ")
    : SOURCE_NAMES[source];
  const what = [severity, "alerts of", who].filter((each) => each !== undefined).join(" ");
  const only = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return [name === undefined ? what : `${what}: ${name}`, ...only].join(", ");
}
