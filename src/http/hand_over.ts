// A hub that an MCP client started for itself gives its data folder up to one that was started as a service.
import type { Handler as RouteHandler } from "hono";
import { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { aborted } from "../base/scope.ts";
import type { GateEnv } from "./gate.ts";
import type { Handler } from "./listener.ts";
import { OpenCalls } from "./open_calls.ts";
import type { SocketListener } from "./socket.ts";

/** Where it is asked for; the address exists only in a hub that gives way. */
export const HAND_OVER_PATH = "/api/hand-over";

/** What was asked before is answered within this time, or cut. Clients wait longer than that for the next hub. */
const LAST_CALLS_MS = 5000;
/** Who had connected before the socket was hidden has been heard by then. */
const LATECOMERS_MS = 100;

/** How a hub gives way. */
export interface HandOverOptions {
  /** Keeps the folder for the one that asked. */
  reserve: () => Promise<void>;
  /** Stops this hub. */
  stop: () => void;
  lastCallsMs?: number;
}

/** Waits to be asked; then takes no more calls, lets those that run finish, and stops the hub. */
export class HandOver {
  readonly #options: HandOverOptions;
  readonly #calls = new OpenCalls();
  readonly #asked = new AbortController();

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** The handler, with its calls counted. */
  counted(handler: Handler): Handler {
    return this.#calls.counted(handler);
  }

  /** The route behind the gate. Answers 202: the folder is free once its lock is. */
  readonly route: RouteHandler<GateEnv> = async (c) => {
    if (c.get("way") !== "socket") {
      throw new HubError(
        "forbidden",
        "Only a hub of the same user on this machine may ask for the data folder",
      );
    }
    await this.#options.reserve();
    this.#asked.abort();
    return c.body(null, 202);
  };

  /** Until it was asked and has stopped the hub, or the signal aborts. */
  async run(sockets: readonly SocketListener[], signal: AbortSignal): Promise<void> {
    await Promise.race([aborted(this.#asked.signal), aborted(signal)]);
    if (signal.aborted) return;
    for (const socket of sockets) socket.hide();
    using limit = new LinkedSignal(signal);
    const timer = setTimeout(() => limit.abort(), this.#options.lastCallsMs ?? LAST_CALLS_MS);
    await passed(LATECOMERS_MS, limit.signal);
    await this.#calls.settled(limit.signal);
    clearTimeout(timer);
    this.#options.stop();
  }
}

async function passed(ms: number, signal: AbortSignal): Promise<void> {
  const later = Promise.withResolvers<void>();
  const timer = setTimeout(later.resolve, ms);
  await Promise.race([later.promise, aborted(signal)]);
  clearTimeout(timer);
}
