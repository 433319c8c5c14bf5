// What a device may say after the handshake, and what ends the connection.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { TlsConnection } from "../../../../src/protocols/tls_rsa/connection.ts";
import { shakeHands } from "../../../../src/protocols/tls_rsa/handshake.ts";
import { CONTENT } from "../../../../src/protocols/tls_rsa/protection.ts";
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";
import { type Identity, IdentityFolder } from "./certificates.ts";
import { FakeDevice } from "./fake_device.ts";

const HELLO_REQUEST = Uint8Array.of(0, 0, 0, 0);
const CLOSE_NOTIFY = Uint8Array.of(1, 0);
const USER_CANCELED = Uint8Array.of(1, 90);
const text = (value: string) => new TextEncoder().encode(value);

let shared: Identity | undefined;

/** A connection that has just been agreed on; `closed` counts how often its socket was freed. */
async function established() {
  if (!shared) {
    await using folder = new IdentityFolder();
    shared = await folder.create("rsa:1024");
  }
  const device = new FakeDevice(shared, { extendedMasterSecret: true });
  const shaking = shakeHands(device.link, {});
  await device.hearHello();
  device.send(CONTENT.handshake, joinBytes(...device.flight()));
  await device.hearKeys();
  device.changeKeys();
  device.send(CONTENT.handshake, device.finished());
  const closed = { times: 0 };
  const { reader, encoder, input, send } = device.link;
  const stream = {
    write: send,
    close: (lastWords?: () => Uint8Array) => {
      closed.times++;
      if (lastWords) send(lastWords());
    },
  };
  const socket = new TlsConnection({ stream, reader, encoder, input }, await shaking);
  return { device, socket, closed };
}

Deno.test("TlsSocket: empty records, warnings and HelloRequests are passed over", async () => {
  const { device, socket } = await established();
  for (let count = 0; count < 7; count++) {
    device.sendEmpty();
    device.send(CONTENT.alert, USER_CANCELED);
    device.send(CONTENT.handshake, joinBytes(HELLO_REQUEST, HELLO_REQUEST.subarray(0, 1)));
    device.send(CONTENT.handshake, HELLO_REQUEST.subarray(1));
  }
  device.send(CONTENT.applicationData, text("data"));
  assertEquals(await socket.read(), text("data"));
});

Deno.test("TlsSocket: after close_notify it answers, frees the socket and delivers nothing more", async () => {
  const { device, socket, closed } = await established();
  device.send(CONTENT.applicationData, text("last"));
  device.send(CONTENT.alert, CLOSE_NOTIFY);
  device.send(CONTENT.applicationData, text("too late"));
  assertEquals(await socket.read(), text("last"));
  assertEquals([await socket.read(), await socket.read(), closed.times], [undefined, undefined, 1]);
  assertEquals(await device.hear(), { type: CONTENT.alert, body: CLOSE_NOTIFY });
  socket.close();
  assertEquals(closed.times, 1);
});

/** What ends a connection, and the alert that names it. */
const FAULTS: Record<string, { alert: string; from?: "device"; play: (device: FakeDevice) => void }> = {
  "sends empty records without end": {
    alert: "unexpected_message",
    play: (device) => {
      for (let count = 0; count < 32; count++) device.sendEmpty();
    },
  },
  "sends warnings without end": {
    alert: "unexpected_message",
    play: (device) => {
      for (let count = 0; count < 32; count++) device.send(CONTENT.alert, USER_CANCELED);
    },
  },
  "asks for new keys without end": {
    alert: "unexpected_message",
    play: (device) => {
      for (let count = 0; count < 32; count++) device.send(CONTENT.handshake, HELLO_REQUEST);
    },
  },
  "begins a handshake of its own": {
    alert: "unexpected_message",
    play: (device) => device.send(CONTENT.handshake, joinBytes(...device.flight())),
  },
  "puts something into a HelloRequest": {
    alert: "unexpected_message",
    play: (device) => device.send(CONTENT.handshake, Uint8Array.of(0, 0, 0, 1, 0)),
  },
  "changes keys": {
    alert: "unexpected_message",
    play: (device) => device.send(CONTENT.changeCipherSpec, Uint8Array.of(1)),
  },
  "sends a malformed alert": {
    alert: "decode_error",
    play: (device) => device.send(CONTENT.alert, Uint8Array.of(1)),
  },
  "raises a fatal alert": {
    alert: "internal_error",
    from: "device",
    play: (device) => device.send(CONTENT.alert, Uint8Array.of(2, 80)),
  },
};

for (const [what, { alert, from, play }] of Object.entries(FAULTS)) {
  Deno.test(`TlsSocket: a device that ${what} is left`, async () => {
    const { device, socket, closed } = await established();
    play(device);
    const error = await assertRejects(() => socket.read(), HubError);
    assertEquals([error.kind, error.details], ["device_rejected", { alert, alertFrom: from ?? "hub" }]);
    assertEquals(closed.times, 1);
    if (!from) assertEquals((await device.hear()).type, CONTENT.alert);
    assert(await assertRejects(() => socket.read(), HubError) === error);
    assert(await assertRejects(() => socket.write(text("more")), HubError) === error);
  });
}

Deno.test("TlsSocket: data of any length is cut into records of 16 KB; none needs no record", async () => {
  const { device, socket } = await established();
  await socket.write(new Uint8Array());
  await socket.write(new Uint8Array(40_000));
  const lengths = [];
  for (let count = 0; count < 3; count++) lengths.push((await device.hear()).body.length);
  assertEquals(lengths, [16_384, 16_384, 7232]);
});
