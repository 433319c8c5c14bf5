// The handshake keeps to its one course: what belongs to it is understood in every form, all else ends it.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { TlsFault } from "../../../../src/protocols/tls_rsa/alerts.ts";
import { shakeHands } from "../../../../src/protocols/tls_rsa/handshake.ts";
import { HANDSHAKE } from "../../../../src/protocols/tls_rsa/handshake_input.ts";
import { CONTENT } from "../../../../src/protocols/tls_rsa/protection.ts";
import { SUITES } from "../../../../src/protocols/tls_rsa/suites.ts";
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";
import { type Identity, IdentityFolder } from "./certificates.ts";
import { FakeDevice } from "./fake_device.ts";

const HELLO_REQUEST = Uint8Array.of(0, 0, 0, 0);
const UNRECOGNIZED_NAME = Uint8Array.of(1, 112);
const text = (value: string) => new TextEncoder().encode(value);

let shared: Identity | undefined;

/** Makes an identity for the first test and gives the same one to the others. */
async function withIdentity(work: (identity: Identity) => Promise<void>): Promise<void> {
  if (!shared) {
    await using folder = new IdentityFolder();
    shared = await folder.create("rsa:1024");
  }
  await work(shared);
}

/** Sends messages: one record for each, all in one, or one byte in each. */
const SHAPES: Record<string, (device: FakeDevice, messages: readonly Uint8Array[]) => void> = {
  "one record for each message": (device, messages) => {
    for (const message of messages) device.send(CONTENT.handshake, message);
  },
  "all messages in one record": (device, messages) => device.send(CONTENT.handshake, joinBytes(...messages)),
  "one byte in each record": (device, messages) => {
    for (const byte of joinBytes(...messages)) device.send(CONTENT.handshake, Uint8Array.of(byte));
  },
};

for (const [shape, send] of Object.entries(SHAPES)) {
  Deno.test(`shakeHands: agrees on every suite, ${shape}, and then data flows both ways`, () =>
    withIdentity(async (identity) => {
      for (const suite of SUITES) {
        for (const extendedMasterSecret of [false, true]) {
          const encryptThenMac = suite.mode === "cbc" && extendedMasterSecret;
          const device = new FakeDevice(identity, { suite, extendedMasterSecret, encryptThenMac });
          const shaking = shakeHands(device.link, {});
          await device.hearHello();
          send(device, device.flight());
          await device.hearKeys();
          device.changeKeys();
          send(device, [device.finished()]);
          assertEquals(await shaking, { suite: suite.name, certificateDer: identity.certificateDer });
          await checkData(device);
        }
      }
    }));
}

async function checkData(device: FakeDevice): Promise<void> {
  const { encoder, reader, send } = device.link;
  await send(encoder.encode(CONTENT.applicationData, text("from the hub")));
  assertEquals((await device.hear()).body, text("from the hub"));
  device.send(CONTENT.applicationData, text("from the device"));
  assertEquals((await reader.read())?.body, text("from the device"));
}

Deno.test("shakeHands: HelloRequests and warnings in between change nothing", () =>
  withIdentity(async (identity) => {
    const device = new FakeDevice(identity, { extendedMasterSecret: true });
    const shaking = shakeHands(device.link, { serverName: "cam.lan" });
    await device.hearHello();
    device.send(CONTENT.alert, UNRECOGNIZED_NAME);
    for (const message of device.flight()) {
      device.send(CONTENT.handshake, HELLO_REQUEST);
      device.send(CONTENT.handshake, message);
    }
    await device.hearKeys();
    device.send(CONTENT.alert, UNRECOGNIZED_NAME);
    device.changeKeys();
    device.send(CONTENT.handshake, device.finished());
    await shaking;
    await checkData(device);
  }));

