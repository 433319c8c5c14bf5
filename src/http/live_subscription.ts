// One camera on one live socket: attached to the stream that serves its wish while the camera has one.
import type { Clock } from "../base/clock.ts";
import { HubError, toHubError } from "../base/errors.ts";
import type { Frame } from "../media/frame_hub.ts";
import { FrameTap } from "../media/frame_tap.ts";
import type { Rescale } from "../media/rescale.ts";
import type { Sight } from "../media/sight.ts";
import type { FrameStream } from "../media/stream.ts";
import { problemView } from "../operations/error_table.ts";
import type { Hub } from "../operations/hub.ts";

/** A viewer that shows a frame faster than this may have two on the way, so that the link is never idle. */
const FAST_ACK_MS = 150;
/** Streams that come and go with every look must not keep the hub looking. */
const MAX_LOOKS = 4;

/** Which camera is wanted, and how large and often. */
export interface LiveWish {
  camera: string;
  fps?: number | undefined;
  width?: number | undefined;
  enough_width?: number | undefined;
  quality?: number | undefined;
}

/** The wish together with what whoever wishes may see. */
export interface SubscriptionRequest extends LiveWish {
  /** Absent: `masked`. */
  sight?: Sight | undefined;
}

/** Where a subscription sends what it has to say. */
export interface Outlet {
  text(body: Record<string, unknown>): void;
  picture(body: Record<string, unknown>, bytes: Uint8Array<ArrayBuffer>): void;
}

/** One camera on one socket. Attached while the camera's stream exists; tells of the camera's status. */
export class Subscription {
  readonly #request: SubscriptionRequest;
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #outlet: Outlet;
  readonly #sentAtMs = new Map<number, number>();
  #tap: FrameTap | undefined;
  #stream: FrameStream | undefined;
  #release = () => {};
  #ackMs = 0;
  #toldStatus = "";
  #isClosed = false;
  /** Acquiring and releasing a stream tells of changes at once, and so comes back here: that is put off. */
  #isLooking = false;
  #isToLookAgain = false;

  constructor(request: SubscriptionRequest, hub: Hub, outlet: Outlet) {
    this.#request = request;
    this.#hub = hub;
    this.#clock = hub.clock;
    this.#outlet = outlet;
  }

  /** Looks at the camera anew: tells a changed status, and attaches to the stream that serves the wish now. */
  refresh(): void {
    this.#isToLookAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (let looks = 0; this.#isToLookAgain && !this.#isClosed && looks < MAX_LOOKS; looks++) {
        this.#isToLookAgain = false;
        this.#look();
      }
    } finally {
      // Whatever broke off, such as a socket that takes no more, the next change is looked at.
      this.#isLooking = false;
    }
  }

  /** Lets go of the stream for good. */
  close(): void {
    this.#isClosed = true;
    this.#detach();
  }

  #look(): void {
    this.#tellStatus();
    try {
      const media = this.#hub.media.find(this.#request.camera);
      if (this.#tap && media?.streamFor(...wishOf(this.#request)) === this.#stream) return;
      this.#detach();
      this.#attach();
    } catch (error) {
      // Where there is no stream that it may see now, it must not go on with the one it had.
      this.#detach();
      this.#tellProblem(error);
    }
  }

  #detach(): void {
    this.#tap?.cancel();
    this.#tap = undefined;
    this.#sentAtMs.clear();
    const release = this.#release;
    this.#release = () => {};
    release();
  }

  acknowledge(seq: number): void {
    const sentAtMs = this.#sentAtMs.get(seq);
    if (sentAtMs === undefined) return;
    this.#ackMs = this.#clock.monotonic() - sentAtMs;
    for (const sent of this.#sentAtMs.keys()) if (sent <= seq) this.#sentAtMs.delete(sent);
    this.#pump();
  }

  #attach(): void {
    const { camera, fps } = this.#request;
    const media = this.#hub.media.find(camera);
    if (!media || !this.#hub.manager.find(camera)) return;
    this.#hub.media.refuseCrowd();
    const stream = media.streamFor(...wishOf(this.#request));
    const tap = new FrameTap(stream.hub, { clock: this.#clock, fps });
    const releaseStream = stream.acquire();
    const unregister = media.register({
      get figures() {
        return tap.figures;
      },
      look: () => this.refresh(),
      close: () => this.#detach(),
    });
    const unsubscribe = stream.changes.subscribe(() => this.#tellFailure(stream));
    this.#release = () => {
      unsubscribe();
      unregister();
      releaseStream();
    };
    this.#tap = tap;
    this.#stream = stream;
    this.#pump();
  }

  /** Asks for the next frame while there is credit. */
  #pump(): void {
    const credit = this.#ackMs <= FAST_ACK_MS ? 2 : 1;
    if (!this.#tap || this.#tap.isWaiting || this.#sentAtMs.size >= credit) return;
    this.#tap.request((frame) => {
      this.#send(frame);
      // The tap is free again once this callback has returned.
      queueMicrotask(() => this.#pump());
    });
  }

  #send(frame: Frame): void {
    this.#sentAtMs.set(frame.seq, this.#clock.monotonic());
    const facts = {
      op: "frame",
      camera: this.#request.camera,
      seq: frame.seq,
      captured_at_ms: frame.capturedAtMs,
      age_ms: Math.max(0, this.#clock.now() - frame.capturedAtMs),
    };
    this.#outlet.picture(facts, frame.bytes);
  }

  /** What is wrong with the camera its status tells; what is made of its picture can fail beside that. */
  #tellFailure({ state }: FrameStream): void {
    const { camera } = this.#request;
    if (state.state !== "waiting" || this.#hub.manager.find(camera)?.status.status !== "online") return;
    this.#tellProblem(state.error);
  }

  #tellProblem(error: unknown): void {
    const { error_code, message, recovery_options } = problemView(toHubError(error));
    this.#outlet.text({ op: "error", camera: this.#request.camera, error_code, message, recovery_options });
  }

  #tellStatus(): void {
    const camera = this.#hub.manager.find(this.#request.camera);
    const { status, reason, hint } = camera?.status ?? goneStatus(this.#request.camera);
    const told = `${status} ${reason ?? ""}`;
    if (told === this.#toldStatus) return;
    this.#toldStatus = told;
    this.#outlet.text({ op: "status", camera: this.#request.camera, status, reason, hint });
  }
}

function wishOf(
  { width, quality, enough_width: enoughWidth, sight = "masked" }: SubscriptionRequest,
): [wish: Rescale, sight: Sight] {
  return [{ width, quality, enoughWidth }, sight];
}

function goneStatus(camera: string): { status: string; reason: string; hint?: string } {
  return { status: "offline", reason: new HubError("not_found", `There is no camera "${camera}"`).message };
}
