// What a message to a channel says of an alert.
import type { AlertRow } from "../store/alerts_table.ts";
import type { OutboxRow } from "../store/outbox_table.ts";
import type { Severity } from "./channel.ts";
import type { FixedMessage } from "./outbox.ts";
import { duration } from "./words.ts";

/** What a message is made of. */
export interface MessageParts {
  alert: AlertRow;
  /** How people call its camera. */
  cameraName: string | undefined;
  /** Where the hub is reached; undefined while that is not known. */
  origin: string | undefined;
}

/** The message of a row of the outbox. */
export function messageOf(
  { key, state, dueAtMs }: Pick<OutboxRow, "key" | "state" | "dueAtMs">,
  { alert, cameraName, origin }: MessageParts,
): FixedMessage {
  const { id, rule, camera, kind, severity, startedAtMs, endedAtMs, count } = alert;
  const isOver = state === "resolved";
  const lasted = endedAtMs === undefined ? 0 : (endedAtMs - startedAtMs) / 1000;
  const more = count > 1 ? `. ${count} times so far` : "";
  return {
    id: key,
    alert: id,
    rule,
    severity: severity as Severity,
    state,
    title: isOver ? `Over: ${alert.title}` : alert.title,
    text: isOver ? `${alert.title}. It lasted ${duration(lasted)}` : `${alert.text}${more}`,
    kind,
    ...(camera === undefined ? {} : { camera: { id: camera, name: cameraName ?? camera } }),
    startedAtMs,
    dueAtMs,
    ...(isOver && endedAtMs !== undefined ? { endedAtMs } : {}),
    count,
    ...(origin === undefined ? {} : { url: `${origin}/alerts#alert-${id}` }),
  };
}

/** What shows that a channel works. */
export function testMessage(
  channel: string,
  nowMs: number,
  camera: FixedMessage["camera"],
  origin: string | undefined,
): FixedMessage {
  return {
    id: crypto.randomUUID(),
    alert: 0,
    rule: "test",
    severity: "info",
    state: "test",
    title: "A test of Tapo Camera MCP",
    text: `The channel "${channel}" works`,
    ...(camera === undefined ? {} : { camera }),
    startedAtMs: nowMs,
    dueAtMs: nowMs,
    count: 1,
    ...(origin === undefined ? {} : { url: `${origin}/alerts` }),
  };
}