Deno.test("shakeHands: a device that wants a certificate is told that there is none", () =>
  withIdentity(async (identity) => {
    const device = new FakeDevice(identity, { extendedMasterSecret: true });
    const shaking = shakeHands(device.link, {});
    await device.hearHello();
    const request = Uint8Array.of(1, 1, 0, 2, 4, 1, 0, 0);
    device.send(CONTENT.handshake, joinBytes(...device.flight([HANDSHAKE.certificateRequest, request])));
    assertEquals((await device.hearMessage(HANDSHAKE.certificate)).body, Uint8Array.of(0, 0, 0));
    await device.hearKeys();
    device.changeKeys();
    device.send(CONTENT.handshake, device.finished());
    await shaking;
  }));

/** What a device may do wrong instead of its first flight. */
const BAD_FLIGHTS: Record<string, { alert: string; foundBy?: "device"; play: (device: FakeDevice) => void }> =
  {
    "refuses with a fatal alert": {
      alert: "handshake_failure",
      foundBy: "device",
      play: (device) => device.send(CONTENT.alert, Uint8Array.of(2, 40)),
    },
    "sends nothing but warnings": {
      alert: "unexpected_message",
      play: (device) => {
        for (let count = 0; count < 17; count++) device.send(CONTENT.alert, UNRECOGNIZED_NAME);
      },
    },
    "sends nothing but HelloRequests": {
      alert: "unexpected_message",
      play: (device) => device.send(CONTENT.handshake, joinBytes(...Array(17).fill(HELLO_REQUEST))),
    },
    "begins with its certificate": {
      alert: "unexpected_message",
      play: (device) => device.send(CONTENT.handshake, device.flight()[1] ?? HELLO_REQUEST),
    },
    "sends application data": {
      alert: "unexpected_message",
      play: (device) => device.send(CONTENT.applicationData, text("too early")),
    },
    "changes keys at once": {
      alert: "unexpected_message",
      play: (device) => device.send(CONTENT.changeCipherSpec, Uint8Array.of(1)),
    },
    "changes keys after its hello": {
      alert: "unexpected_message",
      play: (device) => {
        device.send(CONTENT.handshake, device.flight()[0] ?? HELLO_REQUEST);
        device.send(CONTENT.changeCipherSpec, Uint8Array.of(1));
      },
    },
    "sends a ServerKeyExchange": {
      alert: "unexpected_message",
      play: (device) => device.send(CONTENT.handshake, joinBytes(...device.flight([12, text("key")]))),
    },
    "sends a certificate status": {
      alert: "unexpected_message",
      play: (device) => device.send(CONTENT.handshake, joinBytes(...device.flight([22, text("ocsp")]))),
    },
    "sends its certificate twice": {
      alert: "unexpected_message",
      play: (device) => {
        const [hello, certificate] = device.flight();
        device.send(CONTENT.handshake, joinBytes(hello ?? HELLO_REQUEST, ...Array(2).fill(certificate)));
      },
    },
    "puts something into ServerHelloDone": {
      alert: "decode_error",
      play: (device) => {
        const opening = joinBytes(...device.flight().slice(0, 2));
        device.send(CONTENT.handshake, joinBytes(opening, Uint8Array.of(14, 0, 0, 1, 0)));
      },
    },
    "announces a message of 16 MB": {
      alert: "decode_error",
      play: (device) => device.send(CONTENT.handshake, Uint8Array.of(2, 255, 255, 255)),
    },
    "sends an empty record": {
      alert: "decode_error",
      play: (device) => device.toHub.push(Uint8Array.of(22, 3, 3, 0, 0)),
    },
  };

for (const [what, { alert, foundBy, play }] of Object.entries(BAD_FLIGHTS)) {
  Deno.test(`shakeHands: a device that ${what} is refused`, () =>
    withIdentity(async (identity) => {
      const device = new FakeDevice(identity);
      const refused = assertRejects(() => shakeHands(device.link, {}), TlsFault);
      await device.hearHello();
      play(device);
      const fault = await refused;
      assertEquals([fault.alert, fault.foundBy], [alert, foundBy ?? "hub"]);
    }));
}

