// Operations on alerts: what was told, who has seen it, what is snoozed, which rules there are.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { ALERT_SEVERITIES } from "../config/severity.ts";
import { ALARM_MODES } from "../config/alerts.ts";
import { inputError } from "../config/problems.ts";
import { idSchema } from "../config/schema.ts";
import {
  alertPage,
  alertSetup,
  type AlertSetupView,
  type AlertView,
  type DeliveryView,
} from "./alert_views.ts";
import { ALERT_CHANNEL_OPERATIONS, DEFAULT_ALERTS, tells } from "./alert_channels.ts";
import { read, write } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const MAX_SNOOZE_MIN = 10_080;

const { count, success, verified } = schemas;
const text = z.string();
const severity = z.enum(ALERT_SEVERITIES);

const delivery = z.object(
  {
    channel: text,
    tells,
    state: z.enum(["waiting", "delivered", "given_up"]),
    at: text.optional(),
    attempts: count.meta({ description: "Tries that failed" }),
    error: text.optional(),
  } satisfies Record<keyof DeliveryView, z.ZodType>,
);

const alert = z.object(
  {
    id: count,
    rule: text,
    severity,
    state: z.enum(["firing", "resolved"]),
    title: text,
    text,
    kind: text,
    camera_id: text.optional(),
    started_at: text,
    last_at: text,
    ended_at: text.optional(),
    count,
    event_seq: count.optional(),
    value: z.number().optional(),
    muted: z.enum(["quiet_hours", "snoozed"]).optional().meta({ description: "Why nobody was told" }),
    acknowledged: z.boolean(),
    acknowledged_at: text.optional(),
    acknowledged_by: text.optional(),
    note: text.optional(),
    deliveries: z.array(delivery),
  } satisfies Record<keyof AlertView, z.ZodType>,
);

const snooze = z.object({ camera_id: text.optional(), rule: text.optional(), until: text });

const setup = {
  rules: z.array(z.object({
    id: text,
    severity,
    when: text,
    cameras: z.array(text).meta({ description: "Empty: all" }),
    armed: z.enum(["always", "when_armed"]),
    modes: z.array(text),
    channels: z.array(text),
  })),
  channels: z.array(z.object({ id: text, type: text, does: text.optional() })),
  snoozes: z.array(snooze),
  mode: z.enum(ALARM_MODES).meta({ description: "Alarm mode of the house" }),
} satisfies Record<keyof AlertSetupView, z.ZodType>;

const listAlerts = read({
  name: "list_alerts",
  title: "List alerts",
  summary: "Lists what the rules told of, newest first, with who has seen it and whether messages arrived",
  guide: "Times are UTC. Dead letters are messages that could not be delivered",
  toolset: "events",
  http: { method: "GET", path: "/api/alerts", names: { camera: "camera_id" } },
  examples: [
    { title: "What goes on", input: { state: "firing" } },
    { title: "What nobody has seen yet", input: { state: "unacknowledged", limit: 20 } },
  ],
  input: z.object({
    state: z.enum(["firing", "resolved", "unacknowledged"]).optional(),
    camera_id: idSchema.optional().meta({ description: "Only of this camera, removed ones included" }),
    before: count.optional().meta({ description: "For the next page, the id of the last one" }),
    limit: z.int().min(1).max(500).default(DEFAULT_ALERTS),
  }),
  output: z.object({
    success,
    alerts: z.array(alert),
    more: z.boolean(),
    firing: count,
    unacknowledged: count,
    waiting: count.meta({ description: "Messages on their way" }),
    dead_letters: count,
  }),
  run: async ({ hub }, { state, camera_id: camera, before, limit }) => ({
    success: true as const,
    ...await alertPage(hub.alerts, { state, camera, before, limit }),
  }),
});

const alertId = z.int().min(1).meta({ description: "An id of list_alerts" });

