// Carries requests to a camera over HTTPS: one kept connection, the certificate pinned on first use, and
// another TLS client for old cameras that know only static-RSA key exchange.
import { createHash } from "node:crypto";
import { type Clock, systemClock } from "../../base/clock.ts";
import { abortError, HubError, isAbort } from "../../base/errors.ts";
import { abortable } from "../../base/scope.ts";
import { Turns } from "../../base/turns.ts";
import { withDeadline } from "./deadline.ts";
import { HttpConnection, StaleConnectionError } from "./http1.ts";
import type { HttpAnswer, HttpPost } from "./http1_messages.ts";
import { TlsConnector } from "./tls_connector.ts";
import { TlsRefusedError, type TlsSocket, type TlsTarget } from "./tls_socket.ts";

/** One request to carry. */
export interface TapoPost extends HttpPost {
  /** True: it does no harm when it reaches the camera twice. What logs in or moves something is not so. */
  isRepeatable: boolean;
}

/** Carries one request and its answer. */
export interface TapoTransport {
  /**
   * Posts the body and returns the answer, whatever its status. Settles soon after the signal aborts. Sent again is
   * only what cannot have reached the camera as a whole, or is repeatable.
   * @throws HubError when nothing that can be read comes back, `unavailable` with `details.unanswered` where the
   * camera may have carried it out; AbortError.
   */
  post(request: TapoPost, signal: AbortSignal): Promise<{ status: number; body: Uint8Array }>;
  /** Closes what is open; a later post opens it again. */
  close(): void;
}

/** Where the fingerprint of the camera's certificate is kept. */
export interface CertificatePin {
  /** SHA-256 of the certificate, `AB:CD:…` upper case; undefined before the first contact. */
  read(): Promise<string | undefined>;
  write(fingerprint256: string): Promise<void>;
  /** Asked about another certificate than the one that is kept: true when it may take its place. Absent: never. */
  accepts?(fingerprint256: string): Promise<boolean>;
}

/** Which TLS client a camera needs: the ordinary one, or the one with static-RSA key exchange. */
export type TlsKind = "ordinary" | "static_rsa";

/** Where it is kept which TLS client the camera needed last, to spare the vain try after a restart. */
export interface TlsHint {
  read(): Promise<TlsKind | undefined>;
  write(kind: TlsKind): Promise<void>;
}

/** Opens a connection with static-RSA key exchange. @throws HubError; AbortError. */
export type TlsFallback = (target: TlsTarget, signal: AbortSignal) => Promise<TlsSocket>;

/** What the transport needs to know. */
export interface HttpsTransportOptions {
  host: string;
  /** Default 443. */
  port?: number;
  pin: CertificatePin;
  fallback?: TlsFallback;
  /** Opens ordinary connections, and counts those that stalled. Default one of its own. */
  connector?: TlsConnector;
  hint?: TlsHint;
  clock?: Clock;
  /** For the TCP connection. Default 3000. */
  connectTimeoutMs?: number;
  /** For the TLS handshake, and again for an answer. Default 8000. */
  responseTimeoutMs?: number;
  /** Default 4 MiB. */
  maxBodyBytes?: number;
}

const DEFAULTS = {
  port: 443,
  clock: systemClock,
  connectTimeoutMs: 3000,
  responseTimeoutMs: 8000,
  maxBodyBytes: 4 * 1024 * 1024,
};

/**
 * A transport over TLS that sends nothing before it knows the camera by its certificate.
 *
 * The pin notices another certificate, but not a stolen copy of the right one: told not to verify, the node:tls
 * of Deno 2.7.11 does not check the signature either by which a server proves to own its certificate (2.9.6
 * does). Sealed messages are safe all the same, since their keys come from the password; the hashed login of
 * old firmware is not. The fallback's key exchange is itself such a proof.
 */
export class HttpsTransport implements TapoTransport {
  readonly #options: HttpsTransportOptions & typeof DEFAULTS;
  readonly #turns = new Turns(1);
  readonly #connector: TlsConnector;
  #connection: HttpConnection | undefined;
  #tlsKind: TlsKind | undefined;

  constructor(options: HttpsTransportOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#connector = options.connector ?? new TlsConnector();
  }

  /** TLS handshakes that were given up and hold a file descriptor until the camera ends them. */
  get stalledHandshakes(): number {
    return this.#connector.stalled;
  }