/** What a device may do wrong instead of ChangeCipherSpec and Finished. */
const BAD_ENDS: Record<string, { alert: string; play: (device: FakeDevice) => void }> = {
  "leaves the change of keys out": {
    alert: "unexpected_message",
    play: (device) => device.send(CONTENT.handshake, device.finished()),
  },
  "sends a malformed ChangeCipherSpec": {
    alert: "decode_error",
    play: (device) => device.changeKeys(Uint8Array.of(2)),
  },
  "sends an overlong ChangeCipherSpec": {
    alert: "decode_error",
    play: (device) => device.changeKeys(Uint8Array.of(1, 1)),
  },
  "changes keys in the middle of a message": {
    alert: "unexpected_message",
    play: (device) => {
      device.send(CONTENT.handshake, Uint8Array.of(20, 0));
      device.changeKeys();
    },
  },
  "changes keys twice": {
    alert: "unexpected_message",
    play: (device) => {
      device.changeKeys();
      device.send(CONTENT.changeCipherSpec, Uint8Array.of(1));
    },
  },
  "does not protect its Finished": {
    alert: "bad_record_mac",
    play: (device) => {
      device.send(CONTENT.changeCipherSpec, Uint8Array.of(1));
      device.send(CONTENT.handshake, device.finished());
    },
  },
  "proves another handshake": {
    alert: "decrypt_error",
    play: (device) => {
      device.changeKeys();
      const proof = device.finished();
      proof[15] = (proof[15] ?? 0) ^ 1;
      device.send(CONTENT.handshake, proof);
    },
  },
  "shortens its proof": {
    alert: "decrypt_error",
    play: (device) => {
      device.changeKeys();
      device.send(
        CONTENT.handshake,
        joinBytes(Uint8Array.of(20, 0, 0, 11), device.finished().subarray(4, 15)),
      );
    },
  },
  "sends data instead of its proof": {
    alert: "unexpected_message",
    play: (device) => {
      device.changeKeys();
      device.send(CONTENT.applicationData, text("trust me"));
    },
  },
  "adds a message to its proof": {
    alert: "unexpected_message",
    play: (device) => {
      device.changeKeys();
      device.send(CONTENT.handshake, joinBytes(device.finished(), Uint8Array.of(1, 0)));
    },
  },
  "sends a session ticket": {
    alert: "unexpected_message",
    play: (device) => device.send(CONTENT.handshake, Uint8Array.of(4, 0, 0, 1, 0)),
  },
};

for (const [what, { alert, play }] of Object.entries(BAD_ENDS)) {
  Deno.test(`shakeHands: a device that ${what} is refused`, () =>
    withIdentity(async (identity) => {
      const device = new FakeDevice(identity);
      const refused = assertRejects(() => shakeHands(device.link, {}), TlsFault);
      await device.hearHello();
      device.send(CONTENT.handshake, joinBytes(...device.flight()));
      await device.hearKeys();
      play(device);
      assertEquals((await refused).alert, alert);
    }));
}

Deno.test("shakeHands: a message that begins under the old keys must not end under the new", () =>
  withIdentity(async (identity) => {
    const device = new FakeDevice(identity);
    const refused = assertRejects(() => shakeHands(device.link, {}), TlsFault);
    await device.hearHello();
    device.send(CONTENT.handshake, joinBytes(...device.flight(), Uint8Array.of(20, 0)));
    await device.hearKeys();
    device.changeKeys();
    assertEquals((await refused).alert, "unexpected_message");
  }));

Deno.test("shakeHands: a device that hangs up at any point is told as truncated", () =>
  withIdentity(async (identity) => {
    for (const steps of [0, 1, 2, 3, 4]) {
      const device = new FakeDevice(identity);
      const refused = assertRejects(() => shakeHands(device.link, {}), HubError);
      await device.hearHello();
      const flight = device.flight();
      for (const message of flight.slice(0, steps)) device.send(CONTENT.handshake, message);
      if (steps === 4) device.send(CONTENT.alert, Uint8Array.of(1, 0));
      else device.toHub.end();
      const error = await refused;
      assertEquals([error.kind, error.details], ["unavailable", { truncated: true }]);
    }
  }));
