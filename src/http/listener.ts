// Listens on a port until told to stop, and says in words why it cannot.
import { HubError } from "../base/errors.ts";

/** Answers requests. */
export type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.Addr>,
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
  readonly #server: KeptServer<Deno.NetAddr>;

  constructor({ host, port, handler, onFault }: ListenOptions) {
    // Port 0 takes a free one; when it must be opened again, it is that one.
    let chosen = port;
    this.#server = new KeptServer((signal) => {
      try {
        const server = Deno.serve({ hostname: host, port: chosen, signal, onListen: () => {} }, handler);
        chosen = server.addr.port;
        return server;
      } catch (error) {
        throw explainListenError(error, host, port);
      }
    }, onFault);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** A server that is opened again when it fails: an accept that fails ends Deno's, and the hub must not end with it. */
export class KeptServer<A extends Deno.Addr> {
  readonly #open: (signal: AbortSignal) => Deno.HttpServer<A>;
  readonly #onFault: (error: unknown) => void;
  readonly #cut = new AbortController();
  #server: Deno.HttpServer<A>;
  #again: number | undefined;
  #isClosing = false;

  /** @throws what `open` throws. */
  constructor(open: (signal: AbortSignal) => Deno.HttpServer<A>, onFault: (error: unknown) => void) {
    this.#open = open;
    this.#onFault = onFault;
    this.#server = this.#start();
  }

  get addr(): A {
    return this.#server.addr;
  }

  /** Stops taking connections and closes those that are open. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#again);
    const timer = setTimeout(() => this.#cut.abort(), CLOSE_DEADLINE_MS);
    await this.#server.shutdown();
    clearTimeout(timer);
  }

  #start(): Deno.HttpServer<A> {
    const server = this.#open(this.#cut.signal);
    server.finished.catch((error) => this.#startAgain(error));
    return server;
  }

  #startAgain(error: unknown): void {
    if (this.#isClosing) return;
    this.#onFault(error);
    this.#again = setTimeout(() => {
      try {
        this.#server = this.#start();
      } catch (again) {
        this.#startAgain(again);
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
