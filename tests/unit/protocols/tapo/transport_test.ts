// The transport against real TLS servers: the pin, kept connections, and answers that go wrong.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Secret } from "../../../../src/base/secret.ts";
import { TapoSession } from "../../../../src/protocols/tapo/session.ts";
import { StaleConnectionError } from "../../../../src/protocols/tapo/http1.ts";
import { type TlsSocket, UnsentError } from "../../../../src/protocols/tapo/tls_socket.ts";
import { fingerprintOf } from "../../../../src/protocols/tapo/transport.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { until } from "../../tools/processes.ts";
import { MiniCamera, MiniGuard } from "./mini_camera.ts";
import { always, answer, inspectCertificate, makeCertificate, tlsPeer } from "./tls_peers.ts";
import { bench, MemoryHint, MemoryPin, signal } from "./transport_bench.ts";

const certificate = await makeCertificate();

Deno.test("HttpsTransport: posts over one kept connection and pins the certificate on first use", async () => {
  await using peer = tlsPeer(certificate, always('{"ü":1}'));
  const { pin, transport, post } = bench(peer);
  assertEquals(await post('{"ä":2}'), { status: 200, text: '{"ü":1}' });
  assertEquals(await post(), { status: 200, text: '{"ü":1}' });
  transport.close();
  const { fingerprint, der } = await inspectCertificate(certificate);
  assertEquals([pin.value, pin.writes], [fingerprint, 1]);
  assertEquals(fingerprintOf(der), fingerprint);
  assertEquals(peer.connections, 1);
  const [head = ""] = peer.received.split("\r\n\r\n");
  assertStringIncludes(head, "POST /x HTTP/1.1\r\n");
  assertStringIncludes(head, `\r\nHost: 127.0.0.1:${peer.port}\r\n`);
  assertStringIncludes(head, `\r\nReferer: https://127.0.0.1:${peer.port}\r\n`);
  assertStringIncludes(head, "\r\nSeq: 1\r\n");
  assertStringIncludes(head, "\r\nContent-Length: 8");
});

Deno.test("HttpsTransport: takes a camera whose certificate is the pinned one", async () => {
  await using peer = tlsPeer(certificate, always("{}"));
  const { fingerprint } = await inspectCertificate(certificate);
  const pin = new MemoryPin(fingerprint);
  const { transport, post } = bench(peer, { pin });
  assertEquals((await post()).status, 200);
  transport.close();
  assertEquals(pin.writes, 0);
});

Deno.test("HttpsTransport: sends not one byte of HTTP to another certificate, and asks for a person", async () => {
  const { fingerprint } = await inspectCertificate(certificate);
  const other = await makeCertificate();
  await using peer = tlsPeer(other, always("{}"));
  const pin = new MemoryPin(fingerprint);
  const { transport, post } = bench(peer, { pin });
  const error = await assertRejects(() => post("secret"), HubError);
  assertEquals([error.kind, error.retryable, error.retryAtMs], ["device_rejected", false, Infinity]);
  assertStringIncludes(error.hint ?? "", "factory reset");
  assertEquals(error.details, {
    certificate_changed: true,
    old_fingerprint: fingerprint.slice(0, 23),
    new_fingerprint: (await inspectCertificate(other)).fingerprint.slice(0, 23),
  });
  await until(() => peer.connections === 1);
  transport.close();
  assertEquals([peer.received, pin.value], ["", fingerprint]);
});

Deno.test("HttpsTransport: a certificate that a person has accepted is pinned again", async () => {
  await using peer = tlsPeer(certificate, always("{}"));
  const pin = new MemoryPin("00:11");
  const { transport, post } = bench(peer, { pin });
  await assertRejects(post, HubError);
  pin.value = undefined;
  assertEquals((await post()).status, 200);
  transport.close();
  assertEquals(pin.value, (await inspectCertificate(certificate)).fingerprint);
});

