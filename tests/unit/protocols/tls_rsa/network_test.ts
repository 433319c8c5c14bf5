// What the network does to a connection: nobody there, silence, garbage, resets, aborts. The socket is always freed.
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../../../src/base/clock.ts";
import { HubError, isAbort } from "../../../../src/base/errors.ts";
import { connectTlsRsa, type TlsRsaOptions } from "../../../../src/protocols/tls_rsa/client.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { until } from "../../tools/processes.ts";
import { IdentityFolder } from "./certificates.ts";
import { OpensslServer } from "./openssl_server.ts";

const encoder = new TextEncoder();
const signal = new AbortController().signal;

/** Counts the sockets of this process. */
function openSockets(): number {
  return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith("socket:");
    } catch {
      // The descriptor of the listing itself.
      return false;
    }
  }).length;
}

/** Fails unless the work leaves as many sockets as there were. */
async function freeing(work: () => Promise<void>): Promise<void> {
  const before = openSockets();
  await work();
  await until(() => openSockets() === before, "the sockets to be freed");
}

/** Runs the work with a server whose one connection is played by the test. */
async function withListener(
  work: (port: number, accept: () => Promise<Deno.TcpConn>) => Promise<void>,
): Promise<void> {
  await freeing(async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await work(listener.addr.port, () => listener.accept());
  });
}

function connect(port: number, options: Partial<TlsRsaOptions> = {}) {
  return connectTlsRsa({ host: "127.0.0.1", port }, { signal, ...options });
}

/** Reads the ClientHello, all of it or some. */
async function hearHello(conn: Deno.Conn): Promise<void> {
  assert((await conn.read(new Uint8Array(1000)) ?? 0) > 50);
}

/** Waits until the other side has hung up. */
async function untilHungUp(conn: Deno.Conn): Promise<void> {
  try {
    while (await conn.read(new Uint8Array(1000)) !== null) { /* what it still said does not matter */ }
  } catch (error) {
    assert(error instanceof Deno.errors.ConnectionReset);
  }
}

Deno.test("connectTlsRsa: a refused connection is told as unreachable", () =>
  freeing(async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const error = await assertRejects(() => connect(port), HubError);
    assertEquals([error.kind, error.details], ["unavailable", { unreachable: true }]);
    assertEquals(error.message, `127.0.0.1:${port} refused the connection`);
    assert(error.hint);
  }));

Deno.test("connectTlsRsa: a name that does not resolve is told as unreachable", () =>
  freeing(async () => {
    // No resolver is asked about an empty label.
    const target = { host: "no..such..camera", port: 443 };
    const error = await assertRejects(() => connectTlsRsa(target, { signal }), HubError);
    assertEquals([error.kind, error.details], ["unavailable", { unreachable: true }]);
  }));

Deno.test("connectTlsRsa: past the deadline of connecting the error says timeout and unreachable", () =>
  withListener(async (port) => {
    // Time flies before the network can do anything.
    const hurried: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
    const error = await assertRejects(
      () => connect(port, { clock: hurried, connectTimeoutMs: 3000 }),
      HubError,
    );
    assertEquals([error.kind, error.details], ["timeout", { unreachable: true }]);
    assertEquals(error.message, `127.0.0.1:${port} did not answer in 3 s`);
  }));

const SILENCES: Record<string, Uint8Array> = {
  "says nothing": new Uint8Array(),
  "stops within the header of a record": Uint8Array.of(22, 3, 3),
  "stops within a record": Uint8Array.of(22, 3, 3, 0, 50, 2, 0, 0),
  "stops within a message": Uint8Array.of(22, 3, 3, 0, 4, 2, 0, 0, 90),
};

for (const [what, bytes] of Object.entries(SILENCES)) {
  Deno.test(`connectTlsRsa: past the deadline of the handshake, a server that ${what} is left`, () =>
    withListener(async (port, accept) => {
      const clock = new FakeClock();
      const refused = assertRejects(() => connect(port, { clock }), HubError);
      using conn = await accept();
      await hearHello(conn);
      if (bytes.length > 0) await conn.write(bytes);
      await clock.advance(4999);
      assertEquals(clock.sleeping, 1);
      await clock.advance(1);
      const error = await refused;
      assertEquals([error.kind, error.details], ["timeout", undefined]);
      assertEquals(error.message, `127.0.0.1:${port} did not finish the TLS handshake in 5 s`);
      await untilHungUp(conn);
    }));
}

Deno.test("connectTlsRsa: an abort is told as an abort, before connecting and in the handshake", () =>
  withListener(async (port, accept) => {
    const before = await assertRejects(() => connect(port, { signal: AbortSignal.abort() }), Error);
    assert(isAbort(before));

    const controller = new AbortController();
    const refused = assertRejects(() => connect(port, { signal: controller.signal }), Error);
    using conn = await accept();
    await hearHello(conn);
    controller.abort();
    assert(isAbort(await refused));
    await untilHungUp(conn);

    const early = new AbortController();
    const connecting = assertRejects(() => connect(port, { signal: early.signal }), Error);
    early.abort();
    assert(isAbort(await connecting));
  }));

Deno.test("connectTlsRsa: a connection by name that comes after the abort is closed", () =>
  withListener(async (port, accept) => {
    const controller = new AbortController();
    const target = { host: "localhost", port };
    const connecting = assertRejects(() => connectTlsRsa(target, { signal: controller.signal }), Error);
    controller.abort();
    assert(isAbort(await connecting));
    using conn = await accept();
    await untilHungUp(conn);
  }));