  post(request: TapoPost, signal: AbortSignal): Promise<HttpAnswer> {
    const { host, port } = this.#options;
    const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const common = { Host: authority, Referer: `https://${authority}`, Connection: "keep-alive" };
    const whole = { ...request, headers: { ...common, ...request.headers } };
    return this.#turns.run(() => this.#exchange(whole, signal));
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Cameras close a kept connection after some idle seconds, perhaps just while the next request is on its way. */
  async #exchange(request: TapoPost, signal: AbortSignal): Promise<HttpAnswer> {
    if (this.#connection && !request.isRepeatable) await waitForWords();
    if (signal.aborted) throw abortError();
    if (this.#connection && !this.#connection.isReusable) this.close();
    if (this.#connection) {
      try {
        return await this.#send(this.#connection, request, signal);
      } catch (error) {
        const isUnanswered = error instanceof HubError && error.details?.["unanswered"] === true;
        const isStale = error instanceof StaleConnectionError;
        if (isStale && signal.aborted) throw abortError();
        if (signal.aborted || !(isStale || (isUnanswered && request.isRepeatable))) throw error;
      }
    }
    this.#connection = await this.#connect(signal);
    return await this.#send(this.#connection, request, signal).catch(explainFreshBreak);
  }

  async #send(connection: HttpConnection, request: HttpPost, signal: AbortSignal): Promise<HttpAnswer> {
    const { clock, responseTimeoutMs } = this.#options;
    try {
      return await withDeadline((limit) => abortable(connection.post(request), limit), {
        clock,
        signal,
        deadlineMs: responseTimeoutMs,
        timeout: () =>
          new HubError("timeout", `The camera gave no answer in ${responseTimeoutMs / 1000} s`, {
            hint: "Try again; restart the camera if this stays so",
          }),
      });
    } catch (error) {
      // Whatever went wrong, an answer that comes now would be taken for that of the next request.
      this.close();
      throw error;
    }
  }

  async #connect(signal: AbortSignal): Promise<HttpConnection> {
    const socket = await this.#openTls(signal);
    try {
      await this.#checkPin(socket.peerCertificateDer);
      if (signal.aborted) throw abortError();
    } catch (error) {
      socket.close();
      throw error;
    }
    return new HttpConnection(socket, this.#options.maxBodyBytes);
  }

  /** Tries the client that worked last, then the other one; the other only when the handshake was refused. */
  async #openTls(signal: AbortSignal): Promise<TlsSocket> {
    const { fallback } = this.#options;
    const last = this.#tlsKind ?? (fallback && await this.#options.hint?.read()) ?? "ordinary";
    if (!fallback) return await this.#openOrdinary(signal).catch(explainRefusal);
    const order: TlsKind[] = last === "ordinary" ? ["ordinary", "static_rsa"] : ["static_rsa", "ordinary"];
    for (const [index, kind] of order.entries()) {
      try {
        const socket =
          await (kind === "ordinary" ? this.#openOrdinary(signal) : this.#openFallback(fallback, signal));
        this.#tlsKind = kind;
        if (kind !== last) await this.#options.hint?.write(kind);
        return socket;
      } catch (error) {
        if (index === 0 && isRefusal(kind, error)) continue;
        return explainRefusal(error);
      }
    }
    throw new HubError("internal", "No TLS client was tried");
  }

  #openOrdinary(signal: AbortSignal): Promise<TlsSocket> {
    const { host, port, clock, connectTimeoutMs, responseTimeoutMs } = this.#options;
    return this.#connector.connect({ host, port }, {
      clock,
      signal,
      connectTimeoutMs,
      handshakeTimeoutMs: responseTimeoutMs,
    });
  }

  #openFallback(fallback: TlsFallback, signal: AbortSignal): Promise<TlsSocket> {
    const { host, port, clock, connectTimeoutMs, responseTimeoutMs } = this.#options;
    return withDeadline((limit) => fallback({ host, port }, limit), {
      clock,
      signal,
      deadlineMs: connectTimeoutMs + responseTimeoutMs,
      timeout: () => new HubError("timeout", "The camera does not finish the TLS handshake"),
    });
  }

  /** @throws HubError `device_rejected` when the certificate is not the one that was seen first. */
  async #checkPin(certificateDer: Uint8Array): Promise<void> {
    if (certificateDer.length === 0) throw new HubError("device_rejected", "The camera has no certificate");
    const { pin } = this.#options;
    const seen = fingerprintOf(certificateDer);
    const pinned = await pin.read();
    if (pinned === seen) return;
    if (pinned !== undefined && !await pin.accepts?.(seen)) throw certificateChangedError(pinned, seen);
    await pin.write(seen);
  }
}

/** Lets an end of the connection that has already arrived be noticed before anything is written. */
function waitForWords(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** A connection that was opened just now and ends while sending is no old one: there is no third try. */
function explainFreshBreak(error: unknown): never {
  if (!(error instanceof StaleConnectionError)) throw error;
  throw new HubError("unavailable", "The connection to the camera broke off", { cause: error });
}

/** SHA-256 of a certificate as `AB:CD:…`, upper case. */
export function fingerprintOf(certificateDer: Uint8Array): string {
  const hex = createHash("sha256").update(certificateDer).digest("hex").toUpperCase();
  return hex.match(/../g)?.join(":") ?? "";
}

/** Whether the other client may fare better; one that was never reached will not. */
function isRefusal(kind: TlsKind, error: unknown): boolean {
  if (kind === "ordinary") return error instanceof TlsRefusedError;
  return !isAbort(error) &&
    !(error instanceof HubError && (error.retryable || error.details?.["unreachable"]));
}

function explainRefusal(error: unknown): never {
  if (!(error instanceof TlsRefusedError)) throw error;
  throw new HubError("unsupported", "The camera refuses the hub's way of encryption", {
    hint: "Upgrade the camera's firmware in the Tapo app",
    cause: error,
    details: { tls: error.message },
  });
}

function certificateChangedError(pinned: string, seen: string): HubError {
  const short = (fingerprint: string) => fingerprint.slice(0, 23);
  return new HubError("device_rejected", "The camera's certificate is not the one that it had before", {
    hint:
      "That is normal after a factory reset or an upgrade of the firmware. If there was one, connect the " +
      "camera once more to accept the new certificate; otherwise another device may be posing as the camera. " +
      `It was ${short(pinned)}…, now it is ${short(seen)}…`,
    retryAtMs: Infinity,
    details: {
      certificate_changed: true,
      old_fingerprint: short(pinned),
      new_fingerprint: short(seen),
    },
  });
}
