// The section `alerts`: what is told, when, to whom.
import { z } from "zod";
import { isNetworkEntry } from "../base/network.ts";
import { alertChannel, type AlertChannelConfig } from "./alert_channels.ts";
import { timeWindow } from "./camera_rules.ts";
import { EXTERNAL_RULE, externalCondition } from "./external_alerts.ts";
import { idSchema } from "./ids.ts";
import { alertSeverity } from "./severity.ts";

/** Kinds of events that a rule may name. Those of alerts are not among them: a rule would tell of itself. */
export const ALERT_EVENTS = [
  "motion",
  "person",
  "vehicle",
  "pet",
  "sound",
  "tamper",
  "line_crossed",
  "intrusion",
  "doorbell",
  "package",
  "camera_state",
  "gap",
  "recording",
  "alarm",
  "workflow",
  "timer",
  "login",
  "config_change",
] as const;

/** What the hub measures; see src/alerts/measures.ts. */
export const ALERT_METRICS = ["offline_s", "latency_ms", "temperature_c", "motion_per_min"] as const;
export type AlertMetric = typeof ALERT_METRICS[number];

/** Modes of the house; rules may hold in some of them only. */
export const ALARM_MODES = ["home", "away", "night", "disarmed"] as const;
export type AlarmMode = typeof ALARM_MODES[number];

const windows = z.array(timeWindow).max(32);
const seconds = z.number().min(0).max(86_400);
const channelIds = z.array(idSchema).max(32);

const when = z.strictObject({
  events: z.array(z.enum(ALERT_EVENTS)).min(1).optional().meta({ description: "Kinds of events" }),
  status: z.array(z.string().max(40)).optional().meta({
    description: "For camera_state: only these, for example auth_required",
  }),
  zones: z.array(z.string().max(60)).optional().meta({ description: "Only in these zones" }),
  min_score: z.number().min(0).max(1).optional().meta({ description: "Only what is at least so certain" }),
  external: externalCondition.optional().meta({ description: "Alerts of Grafana or Alertmanager" }),
  metric: z.enum(ALERT_METRICS).optional().meta({ description: "A measured value" }),
  above: z.number().optional().meta({ description: "Fires while the value is greater" }),
  below: z.number().optional().meta({ description: "Fires while the value is smaller" }),
  clear_at: z.number().optional().meta({
    description: "Is over when the value is back here (hysteresis); left out: at the threshold",
  }),
  for_s: seconds.default(0).meta({ description: "Only what lasts longer than this" }),
}).superRefine((given, context) => {
  const wrong = whatIsWrong(given);
  if (wrong) context.addIssue({ code: "custom", path: [wrong[0]], message: wrong[1] });
});

interface GivenWhen {
  events?: unknown;
  status?: unknown;
  zones?: unknown;
  min_score?: unknown;
  metric?: unknown;
  external?: unknown;
  above?: number | undefined;
  below?: number | undefined;
  clear_at?: number | undefined;
}

const OF_METRICS = ["above", "below", "clear_at"] as const;
const OF_EVENTS = ["status", "zones", "min_score"] as const;

/** The key at fault and what to do about it. */
function whatIsWrong(given: GivenWhen): [string, string] | undefined {
  const { events, metric, external, above, below, clear_at } = given;
  if ([events, metric, external].filter((each) => each !== undefined).length !== 1) {
    return ["events", "Expected either events, a metric or external, and one of them only"];
  }
  const stray = metric === undefined ? OF_METRICS.find((key) => given[key] !== undefined) : undefined;
  if (stray) return [stray, `Belongs to a metric, not to ${events === undefined ? "external" : "events"}`];
  const other = events === undefined ? OF_EVENTS.find((key) => given[key] !== undefined) : undefined;
  if (other) return [other, `Belongs to events, not to ${metric === undefined ? "external" : "a metric"}`];
  if (metric === undefined) return undefined;
  if ((above === undefined) === (below === undefined)) {
    return ["above", "A metric needs either above or below, and one of them only"];
  }
  if (clear_at === undefined) return undefined;
  const isBeyond = above !== undefined ? clear_at > above : clear_at < (below ?? 0);
  return isBeyond
    ? ["clear_at", `Expected a value that is ${above !== undefined ? "at most above" : "at least below"}`]
    : undefined;
}