Deno.test("HttpsTransport: opens another connection when the camera has closed the kept one", async () => {
  await using peer = tlsPeer(certificate, async (connection) => {
    await connection.request();
    await connection.send(answer("once"));
  });
  const { transport, post } = bench(peer);
  for (let n = 0; n < 3; n++) assertEquals((await post()).text, "once");
  transport.close();
  assertEquals(peer.connections, 3);
});

Deno.test("HttpsTransport: asks again on a new connection when the kept one ends under a question", async () => {
  await using peer = tlsPeer(certificate, async (connection) => {
    await connection.request();
    await connection.send(answer("once"));
    await connection.request();
  });
  const { transport, post } = bench(peer);
  for (let n = 0; n < 3; n++) assertEquals((await post("{}", signal, true)).text, "once");
  transport.close();
  assertEquals(peer.connections, 3);
});

Deno.test("HttpsTransport: a command is sent once, though the kept connection ends without an answer to it", async () => {
  await using peer = tlsPeer(certificate, async (connection) => {
    await connection.request();
    await connection.send(answer("once"));
    await connection.request();
  });
  const { transport, post } = bench(peer);
  await post();
  const error = await assertRejects(() => post('"move"'), HubError);
  assertEquals([error.kind, error.retryable, error.details], ["unavailable", true, { unanswered: true }]);
  assertEquals(peer.received.split('"move"').length - 1, 1);
  assertEquals((await post()).text, "once");
  transport.close();
  assertEquals(peer.connections, 2);
});

Deno.test("HttpsTransport: a new connection that ends without an answer is not tried again", async () => {
  await using peer = tlsPeer(certificate, async (connection) => {
    await connection.request();
  });
  const { transport, post } = bench(peer);
  const error = await assertRejects(post, HubError);
  assertEquals([error.kind, error.details?.["unreachable"]], ["unavailable", undefined]);
  transport.close();
  assertEquals(peer.connections, 1);
});

Deno.test("HttpsTransport: a new connection that breaks while sending is told as a break, and the next post works", async () => {
  await using peer = tlsPeer(certificate, always("unused"));
  const breaking: TlsSocket = {
    peerCertificateDer: new Uint8Array([1]),
    read: () => new Promise(() => {}),
    write: () => Promise.reject(new UnsentError("The connection broke while sending")),
    close: () => {},
  };
  let opened = 0;
  const { post } = bench(peer, {
    hint: new MemoryHint("static_rsa"),
    fallback: () => Promise.resolve(opened++ < 2 ? breaking : answering("fine")),
  });
  for (let n = 1; n <= 2; n++) {
    const error = await assertRejects(post, HubError);
    assertEquals([error.kind, error.message, opened], [
      "unavailable",
      "The connection to the camera broke off",
      n,
    ]);
    assert(error.cause instanceof StaleConnectionError);
  }
  assertEquals((await post()).text, "fine");
});

/** A connection that answers each request with the same body. */
function answering(body: string): TlsSocket {
  return {
    peerCertificateDer: new Uint8Array([1]),
    read: () => Promise.resolve(new TextEncoder().encode(answer(body))),
    write: () => Promise.resolve(),
    close: () => {},
  };
}

const BAD: [string, string, string][] = [
  ["is cut off", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "device_rejected"],
  ["is no HTTP", "hello\r\n\r\n", "device_rejected"],
  ["announces too much", "HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n", "device_rejected"],
];
for (const [how, bytes, kind] of BAD) {
  Deno.test(`HttpsTransport: an answer that ${how} is an error, and the next post works`, async () => {
    let first = true;
    await using peer = tlsPeer(certificate, async (connection) => {
      await connection.request();
      await connection.send(first ? bytes : answer("fine"));
      first = false;
    });
    const { transport, post } = bench(peer);
    assertEquals((await assertRejects(post, HubError)).kind, kind);
    assertEquals((await post()).text, "fine");
    transport.close();
  });
}

Deno.test("HttpsTransport: a body of four megabytes passes", async () => {
  const body = "x".repeat(4 * 1024 * 1024);
  await using peer = tlsPeer(certificate, always(body));
  const { transport, post } = bench(peer);
  assertEquals((await post()).text.length, body.length);
  transport.close();
});

