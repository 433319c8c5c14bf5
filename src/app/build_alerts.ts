// Alerts: what they are decided from, and the channels by which they leave.
import { Alerts } from "../alerts/alerts.ts";
import { Arming } from "../alerts/arming.ts";
import type { Channel } from "../alerts/channel.ts";
import { buildChannel, type ChannelParts } from "../alerts/channels/index.ts";
import { Delivered } from "../alerts/channels/delivered.ts";
import type { AlertPublisher } from "../alerts/channels/mqtt.ts";
import type { DoAction } from "../alerts/channels/operation.ts";
import { ExternalAlerts } from "../alerts/external/external_alerts.ts";
import { Measures } from "../alerts/measures.ts";
import type { AlertPictures } from "../alerts/message_pictures.ts";
import type { PushDevices } from "../alerts/push_devices.ts";
import { webSender } from "../protocols/http/web_request.ts";
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { NetworkGuard } from "../base/network.ts";
import type { AlertsConfig } from "../config/alerts.ts";
import { hubTime } from "../config/time_windows.ts";
import { ConnectTimes } from "../devices/reachable.ts";
import type { Shared } from "../devices/shared.ts";
import { EVENT_KINDS, type EventKind } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import type { Thermometer } from "../process/temperature.ts";
import { AlertsTable } from "../store/alerts_table.ts";
import { ArmingTable } from "../store/arming_table.ts";
import { ExternalAlertsTable } from "../store/external_alerts_table.ts";
import type { Store } from "../store/open_store.ts";
import { OutboxTable } from "../store/outbox_table.ts";
import type { Hub } from "../operations/hub.ts";

/** What alerts are built with. */
interface Parts {
  clock: Clock;
  log: Logger;
  shared: Shared;
  thermometer: Thermometer;
  /** Browsers that want to be notified. */
  push: PushDevices;
  config(): AlertsConfig;
}

/** What alerts need of the parts that are built after them. */
export interface AlertLinks {
  journal: Journal;
  manager: Pick<Hub["manager"], "cameras" | "find">;
  origin(): string | undefined;
  /** The broker; undefined where none is named. */
  broker: AlertPublisher | undefined;
  pictures: AlertPictures;
  /** Does what a channel has the hub do. */
  act: DoAction;
}

/** A look is taken every three seconds; see devices/reachable.ts. */
const CONNECT_AGE_MS = 10_000;
/** Under this kind alerts stand in the journal, where it knows that kind. */
const ALERT_KIND: EventKind | undefined = EVENT_KINDS.find((kind) => String(kind) === "alert");

/** Alerts, and the function that joins them to the rest before anything runs. */
export function buildAlerts(
  { clock, log, shared, thermometer, push, config }: Parts,
  { database }: Store,
): { alerts: Alerts; join(links: AlertLinks): void } {
  let links: AlertLinks | undefined;
  const measures = new Measures({
    clock,
    cameras: () => links?.manager.cameras.map(({ id, status }) => ({ id, status: status.status })) ?? [],
    connectTimes: () => shared.get(ConnectTimes).recent(clock.monotonic(), CONNECT_AGE_MS),
    temperature: () =>
      thermometer.read().catch((error) => {
        if (!(error instanceof HubError)) throw error;
        log.debug("The machine's temperature could not be read", { error });
        return undefined;
      }),
  });
  const act: DoAction = (action, signal) => {
    if (!links) throw new Error("Alerts were not joined to the cameras");
    return links.act(action, signal);
  };
  const actions = { act, clock, done: new Delivered() };
  const external = new ExternalAlerts({
    table: new ExternalAlertsTable(database),
    clock,
    log,
    journal: () => links?.journal,
    isCamera: (id) => links?.manager.find(id) !== undefined,
    keepHours: () => config().external_hours,
  });
  const alerts = new Alerts({
    external,
    table: new AlertsTable(database),
    outbox: new OutboxTable(database),
    arming: new Arming(new ArmingTable(database, clock), clock),
    measures,
    clock,
    zone: hubTime,
    log,
    config,
    channels: channelsOf(config, clock, () => ({ log, push, actions, broker: links?.broker })),
    cameraName: (id) => links?.manager.find(id)?.spec.name ?? id,
    origin: () => config().link?.replace(/\/+$/, "") ?? links?.origin(),
    get pictures() {
      if (!links) throw new Error("Alerts were not joined to the cameras");
      return links.pictures;
    },
    opened: ({ alert: { id, camera, rule, severity, subject } }, { title }) => {
      // What comes from outside stands in the journal itself.
      if (ALERT_KIND === undefined || subject !== undefined) return;
      const details = { alert: id, rule, severity, title };
      links?.journal.record({ camera, kind: ALERT_KIND, source: "hub", startedAtMs: clock.now(), details });
    },
  });
  return {
    alerts,
    join: (given) => {
      links = given;
      given.journal.subscribe(alerts.written);
    },
  };
}

/** The channels of the configuration, built anew when it is another one. */
function channelsOf(
  config: () => AlertsConfig,
  clock: Clock,
  others: () => Omit<ChannelParts, "web">,
): () => ReadonlyMap<string, Channel> {
  let built: { of: AlertsConfig; channels: ReadonlyMap<string, Channel> } | undefined;
  return () => {
    const now = config();
    if (built?.of !== now) {
      const network = new NetworkGuard(now.allow, { option: "alerts.allow" });
      const parts = { ...others(), web: webSender({ network, clock }) };
      const channels = new Map(now.channels.map((each) => [each.id, buildChannel(each, parts)]));
      built = { of: now, channels };
    }
    return built.channels;
  };
}
