// Reads what Grafana and Alertmanager send: version 4 of Alertmanager's webhook, to which Grafana adds fields of its
// own (prometheus.io/docs/alerting/latest/configuration/#webhook_config; Grafana's documentation, "Webhook notifier").
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ExternalSource } from "../../config/external_alerts.ts";
import { inputError, toProblems } from "../../config/problems.ts";
import type { Severity } from "../channel.ts";
import type { ExternalAlert } from "./external_alert.ts";

/** What somebody reports of an alert. */
export interface ExternalReport extends Omit<ExternalAlert, "camera"> {
  isFiring: boolean;
  /** When it ended, by the reporter's clock; undefined while it goes on or where that is not told. */
  endsAtMs?: number | undefined;
}

/** More alerts in one body are refused, so that they are sent in several. */
const MAX_ALERTS = 500;
const MAX_LABELS = 64;
const MAX_LABEL_CHARS = 500;
const MAX_NAME_CHARS = 200;
const MAX_TITLE_CHARS = 300;
const MAX_TEXT_CHARS = 2000;

const status = z.enum(["firing", "resolved"]);
const words = z.record(z.string(), z.unknown());

const reportedAlert = z.looseObject({
  status: status.optional(),
  labels: words,
  annotations: words.nullish(),
  startsAt: z.iso.datetime({ offset: true, error: "Expected a time such as 2026-05-06T12:00:00Z" }),
  endsAt: z.string().nullish(),
  fingerprint: z.string().max(200).optional(),
});

const webhookBody = z.looseObject({
  status: status.optional(),
  alerts: z.array(reportedAlert).min(1, "Expected at least one alert").max(
    MAX_ALERTS,
    `Expected at most ${MAX_ALERTS} alerts; set max_alerts of the sender to that`,
  ),
});
type WebhookBody = z.infer<typeof webhookBody>;

/**
 * The alerts of a body. What it says beyond that is left alone.
 * @throws HubError `invalid_input`, naming what is missing.
 */
export function readWebhook(body: unknown): ExternalReport[] {
  const checked = webhookBody.safeParse(body, { reportInput: true });
  if (!checked.success) {
    const schema = z.toJSONSchema(webhookBody, { io: "input", unrepresentable: "any" });
    throw inputError(toProblems(checked.error, schema, body).map(({ keys: _, ...problem }) => problem));
  }
  const source = sourceOf(checked.data);
  return checked.data.alerts.map((each) => reportOf(each, checked.data.status, source));
}

/** Only Grafana has organisations, and silences by a link. */
function sourceOf({ alerts, ...body }: WebhookBody): ExternalSource {
  const isGrafana = body["orgId"] !== undefined || alerts.some((each) => each["silenceURL"] !== undefined);
  return isGrafana ? "grafana" : "alertmanager";
}

function reportOf(
  given: WebhookBody["alerts"][number],
  overall: WebhookBody["status"],
  source: ExternalSource,
): ExternalReport {
  const labels = textsOf(given.labels, MAX_LABEL_CHARS);
  const { summary, description, message } = textsOf(given.annotations ?? {}, MAX_TEXT_CHARS);
  const name = shown(labels["alertname"] ?? "", MAX_NAME_CHARS) || "Alert without a name";
  const title = shown(summary ?? "", MAX_TITLE_CHARS) || name;
  const endsAtMs = Date.parse(given.endsAt ?? "");
  return {
    source,
    fingerprint: given.fingerprint || fingerprintOf(labels),
    name,
    severity: severityOf(labels["severity"]),
    title,
    text: shown(description ?? message ?? "", MAX_TEXT_CHARS),
    labels,
    startsAtMs: Date.parse(given.startsAt),
    isFiring: (given.status ?? overall ?? "firing") === "firing",
    // While it goes on the time is that of the year 1, or one to come.
    ...(Number.isNaN(endsAtMs) || endsAtMs <= 0 ? {} : { endsAtMs }),
  };
}

/** Texts of a map, bounded in number and length. */
function textsOf(given: Record<string, unknown>, maxChars: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
      .slice(0, MAX_LABELS)
      .map(([name, value]) => [name.slice(0, MAX_NAME_CHARS), String(value).slice(0, maxChars)]),
  );
}

/** A text in one line, without what moves a cursor or turns the direction of writing. */
function shown(text: string, maxChars: number): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim().slice(0, maxChars);
}

/** Those of one rule differ in their labels. */
function fingerprintOf(labels: Record<string, string>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1);
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}

const SEVERITIES: readonly (readonly [RegExp, Severity])[] = [
  [/^(?:crit|critical|page|emergency|emerg|fatal|disaster|high|error|p1)$/i, "critical"],
  [/^(?:info|information|informational|notice|debug|low|none|p4|p5)$/i, "info"],
];

/** People call severities as they like; what is not known is a warning. */
function severityOf(label: string | undefined): Severity {
  return SEVERITIES.find(([words]) => words.test(label?.trim() ?? ""))?.[1] ?? "warning";
}
