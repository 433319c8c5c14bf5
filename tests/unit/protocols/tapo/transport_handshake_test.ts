// The transport before the first byte of HTTP: nobody there, no TLS, refused handshakes and the fallback.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Clock } from "../../../../src/base/clock.ts";
import { HubError } from "../../../../src/base/errors.ts";
import type { TlsSocket, TlsTarget } from "../../../../src/protocols/tapo/tls_socket.ts";
import { HttpsTransport } from "../../../../src/protocols/tapo/transport.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { until } from "../../tools/processes.ts";
import {
  always,
  answer,
  makeCertificate,
  type Peer,
  type PeerConnection,
  tcpPeer,
  tlsPeer,
} from "./tls_peers.ts";
import { bench, MemoryHint, MemoryPin, signal } from "./transport_bench.ts";

const certificate = await makeCertificate();

function closedPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

const POST = { path: "/", body: "{}", headers: {}, isRepeatable: false };

/** A fallback that must not be called. */
const noFallback = () => Promise.reject(new Error("The fallback was called"));

Deno.test("HttpsTransport: a refused connection is unreachable, and no case for the fallback", async () => {
  const pin = new MemoryPin();
  const options = { host: "127.0.0.1", port: closedPort(), pin, fallback: noFallback };
  const error = await assertRejects(() => new HttpsTransport(options).post(POST, signal), HubError);
  assertEquals([error.kind, error.details?.["unreachable"]], ["unavailable", true]);
  assertEquals(error.details?.["code"], "ECONNREFUSED");
});

Deno.test("HttpsTransport: a connection that does not come about in time is unreachable", async () => {
  await using peer = tlsPeer(certificate, always("{}"));
  const impatient: Clock = { now: Date.now, monotonic: () => 0, sleep: () => Promise.resolve() };
  const { post } = bench(peer, { clock: impatient, fallback: noFallback });
  const error = await assertRejects(post, HubError);
  assertEquals([error.kind, error.details?.["unreachable"]], ["timeout", true]);
});

Deno.test("HttpsTransport: a handshake without answer times out; a few are left behind, and no more", async () => {
  const clock = new FakeClock();
  const peer = tcpPeer(async (connection) => {
    await connection.request();
  });
  const { transport, post } = bench(peer, { clock, fallback: noFallback });
  for (let n = 1; n <= 4; n++) {
    const waiting = assertRejects(post, HubError);
    await until(() => peer.connections === n && peer.hellos === n);
    await clock.advance(8000);
    const error = await waiting;
    assertEquals([error.kind, error.details?.["unreachable"]], ["timeout", undefined]);
  }
  const refused = await assertRejects(post, HubError);
  assertEquals([refused.kind, peer.connections], ["unavailable", 4]);
  await peer[Symbol.asyncDispose]();
  await until(() => transport.stalledHandshakes === 0);
});

Deno.test("HttpsTransport: a server without TLS is told as such", async () => {
  await using peer = tcpPeer(async (connection) => {
    await connection.send(answer("<html>"));
    await connection.request();
  });
  const { post } = bench(peer, { fallback: noFallback });
  const error = await assertRejects(post, HubError);
  assertEquals(error.kind, "device_rejected");
  assertStringIncludes(error.message, "TLS");
});

Deno.test("HttpsTransport: a connection closed in the handshake is unavailable", async () => {
  await using peer = tcpPeer(() => Promise.resolve());
  const { post } = bench(peer, { fallback: noFallback });
  assertEquals((await assertRejects(post, HubError)).kind, "unavailable");
});

/** Answers a ClientHello with the alert handshake_failure, as cameras with old suites only do. */
async function refuseHandshake(connection: PeerConnection): Promise<void> {
  await connection.send(Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28));
  await connection.request();
}

