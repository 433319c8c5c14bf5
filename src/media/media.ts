// The streams of all cameras, by camera. The device manager runs each beside its camera.
import { HubError } from "../base/errors.ts";
import { Turns } from "../base/turns.ts";
import type { Camera } from "../devices/camera.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { SessionSlots } from "../devices/session_slots.ts";
import { CameraMedia } from "./camera_media.ts";
import { maskPicture } from "./masked.ts";
import { MaskedVideos } from "./masked_video.ts";
import type { StreamContext } from "./on_demand.ts";

/** What the streams of all cameras share. */
export interface MediaOptions {
  maxViewers: () => number;
  slots: SessionSlots;
  rules: Pick<RuleBook, "of" | "changes">;
  /** Told how long the first viewer of a camera's stream waited for its first picture. */
  onFirstPicture?: ((cameraId: string, tookMs: number) => void) | undefined;
}

/** Knows the streams of each camera. */
export class Media {
  /** Snapshots that are rescaled, two at a time. */
  readonly rescaling = new Turns(2);
  /** Recordings whose privacy zones are covered while they are played. */
  readonly maskedVideos: MaskedVideos;
  readonly #slots: SessionSlots;
  readonly #context: StreamContext;
  readonly #maxViewers: () => number;
  readonly #rules: MediaOptions["rules"];
  readonly #onFirstPicture: MediaOptions["onFirstPicture"];
  readonly #cameras = new Map<string, CameraMedia>();

  constructor(context: StreamContext, { maxViewers, slots, rules, onFirstPicture }: MediaOptions) {
    this.#context = context;
    this.maskedVideos = new MaskedVideos(context.launcher);
    this.#slots = slots;
    this.#maxViewers = maxViewers;
    this.#rules = rules;
    this.#onFirstPicture = onFirstPicture;
    rules.changes.subscribe(() => {
      for (const media of this.#cameras.values()) media.takeMask();
    });
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

  /**
   * Covers the privacy zones that a camera has now in a picture that was taken earlier, and returns it as it is where
   * there are none. The camera need not be there any more.
   * @throws HubError `unavailable` where it cannot be covered.
   */
  async masked(
    cameraId: string,
    picture: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { launcher, clock } = this.#context;
    for (;;) {
      const { privacy } = this.#rules.of(cameraId);
      const context = { launcher, clock, signal, rescaling: this.rescaling };
      const made = privacy.zones.length > 0
        ? await maskPicture(picture, privacy, cameraId, context)
        : picture;
      if (JSON.stringify(this.#rules.of(cameraId).privacy) === JSON.stringify(privacy)) return made;
    }
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
    const media = new CameraMedia(camera, {
      context: this.#context,
      slots: this.#slots,
      privacy: () => this.#rules.of(camera.id).privacy,
      onFirstPicture: (tookMs) => this.#onFirstPicture?.(camera.id, tookMs),
    });
    this.#cameras.set(camera.id, media);
    try {
      await media.run(signal);
    } finally {
      if (this.#cameras.get(camera.id) === media) this.#cameras.delete(camera.id);
    }
  };
}
