// Opens ordinary TLS connections. Certificates are not verified here: cameras sign their own, and the pin in
// transport.ts decides.
import { connect, type TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import { abortError, HubError } from "../../base/errors.ts";
import { abortable } from "../../base/scope.ts";
import { withDeadline } from "./deadline.ts";
import {
  certificateOf,
  NodeTlsSocket,
  TlsRefusedError,
  type TlsSocket,
  type TlsTarget,
} from "./tls_socket.ts";

/** Bounds of one connection. */
export interface ConnectOptions {
  clock: Clock;
  signal: AbortSignal;
  /** For the TCP connection. */
  connectTimeoutMs: number;
  /** For the TLS handshake after it. */
  handshakeTimeoutMs: number;
}

/** Handshakes that may be left without an end at the same time, and for how long each counts. */
const MAX_STALLED = 4;
const STALLED_COUNTS_MS = 3_600_000;
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/**
 * Opens TLS 1.2 and 1.3 connections through node:tls. Deno (2.7.11) cannot break off a handshake: one that is
 * given up keeps its file descriptor until the other side says something or closes. So they are counted, and
 * no more than a few are left behind.
 */
export class TlsConnector {
  readonly #stalled = new Set<{ sinceMs: number }>();

  /** Handshakes that were given up and have not ended yet. */
  get stalled(): number {
    return this.#stalled.size;
  }

  /**
   * Opens a connection.
   * @throws TlsRefusedError when the handshake ends in an alert; HubError `unavailable` and `timeout`, with
   * `details.unreachable` where not even TCP got through; HubError `device_rejected` when it is not TLS.
   */
  async connect(target: TlsTarget, options: ConnectOptions): Promise<TlsSocket> {
    const { clock, signal } = options;
    if (signal.aborted) throw abortError();
    this.#refuseTooManyStalled(clock);
    const socket = connect({ ...target, rejectUnauthorized: false });
    const stages = watchStages(socket);
    try {
      await withDeadline((limit) => abortable(stages.connected, limit), {
        clock,
        signal,
        deadlineMs: options.connectTimeoutMs,
        timeout: () => unreachableError("timeout", "The camera does not answer", { timeout: "connect" }),
      });
      await withDeadline((limit) => abortable(stages.secured, limit), {
        clock,
        signal,
        deadlineMs: options.handshakeTimeoutMs,
        timeout: () => new HubError("timeout", "The camera does not finish the TLS handshake"),
      });
      return new NodeTlsSocket(socket);
    } catch (error) {
      socket.on("error", ignoreLateErrors);
      if (stages.isShakingHands()) this.#leave(socket, clock);
      else socket.destroy();
      throw error instanceof HubError ? error : explainConnectFailure(error);
    }
  }

  #refuseTooManyStalled(clock: Clock): void {
    for (const entry of this.#stalled) {
      if (clock.monotonic() - entry.sinceMs > STALLED_COUNTS_MS) this.#stalled.delete(entry);
    }
    if (this.#stalled.size < MAX_STALLED) return;
    throw new HubError("unavailable", "The camera leaves TLS handshakes without an answer", {
      hint: "Restart the camera",
    });
  }

  /** Destroyed before its handshake has ended, a socket would never give its descriptor back. */
  #leave(socket: TLSSocket, clock: Clock): void {
    const entry = { sinceMs: clock.monotonic() };
    this.#stalled.add(entry);
    const settle = () => {
      this.#stalled.delete(entry);
      socket.destroy();
    };
    for (const event of ["secureConnect", "error", "close"]) socket.once(event, settle);
  }
}

interface Stages {
  connected: Promise<void>;
  secured: Promise<void>;
  /** True between the two. */
  isShakingHands: () => boolean;
}

/** The promises are taken at once, so that neither can be rejected unheard. */
function watchStages(socket: TLSSocket): Stages {
  let isShakingHands = false;
  const failed = new Promise<never>((_resolve, reject) => {
    const fail = (error: Error) => {
      isShakingHands = false;
      reject(error);
    };
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("The connection was closed during the handshake")));
  });
  const connected = new Promise<void>((resolve) =>
    socket.once("connect", () => {
      isShakingHands = true;
      resolve();
    })
  );
  const secured = new Promise<void>((resolve) =>
    // Deno (2.7.11) reports a handshake that failed as done first, and its error after that.
    socket.once("secureConnect", () => {
      isShakingHands = false;
      if (certificateOf(socket).length > 0) resolve();
    })
  );
  const stages = [Promise.race([connected, failed]), Promise.race([secured, failed])] as const;
  for (const stage of stages) stage.catch(() => {/* told to whoever waits for it */});
  return { connected: stages[0], secured: stages[1], isShakingHands: () => isShakingHands };
}

function ignoreLateErrors(): void {
  // A socket that has been given up may still report why it ends.
}

function unreachableError(
  kind: "unavailable" | "timeout",
  message: string,
  details: Record<string, unknown> = {},
): HubError {
  return new HubError(kind, message, {
    hint: "Check that the camera has power and is in the network, and that its address has not changed",
    details: { ...details, unreachable: true },
  });
}

/** Translates what node:tls throws; Deno names no code for errors of TLS, so that their text decides. */
function explainConnectFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DOMException) return error;
  const code = "code" in error ? String(error.code) : "";
  if (UNREACHABLE.has(code) || /os error (101|110|111|112|113)\b/.test(error.message)) {
    return unreachableError("unavailable", "The camera cannot be reached", { code });
  }
  if (/fatal alert|alert handshake failure|peer is incompatible|no shared cipher/i.test(error.message)) {
    return new TlsRefusedError(error.message, { cause: error });
  }
  if (/corrupt message|wrong version number|InvalidContentType/i.test(error.message)) {
    return new HubError("device_rejected", "What answers at this address does not speak TLS", {
      hint: "Check the address and the port: Tapo cameras are controlled on port 443",
      cause: error,
    });
  }
  return new HubError("unavailable", "The connection to the camera broke off", { cause: error });
}
