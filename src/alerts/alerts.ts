// Alerts as a whole: rules, messages, channels, and what people do with them.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { AlertsConfig } from "../config/alerts.ts";
import type { LocalTime } from "../config/time_windows.ts";
import type { HubEvent } from "../events/event.ts";
import type { AlertsTable } from "../store/alerts_table.ts";
import type { OutboxRow, OutboxTable } from "../store/outbox_table.ts";
import type { Arming } from "./arming.ts";
import type { Channel } from "./channel.ts";
import { AlertEngine, type EngineDeps } from "./engine.ts";
import type { ExternalAlerts } from "./external/external_alerts.ts";
import type { Measures } from "./measures.ts";
import { messageOf, testMessage } from "./message.ts";
import { type AlertPictures, MessagePictures } from "./message_pictures.ts";
import { type FixedMessage, Outbox } from "./outbox.ts";

/** What alerts work with. */
export interface AlertsDeps {
  table: AlertsTable;
  outbox: OutboxTable;
  arming: Arming;
  measures: Measures;
  external: ExternalAlerts;
  clock: Clock;
  /** Local time, in which schedules are meant. */
  zone: LocalTime;
  log: Logger;
  config(): AlertsConfig;
  /** The channels of the configuration as it is now; the same objects as long as it does not change. */
  channels(): ReadonlyMap<string, Channel>;
  cameraName(id: string): string;
  /** Where the hub is reached. */
  origin(): string | undefined;
  pictures: AlertPictures;
  /** Told of each new alert after it was written. */
  opened: EngineDeps["opened"];
}

/** Decides, delivers, remembers. `load` comes before the first event is written. */
export class Alerts {
  readonly engine: AlertEngine;
  readonly arming: Arming;
  readonly external: ExternalAlerts;
  readonly table: AlertsTable;
  readonly messages: OutboxTable;
  readonly #deps: AlertsDeps;
  readonly #outbox: Outbox;
  readonly #pictures: MessagePictures;

  constructor(deps: AlertsDeps) {
    const { table, outbox, arming, measures, external, clock, zone, log, config, channels } = deps;
    this.#deps = deps;
    this.arming = arming;
    this.external = external;
    this.table = table;
    this.messages = outbox;
    this.#pictures = new MessagePictures(deps);
    this.engine = new AlertEngine({
      table,
      arming,
      clock,
      zone,
      log,
      config,
      measure: async () => [...await measures.now(), ...external.measured()],
      cameraName: (id) => deps.cameraName(id),
      opened: (action, words) => deps.opened(action, words),
    });
    this.#outbox = new Outbox({
      table: outbox,
      clock,
      log,
      channels,
      giveUpDays: () => config().give_up_days,
      compose: (row) => this.#compose(row),
      picture: (message, signal) => this.#pictures.of(message, signal),
      onChange: () => this.engine.changes.notify(),
    });
  }

  /** @throws HubError when the database cannot be used. */
  async load(): Promise<void> {
    await this.#deps.arming.load();
    await this.external.load();
    await this.engine.load();
  }

  /** For the journal's subscribers. */
  readonly written = (event: HubEvent): void => {
    this.#deps.measures.note(event);
    this.engine.written(event);
  };

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    // The outbox tells of its own deliveries by the same changes: those are few.
    const unsubscribe = this.engine.changes.subscribe(() => this.#outbox.wake.notify());
    const notWoken = this.external.changes.subscribe(() => this.engine.wake.notify());
    await using scope = new Scope(signal);
    try {
      scope.spawn((own) => this.external.run(own));
      scope.spawn((own) => this.engine.run(own));
      scope.spawn((own) => this.#outbox.run(own));
      await scope.join();
    } finally {
      unsubscribe();
      notWoken();
    }
  }

  /** Takes over a configuration that was read anew. */
  reload(): void {
    this.#outbox.wake.notify();
  }

  /** A channel of the configuration. @throws HubError `not_found`, naming those that there are. */
  channel(id: string): Channel {
    const channels = this.#deps.channels();
    const channel = channels.get(id);
    if (channel) return channel;
    const known = [...channels.keys()];
    throw new HubError("not_found", `There is no channel "${id}"`, {
      hint: known.length > 0
        ? `The channels are: ${known.join(", ")}`
        : "Add one under alerts.channels in the configuration file; docs/alerts.md shows how",
    });
  }

  get channels(): readonly Channel[] {
    return [...this.#deps.channels().values()];
  }

  /** Sends a message that says it is a test, now and once. @throws HubError what the channel throws. */
  async test(channelId: string, cameraId: string | undefined, signal: AbortSignal): Promise<void> {
    const camera = cameraId === undefined
      ? undefined
      : { id: cameraId, name: this.#deps.cameraName(cameraId) };
    const message = testMessage(channelId, this.#deps.clock.now(), camera, this.#deps.origin());
    await this.channel(channelId).send({
      ...message,
      ...(cameraId === undefined ? {} : { snapshot: (own) => this.#pictures.now(cameraId, own) }),
    }, signal);
  }

  /** Lets messages that were given up try anew. @returns how many. */
  async retry(id: number | undefined): Promise<number> {
    const revived = await this.messages.revive(id, this.#deps.clock.now());
    this.engine.changes.notify();
    return revived.length;
  }

  async #compose(row: OutboxRow): Promise<FixedMessage | undefined> {
    const alert = await this.table.get(row.alert);
    const { cameraName, origin } = this.#deps;
    return alert && messageOf(row, {
      alert,
      cameraName: alert.camera === undefined ? undefined : cameraName(alert.camera),
      origin: origin(),
    });
  }
}
