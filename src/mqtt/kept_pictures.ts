// The pictures that the broker keeps. They leave with the privacy zones covered; when zones change, those that the broker
// has go at once, and come back covered.
import { Changes } from "../base/changes.ts";
import { isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Hub } from "../operations/hub.ts";
import type { MqttLink } from "./link.ts";
import type { Retained } from "./retained.ts";
import type { Topics } from "./topics.ts";

/** What they work with. */
export interface KeptPicturesDeps {
  hub: Pick<Hub, "manager" | "rules" | "media">;
  topics: Topics;
  retained: Retained;
  log: Logger;
}

/** A picture as the broker has it. */
interface Kept {
  camera: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** What is covered in it, as `zonesOf` tells. */
  zones: string;
}

const NO_ZONES = "";

/** Knows the kept pictures of this life of the hub. `run` does the work. */
export class KeptPictures {
  readonly #deps: KeptPicturesDeps;
  readonly #kept = new Map<string, Kept>();
  /** What was last covered at each camera. */
  readonly #seen = new Map<string, string>();
  readonly #due = new Changes();

  constructor(deps: KeptPicturesDeps) {
    this.#deps = deps;
  }

  /** What is covered at a camera now, to be compared only. */
  zonesOf(camera: string): string {
    const { privacy } = this.#deps.hub.rules.of(camera);
    return privacy.zones.length === 0 ? NO_ZONES : JSON.stringify(privacy);
  }

  /**
   * Gives the broker a camera's picture to keep. What is no longer covered as it should be is covered once more.
   * @param zones what `zonesOf` told before the picture was taken.
   * @throws HubError where it cannot be covered.
   */
  async put(
    camera: string,
    { bytes, zones }: { bytes: Uint8Array<ArrayBuffer>; zones: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { hub, retained, topics } = this.#deps;
    const covered = zones === this.zonesOf(camera) ? bytes : await hub.media.masked(camera, bytes, signal);
    if (!hub.manager.find(camera)) return;
    const topic = topics.of(camera, "snapshot");
    this.#kept.set(topic, { camera, bytes: covered, zones: this.zonesOf(camera) });
    retained.set(topic, covered);
  }

  /** The same for the picture of an alert. Resolves when the broker has it. @throws HubError of the connection. */
  async publishAlert(link: Pick<MqttLink, "publish">, camera: string, picture: Uint8Array): Promise<void> {
    const { retained, topics } = this.#deps;
    const topic = topics.alertSnapshot;
    const kept = { camera, bytes: new Uint8Array(picture), zones: this.zonesOf(camera) };
    await link.publish(topic, kept.bytes, { retain: true });
    this.#kept.set(topic, kept);
    retained.keep(topic, kept.bytes);
    if (kept.zones === this.zonesOf(camera)) return;
    retained.clear(topic);
    this.#due.notify();
  }

  /** Covers anew what zones have changed for, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { hub: { rules, manager } } = this.#deps;
    let isDue = true;
    const look = () => {
      this.#clearBare();
      this.#due.notify();
    };
    const unsubscribe = [
      rules.changes.subscribe(look),
      manager.changes.subscribe(look),
      this.#due.subscribe(() => isDue = true),
    ];
    try {
      // What an earlier life has left at the broker may show what is to be covered now.
      this.#clearBare();
      while (!signal.aborted) {
        if (!isDue) await this.#due.next(signal);
        isDue = false;
        for (const [topic, kept] of [...this.#kept]) await this.#coverAnew(topic, kept, signal);
      }
    } finally {
      for (const each of unsubscribe) each();
    }
  }

  /** Makes the broker forget at once what shows more than it may since zones have changed. */
  #clearBare(): void {
    const { hub: { manager }, topics, retained } = this.#deps;
    for (const { id } of manager.cameras) {
      const zones = this.zonesOf(id);
      if ((this.#seen.get(id) ?? NO_ZONES) === zones) continue;
      this.#seen.set(id, zones);
      if (zones === NO_ZONES) continue;
      for (const topic of [topics.of(id, "snapshot"), topics.alertSnapshot]) {
        const kept = this.#kept.get(topic);
        // What is not known to be of another camera may be of this one.
        if (kept === undefined || (kept.camera === id && kept.zones !== zones)) retained.clear(topic);
      }
    }
  }

  async #coverAnew(topic: string, kept: Kept, signal: AbortSignal): Promise<void> {
    const { hub: { manager, media }, topics, retained, log } = this.#deps;
    const { camera, bytes, zones } = kept;
    if (topic !== topics.alertSnapshot && !manager.find(camera)) this.#kept.delete(topic);
    if (this.zonesOf(camera) === zones || signal.aborted) return;
    try {
      const covered = await media.masked(camera, bytes, signal);
      if (this.#kept.get(topic) !== kept) return;
      this.#kept.set(topic, { camera, bytes: covered, zones: this.zonesOf(camera) });
      retained.set(topic, covered);
    } catch (error) {
      if (isAbort(error) && signal.aborted) return;
      log.warn("A picture at the MQTT broker was deleted: its privacy zones cannot be covered", {
        camera,
        error,
      });
      if (this.#kept.get(topic) !== kept) return;
      this.#kept.delete(topic);
      retained.clear(topic);
    }
  }
}
