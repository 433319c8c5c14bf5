// What the hub streams of one camera: the stream itself, its rescaled variants, and who looks at them.
import { Scope } from "../base/scope.ts";
import type { Camera } from "../devices/camera.ts";
import type { Video } from "../devices/device.ts";
import type { StreamReport } from "../devices/status.ts";
import { AudioStream } from "./audio_stream.ts";
import { chooseLane, worstReport } from "./choose_lane.ts";
import type { TapFigures } from "./frame_tap.ts";
import { Lane } from "./lane.ts";
import { maskedSource, type PrivacyRules } from "./masked.ts";
import { retryWhenRunning, type StreamContext } from "./on_demand.ts";
import type { Rescale } from "./rescale.ts";
import type { Sight } from "./sight.ts";
import type { SessionSlots } from "../devices/session_slots.ts";
import { FrameStream } from "./stream.ts";
import { Variants } from "./variants.ts";

/** Somebody who looks at a camera. */
export interface Viewer {
  readonly figures: Readonly<TapFigures>;
  /** Called when privacy zones came or went: asks at once for the stream that it may see now. */
  look(): void;
  close(): void;
}

/** What the streams of a camera are made with. */
export interface CameraMediaParts {
  context: StreamContext;
  slots: SessionSlots;
  /** What is covered at present. */
  privacy(): PrivacyRules;
  /** Told how long the first viewer of a stream that rested waited for its first picture. */
  onFirstPicture?(tookMs: number): void;
}

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
  readonly #privacy: () => PrivacyRules;
  readonly #variants: Variants;
  /** The full picture with the privacy zones covered: one process for all who may not see them. */
  readonly #masked: FrameStream;
  #mask: PrivacyRules | undefined;
  /** Each viewer with the time it came, on the monotonic clock. */
  readonly #viewers = new Map<Viewer, number>();
  #droppedByGone = 0;
  #sentToGone = 0;

  constructor(camera: Camera, { context, slots, privacy, onFirstPicture }: CameraMediaParts) {
    this.#camera = camera;
    this.#context = context;
    this.#slots = slots;
    this.main = new Lane(camera.id, context, slots, onFirstPicture);
    this.sub = new Lane(`${camera.id} (small)`, context, slots, onFirstPicture);
    this.audio = new AudioStream(camera.id, this.main.packets, context);
    this.#privacy = privacy;
    this.#variants = new Variants(camera.id, context);
    this.#masked = new FrameStream(context);
    this.takeMask();
  }

  /** The lane whose figures are told: the one that runs, the full picture first. */
  get active(): Lane {
    return !this.main.isOpen && this.sub.isOpen ? this.sub : this.main;
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

  /** Bytes of pictures handed to viewers, those included that have left. */
  get sentBytes(): number {
    return [...this.#viewers.keys()].reduce((sum, { figures }) => sum + figures.bytes, this.#sentToGone);
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
      if (!this.#viewers.delete(viewer)) return;
      this.#droppedByGone += viewer.figures.dropped;
      this.#sentToGone += viewer.figures.bytes;
    };
  }

  /**
   * What is covered for somebody of that sight; undefined where nothing is. The same object for as long as it stays the
   * same: pictures made under another one are not for him any more.
   */
  maskFor(sight: Sight): PrivacyRules | undefined {
    return sight === "masked" ? this.#mask : undefined;
  }

  /** Takes over changed privacy zones: when it returns, nobody is handed a picture under the earlier ones any more. */
  takeMask(): void {
    const rules = this.#privacy();
    const mask = rules.zones.length > 0 ? rules : undefined;
    if (JSON.stringify(mask) === JSON.stringify(this.#mask)) return;
    this.#mask = mask;
    this.#masked.replaceSource(mask && maskedSource(this.#camera.id, this.main.frames, mask));
    this.#variants.renew(this.#masked);
    for (const viewer of [...this.#viewers.keys()]) viewer.look();
  }

  /**
   * Returns what pictures for somebody of that sight are made of, and makes them anew where the privacy zones changed
   * meanwhile.
   */
  async underMask<T>(sight: Sight, work: () => Promise<T>): Promise<T> {
    for (;;) {
      const mask = this.maskFor(sight);
      const made = await work();
      if (mask === this.maskFor(sight)) return made;
    }
  }

  /**
   * Returns one of the camera's streams, or one rescaled from it; equal wishes share one. Where privacy zones are to be
   * covered it is always made from the full picture: the smaller stream may show another part of the scene.
   * @throws HubError `conflict` when too many different sizes are being watched.
   */
  streamFor(wish: Rescale, sight: Sight): FrameStream {
    const isMasked = this.maskFor(sight) !== undefined;
    const lane = isMasked ? "main" : chooseLane(wish, this.#choices());
    const base = isMasked ? this.#masked : this[lane].frames;
    const isAsIs = wish.width === undefined || wish.width === this[lane].video?.modes?.[0]?.width;
    if (isAsIs && wish.quality === undefined) return base;
    return this.#variants.of(isMasked ? "masked" : lane, base, wish);
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
    this.#variants.begin(scope);
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
      retryWhenRunning(this.main.frames, this.#masked),
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
      scope.spawn((own) => this.#masked.run(own));
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
    this.#masked.retryNow();
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
}