const acknowledgeAlert = write({
  name: "acknowledge_alert",
  title: "Acknowledge an alert",
  summary: "Notes that somebody has seen an alert, so that nobody further is told of it",
  guide: "The first one to acknowledge it stands in it",
  toolset: "events",
  http: { method: "POST", path: "/api/alerts/:alert_id/acknowledge" },
  input: z.object({
    alert_id: alertId.optional(),
    all: z.boolean().default(false).meta({ description: "true: every alert, in place of alert_id" }),
    note: z.string().trim().max(500).optional().meta({ description: "What was found out" }),
  }),
  output: z.object({
    success,
    acknowledged: count.meta({ description: "How many" }),
    acknowledged_by: text.optional(),
    note: text.optional(),
    verified,
  }),
  examples: [
    { title: "Seen", input: { alert_id: 12, note: "It was the neighbour" } },
    { title: "All of them", input: { all: true } },
  ],
  would: async ({ hub }, { alert_id, all }) => {
    checkChoice(alert_id, all);
    if (alert_id === undefined) {
      return `Acknowledge ${(await hub.alerts.table.counts()).unacknowledged} alerts`;
    }
    const found = await hub.alerts.table.get(alert_id);
    if (!found) throw noAlert(alert_id);
    return found.acknowledgedAtMs === undefined
      ? `Acknowledge alert ${alert_id}: ${found.title}`
      : `Nothing: ${found.acknowledgedBy} has acknowledged alert ${alert_id} already`;
  },
  run: async ({ hub, principal }, { alert_id, all, note }) => {
    checkChoice(alert_id, all);
    const verified = "readback" as const;
    if (alert_id === undefined) {
      const acknowledged = await hub.alerts.engine.acknowledgeAll(principal.user, note);
      return { success: true as const, acknowledged, verified };
    }
    const row = await hub.alerts.engine.acknowledge(alert_id, principal.user, note);
    const { acknowledgedBy, note: kept } = row;
    return { success: true as const, acknowledged: 1, acknowledged_by: acknowledgedBy, note: kept, verified };
  },
});

/** @throws HubError `invalid_input` unless either one alert is named, or all. */
function checkChoice(id: number | undefined, all: boolean): void {
  if ((id === undefined) === all) return;
  throw inputError([{
    path: "alert_id",
    message: "Which alert is meant",
    expected: "alert_id, or all: true",
  }]);
}

function noAlert(id: number): HubError {
  return new HubError("not_found", `There is no alert ${id}`, { hint: "list_alerts names them" });
}

const snoozeAlerts = write({
  name: "snooze_alerts",
  title: "Snooze alerts",
  summary: "Sends nothing for a while about a camera, a rule, or everything; alerts are still listed",
  toolset: "events",
  input: z.object({
    camera_id: idSchema.optional().meta({ description: "Left out: all cameras" }),
    rule: idSchema.optional().meta({ description: "Id of a rule; left out: all rules" }),
    minutes: z.number().min(0).max(MAX_SNOOZE_MIN).meta({ description: "0 ends it" }),
  }),
  output: z.object({ success, snoozes: z.array(snooze), verified }),
  examples: [
    { title: "Two quiet hours for one camera", input: { camera_id: "garden", minutes: 120 } },
    { title: "End of that", input: { camera_id: "garden", minutes: 0 } },
  ],
  would: ({ hub }, { camera_id, rule, minutes }) => {
    checkSubject(hub, camera_id, rule);
    const about = `${rule === undefined ? "all rules" : `the rule "${rule}"`} ${
      camera_id === undefined ? "at all cameras" : `at camera "${camera_id}"`
    }`;
    return minutes === 0 ? `Tell of ${about} again` : `Tell nobody of ${about} for ${minutes} min`;
  },
  run: async ({ hub }, { camera_id, rule, minutes }) => {
    checkSubject(hub, camera_id, rule);
    const untilMs = minutes === 0 ? undefined : hub.clock.now() + minutes * 60_000;
    await hub.alerts.arming.snooze(camera_id, rule, untilMs);
    return {
      success: true as const,
      snoozes: alertSetup(hub.alerts).snoozes,
      verified: "readback" as const,
    };
  },
});

/** @throws HubError `not_found` for a camera or a rule that is not there. */
function checkSubject(hub: Hub, camera: string | undefined, rule: string | undefined): void {
  if (camera !== undefined) hub.manager.get(camera);
  const rules = hub.alerts.engine.rules.map(({ id }) => id);
  if (rule === undefined || rules.includes(rule)) return;
  throw new HubError("not_found", `There is no rule "${rule}" in force`, {
    hint: rules.length > 0 ? `The rules are: ${rules.join(", ")}` : "No rule is in force",
  });
}

const listAlertRules = read({
  name: "list_alert_rules",
  title: "List rules of alerts",
  summary: "Tells which rules are in force, by which channels they tell, what is snoozed, and the alarm mode",
  guide: "Rules and channels stand in the configuration file, under alerts",
  toolset: "events",
  http: { method: "GET", path: "/api/alerts/rules" },
  input: z.object({}),
  output: z.object({ success, ...setup }),
  examples: [{ title: "All", input: {} }],
  run: ({ hub }) => Promise.resolve({ success: true as const, ...alertSetup(hub.alerts) }),
});

export const ALERT_OPERATIONS: readonly Operation[] = [
  listAlerts,
  acknowledgeAlert,
  snoozeAlerts,
  listAlertRules,
  ...ALERT_CHANNEL_OPERATIONS,
];
