// The streams of all cameras, by camera. The device manager runs each beside its camera.
import { HubError } from "../base/errors.ts";
import { Turns } from "../base/turns.ts";
import type { Camera } from "../devices/camera.ts";
import type { SessionSlots } from "../devices/session_slots.ts";
import { CameraMedia } from "./camera_media.ts";
import type { StreamContext } from "./on_demand.ts";

/** Knows the streams of each camera. */
export class Media {
  /** Snapshots that are rescaled, two at a time. */
  readonly rescaling = new Turns(2);
  readonly #slots: SessionSlots;
  readonly #context: StreamContext;
  readonly #maxViewers: () => number;
  readonly #cameras = new Map<string, CameraMedia>();

  constructor(context: StreamContext, options: { maxViewers: () => number; slots: SessionSlots }) {
    this.#context = context;
    this.#slots = options.slots;
    this.#maxViewers = options.maxViewers;
  }

  get viewers(): number {
    return [...this.#cameras.values()].reduce((sum, media) => sum + media.viewers, 0);
  }

  find(cameraId: string): CameraMedia | undefined {
    return this.#cameras.get(cameraId);
  }

  /** @throws HubError `not_found` when there is no such camera (any more). */
  get(cameraId: string): CameraMedia {
    const media = this.find(cameraId);
    if (media) return media;
    throw new HubError("not_found", `There is no camera "${cameraId}"`);
  }

  /** @throws HubError `unavailable` when as many watch as may. */
  refuseCrowd(): void {
    if (this.viewers < this.#maxViewers()) return;
    throw new HubError("unavailable", `All ${this.#maxViewers()} viewer places are taken`, {
      hint: "Close a few pictures, or raise streams.max_viewers in the configuration",
    });
  }

  /** Streams a camera until the signal aborts: the manager's companion task. */
  readonly accompany = async (camera: Camera, signal: AbortSignal): Promise<void> => {
    const media = new CameraMedia(camera, this.#context, this.#slots);
    this.#cameras.set(camera.id, media);
    try {
      await media.run(signal);
    } finally {
      if (this.#cameras.get(camera.id) === media) this.#cameras.delete(camera.id);
    }
  };
}
