// A TLS connection as the client needs it, and one over node:tls.
import type { Buffer } from "node:buffer";
import type { TLSSocket } from "node:tls";

/** An open TLS connection. Reads and writes fail or end once it is closed. */
export interface TlsSocket {
  /** The certificate that the other side proved to own, DER. */
  readonly peerCertificateDer: Uint8Array;
  /** What has arrived, never empty; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the bytes have been taken over. @throws UnsentError when some of them certainly were not. */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** Whom to call. */
export interface TlsTarget {
  host: string;
  port: number;
}

/** Not all of the bytes have left: the other side cannot act on them. */
export class UnsentError extends Error {
  override readonly name = "UnsentError";
}

/** The other side refused the ways of encryption on offer; old cameras know only static RSA. */
export class TlsRefusedError extends Error {
  override readonly name = "TlsRefusedError";
}

/** Largest number of bytes that wait unread before the sender is slowed down. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** Turns the events of a node:tls socket into reads and writes. */
export class NodeTlsSocket implements TlsSocket {
  readonly peerCertificateDer: Uint8Array;
  readonly #socket: TLSSocket;
  readonly #chunks: Uint8Array[] = [];
  #unreadBytes = 0;
  #hasEnded = false;
  #failure: unknown;
  readonly #unsent = new Set<(error: unknown) => void>();
  #wake: (() => void) | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.peerCertificateDer = certificateOf(socket);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
    socket.on("error", (error) => this.#end(error));
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#hasEnded) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const chunk = this.#chunks.shift();
    this.#unreadBytes -= chunk?.length ?? 0;
    if (this.#unreadBytes < MAX_UNREAD_BYTES) this.#socket.resume();
    return chunk;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#hasEnded) {
      return Promise.reject(new UnsentError("The connection is closed", { cause: this.#failure }));
    }
    return new Promise((resolve, reject) => {
      this.#unsent.add(reject);
      this.#socket.write(bytes, (error) => {
        this.#unsent.delete(reject);
        if (error) reject(asWriteFailure(error));
        else resolve();
      });
    });
  }

  close(): void {
    this.#socket.destroy();
    this.#end();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(new Uint8Array(chunk));
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes >= MAX_UNREAD_BYTES) this.#socket.pause();
    this.#wake?.();
  }

  #end(failure?: unknown): void {
    this.#hasEnded = true;
    this.#failure ??= failure;
    for (const reject of this.#unsent) {
      reject(this.#failure ?? new Error("The connection was closed while sending"));
    }
    this.#unsent.clear();
    this.#wake?.();
  }
}

/** A socket that was destroyed under a write may have sent it; every other failure comes of the write itself. */
function asWriteFailure(error: Error): Error {
  const isDestroyed = "code" in error && error.code === "ERR_STREAM_DESTROYED";
  return isDestroyed ? error : new UnsentError("The connection broke while sending", { cause: error });
}

/** The other side's certificate, DER; empty when there is none. */
export function certificateOf(socket: TLSSocket): Uint8Array {
  const certificate: { raw?: Uint8Array } | null = socket.getPeerCertificate();
  return new Uint8Array(certificate?.raw ?? []);
}
