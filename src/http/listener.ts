// Listens on a port until told to stop, and says in words why it cannot.
import { HubError } from "../base/errors.ts";

/** Answers requests. */
export type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.NetAddr>,
) => Response | Promise<Response>;

/** An open port. */
export interface Listener {
  readonly port: number;
  /** Stops taking connections and closes those that are open. */
  close(): Promise<void>;
}

/** Where and with what to listen. */
export interface ListenOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  handler: Handler;
  /** Told when the listener failed, for example for want of file descriptors; it then listens again. */
  onFault: (error: unknown) => void;
}

/** Connections that are still busy when the hub stops are cut after this time. */
const CLOSE_DEADLINE_MS = 1000;
const LISTEN_AGAIN_MS = 1000;

/**
 * Opens a port.
 * @throws HubError `conflict` when it is in use, `forbidden` when the hub may not have it.
 */
export function listen(options: ListenOptions): Listener {
  return new PortListener(options);
}

class PortListener implements Listener {
  readonly #options: ListenOptions;
  readonly #cut = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #again: number | undefined;
  #isClosing = false;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#server = this.#open(options.port);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#again);
    const timer = setTimeout(() => this.#cut.abort(), CLOSE_DEADLINE_MS);
    await this.#server.shutdown();
    clearTimeout(timer);
  }

  #open(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { host, handler } = this.#options;
    try {
      const server = Deno.serve(
        { hostname: host, port, signal: this.#cut.signal, onListen: () => {} },
        handler,
      );
      server.finished.catch((error) => this.#onFault(error, server.addr.port));
      return server;
    } catch (error) {
      throw explainListenError(error, host, port);
    }
  }

  /** An accept that fails ends Deno's server; the hub must not end with it. */
  #onFault(error: unknown, port: number): void {
    if (this.#isClosing) return;
    this.#options.onFault(error);
    this.#again = setTimeout(() => {
      try {
        this.#server = this.#open(port);
      } catch (again) {
        this.#onFault(again, port);
      }
    }, LISTEN_AGAIN_MS);
  }
}

function explainListenError(error: unknown, host: string, port: number): unknown {
  if (error instanceof Deno.errors.AddrInUse) {
    return new HubError("conflict", `Port ${port} on ${host} is already in use`, {
      hint: `Another program, perhaps another hub, holds it ("ss -ltnp sport = :${port}" names it). ` +
        "Stop that, or choose another port with --port",
      cause: error,
    });
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new HubError("forbidden", `The hub may not listen on port ${port}`, {
      hint: "Ports below 1024 belong to root; choose a higher one with --port",
      cause: error,
    });
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return new HubError("invalid_input", `This machine has no address ${host}`, {
      hint: "Give one of its own addresses with --host, or 0.0.0.0 for all",
      cause: error,
    });
  }
  return error;
}
