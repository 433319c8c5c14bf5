// What the hub streams of one camera: the stream itself, its rescaled variants, and who looks at them.
import { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Scope } from "../base/scope.ts";
import type { Camera } from "../devices/camera.ts";
import type { Video } from "../devices/device.ts";
import type { StreamReport } from "../devices/status.ts";
import { jpegSource } from "./transcode.ts";
import { FrameStream, type StreamContext } from "./stream.ts";
import type { TapFigures } from "./frame_tap.ts";
import { type Rescale, rescaledSource } from "./rescale.ts";

/** Somebody who looks at a camera. */
export interface Viewer {
  readonly figures: Readonly<TapFigures>;
  close(): void;
}

const MAX_VARIANTS = 4;

/** Streams of one camera. `run` does the work. */
export class CameraMedia {
  readonly stream: FrameStream;
  readonly #camera: Camera;
  readonly #context: StreamContext;
  readonly #variants = new Map<string, { stream: FrameStream; stop: LinkedSignal }>();
  /** Each viewer with the time it came, on the monotonic clock. */
  readonly #viewers = new Map<Viewer, number>();
  #scope: Scope | undefined;
  #droppedByGone = 0;

  constructor(camera: Camera, context: StreamContext) {
    this.#camera = camera;
    this.#context = context;
    this.stream = new FrameStream(context);
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Frames skipped by viewers, those included that have left. */
  get droppedTotal(): number {
    let total = this.#droppedByGone;
    for (const viewer of this.#viewers.keys()) total += viewer.figures.dropped;
    return total;
  }

  /** What each present viewer has got so far; `fps` is its mean since it came, absent in the first second. */
  get viewerFigures(): (TapFigures & { watchedMs: number; fps: number | undefined })[] {
    const nowMs = this.#context.clock.monotonic();
    return [...this.#viewers].map(([viewer, sinceMs]) => {
      const watchedMs = nowMs - sinceMs;
      const { figures } = viewer;
      return { ...figures, watchedMs, fps: watchedMs < 1000 ? undefined : figures.frames / watchedMs * 1000 };
    });
  }

  /** Counts somebody as a viewer until the returned function is called. */
  register(viewer: Viewer): () => void {
    this.#viewers.set(viewer, this.#context.clock.monotonic());
    return () => {
      if (this.#viewers.delete(viewer)) this.#droppedByGone += viewer.figures.dropped;
    };
  }

  /**
   * Returns the camera's stream, or one rescaled from it; equal wishes share one.
   * @throws HubError `conflict` when too many different sizes are being watched.
   */
  streamFor(wish: Rescale): FrameStream {
    if (wish.width === undefined && wish.quality === undefined) return this.stream;
    const key = `${wish.width ?? ""}/${wish.quality ?? ""}`;
    const known = this.#variants.get(key);
    if (known) return known.stream;
    this.#forgetIdleVariants();
    if (this.#variants.size >= MAX_VARIANTS || !this.#scope) throw tooManyVariants(this.#camera.id);
    const variant = new FrameStream(this.#context);
    variant.setSource(rescaledSource(this.#camera.id, this.stream, wish));
    const stop = new LinkedSignal(this.#scope.signal);
    this.#variants.set(key, { stream: variant, stop });
    this.#scope.spawn(async () => {
      using own = stop;
      await variant.run(own.signal);
    });
    return variant;
  }

  /** Streams for as long as the camera exists; then ends every viewer. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    this.#scope = scope;
    let video: Video | undefined;
    const takeSource = () => {
      const now = this.#camera.device?.capabilities.video;
      if (now === video) return;
      video = now;
      this.stream.setSource(now && jpegSource(now, this.#context.launcher));
    };
    const unsubscribe = [
      this.#camera.changes.subscribe(takeSource),
      this.stream.changes.subscribe(() => this.#report()),
    ];
    takeSource();
    try {
      scope.spawn((own) => this.stream.run(own));
      await scope.join();
    } finally {
      for (const each of unsubscribe) each();
      for (const viewer of [...this.#viewers.keys()]) viewer.close();
    }
  }

  #reported: StreamReport | undefined;

  #report(): void {
    const state = this.stream.state;
    if (state === this.#reported) return;
    this.#reported = state;
    this.#camera.reportStream(state);
  }

  #forgetIdleVariants(): void {
    for (const [key, { stream, stop }] of this.#variants) {
      if (stream.consumers > 0 || stream.state.state !== "idle") continue;
      stop.abort();
      this.#variants.delete(key);
    }
  }
}

function tooManyVariants(id: string): HubError {
  return new HubError(
    "conflict",
    `Camera "${id}" is already being rescaled to ${MAX_VARIANTS} different sizes`,
    {
      hint: "Use one of those sizes, or the original, by leaving out width and quality",
      retryable: true,
    },
  );
}