const GARBAGE: Record<string, { answer: Uint8Array; alert: string }> = {
  "answers in HTTP": {
    answer: encoder.encode("HTTP/1.1 400 Bad Request\r\n\r\n"),
    alert: "unexpected_message",
  },
  "greets like SSH": { answer: encoder.encode("SSH-2.0-dropbear\r\n"), alert: "unexpected_message" },
  "sends zeros": { answer: new Uint8Array(100), alert: "unexpected_message" },
  "announces an overlong record": { answer: Uint8Array.of(22, 3, 3, 255, 255), alert: "record_overflow" },
};

for (const [what, { answer, alert }] of Object.entries(GARBAGE)) {
  Deno.test(`connectTlsRsa: a server that ${what} is refused and left`, () =>
    withListener(async (port, accept) => {
      const refused = assertRejects(() => connect(port), HubError);
      using conn = await accept();
      await hearHello(conn);
      await conn.write(answer);
      const error = await refused;
      assertEquals([error.kind, error.details], ["device_rejected", { alert, alertFrom: "hub" }]);
      await untilHungUp(conn);
    }));
}

Deno.test("connectTlsRsa: a server that hangs up instead of answering is told as unavailable", () =>
  withListener(async (port, accept) => {
    const refused = assertRejects(() => connect(port), HubError);
    const conn = await accept();
    await hearHello(conn);
    conn.close();
    const error = await refused;
    assertEquals([error.kind, error.message], [
      "unavailable",
      "The device cut the connection off during the TLS handshake",
    ]);
  }));

Deno.test("connectTlsRsa: refuses a server name that is none", async () => {
  for (const serverName of ["", "a b", "-cam", "ä.lan", "x".repeat(254)]) {
    const target = { host: "127.0.0.1", port: 1, serverName };
    const error = await assertRejects(() => connectTlsRsa(target, { signal }), HubError);
    assertEquals(error.kind, "invalid_input");
  }
});

/** Runs the work with a connection to a server that reads only what its `-rev` loop gets to. */
async function withServer(
  work: (server: OpensslServer, connect: () => ReturnType<typeof connectTlsRsa>) => Promise<void>,
): Promise<void> {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  await freeing(async () => {
    const options = { identity, ciphers: "AES128-GCM-SHA256", args: ["-tls1_2", "-rev"] };
    await using server = await OpensslServer.start(options);
    await work(server, () => connect(server.port));
  });
}

Deno.test("TlsSocket: a reset in the middle of a conversation is told as a lost connection", () =>
  withServer(async (server, connect) => {
    const socket = await connect();
    server.freeze();
    // What a killed process has not read makes the kernel reset the connection.
    await socket.write(encoder.encode("never read\n"));
    const lost = assertRejects(() => socket.read(), HubError);
    await server.kill();
    const error = await lost;
    assertEquals([error.kind, error.message], ["unavailable", "The connection to the device was lost"]);
    assert(await assertRejects(() => socket.write(encoder.encode("more")), HubError) === error);
    socket.close();
  }));

Deno.test("TlsSocket: close ends a waiting read and a write that the device does not take", () =>
  withServer(async (server, connect) => {
    const socket = await connect();
    server.freeze();
    const reading = assertRejects(() => socket.read(), HubError);
    const writing = assertRejects(() => socket.write(new Uint8Array(16_000_000)), HubError);
    const queued = assertRejects(() => socket.write(encoder.encode("behind it")), HubError);
    // Lets the write run into the full buffers.
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.close();
    for (const ended of [reading, writing, queued]) {
      const error = await ended;
      assertEquals([error.kind, error.message], ["unavailable", "The TLS connection was closed"]);
    }
    socket.close();
    // Only then does the operating system let go of the bytes that were under way.
    await server.kill();
  }));

Deno.test("TlsSocket: close frees the socket at once when nothing is under way, whatever the device does", () =>
  withServer(async (server, connect) => {
    const socket = await connect();
    server.freeze();
    const before = openSockets();
    socket.close();
    assertEquals(openSockets(), before - 1);
    await assertRejects(() => socket.read(), HubError);
  }));

Deno.test("TlsSocket: a second read at the same time is refused and does not disturb the first", () =>
  withServer(async (_server, connect) => {
    const socket = await connect();
    const first = socket.read();
    assertEquals((await assertRejects(() => socket.read(), HubError)).kind, "conflict");
    await socket.write(encoder.encode("ok\n"));
    assertEquals(await first, encoder.encode("ko\n"));
    socket.close();
  }));

Deno.test("TlsSocket: writes at the same time are sent one after the other", () =>
  withServer(async (_server, connect) => {
    const socket = await connect();
    const lines = Array.from(
      { length: 20 },
      (_, i) => `${String.fromCharCode(97 + i)}`.repeat(20_000 - i) + "\n",
    );
    let answer = "";
    const reading = (async () => {
      const expected = lines.join("").length;
      while (answer.length < expected) answer += new TextDecoder().decode(await socket.read());
    })();
    await Promise.all([reading, ...lines.map((line) => socket.write(encoder.encode(line)))]);
    // -rev answers in pieces of at most its buffer, each of one letter.
    assertEquals(answer.replaceAll("\n", ""), lines.join("").replaceAll("\n", ""));
    socket.close();
  }));
