// connectTlsRsa against OpenSSL: every suite, large transfers, kept-open connections, and servers that want more.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { connectTlsRsa } from "../../../../src/protocols/tls_rsa/client.ts";
import type { TlsSocket } from "../../../../src/protocols/tls_rsa/connection.ts";
import { IdentityFolder } from "./certificates.ts";
import { honest, Middleman } from "./middleman.ts";
import { OpensslServer } from "./openssl_server.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const signal = new AbortController().signal;

const SUITES: readonly (readonly [ours: string, openssl: string])[] = [
  ["TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"],
  ["TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"],
  ["TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"],
  ["TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"],
  ["TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256"],
  ["TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256"],
];

function connect(server: { port: number }): Promise<TlsSocket> {
  return connectTlsRsa({ host: "127.0.0.1", port: server.port }, { signal });
}

async function readText(socket: TlsSocket, sizeBytes: number): Promise<string> {
  let text = "";
  while (text.length < sizeBytes) {
    const bytes = await socket.read();
    if (!bytes) break;
    text += decoder.decode(bytes);
  }
  return text;
}

/** Lines of very different lengths, 240 KB or so in all; `-rev` gives each back reversed. */
function manyLines(): string[] {
  const lengths = Array.from({ length: 40 }, (_, i) => i % 4 === 0 ? i : 7000 + 31 * i);
  return lengths.map((length, i) => Array.from({ length }, (_, at) => (at * (i + 3)) % 10).join(""));
}

for (const [ours, openssl] of SUITES) {
  const ways = openssl.includes("GCM") ? [[]] : [[], ["-no_etm"]];
  for (const way of ways) {
    const title = `${ours}${way.length > 0 ? " without encrypt-then-MAC" : ""}`;
    Deno.test(`[TAPO-TLS-RSA] connectTlsRsa: ${title}: 240 KB each way in one go, then request by request`, async () => {
      await using folder = new IdentityFolder();
      const identity = await folder.create("rsa:2048");
      const args = ["-tls1_2", "-rev", ...way];
      await using server = await OpensslServer.start({ identity, ciphers: openssl, args });
      const socket = await connect(server);
      assertEquals([socket.suite, socket.peerCertificateDer], [ours, identity.certificateDer]);

      const lines = manyLines();
      const expected = lines.map((line) => [...line].reverse().join("") + "\n").join("");
      assert(expected.length > 200_000);
      const [answer] = await Promise.all([
        readText(socket, expected.length),
        socket.write(encoder.encode(lines.join("\n") + "\n")),
      ]);
      assert(answer === expected);

      for (let round = 0; round < 50; round++) {
        await socket.write(encoder.encode(`request ${round}\n`));
        assertEquals(await readText(socket, 10), [...`request ${round}`].reverse().join("") + "\n");
      }
      socket.close();
    });
  }
}

Deno.test("connectTlsRsa: a server with a 1024 bit key and all suites; the best is taken", async () => {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024", "-sha1");
  await using server = await OpensslServer.start({ identity, ciphers: "ALL", args: ["-tls1_2", "-rev"] });
  const socket = await connect(server);
  // The server lets the client's order count, and this client offers nothing but static RSA.
  assertEquals(socket.suite, "TLS_RSA_WITH_AES_128_GCM_SHA256");
  socket.close();
});

Deno.test("connectTlsRsa: a download of 1 MB ends in order, and then the connection is over", async () => {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  const file = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * i) & 0xff);
  await Deno.writeFile(`${folder.path}/recording.bin`, file);
  const options = { identity, ciphers: "AES256-GCM-SHA384", args: ["-tls1_2", "-WWW"], cwd: folder.path };
  await using server = await OpensslServer.start(options);
  const socket = await connect(server);
  await socket.write(encoder.encode("GET /recording.bin HTTP/1.0\r\n\r\n"));
  const chunks: Uint8Array[] = [];
  for (let bytes = await socket.read(); bytes; bytes = await socket.read()) chunks.push(bytes);
  const answer = new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  assertMatch(decoder.decode(answer.subarray(0, 100)), /^HTTP\/1\.0 200 ok\r\n/);
  assertEquals(answer.subarray(answer.length - file.length), file);

  assertEquals(await socket.read(), undefined);
  const error = await assertRejects(() => socket.write(encoder.encode("more")), HubError);
  assertEquals([error.kind, error.message], ["unavailable", "The device has ended the TLS connection"]);
  socket.close();
});

Deno.test("connectTlsRsa: a server's wish for new keys is passed over; data goes on under the old", async () => {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  await using server = await OpensslServer.start({ identity, ciphers: "AES128-SHA", args: ["-tls1_2"] });
  const asked = Promise.withResolvers<void>();
  let isShaken = false;
  await using middleman = new Middleman(server.port, (record) => {
    if (isShaken && record.type === 22) asked.resolve();
    return honest(record, 0);
  });
  const socket = await connect(middleman);
  isShaken = true;
  await socket.write(encoder.encode("hello from the hub\n"));
  await server.untilOutput(/hello from the hub/);
  // In s_server a line that begins with r asks for a renegotiation: HelloRequest.
  await server.type("r\n");
  await asked.promise;
  await server.type("still here\n");
  assertEquals(await readText(socket, 11), "still here\n");
  await socket.write(encoder.encode("me too\n"));
  await server.untilOutput(/me too/);
  socket.close();
});

Deno.test("connectTlsRsa: a server that would like a certificate goes on without", async () => {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  const args = ["-tls1_2", "-rev", "-verify", "1"];
  await using server = await OpensslServer.start({ identity, ciphers: "AES256-SHA", args });
  const socket = await connect(server);
  await socket.write(encoder.encode("abc\n"));
  assertEquals(await readText(socket, 4), "cba\n");
  socket.close();
});

Deno.test("connectTlsRsa: the server sees an end in order, also when the caller refuses the certificate", async () => {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  await using server = await OpensslServer.start({ identity, ciphers: "AES128-SHA256", args: ["-tls1_2"] });
  const socket = await connect(server);
  assert(socket.peerCertificateDer.length > 0);
  socket.close();
  // Without close_notify s_server prints an error instead; of data it prints every byte.
  await server.untilOutput(/\nDONE\n/);
  assert(!/ERROR/.test(server.output), server.output);
});

const REFUSING: readonly { what: string; ciphers: string; args: string[]; alert: string; by: string }[] = [
  {
    what: "only ECDHE suites",
    ciphers: "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA",
    args: ["-tls1_2"],
    alert: "handshake_failure",
    by: "device",
  },
  { what: "only TLS 1.3", ciphers: "ALL", args: ["-tls1_3"], alert: "protocol_version", by: "device" },
  { what: "only TLS 1.1", ciphers: "ALL", args: ["-tls1_1"], alert: "protocol_version", by: "hub" },
  {
    what: "a client certificate or nothing",
    ciphers: "AES128-SHA",
    args: ["-tls1_2", "-Verify", "1"],
    alert: "handshake_failure",
    by: "device",
  },
];

for (const { what, ciphers, args, alert, by } of REFUSING) {
  Deno.test(`connectTlsRsa: a server that takes ${what} leads to an error that says so`, async () => {
    await using folder = new IdentityFolder();
    const identity = await folder.create("rsa:2048");
    await using server = await OpensslServer.start({ identity, ciphers, args: [...args, "-rev"] });
    const error = await assertRejects(() => connect(server), HubError);
    assertEquals([error.kind, error.retryable], ["device_rejected", false]);
    assertEquals(error.details, { alert, alertFrom: by });
    assert(error.hint);
  });
}
