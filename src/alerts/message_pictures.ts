// The pictures that go with messages: of the moment where one was kept, else of now. Each leaves with the privacy zones
// of the time at which it leaves.
import type { Clock } from "../base/clock.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import type { AlertsTable } from "../store/alerts_table.ts";
import type { FixedMessage } from "./outbox.ts";

/** Where pictures come from. All are JPEGs, as others than administrators may see them. */
export interface AlertPictures {
  /** Of a camera as it is now. @throws HubError why there is none. */
  now(cameraId: string, signal: AbortSignal): Promise<Uint8Array>;
  /** The one that was kept when an event began; undefined where there is none. @throws HubError. */
  ofEvent(seq: number, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Covers the privacy zones that the camera has now. @throws HubError where that does not succeed. */
  masked(cameraId: string, picture: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

/** What they work with. */
export interface MessagePicturesDeps {
  table: Pick<AlertsTable, "get" | "picture" | "keepPicture">;
  pictures: AlertPictures;
  clock: Clock;
  log: Logger;
}

/** A picture taken later than this shows something else. */
const PICTURE_AGE_MS = 60_000;
const PICTURE_TIMEOUT_MS = 10_000;

/** Finds the picture of each message, and keeps it until the last message of its alert has left. */
export class MessagePictures {
  readonly #deps: MessagePicturesDeps;
  /** Pictures that are being looked for, by alert: several channels want the same. */
  readonly #underWay = new Map<number, Promise<Uint8Array | undefined>>();

  constructor(deps: MessagePicturesDeps) {
    this.#deps = deps;
  }

  /** The picture of a message; undefined where there is none, or it cannot be covered: the message then goes alone. */
  async of(message: FixedMessage, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { alert, camera, state } = message;
    if (camera === undefined || state !== "firing") return undefined;
    const finding = this.#underWay.get(alert) ?? this.#find(message, camera.id, signal);
    this.#underWay.set(alert, finding);
    try {
      return await finding;
    } finally {
      this.#underWay.delete(alert);
    }
  }

  /** A camera's picture of now; undefined where there is none. @throws AbortError. */
  async now(cameraId: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return await this.#attempt(cameraId, signal, (own) => this.#deps.pictures.now(cameraId, own));
  }

  async #find(
    { alert, startedAtMs }: FixedMessage,
    camera: string,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { table, pictures, clock } = this.#deps;
    const kept = await table.picture(alert) ?? await this.#ofMoment(alert, camera, signal);
    // The zones may have changed since it was taken, which an outage can make long ago.
    if (kept) return await this.#attempt(camera, signal, (own) => pictures.masked(camera, kept, own));
    if (Math.abs(clock.now() - startedAtMs) > PICTURE_AGE_MS) return undefined;
    const taken = await this.now(camera, signal);
    if (taken) await table.keepPicture(alert, taken);
    return taken;
  }

  /** The picture of the event behind an alert. Kept: the oldest pictures of events may go while the message waits. */
  async #ofMoment(alert: number, camera: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { table, pictures } = this.#deps;
    const event = (await table.get(alert))?.event;
    if (event === undefined) return undefined;
    const found = await this.#attempt(camera, signal, (own) => pictures.ofEvent(event, own));
    if (found) await table.keepPicture(alert, found);
    return found;
  }

  /** Undefined where it fails or takes too long. @throws AbortError. */
  async #attempt(
    camera: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array | undefined> {
    using limit = new LinkedSignal(signal, AbortSignal.timeout(PICTURE_TIMEOUT_MS));
    try {
      return await work(limit.signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#deps.log.debug("An alert goes without a picture", { camera, error });
      return undefined;
    }
  }
}
