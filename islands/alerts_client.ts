// Asks the hub for alerts and does what a person wants done with them.
import type {
  AlarmMode,
  AlertPageView,
  AlertSetupView,
  AlertView,
  DeadLetterView,
} from "../src/operations/alert_views.ts";
import { callApi, callOperation } from "./api.ts";

/** Which alerts are shown. */
export type AlertChoice = "all" | "firing" | "unacknowledged";

/** The page tells itself by this event that a person did something with alerts. */
export const ALERTS_CHANGED = "tapocam:alerts";

/** Everything on the page of alerts. */
export interface AlertsNow {
  page: AlertPageView;
  setup: AlertSetupView;
  /** Messages that were given up, the newest first. */
  letters: DeadLetterView[];
}

/** How many messages that were given up are listed. */
export const MAX_LETTERS = 20;

export async function fetchAlerts(choice: AlertChoice, limit: number): Promise<AlertsNow> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(choice === "all" ? {} : { state: choice }),
  });
  const [page, setup, letters] = await Promise.all([
    callApi<AlertPageView>("GET", `/api/alerts?${query}`),
    callApi<AlertSetupView>("GET", "/api/alerts/rules"),
    callApi<{ dead_letters: DeadLetterView[] }>("GET", `/api/alerts/dead-letters?limit=${MAX_LETTERS}`),
  ]);
  return { page, setup, letters: letters.dead_letters };
}

/** Alerts from outside that go on and that nobody has acknowledged. */
export async function fetchReported(): Promise<AlertView[]> {
  const { alerts } = await callApi<AlertPageView>("GET", "/api/alerts?state=firing&limit=100");
  return alerts.filter(isReported);
}

function isReported({ kind, acknowledged }: AlertView): boolean {
  return kind === "external" && !acknowledged;
}

/** How many alerts nobody has acknowledged. */
export async function countUnseen(): Promise<number> {
  return (await callApi<AlertPageView>("GET", "/api/alerts?limit=1")).unacknowledged;
}

/** One, or all where none is named. */
export async function acknowledge(id?: number): Promise<void> {
  await callOperation("acknowledge_alert", id === undefined ? { all: true } : { alert_id: id });
  dispatchEvent(new Event(ALERTS_CHANGED));
}

/** Keeps quiet for so many minutes; 0 ends that. */
export async function snooze(
  subject: { camera_id?: string; rule?: string },
  minutes: number,
): Promise<void> {
  await callOperation("snooze_alerts", { ...subject, minutes });
}

/** Sends a test message. @returns milliseconds that it took. */
export async function testChannel(channel: string, camera?: string): Promise<number> {
  const about = camera === undefined ? {} : { camera_id: camera };
  const answer = await callOperation("test_alert_channel", { channel, ...about });
  return "took_ms" in answer ? answer.took_ms : 0;
}

/** One, or all where none is named. */
export async function retryLetters(id?: number): Promise<void> {
  await callOperation("retry_dead_letters", id === undefined ? {} : { dead_letter_id: id });
}

/** Deletes one for good, or all; whoever calls this has asked. */
export async function discardLetters(id?: number): Promise<void> {
  const which = id === undefined ? {} : { dead_letter_id: id };
  await callOperation("discard_dead_letters", { ...which, confirm: true });
}

export async function setMode(mode: AlarmMode): Promise<void> {
  await callOperation("set_alarm_mode", { mode });
}