Deno.test("HttpsTransport: a camera that does not answer times out, and the next post has a new connection", async () => {
  let first = true;
  await using peer = tlsPeer(certificate, async (connection) => {
    while (await connection.request() !== undefined) {
      if (!first) await connection.send(answer("late"));
      first = false;
    }
  });
  const clock = new FakeClock();
  const { transport, post } = bench(peer, { clock });
  const waiting = assertRejects(post, HubError);
  await until(() => peer.received.includes("{}"));
  await clock.advance(8000);
  const error = await waiting;
  assertEquals([error.kind, error.details?.["unreachable"]], ["timeout", undefined]);
  assertEquals((await post()).text, "late");
  transport.close();
  assertEquals([peer.connections, clock.sleeping], [2, 0]);
});

Deno.test("HttpsTransport: an abort closes the connection under the request", async () => {
  const gone = Promise.withResolvers<void>();
  await using peer = tlsPeer(certificate, async (connection) => {
    await connection.request();
    try {
      if (await connection.request() === undefined) gone.resolve();
    } catch {
      gone.resolve();
    }
  });
  const { post } = bench(peer);
  const stop = new AbortController();
  const waiting = assertRejects(() => post("{}", stop.signal), DOMException);
  await until(() => peer.received.includes("{}"));
  stop.abort();
  assertEquals((await waiting).name, "AbortError");
  await gone.promise;
});

Deno.test("HttpsTransport: an abort before the post opens no connection", async () => {
  await using peer = tlsPeer(certificate, always("{}"));
  const { post } = bench(peer);
  await assertRejects(() => post("{}", AbortSignal.abort()), DOMException);
  assertEquals(peer.connections, 0);
});

Deno.test("TapoSession: logs in and asks over real TLS, through a lost session", async () => {
  const camera = new MiniCamera();
  camera.methods.set("getLedStatus", () => ({ led: { config: { enabled: "on" } } }));
  await using peer = tlsPeer(certificate, async (connection) => {
    for (
      let request = await connection.request();
      request !== undefined;
      request = await connection.request()
    ) {
      await connection.send(serve(camera, request));
    }
  });
  const { transport } = bench(peer);
  const guard = new MiniGuard();
  const session = new TapoSession({ transport, guard, password: new Secret(camera.password) });
  const ask = () => session.request("getLedStatus", {}, signal);
  await Promise.all([ask(), ask(), ask()]);
  camera.forget();
  assertEquals(await ask(), { led: { config: { enabled: "on" } } });
  session.close();
  assertEquals([camera.logins, peer.connections], [2, 1]);
  assert(!peer.received.includes(camera.password));
});

Deno.test("TapoSession: the password's hash of the old login is sent once, whatever becomes of the connection", async () => {
  const camera = new MiniCamera();
  camera.encryptTypes = ["1", "2"];
  await using peer = tlsPeer(certificate, async (connection) => {
    await connection.send(serve(camera, await connection.request() ?? ""));
    await connection.request();
  });
  const { transport } = bench(peer);
  const session = new TapoSession({
    transport,
    guard: new MiniGuard(),
    password: new Secret(camera.password),
  });
  const error = await assertRejects(() => session.request("getLedStatus", {}, signal), HubError);
  session.close();
  assertEquals(error.kind, "unavailable");
  assertEquals(peer.received.split('"hashed":true').length - 1, 1);
});

/** Carries a request in the bytes of HTTP to a mini camera, and its reply back. */
function serve(camera: MiniCamera, request: string): string {
  const [head = "", body = ""] = request.split("\r\n\r\n");
  const [line = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(lines.map((each) => each.split(": ") as [string, string]));
  const reply = camera.handle({ path: line.split(" ")[1] ?? "", body, headers });
  return answer(JSON.stringify(reply.body), `HTTP/1.1 ${reply.status} X`);
}