const escalation = z.strictObject({
  after_min: z.number().min(0.1).max(10_080).meta({ description: "Minutes without acknowledgement" }),
  channels: channelIds.min(1).meta({ description: "Who is told then" }),
});

/** One rule. */
export const alertRule = z.strictObject({
  id: idSchema.meta({ description: "Name of the rule; that of a built-in one replaces it" }),
  enabled: z.boolean().default(true),
  title: z.string().trim().min(1).max(200).optional().meta({
    description: "Headline of its messages; {camera}, {what} and {value} are filled in",
  }),
  when,
  cameras: z.array(idSchema).default([]).meta({ description: "Only at these cameras; none: all" }),
  severity: alertSeverity.default("warning"),
  schedule: windows.default([]).meta({ description: "When it holds; none: always" }),
  armed: z.enum(["always", "when_armed"]).default("always").meta({
    description: "when_armed: only in the alarm modes below",
  }),
  modes: z.array(z.enum(["home", "away", "night"])).min(1).default(["away", "night"]).meta({
    description: "Alarm modes that count as armed for it",
  }),
  group_s: z.number().min(0).max(600).default(0).meta({
    description: "Its first message waits so long and then tells of all that came meanwhile",
  }),
  cooldown_s: seconds.default(60).meta({
    description: "Its like at the same camera within this time is counted, not told again",
  }),
  channels: channelIds.optional().meta({
    description: "Who is told, and what is done; left out: all channels but those of the type operation",
  }),
  escalate: z.array(escalation).max(8).default([]).meta({
    description: "Further channels while nobody acknowledges it",
  }),
  resolve: z.boolean().optional().meta({
    description: "true: its end is told as well; left out: false for events, else true",
  }),
});
export type AlertRule = z.infer<typeof alertRule>;

const threshold = (most: number) =>
  z.union([z.number().positive().max(most), z.literal(false)], `Expected a number up to ${most}, or false`);

const thresholds = z.strictObject({
  offline_s: threshold(604_800).default(300).meta({ description: "A camera is away for longer; false: off" }),
  latency_ms: threshold(60_000).default(1000).meta({
    description: "A network camera takes longer to connect",
  }),
  temperature_c: threshold(200).default(60).meta({ description: "The hub's processor is hotter" }),
  motion_per_min: threshold(10_000).default(10).meta({
    description: "A camera reports motion more often in a minute",
  }),
});

/** The whole section. */
export const alertsSection = z.strictObject({
  enabled: z.boolean().default(true).meta({ description: "false: no rule is looked at" }),
  link: z.string().max(300).refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), {
    error: "Expected an address such as http://192.168.1.5:7777",
  }).optional().meta({ description: "Where messages lead back to; left out: where the hub serves" }),
  thresholds: thresholds.prefault({}),
  quiet_hours: windows.default([]).meta({ description: "When only what is critical is sent" }),
  channels: z.array(alertChannel).max(64).default([]),
  rules: z.array(alertRule).max(256).default([]),
  allow: z.array(
    z.string().trim().refine(isNetworkEntry, {
      error: "Expected an address, a network such as 127.0.0.0/8, or a host name",
    }),
  ).default([]).meta({
    description: "Addresses of channels that would be refused: this machine itself, link-local addresses",
  }),
  external_hours: z.number().min(0.1).max(8760).default(24).meta({
    description: "Hours after which an alert from outside is over that nobody reports any more",
  }),
  keep_days: z.number().min(1).max(3650).default(90).meta({ description: "Days for which alerts are kept" }),
  give_up_days: z.number().min(0.01).max(60).default(3).meta({
    description: "Days after which a message that cannot be delivered is given up",
  }),
}).superRefine(({ channels, rules }, context) => {
  const known = channels.map(({ id }) => id);
  for (const [at, id] of known.entries()) {
    if (known.indexOf(id) < at) refuse(context, ["channels", at, "id"], `The id "${id}" is already used`);
  }
  const seen = new Set<string>();
  for (const [at, rule] of rules.entries()) {
    if (seen.has(rule.id)) refuse(context, ["rules", at, "id"], `The id "${rule.id}" is already used`);
    seen.add(rule.id);
    for (const [path, id] of channelsOf(rule)) {
      if (known.includes(id)) {
        const wrong = whyNeverActs(rule, channels.find((each) => each.id === id));
        if (wrong) refuse(context, ["rules", at, ...path], wrong);
        continue;
      }
      const hint = known.length === 0 ? "none is listed under channels" : `known: ${known.join(", ")}`;
      refuse(context, ["rules", at, ...path], `There is no channel "${id}"; ${hint}`);
    }
  }
});
export type AlertsConfig = z.infer<typeof alertsSection>;

