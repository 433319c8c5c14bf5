// Any number of cameras over one WebSocket, with credit: a viewer is sent a frame only when it has shown the last.
// It keeps pictures fresh on slow links, and does not use up a browser's six connections.
import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { HubError, toHubError } from "../base/errors.ts";
import { idSchema } from "../config/schema.ts";
import type { Frame } from "../media/frame_hub.ts";
import { FrameTap } from "../media/frame_tap.ts";
import type { Rescale } from "../media/rescale.ts";
import type { FrameStream } from "../media/stream.ts";
import type { Hub } from "../operations/hub.ts";
import { problemView } from "../operations/error_table.ts";

const message = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("subscribe"),
    camera: idSchema,
    fps: z.number().min(0.1).max(240).optional(),
    width: z.int().min(16).max(7680).optional(),
    enough_width: z.int().min(16).max(7680).optional(),
    quality: z.int().min(1).max(100).optional(),
  }),
  z.strictObject({ op: z.literal("ack"), camera: idSchema, seq: z.int() }),
  z.strictObject({ op: z.literal("unsubscribe"), camera: idSchema }),
]);
type Subscribe = Extract<z.infer<typeof message>, { op: "subscribe" }>;

const MAX_SUBSCRIPTIONS = 64;
const MAX_MESSAGE_CHARS = 2000;
/** Credit holds a viewer far below this; only one that subscribes over and over without reading gets there. */
const MAX_BUFFERED_BYTES = 32 << 20;
/** A viewer that shows a frame faster than this may have two on the way, so that the link is never idle. */
const FAST_ACK_MS = 150;

/** Serves one socket until it closes; then calls back. */
export function serveLive(socket: WebSocket, hub: Hub, onEnd: () => void): void {
  const session = new LiveSession(socket, hub);
  socket.onopen = () => session.start();
  socket.onmessage = (event) => session.receive(event.data);
  socket.onclose = () => {
    session.end();
    onEnd();
  };
  socket.onerror = () => session.end();
}

class LiveSession {
  readonly #socket: WebSocket;
  readonly #hub: Hub;
  readonly #subscriptions = new Map<string, Subscription>();
  #unsubscribe = () => {};

  constructor(socket: WebSocket, hub: Hub) {
    this.#socket = socket;
    this.#hub = hub;
  }

  start(): void {
    this.#unsubscribe = this.#hub.manager.changes.subscribe(() => {
      for (const each of this.#subscriptions.values()) each.refresh();
    });
  }

  end(): void {
    this.#unsubscribe();
    for (const each of this.#subscriptions.values()) each.detach();
    this.#subscriptions.clear();
  }

  receive(data: unknown): void {
    const parsed = message.safeParse(parseJson(data));
    if (!parsed.success) {
      this.#tell({ op: "error", error_code: "invalid_input", message: z.prettifyError(parsed.error) });
      return;
    }
    const { data: request } = parsed;
    const known = this.#subscriptions.get(request.camera);
    if (request.op === "ack") known?.acknowledge(request.seq);
    else {
      known?.detach();
      this.#subscriptions.delete(request.camera);
      if (request.op === "subscribe") this.#subscribe(request);
    }
  }

  #subscribe(request: Subscribe): void {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      this.#tell({
        op: "error",
        camera: request.camera,
        error_code: "conflict",
        message: `One connection carries at most ${MAX_SUBSCRIPTIONS} cameras`,
      });
      return;
    }
    const subscription = new Subscription(request, this.#hub, {
      text: (body) => this.#tell(body),
      picture: (body, bytes) => {
        if (this.#tell(body)) this.#socket.send(bytes);
      },
    });
    this.#subscriptions.set(request.camera, subscription);
    subscription.refresh();
  }

  #tell(body: Record<string, unknown>): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#socket.close(1008, "Ask for no more than you read");
      return false;
    }
    this.#socket.send(JSON.stringify(body));
    return true;
  }
}

interface Outlet {
  text(body: Record<string, unknown>): void;
  picture(body: Record<string, unknown>, bytes: Uint8Array<ArrayBuffer>): void;
}

/** One camera on one socket. Attached while the camera's stream exists; tells of the camera's status. */
class Subscription {
  readonly #request: Subscribe;
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #outlet: Outlet;
  readonly #sentAtMs = new Map<number, number>();
  #tap: FrameTap | undefined;
  #stream: FrameStream | undefined;
  #release = () => {};
  #ackMs = 0;
  #toldStatus = "";

  constructor(request: Subscribe, hub: Hub, outlet: Outlet) {
    this.#request = request;
    this.#hub = hub;
    this.#clock = hub.clock;
    this.#outlet = outlet;
  }

  /** Looks at the camera anew: tells a changed status, and attaches to the stream that serves the wish now. */
  refresh(): void {
    this.#tellStatus();
    try {
      const media = this.#hub.media.find(this.#request.camera);
      if (this.#tap && media?.streamFor(wishOf(this.#request)) === this.#stream) return;
      this.detach();
      this.#attach();
    } catch (error) {
      const { error_code, message, recovery_options } = problemView(toHubError(error));
      this.#outlet.text({ op: "error", camera: this.#request.camera, error_code, message, recovery_options });
    }
  }

  detach(): void {
    this.#tap?.cancel();
    this.#tap = undefined;
    this.#sentAtMs.clear();
    this.#release();
    this.#release = () => {};
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
    const stream = media.streamFor(wishOf(this.#request));
    const tap = new FrameTap(stream.hub, { clock: this.#clock, fps });
    const releaseStream = stream.acquire();
    const unregister = media.register({
      get figures() {
        return tap.figures;
      },
      close: () => this.detach(),
    });
    this.#release = () => {
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

  #tellStatus(): void {
    const camera = this.#hub.manager.find(this.#request.camera);
    const { status, reason, hint } = camera?.status ?? goneStatus(this.#request.camera);
    const told = `${status} ${reason ?? ""}`;
    if (told === this.#toldStatus) return;
    this.#toldStatus = told;
    this.#outlet.text({ op: "status", camera: this.#request.camera, status, reason, hint });
  }
}

function wishOf({ width, quality, enough_width: enoughWidth }: Subscribe): Rescale {
  return { width, quality, enoughWidth };
}

function goneStatus(camera: string): { status: string; reason: string; hint?: string } {
  return { status: "offline", reason: new HubError("not_found", `There is no camera "${camera}"`).message };
}

function parseJson(data: unknown): unknown {
  if (typeof data !== "string" || data.length > MAX_MESSAGE_CHARS) return undefined;
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
