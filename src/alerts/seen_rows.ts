// How rows of the journal and of alerts become what the rules see.
import type { Clock } from "../base/clock.ts";
import { ALERT_METRICS } from "../config/alerts.ts";
import type { AlertRow } from "../store/alerts_table.ts";
import type { EventRow } from "../store/events_table.ts";
import type { Severity } from "./channel.ts";
import { EXTERNAL } from "./external/external_alert.ts";
import type { LiveAlert, SeenEvent } from "./rule_state.ts";

/** True for an alert of a measured value, or from outside: no event keeps it up. */
export function isOfMetric({ kind }: AlertRow): boolean {
  return kind === EXTERNAL || ALERT_METRICS.some((metric) => metric === kind);
}

/** What tells an event from all others. */
export function keyOf(
  { camera, kind, source, startedAtMs }: Pick<EventRow, "camera" | "kind" | "source" | "startedAtMs">,
): string {
  return `${camera ?? ""}|${kind}|${source}|${startedAtMs}`;
}

/** An event of the journal, as rules see it. */
export function seenEvent(row: EventRow): SeenEvent {
  const { kind, camera, endedAtMs, details } = row;
  return {
    key: keyOf(row),
    kind,
    camera,
    isOver: endedAtMs !== undefined,
    details,
  };
}

/** An alert of the database on the monotonic clock. The wall clock may have been set back meanwhile. */
export function liveAlert(row: AlertRow, clock: Clock): LiveAlert {
  const since = (atMs: number) => clock.monotonic() - Math.max(0, clock.now() - atMs);
  return {
    id: row.id,
    rule: row.rule,
    camera: row.camera,
    kind: row.kind,
    subject: row.subject,
    severity: row.severity as Severity,
    isFiring: row.endedAtMs === undefined && isOfMetric(row),
    startedMs: since(row.startedAtMs),
    lastMs: since(row.lastAtMs),
    count: row.count,
    events: new Set(),
    muted: row.muted as LiveAlert["muted"],
    isAcknowledged: row.acknowledgedAtMs !== undefined,
    escalated: row.escalated,
    channels: row.channels,
    isEndTold: false,
  };
}
