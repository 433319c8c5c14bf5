// Alerts for the tests of channels.
import type { AlertMessage } from "../../../src/alerts/channel.ts";

/** Somebody at the front door. */
export function someAlert(change: Partial<AlertMessage> = {}): AlertMessage {
  return {
    id: "alert-41-1",
    alert: 41,
    rule: "front-door-person",
    severity: "warning",
    state: "firing",
    title: "Person at the front door",
    text: "A person was seen at “Front <door>” & stayed.",
    kind: "person",
    camera: { id: "front-door", name: "Front <door>" },
    startedAtMs: Date.UTC(2026, 4, 1, 20, 15),
    dueAtMs: Date.UTC(2026, 4, 1, 20, 15),
    count: 3,
    url: "http://hub.local:7777/events?camera=front-door",
    ...change,
  };
}

/** The smallest thing that begins and ends as a JPEG does. */
export const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...new Array(400).fill(0x5a), 0xff, 0xd9]);
