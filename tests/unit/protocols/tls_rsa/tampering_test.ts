// Somebody on the way changes, repeats, leaves out or cuts off what the device says: nothing of it is delivered.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { connectTlsRsa } from "../../../../src/protocols/tls_rsa/client.ts";
import type { TlsSocket } from "../../../../src/protocols/tls_rsa/connection.ts";
import { CONTENT } from "../../../../src/protocols/tls_rsa/protection.ts";
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";
import { type Identity, IdentityFolder } from "./certificates.ts";
import { honest, type Meddling, Middleman, type SeenRecord } from "./middleman.ts";
import { OpensslServer } from "./openssl_server.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const signal = new AbortController().signal;

/** Runs the work with a hub that is connected to a reversing server through a middleman. */
async function meddled(
  options: { ciphers: string; args?: string[]; meddle: Meddling },
  work: (socket: TlsSocket, middleman: Middleman) => Promise<void>,
): Promise<void> {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  await using server = await reversing(identity, options);
  await using middleman = new Middleman(server.port, options.meddle);
  await work(await connectTlsRsa({ host: "127.0.0.1", port: middleman.port }, { signal }), middleman);
}

function reversing(
  identity: Identity,
  options: { ciphers: string; args?: string[] },
): Promise<OpensslServer> {
  const args = ["-tls1_2", "-rev", ...options.args ?? []];
  return OpensslServer.start({ identity, ciphers: options.ciphers, args });
}

/** Meddles with application data only, counted from 0. */
function onData(meddle: Meddling): Meddling {
  let count = 0;
  return (record) => record.type === CONTENT.applicationData ? meddle(record, count++) : honest(record, 0);
}

function flipBit(record: SeenRecord, at: number): Uint8Array {
  const raw = record.raw.slice();
  const index = at < 0 ? raw.length + at : at;
  raw[index] = (raw[index] ?? 0) ^ 0x10;
  return raw;
}

async function ask(socket: TlsSocket, question: string): Promise<string | undefined> {
  await socket.write(encoder.encode(question + "\n"));
  const answer = await socket.read();
  return answer && decoder.decode(answer);
}

async function assertBadRecord(socket: TlsSocket, action: () => Promise<unknown>): Promise<void> {
  const error = await assertRejects(action, HubError);
  assertEquals([error.kind, error.message], [
    "device_rejected",
    "A TLS record of the device did not pass its check",
  ]);
  assertEquals(error.details, { alert: "bad_record_mac", alertFrom: "hub" });
  // It stays that way.
  assert(await assertRejects(() => socket.read(), HubError) === error);
  assert(await assertRejects(() => socket.write(encoder.encode("more")), HubError) === error);
}

const WAYS: Record<string, { ciphers: string; args?: string[] }> = {
  GCM: { ciphers: "AES256-GCM-SHA384" },
  "CBC, encrypt-then-MAC": { ciphers: "AES128-SHA256" },
  "CBC, MAC-then-encrypt": { ciphers: "AES256-SHA", args: ["-no_etm"] },
};
/** Which byte of a record is hit: nonce or IV, content, MAC or padding. */
const PLACES = [5, 25, -1];

for (const [way, options] of Object.entries(WAYS)) {
  Deno.test(`TlsSocket: one flipped bit in a record (${way}) is noticed, told to the device, and ends it`, async () => {
    for (const place of PLACES) {
      const meddle = onData((record, index) =>
        index === 1 ? { bytes: flipBit(record, place) } : honest(record, index)
      );
      await meddled({ ...options, meddle }, async (socket, middleman) => {
        assertEquals(await ask(socket, "untouched"), "dehcuotnu\n");
        await assertBadRecord(socket, () => ask(socket, "touched on the way back"));
        await middleman.over;
        assertEquals(middleman.fromHub.at(-1), CONTENT.alert);
      });
    }
  });

  Deno.test(`TlsSocket: repeated, left out and swapped records (${way}) are noticed`, async () => {
    const repeat = onData(({ raw }) => ({ bytes: joinBytes(raw, raw) }));
    await meddled({ ...options, meddle: repeat }, async (socket) => {
      assertEquals(await ask(socket, "one"), "eno\n");
      await assertBadRecord(socket, () => socket.read());
    });
    let kept: Uint8Array = new Uint8Array();
    const leaveOut = onData((record, index) => index === 0 ? { bytes: kept } : honest(record, index));
    await meddled({ ...options, meddle: leaveOut }, async (socket) => {
      await socket.write(encoder.encode("lost\n"));
      await assertBadRecord(socket, () => ask(socket, "found"));
    });
    const swap = onData(({ raw }, index) => {
      if (index === 0) kept = raw;
      return { bytes: index === 0 ? new Uint8Array() : joinBytes(raw, kept) };
    });
    await meddled({ ...options, meddle: swap }, async (socket) => {
      await socket.write(encoder.encode("first\n"));
      await assertBadRecord(socket, () => ask(socket, "second"));
    });
  });
}

Deno.test("TlsSocket: data under another type of record is noticed", async () => {
  const meddle = onData(({ raw }) => ({ bytes: Uint8Array.from(raw, (byte, i) => i === 0 ? 22 : byte) }));
  await meddled({ ciphers: "AES128-GCM-SHA256", meddle }, async (socket) => {
    await assertBadRecord(socket, () => ask(socket, "relabelled"));
  });
});

Deno.test("connectTlsRsa: any record of the device's handshake, changed in any of its parts, ends it", async () => {
  await using folder = new IdentityFolder();
  const identity = await folder.create("rsa:1024");
  await using server = await reversing(identity, { ciphers: "AES128-SHA" });
  // ServerHello (version, random, suite), Certificate (within its key), ServerHelloDone, ChangeCipherSpec, Finished.
  const targets = [[0, 10], [0, 20], [0, 45], [1, 200], [2, 5], [3, 5], [4, 5], [4, -1]] as const;
  for (const [target, place] of targets) {
    const meddle: Meddling = (record, index) =>
      index === target ? { bytes: flipBit(record, place) } : honest(record, index);
    await using middleman = new Middleman(server.port, meddle);
    const connecting = connectTlsRsa({ host: "127.0.0.1", port: middleman.port }, { signal });
    const error = await assertRejects(() => connecting, HubError);
    assertEquals(error.kind, "device_rejected", `record ${target}, byte ${place}: ${error.message}`);
  }
});

const CUTS: Record<string, Meddling> = {
  "between two records": onData((record, index) => ({ bytes: record.raw, thenCut: index === 0 })),
  "within the header of a record": onData(({ raw }, index) =>
    index === 0 ? { bytes: raw } : { bytes: raw.subarray(0, 3), thenCut: true }
  ),
  "in the middle of a record": onData(({ raw }, index) =>
    index === 0 ? { bytes: raw } : { bytes: raw.subarray(0, 20), thenCut: true }
  ),
};

for (const [where, meddle] of Object.entries(CUTS)) {
  // Always an error, also between records: only HTTP knows whether something was outstanding, and it need not read on
  // when it has its whole answer. An attacker can cut wherever he likes.
  Deno.test(`TlsSocket: a connection cut off ${where} is told as truncated; what came whole is delivered`, async () => {
    await meddled({ ciphers: "AES128-GCM-SHA256", meddle }, async (socket) => {
      assertEquals(await ask(socket, "whole"), "elohw\n");
      const error = await assertRejects(() => ask(socket, "cut"), HubError);
      assertEquals([error.kind, error.retryable, error.details], ["unavailable", true, { truncated: true }]);
      assert(await assertRejects(() => socket.read(), HubError) === error);
    });
  });
}