/** A stand-in for the other TLS client: no encryption, and a certificate of its own. */
class PlainSocket implements TlsSocket {
  readonly peerCertificateDer = Uint8Array.of(1, 2, 3);
  constructor(readonly conn: Deno.Conn) {}
  async read(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(4096);
    try {
      const count = await this.conn.read(buffer);
      return count === null ? undefined : buffer.subarray(0, count);
    } catch (error) {
      if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) {
        return undefined;
      }
      throw error;
    }
  }
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.conn.write(bytes.subarray(at));
  }
  close(): void {
    try {
      this.conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

function fallbackTo(peer: Peer) {
  const targets: TlsTarget[] = [];
  const fallback = async (target: TlsTarget) => {
    targets.push(target);
    return new PlainSocket(await Deno.connect({ hostname: "127.0.0.1", port: peer.port }));
  };
  return { targets, fallback };
}

const PLAIN_FINGERPRINT = "03:90:58:C6:F2:C0:CB:49:2C:53:3B:0A:4D:14:EF:77:" +
  "CC:0F:78:AB:CC:CE:D5:28:7D:84:A1:A2:01:1C:FB:81";

Deno.test("HttpsTransport: a refused handshake leads to the fallback, which is remembered", async () => {
  await using peer = tcpPeer(refuseHandshake);
  await using plain = tcpPeer(always("old"));
  const { targets, fallback } = fallbackTo(plain);
  const hint = new MemoryHint();
  const { pin, transport, post } = bench(peer, { fallback, hint });
  assertEquals((await post()).text, "old");
  assertEquals((await post()).text, "old");
  assertEquals(targets, [{ host: "127.0.0.1", port: peer.port }]);
  transport.close();
  assertEquals((await post()).text, "old");
  transport.close();
  assertEquals([peer.connections, plain.connections, targets.length], [1, 2, 2]);
  assertEquals(hint.writes, ["static_rsa"]);
  assertEquals(pin.value, PLAIN_FINGERPRINT);
});

Deno.test("HttpsTransport: the pin holds for the fallback too", async () => {
  await using peer = tcpPeer(refuseHandshake);
  await using plain = tcpPeer(always("old"));
  const { fallback } = fallbackTo(plain);
  const { post } = bench(peer, { fallback, pin: new MemoryPin("AA:BB") });
  const error = await assertRejects(post, HubError);
  assertEquals(error.details?.["certificate_changed"], true);
  assertEquals(plain.received, "");
});

Deno.test("HttpsTransport: a hint spares the vain try, and is corrected after an upgrade", async () => {
  await using old = tcpPeer(refuseHandshake);
  await using plain = tcpPeer(always("old"));
  const { fallback } = fallbackTo(plain);
  const first = bench(old, { fallback, hint: new MemoryHint("static_rsa") });
  assertEquals((await first.post()).text, "old");
  first.transport.close();
  assertEquals(old.connections, 0);

  await using upgraded = tlsPeer(certificate, always("new"));
  const hint = new MemoryHint("static_rsa");
  const refusing = () => Promise.reject(new HubError("device_rejected", "no common suite"));
  const second = bench(upgraded, { fallback: refusing, hint });
  assertEquals((await second.post()).text, "new");
  second.transport.close();
  assertEquals(hint.writes, ["ordinary"]);
});

Deno.test("HttpsTransport: the fallback's own failure is told; one that is unreachable ends the search", async () => {
  await using peer = tcpPeer(refuseHandshake);
  const failing = () => Promise.reject(new HubError("device_rejected", "bad record"));
  assertEquals(
    (await assertRejects(bench(peer, { fallback: failing }).post, HubError)).message,
    "bad record",
  );
  await using modern = tlsPeer(certificate, always("{}"));
  const away = () => Promise.reject(new HubError("unavailable", "away", { details: { unreachable: true } }));
  const { post } = bench(modern, { fallback: away, hint: new MemoryHint("static_rsa") });
  assertEquals((await assertRejects(post, HubError)).message, "away");
  assertEquals(modern.connections, 0);
});

Deno.test("HttpsTransport: without a fallback a refused handshake says what helps", async () => {
  await using peer = tcpPeer(refuseHandshake);
  const error = await assertRejects(bench(peer).post, HubError);
  assertEquals(error.kind, "unsupported");
  assertStringIncludes(error.hint ?? "", "firmware");
});

Deno.test("HttpsTransport: openssl with the suites of old cameras leads to the fallback", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/both.pem`, certificate.cert + certificate.key);
  const port = closedPort();
  const server = new Deno.Command("openssl", {
    args: ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", `${dir}/both.pem`, "-tls1_2", "-www"]
      .concat(["-cipher", "AES256-GCM-SHA384:AES256-SHA:@SECLEVEL=0"]),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await until(() => canConnect(port), "openssl");
    await using plain = tcpPeer(always("old"));
    const { targets, fallback } = fallbackTo(plain);
    const transport = new HttpsTransport({ host: "127.0.0.1", port, pin: new MemoryPin(), fallback });
    const { status } = await transport.post(POST, signal);
    transport.close();
    assertEquals([status, targets.length], [200, 1]);
  } finally {
    server.kill("SIGKILL");
    await server.status;
    await Deno.remove(dir, { recursive: true });
  }
});

async function canConnect(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}
