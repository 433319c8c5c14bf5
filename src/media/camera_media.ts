// What the hub streams of one camera: the stream itself, its rescaled variants, and who looks at them.
import { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Scope } from "../base/scope.ts";
import type { Camera } from "../devices/camera.ts";
import type { Video } from "../devices/device.ts";
import type { StreamReport } from "../devices/status.ts";
import { AudioStream } from "./audio_stream.ts";
import { chooseLane, worstReport } from "./choose_lane.ts";
import type { TapFigures } from "./frame_tap.ts";
import { Lane } from "./lane.ts";
import { retryWhenRunning, type StreamContext } from "./on_demand.ts";
import { type Rescale, rescaledSource } from "./rescale.ts";
import type { SessionSlots } from "../devices/session_slots.ts";
import { FrameStream } from "./stream.ts";

/** Somebody who looks at a camera. */
export interface Viewer {
  readonly figures: Readonly<TapFigures>;
  close(): void;
}

const MAX_VARIANTS = 4;
/** A smaller stream that failed is left alone for so long; its viewers get the large one. */
const SUB_REST_MS = 300_000;

/** Streams of one camera. `run` does the work. */
export class CameraMedia {
  /** The camera's full picture. */
  readonly main: Lane;
  /** Its smaller stream, idle where it has none. */
  readonly sub: Lane;
  /** Its sound, encoded while somebody listens. */
  readonly audio: AudioStream;
  readonly #slots: SessionSlots;
  readonly #camera: Camera;
  readonly #context: StreamContext;
  readonly #variants = new Map<string, { stream: FrameStream; stop: LinkedSignal }>();
  /** Each viewer with the time it came, on the monotonic clock. */
  readonly #viewers = new Map<Viewer, number>();
  #scope: Scope | undefined;
  #droppedByGone = 0;

  constructor(camera: Camera, context: StreamContext, slots: SessionSlots) {
    this.#camera = camera;
    this.#context = context;
    this.#slots = slots;
    this.main = new Lane(camera.id, context, slots);
    this.sub = new Lane(`${camera.id} (small)`, context, slots);
    this.audio = new AudioStream(camera.id, this.main.packets, context);
  }

  /** The lane whose figures are told: the one that runs, the full picture first. */
  get active(): Lane {
    return !this.main.isOpen && this.sub.isOpen ? this.sub : this.main;
  }

  /** The full picture as JPEG frames. */
  get stream(): FrameStream {
    return this.main.frames;
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
   * Returns one of the camera's streams, or one rescaled from it; equal wishes share one.
   * @throws HubError `conflict` when too many different sizes are being watched.
   */
  streamFor(wish: Rescale): FrameStream {
    const name = chooseLane(wish, this.#choices());
    const base = this[name].frames;
    const isAsIs = wish.width === undefined || wish.width === this[name].video?.modes?.[0]?.width;
    if (isAsIs && wish.quality === undefined) return base;
    const key = `${name}/${wish.width ?? ""}/${wish.quality ?? ""}`;
    const known = this.#variants.get(key);
    if (known) return known.stream;
    this.#forgetIdleVariants();
    if (this.#variants.size >= MAX_VARIANTS || !this.#scope) throw tooManyVariants(this.#camera.id);
    const variant = new FrameStream(this.#context);
    variant.setSource(rescaledSource(this.#camera.id, base, wish));
    const stop = new LinkedSignal(this.#scope.signal);
    this.#variants.set(key, { stream: variant, stop });
    this.#scope.spawn(async () => {
      using own = stop;
      const unsubscribe = retryWhenRunning(base, variant);
      await variant.run(own.signal);
      unsubscribe();
    });
    return variant;
  }

  /**
   * The stream for a reader of its own who needs no more than such a width. The smaller one only where the device
   * serves two: whoever wants to see the full picture must find it free.
   */
  laneFor(enoughWidth: number): Lane {
    const { limit } = this.main.video ?? {};
    if (limit && limit.max < 2) return this.main;
    return this[chooseLane({ enoughWidth }, this.#choices())];
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
      // What failed when the whole camera was away says nothing of its smaller stream.
      this.#subRestsUntilMs = -Infinity;
      this.main.setVideo(now);
      this.sub.setVideo(now?.sub);
    };
    const unsubscribe = [
      this.#camera.changes.subscribe(takeSource),
      ...[this.main, this.sub].flatMap(({ frames, packets }) => [frames, packets]).map((stream) =>
        stream.changes.subscribe(() => this.#report())
      ),
    ];
    takeSource();
    try {
      scope.spawn((own) => this.main.run(own));
      scope.spawn((own) => this.sub.run(own));
      scope.spawn((own) => this.audio.run(own));
      await scope.join();
    } finally {
      for (const each of unsubscribe) each();
      for (const viewer of [...this.#viewers.keys()]) viewer.close();
    }
  }

  /** Tries at once, if something waits for its next try. */
  retryNow(): void {
    this.#subRestsUntilMs = -Infinity;
    this.main.retryNow();
    this.sub.retryNow();
    this.audio.retryNow();
  }

  #choices(): Parameters<typeof chooseLane>[1] {
    const { sub } = this.sub.video ? this : { sub: undefined };
    const mayOpen = this.#slots.free(this.main.video?.limit) > 0;
    return {
      subWidth: sub?.video?.modes?.[0]?.width,
      isMainOpen: this.main.isOpen,
      isSubOpen: sub?.isOpen ?? false,
      isSubFailing: this.#context.clock.monotonic() < this.#subRestsUntilMs,
      mayOpen,
    };
  }

  #reported: StreamReport | undefined;
  #subRestsUntilMs = -Infinity;

  #report(): void {
    if (this.sub.report.state === "waiting") {
      this.#subRestsUntilMs = this.#context.clock.monotonic() + SUB_REST_MS;
    }
    const report = worstReport([this.main.report, this.sub.report]);
    if (report === this.#reported) return;
    this.#reported = report;
    this.#camera.reportStream(report);
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
