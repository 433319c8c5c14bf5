// Any number of cameras over one WebSocket, with credit: a viewer is sent a frame only when it has shown the last.
// It keeps pictures fresh on slow links, and does not use up a browser's six connections.
import { z } from "zod";
import type { Principal } from "../auth/roles.ts";
import { idSchema } from "../config/schema.ts";
import type { Hub } from "../operations/hub.ts";
import { sightOf } from "../operations/sight.ts";
import { Subscription } from "./live_subscription.ts";

const message = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("subscribe"),
    camera: idSchema,
    fps: z.number().min(0.1).max(240).optional(),
    width: z.int().min(16).max(7680).optional(),
    enough_width: z.int().min(16).max(7680).optional(),
    quality: z.int().min(1).max(100).optional(),
    masked: z.boolean().optional(),
  }),
  z.strictObject({ op: z.literal("ack"), camera: idSchema, seq: z.int() }),
  z.strictObject({ op: z.literal("unsubscribe"), camera: idSchema }),
]);
type Subscribe = Extract<z.infer<typeof message>, { op: "subscribe" }>;

const MAX_SUBSCRIPTIONS = 64;
const MAX_MESSAGE_CHARS = 2000;
/** Credit holds a viewer far below this; only one that subscribes over and over without reading gets there. */
const MAX_BUFFERED_BYTES = 32 << 20;

/** Serves somebody's socket until it closes; then calls back. */
export function serveLive(
  socket: WebSocket,
  { hub, principal, onEnd }: { hub: Hub; principal: Principal; onEnd: () => void },
): void {
  const session = new LiveSession(socket, hub, principal);
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
  readonly #principal: Principal;
  readonly #subscriptions = new Map<string, Subscription>();
  #unsubscribe = () => {};

  constructor(socket: WebSocket, hub: Hub, principal: Principal) {
    this.#socket = socket;
    this.#hub = hub;
    this.#principal = principal;
  }

  start(): void {
    this.#unsubscribe = this.#hub.manager.changes.subscribe(() => {
      for (const each of this.#subscriptions.values()) each.refresh();
    });
  }

  end(): void {
    this.#unsubscribe();
    for (const each of this.#subscriptions.values()) each.close();
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
      known?.close();
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
    const { op: _, masked, ...wish } = request;
    const sight = sightOf(this.#principal, masked);
    const subscription = new Subscription({ ...wish, sight }, this.#hub, {
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

function parseJson(data: unknown): unknown {
  if (typeof data !== "string" || data.length > MAX_MESSAGE_CHARS) return undefined;
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