function refuse(context: z.RefinementCtx, path: PropertyKey[], message: string): void {
  context.addIssue({ code: "custom", path, message });
}

/** What acts at the end is of no use to a rule that does not tell its end. */
function whyNeverActs(rule: AlertRule, channel: AlertChannelConfig | undefined): string | undefined {
  if (channel?.type !== "operation" || channel.on === "firing" || tellsEnd(rule)) return undefined;
  return `"${channel.id}" acts when an alert is over, and this rule does not tell its end: set resolve: true`;
}

/** True where the end of a rule's alerts is told. */
export function tellsEnd(rule: AlertRule): boolean {
  return rule.resolve ?? isOfState(rule);
}

/** Every channel that a rule names, and where. */
function channelsOf({ channels = [], escalate }: AlertRule): [PropertyKey[], string][] {
  return [
    ...channels.map((id, at): [PropertyKey[], string] => [["channels", at], id]),
    ...escalate.flatMap(({ channels: each }, step) =>
      each.map((id, at): [PropertyKey[], string] => [["escalate", step, "channels", at], id])
    ),
  ];
}

/** The rules in force: those of the file, and the built-in ones that the file does not replace. */
export function rulesInForce({ enabled, thresholds: limits, rules }: AlertsConfig): AlertRule[] {
  if (!enabled) return [];
  const own = new Set(rules.map(({ id }) => id));
  const builtIn = BUILT_IN.flatMap(({ id, severity, metric, for_s, clearShare }) => {
    const above = limits[metric];
    if (above === false || own.has(id)) return [];
    return [alertRule.parse({ id, severity, when: { metric, above, clear_at: above * clearShare, for_s } })];
  });
  return [...builtIn, ...rules, ...(own.has(EXTERNAL_RULE) ? [] : [externalRule()])]
    .filter((rule) => rule.enabled);
}

/** What comes from outside is shown at least: whoever sends it tells people already. */
function externalRule(): AlertRule {
  return alertRule.parse({ id: EXTERNAL_RULE, when: { external: {} }, channels: [] });
}

/** True for what holds until it is over, as measured values and alerts from outside do, and does not happen. */
export function isOfState({ when: { metric, external } }: AlertRule): boolean {
  return metric !== undefined || external !== undefined;
}

/** The thresholds that hold without configuration, with what keeps them from flapping. */
const BUILT_IN = [
  { id: "camera-offline", severity: "critical", metric: "offline_s", for_s: 0, clearShare: 0 },
  { id: "high-latency", severity: "warning", metric: "latency_ms", for_s: 120, clearShare: 0.8 },
  { id: "high-temperature", severity: "warning", metric: "temperature_c", for_s: 60, clearShare: 0.95 },
  { id: "motion-burst", severity: "info", metric: "motion_per_min", for_s: 0, clearShare: 0.5 },
] as const;
