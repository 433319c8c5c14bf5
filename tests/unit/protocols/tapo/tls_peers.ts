// Servers for the transport's tests: real TLS with certificates of openssl, and peers that are no TLS at all.
import { openssl } from "./openssl.ts";

/** A self-signed certificate with its key, PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

/** Lets openssl make a certificate such as cameras have. */
export async function makeCertificate(): Promise<TestCertificate> {
  const dir = await Deno.makeTempDir();
  try {
    const out = ["-keyout", `${dir}/key.pem`, "-out", `${dir}/cert.pem`];
    const subject = ["-subj", "/CN=TPRI-DEVICE", "-days", "2"];
    await openssl(["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...out]);
    return {
      cert: await Deno.readTextFile(`${dir}/cert.pem`),
      key: await Deno.readTextFile(`${dir}/key.pem`),
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Its SHA-256 fingerprint as openssl prints it, and its DER. */
export async function inspectCertificate(
  { cert }: TestCertificate,
): Promise<{ fingerprint: string; der: Uint8Array }> {
  const pem = new TextEncoder().encode(cert);
  const printed = await openssl(["x509", "-noout", "-fingerprint", "-sha256"], pem);
  const der = await openssl(["x509", "-outform", "DER"], pem);
  return { fingerprint: new TextDecoder().decode(printed).trim().split("=")[1] ?? "", der };
}

/** What a connection's handler can do. */
export interface PeerConnection {
  /** The next request in full; undefined when the client has closed. */
  request(): Promise<string | undefined>;
  send(text: string | Uint8Array): Promise<void>;
  close(): void;
}

/** A server on the loopback that plays a handler for each connection. */
export class Peer {
  readonly #listener: Deno.Listener<Deno.Conn>;
  readonly #open = new Set<Deno.Conn>();
  readonly #running: Promise<void>;
  /** Connections so far, and those that have said something. */
  connections = 0;
  hellos = 0;
  /** Bytes of clients' requests so far, TLS taken off. */
  received = "";

  constructor(listener: Deno.Listener<Deno.Conn>, handler: (connection: PeerConnection) => Promise<void>) {
    this.#listener = listener;
    this.#running = this.#run(handler);
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) closeQuietly(conn);
    await this.#running;
  }

  async #run(handler: (connection: PeerConnection) => Promise<void>): Promise<void> {
    const handlers: Promise<void>[] = [];
    for await (const conn of this.#listener) {
      this.connections++;
      this.#open.add(conn);
      handlers.push(this.#serve(conn, handler));
    }
    await Promise.all(handlers);
  }

  async #serve(conn: Deno.Conn, handler: (connection: PeerConnection) => Promise<void>): Promise<void> {
    const pending = { text: "" };
    try {
      await handler({
        request: () => this.#request(conn, pending),
        send: (text) => writeAll(conn, typeof text === "string" ? new TextEncoder().encode(text) : text),
        close: () => closeQuietly(conn),
      });
    } catch (error) {
      // Clients that go away, or refuse the certificate, are what some tests are about.
      if (!(error instanceof Error)) throw error;
    } finally {
      closeQuietly(conn);
      this.#open.delete(conn);
    }
  }

  async #request(conn: Deno.Conn, pending: { text: string }): Promise<string | undefined> {
    const buffer = new Uint8Array(16 * 1024);
    for (let isFirst = true;; isFirst = false) {
      const head = pending.text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(pending.text)?.[1] ?? 0);
      if (head >= 0 && pending.text.length >= head + 4 + length) {
        const request = pending.text.slice(0, head + 4 + length);
        pending.text = pending.text.slice(request.length);
        return request;
      }
      const count = await conn.read(buffer);
      if (count === null) return undefined;
      if (isFirst) this.hellos++;
      // One character a byte, so that lengths are those of the wire.
      const text = new TextDecoder("latin1").decode(buffer.subarray(0, count));
      pending.text += text;
      this.received += text;
    }
  }
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** A TLS server with this certificate. */
export function tlsPeer(
  certificate: TestCertificate,
  handler: (connection: PeerConnection) => Promise<void>,
): Peer {
  return new Peer(Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...certificate }), handler);
}

/** A TCP server. */
export function tcpPeer(handler: (connection: PeerConnection) => Promise<void>): Peer {
  return new Peer(Deno.listen({ hostname: "127.0.0.1", port: 0 }), handler);
}

/** An answer with a length. */
export function answer(body: string, head = "HTTP/1.1 200 OK"): string {
  return `${head}\r\nContent-Length: ${new TextEncoder().encode(body).length}\r\n\r\n${body}`;
}

/** Answers every request of a connection with the same body. */
export function always(body: string): (connection: PeerConnection) => Promise<void> {
  return async (connection) => {
    while (await connection.request() !== undefined) await connection.send(answer(body));
  };
}
