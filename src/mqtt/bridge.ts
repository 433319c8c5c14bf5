// The hub at an MQTT broker: keeps the connection, tells cameras and events, and takes commands. `run` does the work.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { HubError } from "../base/errors.ts";
import { isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Backoff } from "../base/retry.ts";
import { Scope } from "../base/scope.ts";
import type { Warnings } from "../base/warnings.ts";
import type { MqttSection } from "../config/channels.ts";
import { OBSERVATION_KINDS } from "../devices/capabilities.ts";
import type { Hub } from "../operations/hub.ts";
import { CameraBoard } from "./camera_board.ts";
import { Commands } from "./commands.ts";
import { notConnected } from "./connect_errors.ts";
import { EventFeed } from "./event_feed.ts";
import { KeptPictures } from "./kept_pictures.ts";
import { brokerName, type Incoming, MqttLink } from "./link.ts";
import { Retained } from "./retained.ts";
import { SnapshotFeed } from "./snapshot_feed.ts";
import { SwitchWatch } from "./switch_watch.ts";
import { Topics } from "./topics.ts";

export interface BridgeDeps {
  hub: Hub;
  section: MqttSection;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
}

const BACKOFF = { firstMs: 1000, maxMs: 60_000 };
const GOODBYE_MS = 2000;
const GATHER_MS = 50;
/** What was announced by an earlier life of the hub is looked at so often. */
const REFRESH_EVERY_MS = 60_000;
const WARNING = "mqtt";

/** The one connection to the broker. */
export class MqttBridge {
  readonly topics: Topics;
  readonly #deps: BridgeDeps;
  readonly #retained = new Retained();
  readonly #board: CameraBoard;
  readonly #switches: SwitchWatch;
  readonly #pictures: KeptPictures;
  readonly #snapshots: SnapshotFeed;
  readonly #events: EventFeed;
  readonly #commands: Commands;
  #link: MqttLink | undefined;
  /** Everything that is under way on behalf of the broker; ends with the service. */
  #scope: Scope | undefined;
  #told: string | undefined;

