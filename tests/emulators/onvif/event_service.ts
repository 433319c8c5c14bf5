// The emulated camera's events: subscriptions that are pulled.
import { type EmitOptions, notification, Subscription } from "./event_queue.ts";
import type { HttpRequest } from "./http_server.ts";
import type { OnvifEmulatorOptions } from "./model.ts";
import { invalidArgument, type SoapCall, SoapFault, text } from "./soap.ts";

export interface EventHost {
  options: OnvifEmulatorOptions;
  nowMs(): number;
  /** The address of subscriptions. */
  eventUrl(path: string): string;
}

const DEFAULT_LIFETIME_MS = 60_000;
const PATH = "/event/";

export class EventService {
  readonly #host: EventHost;
  readonly #subscriptions = new Map<string, Subscription>();
  #created = 0;
  /** Subscriptions that said goodbye. */
  unsubscribed = 0;

  constructor(host: EventHost) {
    this.#host = host;
  }

  get subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  /** How many were ever made. */
  get created(): number {
    return this.#created;
  }

  emit(topic: string, item: string, value: string, options: EmitOptions): void {
    const { omitsFallingEdges } = this.#host.options;
    if (omitsFallingEdges && /^(?:false|0)$/.test(value)) return;
    const message = notification(topic, item, value, { utcTimeMs: this.#host.nowMs(), ...options });
    for (const subscription of this.#subscriptions.values()) subscription.push(message);
  }

  /** The camera forgets every subscription, without a word. */
  lose(): void {
    const lost = this.subscriptions;
    this.#subscriptions.clear();
    for (const subscription of lost) subscription.wake();
  }

  /** Lets every subscription's time run out. */
  expire(): void {
    for (const subscription of this.#subscriptions.values()) subscription.endsAtMs = 0;
    this.#sweep();
  }

  async answer(call: SoapCall, request: HttpRequest): Promise<string | "hang_up" | undefined> {
    this.#sweep();
    switch (call.operation) {
      case "CreatePullPointSubscription":
        return this.#create(call);
      case "GetEventProperties":
        return "<tev:GetEventPropertiesResponse><tev:TopicNamespaceLocation/>" +
          "<wsnt:FixedTopicSet>true</wsnt:FixedTopicSet><wstop:TopicSet><tns1:RuleEngine>" +
          '<CellMotionDetector><Motion wstop:topic="true"/></CellMotionDetector></tns1:RuleEngine>' +
          "</wstop:TopicSet></tev:GetEventPropertiesResponse>";
      case "GetServiceCapabilities":
        return '<tev:GetServiceCapabilitiesResponse><tev:Capabilities WSPullPointSupport="true"/>' +
          "</tev:GetServiceCapabilitiesResponse>";
      case "PullMessages":
        return await this.#pull(this.#find(call, request), call, request.signal);
      case "Renew": {
        const subscription = this.#find(call, request);
        subscription.renewals++;
        subscription.endsAtMs = this.#end(call, "TerminationTime");
        return `<wsnt:RenewResponse>${this.#times(subscription, "wsnt")}</wsnt:RenewResponse>`;
      }
      case "Unsubscribe":
        this.#subscriptions.delete(this.#find(call, request).id);
        this.unsubscribed++;
        return "<wsnt:UnsubscribeResponse/>";
    }
  }

  #create(call: SoapCall): string {
    const { maxSubscriptions = 10, usesReferenceParameters } = this.#host.options;
    if (this.#subscriptions.size >= maxSubscriptions) {
      throw new SoapFault(
        ["env:Receiver", "wsnt:SubscribeCreationFailedFault"],
        "Too many subscriptions",
        500,
      );
    }
    const id = String(++this.#created);
    const subscription = new Subscription(id, this.#end(call, "InitialTerminationTime"));
    this.#subscriptions.set(id, subscription);
    const address = this.#host.eventUrl(PATH + (usesReferenceParameters ? "all" : id));
    const parameters = usesReferenceParameters
      ? `<wsa5:ReferenceParameters><dom0:SubscriptionId xmlns:dom0="http://www.axis.com/2009/event">${id}` +
        "</dom0:SubscriptionId></wsa5:ReferenceParameters>"
      : "";
    return "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>" +
      `<wsa5:Address>${address}</wsa5:Address>${parameters}</tev:SubscriptionReference>` +
      `${this.#times(subscription, "wsnt")}</tev:CreatePullPointSubscriptionResponse>`;
  }

  async #pull(subscription: Subscription, call: SoapCall, signal: AbortSignal): Promise<string> {
    const { breaksPullsAfterMs = Infinity, hastyPulls } = this.#host.options;
    subscription.pulls++;
    const waitMs = hastyPulls ? 0 : durationMs(text(call.envelope, "Timeout"));
    await subscription.wait(Math.min(waitMs, breaksPullsAfterMs), signal);
    if (subscription.isEmpty && waitMs > breaksPullsAfterMs) return "hang_up";
    if (!this.#subscriptions.has(subscription.id)) throw unknownSubscription();
    const messages = subscription.take(Number(text(call.envelope, "MessageLimit") ?? 1));
    return `<tev:PullMessagesResponse>${this.#times(subscription, "tev")}${
      messages.join("")
    }</tev:PullMessagesResponse>`;
  }

  /** By the path of its own, or by the parameter in the header. */
  #find({ envelope }: SoapCall, { path }: HttpRequest): Subscription {
    const id = path === `${PATH}all` ? text(envelope, "SubscriptionId") : path.slice(PATH.length);
    const subscription = this.#subscriptions.get(id ?? "");
    if (!subscription || !path.startsWith(PATH)) throw unknownSubscription();
    return subscription;
  }

  #sweep(): void {
    for (const [id, subscription] of this.#subscriptions) {
      if (subscription.endsAtMs > this.#host.nowMs()) continue;
      this.#subscriptions.delete(id);
      subscription.wake();
    }
  }

  #end({ envelope }: SoapCall, name: string): number {
    const { subscriptionMs } = this.#host.options;
    const asked = text(envelope, name);
    return this.#host.nowMs() + (subscriptionMs ?? (asked ? durationMs(asked) : DEFAULT_LIFETIME_MS));
  }

  /** By the camera's clock. */
  #times({ endsAtMs }: Subscription, prefix: string): string {
    const iso = (ms: number) => new Date(ms).toISOString();
    return `<${prefix}:CurrentTime>${iso(this.#host.nowMs())}</${prefix}:CurrentTime>` +
      `<${prefix}:TerminationTime>${iso(endsAtMs)}</${prefix}:TerminationTime>`;
  }
}

/** A path that is no subscription's. */
export function isSubscriptionPath(path: string): boolean {
  return path.startsWith(PATH);
}

function unknownSubscription(): SoapFault {
  return new SoapFault(["env:Receiver", "wsrfr:ResourceUnknownFault"], "The subscription is unknown", 500);
}

function durationMs(text: string | undefined): number {
  const [, minutes, seconds] = /^PT(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(text ?? "") ?? [];
  if (minutes === undefined && seconds === undefined) {
    throw invalidArgument("InvalidTimeout", `${text} is no duration`);
  }
  return Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1000;
}
