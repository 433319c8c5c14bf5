// Alerts on a real database, with channels and values that exist only in the test.
import { Alerts } from "../../../src/alerts/alerts.ts";
import { Arming } from "../../../src/alerts/arming.ts";
import type { AlertMessage, Channel } from "../../../src/alerts/channel.ts";
import { ExternalAlerts } from "../../../src/alerts/external/external_alerts.ts";
import { Measures } from "../../../src/alerts/measures.ts";
import type { Clock } from "../../../src/base/clock.ts";
import type { Logger } from "../../../src/base/log.ts";
import { type AlertsConfig, alertsSection } from "../../../src/config/alerts.ts";
import { hubTime, type LocalTime } from "../../../src/config/time_windows.ts";
import type { CameraStatusName } from "../../../src/devices/status.ts";
import { AlertsTable } from "../../../src/store/alerts_table.ts";
import { ArmingTable } from "../../../src/store/arming_table.ts";
import type { Database } from "../../../src/store/database.ts";
import type { Journal } from "../../../src/events/journal.ts";
import { ExternalAlertsTable } from "../../../src/store/external_alerts_table.ts";
import { OutboxTable } from "../../../src/store/outbox_table.ts";

/** A channel that keeps what it was given, and fails while the test says so. */
export class KeptChannel implements Channel {
  readonly id: string;
  readonly type = "webhook";
  readonly got: AlertMessage[] = [];
  /** Tries, those that failed included. */
  tries = 0;
  failure: Error | undefined;
  /** True: asks for the picture with every try, as most channels do. */
  wantsPictures = false;
  /** What came of it, the newest last. */
  readonly pictures: (number[] | undefined)[] = [];

  constructor(id: string) {
    this.id = id;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    this.tries++;
    if (this.wantsPictures) {
      const picture = await message.snapshot?.(signal);
      this.pictures.push(picture && [...picture]);
    }
    if (this.failure) throw this.failure;
    this.got.push(message);
  }
}

/** What a test may move. */
export interface AlertsOfSite {
  alerts: Alerts;
  /** To be changed; `alerts.reload` takes it over. */
  config: AlertsConfig;
  channels: Map<string, Channel>;
  /** Celsius; undefined: not known. */
  temperature: number | undefined;
  connectTimes: [string, number][];
  cameras: { id: string; status: CameraStatusName }[];
  snapshots: string[];
  /** Pictures of events, by number. */
  moments: Map<number, Uint8Array>;
  /** Covers privacy zones; as there are none, it changes nothing. */
  cover(picture: Uint8Array): Promise<Uint8Array>;
  opened: string[];
  /** Where alerts from outside are taken down. */
  external: Pick<Journal, "open"> | undefined;
  use(section: unknown): void;
}

/** Builds them; nothing runs yet. */
export function alertsOf(
  { database, clock, log, zone = hubTime }: {
    database: Database;
    clock: Clock;
    log: Logger;
    zone?: LocalTime;
  },
): AlertsOfSite {
  const site: AlertsOfSite = {
    config: alertsSection.parse({}),
    channels: new Map(),
    temperature: undefined,
    connectTimes: [],
    cameras: [],
    snapshots: [],
    moments: new Map(),
    cover: (picture) => Promise.resolve(picture),
    opened: [],
    external: undefined,
    use: (section) => void (site.config = alertsSection.parse(section)),
    alerts: new Alerts({
      table: new AlertsTable(database),
      outbox: new OutboxTable(database),
      arming: new Arming(new ArmingTable(database, clock), clock),
      measures: new Measures({
        clock,
        cameras: () => site.cameras,
        connectTimes: () => site.connectTimes,
        temperature: () => Promise.resolve(site.temperature),
      }),
      external: new ExternalAlerts({
        table: new ExternalAlertsTable(database),
        clock,
        log,
        journal: () => site.external,
        isCamera: (id) => id === "door",
        keepHours: () => site.config.external_hours,
      }),
      clock,
      zone,
      log,
      config: () => site.config,
      channels: () => site.channels,
      cameraName: (id) => id === "door" ? "Front door" : id,
      origin: () => "http://pi.local:7777",
      pictures: {
        now: (id) => {
          site.snapshots.push(id);
          return Promise.resolve(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]));
        },
        ofEvent: (seq) => Promise.resolve(site.moments.get(seq)),
        masked: (_camera, picture) => site.cover(picture),
      },
      opened: ({ alert }) => void site.opened.push(alert.rule),
    }),
  };
  return site;
}
