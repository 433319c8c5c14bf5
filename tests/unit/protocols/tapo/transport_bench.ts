// What the tests of the transport share.
import {
  HttpsTransport,
  type HttpsTransportOptions,
  type TlsKind,
} from "../../../../src/protocols/tapo/transport.ts";
import type { Peer } from "./tls_peers.ts";

/** Never aborts. */
export const signal = new AbortController().signal;

/** A pin that counts how often it is written. */
export class MemoryPin {
  writes = 0;
  constructor(public value?: string) {}
  read() {
    return Promise.resolve(this.value);
  }
  write(fingerprint: string) {
    this.writes++;
    this.value = fingerprint;
    return Promise.resolve();
  }
}

/** A hint that keeps what was written. */
export class MemoryHint {
  writes: TlsKind[] = [];
  constructor(public value?: TlsKind) {}
  read() {
    return Promise.resolve(this.value);
  }
  write(kind: TlsKind) {
    this.writes.push(kind);
    this.value = kind;
    return Promise.resolve();
  }
}

/** A transport to the peer. */
export function bench(peer: Peer, options: Partial<HttpsTransportOptions> = {}) {
  const pin = new MemoryPin();
  const transport = new HttpsTransport({ host: "127.0.0.1", port: peer.port, pin, ...options });
  const post = async (body = "{}", by = signal, isRepeatable = false) => {
    const request = { path: "/x", body, headers: { Seq: "1" }, isRepeatable };
    const { status, body: bytes } = await transport.post(request, by);
    return { status, text: new TextDecoder().decode(bytes) };
  };
  return { pin, transport, post };
}
