// Operations on the ways out of alerts: trying a channel, and what could not be delivered.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import { idSchema } from "../config/schema.ts";
import { deadLetters, type DeadLetterView } from "./alert_views.ts";
import { read, write } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

/** Alerts, or letters, of one answer where nothing else is asked. */
export const DEFAULT_ALERTS = 50;

const { count, success, verified } = schemas;
const text = z.string();

/** What a message tells. */
export const tells = z.enum(["firing", "resolved"]).meta({
  description: "That it began, or that it is over",
});

const deadLetter = z.object(
  {
    id: count,
    alert_id: count,
    channel: text,
    tells,
    title: text.optional(),
    created_at: text,
    gave_up_at: text,
    attempts: count,
    error: text,
  } satisfies Record<keyof DeadLetterView, z.ZodType>,
);

const testAlertChannel = write({
  name: "test_alert_channel",
  title: "Test a channel of alerts",
  summary: "Sends one message that says it is a test, and tells whether it was taken",
  toolset: "events",
  deadlineMs: 60_000,
  input: z.object({
    channel: idSchema.meta({ description: "Id of a channel, as list_alert_rules gives it" }),
    camera_id: idSchema.optional().meta({ description: "Whose picture goes with it; left out: none" }),
  }),
  output: z.object({ success, channel: text, type: text, took_ms: count, verified }),
  examples: [{ title: "With a picture", input: { channel: "phone", camera_id: "front-door" } }],
  would: ({ hub }, { channel, camera_id }) => {
    if (camera_id !== undefined) hub.manager.get(camera_id);
    const { id, does } = hub.alerts.channel(channel);
    return does === undefined
      ? `Send a test message by the channel "${id}"`
      : `Do for real what the channel "${id}" has the hub do: ${does}`;
  },
  run: async ({ hub, signal }, { channel, camera_id }) => {
    if (camera_id !== undefined) hub.manager.get(camera_id);
    const { type } = hub.alerts.channel(channel);
    const startMs = hub.clock.monotonic();
    await hub.alerts.test(channel, camera_id, signal);
    return {
      success: true as const,
      channel,
      type,
      took_ms: Math.round(hub.clock.monotonic() - startMs),
      verified: "acknowledged" as const,
    };
  },
});

const listDeadLetters = read({
  name: "list_dead_letters",
  title: "List dead letters",
  summary: "Lists messages of alerts that could not be delivered, newest first, each with the reason",
  toolset: "events",
  http: { method: "GET", path: "/api/alerts/dead-letters" },
  input: z.object({ limit: z.int().min(1).max(500).default(DEFAULT_ALERTS) }),
  output: z.object({ success, dead_letters: z.array(deadLetter), total: count }),
  examples: [{ title: "The newest", input: { limit: 10 } }],
  run: async ({ hub }, { limit }) => {
    const [letters, counts] = await Promise.all([
      deadLetters(hub.alerts, limit),
      hub.alerts.messages.counts(),
    ]);
    return { success: true as const, dead_letters: letters, total: counts.dead };
  },
});

const letterId = z.int().min(1).optional().meta({
  description: "An id of list_dead_letters; left out: all of them",
});

const retryDeadLetters = write({
  name: "retry_dead_letters",
  title: "Retry dead letters",
  summary: "Puts messages that were given up into the outbox again: one, or all",
  toolset: "events",
  input: z.object({ dead_letter_id: letterId }),
  output: z.object({ success, retried: count, at: text, verified }),
  examples: [{ title: "All", input: {} }, { title: "One", input: { dead_letter_id: 7 } }],
  would: async ({ hub }, { dead_letter_id }) => {
    const { dead } = await hub.alerts.messages.counts();
    return dead_letter_id === undefined
      ? `Try all ${dead} dead letters again`
      : `Try dead letter ${dead_letter_id} again`;
  },
  run: async ({ hub }, { dead_letter_id }) => {
    const retried = await hub.alerts.retry(dead_letter_id);
    if (retried === 0 && dead_letter_id !== undefined) throw noLetter(dead_letter_id);
    return {
      success: true as const,
      retried,
      at: isoTime(hub.clock.now()),
      verified: "acknowledged" as const,
    };
  },
});

const discardDeadLetters = write({
  name: "discard_dead_letters",
  title: "Discard dead letters",
  summary: "Deletes messages that were given up: one, or all; the alerts themselves stay",
  toolset: "events",
  effect: "destructive",
  input: z.object({ dead_letter_id: letterId }),
  output: z.object({ success, discarded: count, verified }),
  examples: [{ title: "All", input: { confirm: true } }],
  would: async ({ hub }, { dead_letter_id }) => {
    const { dead } = await hub.alerts.messages.counts();
    return dead_letter_id === undefined
      ? `Delete all ${dead} dead letters`
      : `Delete dead letter ${dead_letter_id}`;
  },
  run: async ({ hub }, { dead_letter_id }) => {
    const discarded = await hub.alerts.messages.discard(dead_letter_id);
    if (discarded === 0 && dead_letter_id !== undefined) throw noLetter(dead_letter_id);
    hub.alerts.engine.changes.notify();
    return { success: true as const, discarded, verified: "readback" as const };
  },
});

function noLetter(id: number): HubError {
  return new HubError("not_found", `There is no dead letter ${id}`, { hint: "list_dead_letters names them" });
}

export const ALERT_CHANNEL_OPERATIONS: readonly Operation[] = [
  testAlertChannel,
  listDeadLetters,
  retryDeadLetters,
  discardDeadLetters,
];
