// A TCP connection whose errors are HubErrors and whose close is final, whatever is under way.
import type { Clock } from "../../base/clock.ts";
import { HubError, isAbort } from "../../base/errors.ts";
import { withinTime } from "./deadline.ts";
import type { ByteSource } from "./records.ts";

/** Where to connect, and for how long to try. */
export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** Bounds of connecting. */
export interface TcpOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** One connection. At most one read and one write at a time. */
export class TcpStream implements ByteSource {
  readonly #conn: Deno.TcpConn;
  #isClosed = false;
  /** Ends the wait for the write under way. */
  #leaveWrite: ((error: HubError) => void) | undefined;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  /** @throws HubError `unavailable` when the connection is lost or closed. */
  async read(into: Uint8Array): Promise<number | undefined> {
    try {
      return await this.#conn.read(into) ?? undefined;
    } catch (error) {
      throw lost(error);
    }
  }

  /** @throws HubError `unavailable` when the connection is lost or closed. */
  async write(bytes: Uint8Array): Promise<void> {
    const left = Promise.withResolvers<never>();
    this.#leaveWrite = left.reject;
    try {
      await Promise.race([this.#writeAll(bytes), left.promise]);
    } catch (error) {
      throw lost(error);
    } finally {
      this.#leaveWrite = undefined;
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await this.#conn.write(rest));
  }

  /**
   * Closes; reads and writes under way fail at once. `lastWords`, if any, are made and sent first, unless a
   * write is under way: they would land in its middle. A write that the other side does not take is left to the
   * operating system (Deno cannot cancel it), which frees the socket as soon as that side reads, resets or dies.
   */
  close(lastWords?: () => Uint8Array): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#leaveWrite) this.#leaveWrite(lost());
    else if (lastWords) this.#conn.write(lastWords()).catch(() => {/* the connection is given up anyway */});
    this.#conn.close();
  }
}

/**
 * Connects.
 * @throws HubError `unavailable` or `timeout`, with `details.unreachable`, when nobody answers there; AbortError.
 */
export async function connectTcp(target: TcpTarget, options: TcpOptions): Promise<TcpStream> {
  const where = `${target.host}:${target.port}`;
  const connect = (signal: AbortSignal) => Deno.connect(connectOptions(target, signal));
  const late = () =>
    new HubError("timeout", `${where} did not answer in ${options.timeoutMs / 1000} s`, {
      hint: UNREACHABLE_HINT,
      details: { unreachable: true },
    });
  try {
    const conn = await withinTime(connect, { ...options, late, discard: (result) => result.close() });
    return prepare(conn);
  } catch (error) {
    // A missing permission is a mistake of the hub itself.
    if (error instanceof HubError || isAbort(error) || error instanceof Deno.errors.NotCapable) throw error;
    throw unreachable(where, error);
  }
}

/**
 * Deno (2.7.11) loses the handle of the signal when a name does not resolve. So only connecting to an address is
 * really called off; with a name, the connection is closed when it comes after all.
 */
function connectOptions({ host, port }: TcpTarget, signal: AbortSignal): Deno.ConnectOptions {
  const isAddress = /^[\d.]+$|:/.test(host);
  return { hostname: host, port, transport: "tcp", ...isAddress ? { signal } : {} };
}

function prepare(conn: Deno.TcpConn): TcpStream {
  try {
    // Requests are small and wait for an answer: Nagle's algorithm would only delay them.
    conn.setNoDelay(true);
    conn.setKeepAlive(true);
  } catch (error) {
    conn.close();
    throw error;
  }
  return new TcpStream(conn);
}

const UNREACHABLE_HINT = "Check that the device is switched on and that its address is right";

function unreachable(where: string, error: unknown): HubError {
  const isRefused = error instanceof Deno.errors.ConnectionRefused;
  const message = isRefused ? `${where} refused the connection` : `${where} cannot be reached`;
  return new HubError("unavailable", message, {
    hint: UNREACHABLE_HINT,
    cause: error,
    details: { unreachable: true },
  });
}

function lost(cause?: unknown): HubError {
  if (cause instanceof HubError) return cause;
  return new HubError("unavailable", "The connection to the device was lost", { cause });
}