  constructor(deps: BridgeDeps) {
    const { hub, section, log } = deps;
    this.#deps = deps;
    const topics = this.topics = new Topics(section);
    const retained = this.#retained;
    const shared = { hub, topics, retained, clock: hub.clock, log };
    this.#board = new CameraBoard({ ...shared, ...hub, section });
    this.#switches = new SwitchWatch({ ...shared, board: this.#board });
    this.#pictures = new KeptPictures(shared);
    this.#snapshots = new SnapshotFeed({ ...shared, pictures: this.#pictures });
    this.#events = new EventFeed({
      ...shared,
      journal: hub.journal,
      onKind: (camera, kind) => this.#board.noteKind(camera, kind),
      onBegin: ({ camera, kind }) => {
        const isSeen = OBSERVATION_KINDS.some((each) => each === kind);
        if (isSeen && camera !== undefined && section.snapshots) {
          this.#scope?.spawn((own) => this.#snapshots.want(camera, own));
        }
      },
    });
    this.#commands = new Commands({
      ...shared,
      takeSnapshot: (camera, signal) => this.#snapshots.take(camera, signal),
      onDone: (camera) => this.#switches.poke(camera),
      onFailure: (camera, failure) => this.#tellFailure(camera, failure),
    });
  }

  /** True while the broker can be told something. */
  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  /** Publishes for others of the house, such as alerts. @throws HubError `unavailable` without a connection. */
  async publish(topic: string, payload: string): Promise<void> {
    await this.#connected.publish(topic, payload);
  }

  /** Publishes the picture of an alert, which the broker keeps. @throws HubError as `publish` does. */
  async publishPicture(camera: string, picture: Uint8Array): Promise<void> {
    await this.#pictures.publishAlert(this.#connected, camera, picture);
  }

  get #connected(): MqttLink {
    if (this.#link) return this.#link;
    throw notConnected(brokerName(this.#deps.section));
  }

  /** Keeps the connection until the signal aborts, then says goodbye. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    this.#scope = scope;
    scope.spawn((own) => this.#watchCameras(own));
    scope.spawn((own) => this.#switches.run(own));
    scope.spawn((own) => this.#pictures.run(own));
    scope.spawn((own) => this.#keepConnected(own));
    await scope.join();
  }

  async #keepConnected(signal: AbortSignal): Promise<void> {
    const { section } = this.#deps;
    const backoff = new Backoff(BACKOFF);
    const will = { topic: this.topics.hubStatus, payload: "offline" };
    const onMessage = (message: Incoming) => this.#take(message);
    while (!signal.aborted) {
      try {
        const link = await MqttLink.open({ section, will, onMessage }, signal);
        backoff.reset();
        await this.#serve(link, signal);
      } catch (error) {
        if (isAbort(error) && signal.aborted) return;
        this.#tellTrouble(toHubError(error));
      }
      if (!signal.aborted) await this.#pause(backoff.next(), signal);
    }
  }

  /** Uses a connection until it ends or the signal aborts. @throws HubError why it ended. */
  async #serve(link: MqttLink, signal: AbortSignal): Promise<void> {
    const { section, log, warnings } = this.#deps;
    using session = new LinkedSignal(signal);
    link.closed.then(() => session.abort());
    this.#link = link;
    try {
      this.#retained.set(this.topics.hubStatus, "online");
      this.#retained.tellAll(link);
      await link.subscribe([
        this.topics.birth,
        this.topics.ownDiscovery,
        ...section.commands ? [this.topics.commands] : [],
      ]);
      warnings.clear(WARNING);
      log.info("Connected to the MQTT broker", { broker: brokerName(section) });
      this.#told = undefined;
      await this.#events.run(link, session.signal);
      if (signal.aborted) await this.#sayGoodbye(link);
      else throw await link.closed;
    } finally {
      this.#link = undefined;
      this.#retained.detach();
      await link.end();
    }
  }

  async #sayGoodbye(link: MqttLink): Promise<void> {
    const told = link.publish(this.topics.hubStatus, "offline", { retain: true }).catch(() => {
      // The connection ended at the same moment: the broker tells the will.
    });
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, GOODBYE_MS);
    await Promise.race([told, timeout.promise]);
    clearTimeout(timer);
  }

  #take(message: Incoming): void {
    const { topic, payload, isRetained } = message;
    if (topic === this.topics.birth) {
      const isBirth = !isRetained && new TextDecoder().decode(payload) === "online";
      if (isBirth) this.#retained.tellAll();
    } else if (this.topics.isOwnDiscovery(topic)) {
      this.#board.noteAnnounced(message);
    } else {
      this.#scope?.spawn((own) => this.#commands.take(message, own));
    }
  }

  /** Brings the board in step with the cameras whenever they change, and now and then. */
  async #watchCameras(signal: AbortSignal): Promise<void> {
    const { hub: { manager, rules, clock } } = this.#deps;
    let isDue = true;
    const news = new Changes();
    const look = () => {
      isDue = true;
      news.notify();
    };
    const unsubscribe = [manager.changes.subscribe(look), rules.changes.subscribe(look)];
    try {
      while (!signal.aborted) {
        if (!isDue) {
          await sleepOrChange(REFRESH_EVERY_MS, news, clock, signal);
          await this.#pause(GATHER_MS, signal);
        }
        isDue = false;
        this.#board.refresh();
        await this.#learnKinds(signal);
      }
    } finally {
      for (const each of unsubscribe) each();
    }
  }

  async #pause(durationMs: number, signal: AbortSignal): Promise<void> {
    await this.#deps.hub.clock.sleep(durationMs, signal).catch((error) => {
      if (!isAbort(error)) throw error;
    });
  }

  async #learnKinds(signal: AbortSignal): Promise<void> {
    const { hub: { manager }, log } = this.#deps;
    for (const { id } of manager.cameras) {
      if (signal.aborted) return;
      try {
        await this.#board.learn(id);
      } catch (error) {
        log.warn("What a camera has reported before could not be read", { camera: id, error });
      }
    }
  }

  /** Says to whoever listens why a command was not done. */
  #tellFailure(camera: string, { command, error }: { command: string; error: HubError }): void {
    const { kind, message, hint } = error;
    const text = JSON.stringify({
      command,
      error_code: kind,
      message,
      ...(hint === undefined ? {} : { hint }),
    });
    this.#link?.publish(this.topics.of(camera, "error"), text).catch(() => {
      // Without a connection nobody listens; the log has it.
    });
  }

  #tellTrouble(error: HubError): void {
    const { warnings, log } = this.#deps;
    warnings.raise(WARNING, error.message, error.hint);
    if (error.message !== this.#told) log.warn("There is no connection to the MQTT broker", { error });
    this.#told = error.message;
  }
}
