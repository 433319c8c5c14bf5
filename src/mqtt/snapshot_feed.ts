// Gives the broker a picture of a camera when something happens there, or when somebody asks for one.
import { Buffer } from "node:buffer";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Hub } from "../operations/hub.ts";
import { invokeForMqtt } from "./commands.ts";
import type { KeptPictures } from "./kept_pictures.ts";

export interface SnapshotFeedDeps {
  hub: Hub;
  pictures: KeptPictures;
  clock: Clock;
  log: Logger;
}

/** Shortest time between two pictures that nobody has asked for. */
const EVERY_MS = 5000;

/** Takes pictures, as an operator may have them. */
export class SnapshotFeed {
  readonly #deps: SnapshotFeedDeps;
  /** When a picture was begun, on the monotonic clock; by camera. */
  readonly #begun = new Map<string, number>();
  readonly #busy = new Set<string>();

  constructor(deps: SnapshotFeedDeps) {
    this.#deps = deps;
  }

  /** Takes one soon after something happened, unless one has just been taken. Never fails. */
  async want(camera: string, signal: AbortSignal): Promise<void> {
    const nowMs = this.#deps.clock.monotonic();
    if (this.#busy.has(camera) || nowMs - (this.#begun.get(camera) ?? -Infinity) < EVERY_MS) return;
    try {
      await this.take(camera, signal);
    } catch (error) {
      if (isAbort(error) && signal.aborted) return;
      this.#deps.log.debug("There is no picture for the MQTT broker", { camera, error: toHubError(error) });
    }
  }

  /** Takes one now. @throws HubError why there is none. */
  async take(camera: string, signal: AbortSignal): Promise<void> {
    const { hub, pictures, clock } = this.#deps;
    this.#begun.set(camera, clock.monotonic());
    this.#busy.add(camera);
    try {
      const zones = pictures.zonesOf(camera);
      const wish = { operation: "capture_image", input: { camera_id: camera, quality: "medium" } };
      const { image_base64: image } = await invokeForMqtt(hub, wish, signal);
      if (typeof image !== "string") throw new HubError("internal", "The picture is missing");
      await pictures.put(camera, { bytes: new Uint8Array(Buffer.from(image, "base64")), zones }, signal);
    } finally {
      this.#busy.delete(camera);
    }
  }
}
