// The camera's side of pull-point subscriptions: queues, waiting pulls, lifetimes.
import { escape } from "./soap.ts";

export interface EmitOptions {
  operation?: "Initialized" | "Changed" | "Deleted" | undefined;
  /** The camera's own idea of when. */
  utcTimeMs?: number;
  source?: Record<string, string>;
}

const MAX_QUEUED = 500;

export class Subscription {
  readonly #queue: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly id: string;
  endsAtMs: number;
  renewals = 0;
  pulls = 0;

  constructor(id: string, endsAtMs: number) {
    this.id = id;
    this.endsAtMs = endsAtMs;
  }

  push(message: string): void {
    this.#queue.push(message);
    if (this.#queue.length > MAX_QUEUED) this.#queue.shift();
    this.wake();
  }

  /** Lets every waiting pull look again. */
  wake(): void {
    for (const wake of this.#waiting) wake();
  }

  take(limit: number): string[] {
    return this.#queue.splice(0, limit);
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Waits until something is there or `wake` is called; at most so long. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.isEmpty || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(wake);
    signal.removeEventListener("abort", wake);
  }
}

/** Topics look as cameras send them, with prefix and sometimes with white space around. */
export function notification(
  topic: string,
  item: string,
  value: string,
  options: EmitOptions & { utcTimeMs: number },
): string {
  const operation = "operation" in options ? options.operation : "Changed";
  const property = operation === undefined ? "" : ` PropertyOperation="${operation}"`;
  const items = (set: Record<string, string>) =>
    Object.entries(set).map(([name, text]) =>
      `<tt:SimpleItem Name="${escape(name)}" Value="${escape(text)}"/>`
    ).join("");
  const source = options.source ?? {
    VideoSourceConfigurationToken: "vsconf",
    VideoAnalyticsConfigurationToken: "VideoAnalyticsToken",
    Rule: "MyMotionDetectorRule",
  };
  return "<wsnt:NotificationMessage>" +
    `<wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">${
      escape(topic)
    }</wsnt:Topic>` +
    `<wsnt:Message><tt:Message UtcTime="${new Date(options.utcTimeMs).toISOString()}"${property}>` +
    `<tt:Source>${items(source)}</tt:Source><tt:Data>${items({ [item]: value })}</tt:Data>` +
    "</tt:Message></wsnt:Message></wsnt:NotificationMessage>";
}
