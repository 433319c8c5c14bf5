// How an alert leaves the hub: what a channel is given, and what it promises.

/** How much an alert matters. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = typeof SEVERITIES[number];

/** What is told to people, or to other programs. Times are milliseconds since 1970 by the hub's clock. */
export interface AlertMessage {
  /** The same for every try to deliver it: whoever gets it twice can tell. */
  id: string;
  /** Number of the alert. */
  alert: number;
  /** Id of the rule. */
  rule: string;
  severity: Severity;
  state: "firing" | "resolved" | "test";
  /** One line. */
  title: string;
  /** What happened, in a sentence or more. */
  text: string;
  /** Kind of the event behind it. */
  kind?: string | undefined;
  camera?: { id: string; name: string } | undefined;
  startedAtMs: number;
  /** When the message was to leave at the earliest. */
  dueAtMs: number;
  endedAtMs?: number | undefined;
  /** How many of its like were put together in it. */
  count: number;
  /** Where the hub shows it; absent while the hub has no address. */
  url?: string | undefined;
  /** A JPEG of the moment, already covered where the camera has privacy zones; undefined where there is none. */
  snapshot?: ((signal: AbortSignal) => Promise<Uint8Array | undefined>) | undefined;
}

/** A way out. Built from its configuration; `send` delivers one message. */
export interface Channel {
  /** Id in the configuration. */
  readonly id: string;
  /** `webhook`, `ntfy`, `telegram`, `email`, `mqtt`, `web_push`, `operation`. */
  readonly type: string;
  /** What it does on the hub itself, in words; absent for one that tells others. */
  readonly does?: string;
  /**
   * Milliseconds after which what failed is tried again, others before it. Absent: messages leave in their order, and
   * are tried again ever more seldom.
   */
  readonly retryMs?: number;
  /**
   * Resolves when the other side has taken the message.
   * @throws HubError: a `retryable` one is tried again later, any other makes it a dead letter. No secrets in it.
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}
