// Listens on a port until told to stop, and says in words why it cannot.
import { HubError } from "../base/errors.ts";

/** Answers requests. */
export type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.NetAddr>,
) => Response | Promise<Response>;

/** An open port. */
export interface Listener {
  port: number;
  /** Stops taking connections and closes those that are open. */
  close(): Promise<void>;
}

/** Connections that are still busy when the hub stops are cut after this time. */
const CLOSE_DEADLINE_MS = 1000;

/**
 * Opens a port; 0 takes a free one.
 * @throws HubError `conflict` when it is in use, `forbidden` when the hub may not have it.
 */
export function listen(host: string, port: number, handler: Handler): Listener {
  const cut = new AbortController();
  try {
    const server = Deno.serve({ hostname: host, port, signal: cut.signal, onListen: () => {} }, handler);
    return {
      port: server.addr.port,
      close: async () => {
        const timer = setTimeout(() => cut.abort(), CLOSE_DEADLINE_MS);
        await server.shutdown();
        clearTimeout(timer);
        await server.finished;
      },
    };
  } catch (error) {
    throw explainListenError(error, host, port);
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
