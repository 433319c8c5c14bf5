// The browsers that people have asked to be told by, and the way to tell them.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { PushKeys, PushTable, StoredPushSubscription } from "../store/push_table.ts";
import {
  checkEndpoint,
  newPushKeys,
  type PushNote,
  pushNote,
  type PushTransport,
  SubscriptionGone,
} from "./channels/push_request.ts";

/** What the devices work with. */
export interface PushDevicesDeps {
  table: PushTable;
  clock: Clock;
  log: Logger;
  transport: PushTransport;
}

/** What a browser gives to be told by (the Push API's PushSubscription). */
export interface NewPushDevice {
  endpoint: string;
  p256dh: string;
  auth: string;
  /** What it is called. */
  device: string;
}

/** What came of telling one device. */
export interface PushOutcome {
  device: StoredPushSubscription;
  /** Undefined when its push service has taken it, or it is gone for good. */
  error: HubError | undefined;
  isGone: boolean;
}

/** Each user has a few; more are a mistake. */
const MAX_OF_USER = 20;
/** Where makers of browsers may complain, unless the configuration names somebody. */
export const DEFAULT_CONTACT = "mailto:hub@tapo-camera-mcp.invalid";

/** Keeps subscriptions and sends to them. */
export class PushDevices {
  readonly #deps: PushDevicesDeps;
  #keys: Promise<PushKeys> | undefined;

  constructor(deps: PushDevicesDeps) {
    this.#deps = deps;
  }

  /** What browsers need to subscribe; made when it is first asked for. */
  async publicKey(): Promise<string> {
    return (await this.#vapid()).publicKey;
  }

  /** All devices, or those of one user. */
  list(user?: string): Promise<StoredPushSubscription[]> {
    return this.#deps.table.list(user);
  }

  /** @throws HubError `invalid_input`, `forbidden` for a push service that is not public, `conflict` for too many. */
  async add(user: string, device: NewPushDevice, signal: AbortSignal): Promise<StoredPushSubscription> {
    await checkEndpoint(device.endpoint, this.#deps.transport.network, signal);
    const own = (await this.list(user)).filter(({ endpoint }) => endpoint !== device.endpoint);
    if (own.length >= MAX_OF_USER) {
      throw new HubError("conflict", `${user} has ${MAX_OF_USER} devices already`, {
        hint: "Remove one first",
      });
    }
    const id = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
    const stored = { ...device, id, user, createdAtMs: this.#deps.clock.now(), usedAtMs: undefined };
    await this.#deps.table.put(stored);
    return stored;
  }

  /** Forgets a device of a user. @throws HubError `not_found`. */
  async remove(user: string, id: string): Promise<void> {
    await this.get(user, id);
    await this.#deps.table.remove(id);
  }

  /** A device of a user. @throws HubError `not_found`. */
  async get(user: string, id: string): Promise<StoredPushSubscription> {
    const found = (await this.list(user)).find((each) => each.id === id);
    if (found) return found;
    throw new HubError("not_found", `There is no device "${id}" of yours`, { hint: "Refresh the page" });
  }

  /** Tells one device. One that has unsubscribed is forgotten. @throws AbortError. */
  async tell(device: StoredPushSubscription, note: PushNote, signal: AbortSignal): Promise<PushOutcome> {
    const { table, transport, clock, log } = this.#deps;
    try {
      await pushNote(device, note, { keys: await this.#vapid(), transport, signal });
      await table.noteUse(device.id, clock.now());
      return { device, error: undefined, isGone: false };
    } catch (error) {
      if (isAbort(error) && signal.aborted) throw error;
      if (!(error instanceof SubscriptionGone)) return { device, error: toHubError(error), isGone: false };
      await table.remove(device.id);
      log.info("A browser takes no push messages any more and was forgotten", { device: device.device });
      return { device, error: undefined, isGone: true };
    }
  }

  /** Tells one device of a user that it is reached. @throws HubError why it is not. */
  async test(user: string, id: string, signal: AbortSignal): Promise<void> {
    const payload = {
      title: "Notifications work",
      body: "The hub reaches this browser.",
      tag: "test",
      severity: "info",
      state: "test",
      at: this.#deps.clock.now(),
      path: "/settings",
    };
    const note = { payload: JSON.stringify(payload), urgency: "normal" as const, contact: DEFAULT_CONTACT };
    const { error, isGone } = await this.tell(await this.get(user, id), note, signal);
    if (error) throw error;
    if (!isGone) return;
    throw new HubError("not_found", "This browser takes no notifications any more, and was removed", {
      hint: "Enable notifications in it again",
    });
  }

  #vapid(): Promise<PushKeys> {
    this.#keys ??= this.#readKeys();
    this.#keys.catch(() => this.#keys = undefined);
    return this.#keys;
  }

  async #readKeys(): Promise<PushKeys> {
    const { table, clock } = this.#deps;
    return await table.knownKeys() ?? await table.keys(await newPushKeys(), clock.now());
  }
}
