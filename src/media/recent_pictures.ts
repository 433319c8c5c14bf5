// Pictures that were just handed out made smaller, as they were taken: who wants one of them whole can still have it.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { PrivacyRules } from "./masked.ts";

/** How long one is there, unless newer ones take its place. */
const MAX_AGE_MS = 600_000;
const MAX_COUNT = 32;
const MAX_BYTES = 16 * 1024 * 1024;

interface Taken {
  id: string;
  camera: string;
  /** Shared with the stream: nobody may change them. */
  bytes: Uint8Array<ArrayBuffer>;
  /** What was covered in it. */
  mask: PrivacyRules | undefined;
  atMs: number;
}

/** The newest 32 pictures of the last ten minutes, 16 MB at most, in memory. The newest is there whatever its size. */
export class RecentPictures {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Oldest first. */
  #taken: Taken[] = [];

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Keeps one for a while; returns its id. The same frame taken twice is one picture. */
  add(camera: string, bytes: Uint8Array<ArrayBuffer>, mask: PrivacyRules | undefined): string {
    const known = this.#taken.find((each) => each.bytes === bytes && each.camera === camera);
    const id = known?.id ?? crypto.randomUUID().slice(0, 13);
    this.#taken = this.#taken.filter((each) => each !== known);
    this.#taken.push({ id, camera, bytes, mask, atMs: this.#clock.monotonic() });
    this.#forget();
    return id;
  }

  /**
   * @param mask what must be covered in it, as `CameraMedia.maskFor` gives it.
   * @throws HubError `not_found` when it is not there any more, or was taken with anything else covered.
   */
  get(camera: string, id: string, mask: PrivacyRules | undefined): Uint8Array<ArrayBuffer> {
    this.#forget();
    const found = this.#taken.find((each) => each.id === id && each.camera === camera && each.mask === mask);
    if (found) return found.bytes;
    throw new HubError(
      "not_found",
      `Picture "${id.slice(0, 40)}" of camera "${camera}" is not there any more`,
      {
        hint:
          "Whole pictures are there for 10 minutes at most, and until the camera's privacy zones change; capture_image takes another, and keeps it with save",
      },
    );
  }

  #forget(): void {
    const sinceMs = this.#clock.monotonic() - MAX_AGE_MS;
    this.#taken = this.#taken.filter(({ atMs }) => atMs > sinceMs).slice(-MAX_COUNT);
    let sizeBytes = this.#taken.reduce((sum, { bytes }) => sum + bytes.length, 0);
    while (sizeBytes > MAX_BYTES && this.#taken.length > 1) {
      sizeBytes -= this.#taken.shift()?.bytes.length ?? 0;
    }
  }
}
