// Keys as old cameras have them: short, of odd length, with a small exponent. Only what is too weak is refused.
import { assertEquals } from "@std/assert";
import { TlsFault } from "../../../../src/protocols/tls_rsa/alerts.ts";
import { shakeHands } from "../../../../src/protocols/tls_rsa/handshake.ts";
import { CONTENT } from "../../../../src/protocols/tls_rsa/protection.ts";
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";
import { IdentityFolder } from "./certificates.ts";
import { FakeDevice } from "./fake_device.ts";

const KEYS: readonly { key: string; options?: readonly string[]; alert?: string; message?: string }[] = [
  { key: "rsa:1024", options: ["-sha1"] },
  { key: "rsa:1031" },
  { key: "rsa:2048", options: ["-pkeyopt", "rsa_keygen_pubexp:3"] },
  { key: "rsa:4096" },
  {
    key: "rsa:1016",
    alert: "unsupported_certificate",
    message: "The device's certificate has an RSA key of 1016 bits",
  },
  {
    key: "ec",
    options: ["-pkeyopt", "ec_paramgen_curve:P-256"],
    alert: "unsupported_certificate",
    message: "The device's certificate has an EC key",
  },
];

for (const { key, options = [], alert, message } of KEYS) {
  Deno.test(`shakeHands: a key ${[key, ...options].join(" ")} is ${alert ? "refused" : "taken"}`, async () => {
    await using folder = new IdentityFolder();
    const device = new FakeDevice(await folder.create(key, ...options));
    const shaking = shakeHands(device.link, {});
    const settled = shaking.then(() => undefined, (error) => error);
    await device.hearHello();
    device.send(CONTENT.handshake, joinBytes(...device.flight()));
    if (alert === undefined) {
      await device.hearKeys();
      device.changeKeys();
      device.send(CONTENT.handshake, device.finished());
    }
    const fault = await settled;
    assertEquals(fault instanceof TlsFault ? [fault.alert, fault.message] : fault, alert && [alert, message]);
  });
}
