// Protection of records: what is sealed is opened again, and nothing else is.
import { createCipheriv, createHmac } from "node:crypto";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { TlsFault } from "../../../../src/protocols/tls_rsa/alerts.ts";
import { cbcContent } from "../../../../src/protocols/tls_rsa/cbc_padding.ts";
import { deriveKeys } from "../../../../src/protocols/tls_rsa/key_schedule.ts";
import { CONTENT } from "../../../../src/protocols/tls_rsa/protection.ts";
import {
  type AgreedProtection,
  createOpener,
  createSealer,
} from "../../../../src/protocols/tls_rsa/suite_protection.ts";
import { type CbcSuite, SUITES } from "../../../../src/protocols/tls_rsa/suites.ts";
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";

const DATA = CONTENT.applicationData;
const CBC_WAYS: readonly CbcProtected[] = SUITES.filter((suite) => suite.mode === "cbc").flatMap((suite) => [
  { suite, usesEncryptThenMac: false },
  { suite, usesEncryptThenMac: true },
]);
const WAYS: readonly AgreedProtection[] = [
  ...SUITES.filter(({ mode }) => mode === "gcm").map((suite) => ({ suite, usesEncryptThenMac: false })),
  ...CBC_WAYS,
];

interface CbcProtected extends AgreedProtection {
  suite: CbcSuite;
}

function named(agreed: AgreedProtection): string {
  return agreed.suite.name + (agreed.usesEncryptThenMac ? " with encrypt-then-MAC" : "");
}

function keysOf({ suite }: AgreedProtection) {
  const randoms = { client: new Uint8Array(32).fill(1), server: new Uint8Array(32).fill(2) };
  return deriveKeys(suite, new Uint8Array(48).fill(5), randoms).client;
}

/** Both ends of one direction. */
function pair(agreed: AgreedProtection) {
  return { sealer: createSealer(agreed, keysOf(agreed)), opener: createOpener(agreed, keysOf(agreed)) };
}

function content(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: sizeBytes }, (_, i) => i * 7 % 251);
}

function assertBadRecord(action: () => unknown): void {
  const fault = assertThrows(action, TlsFault);
  assertEquals([fault.alert, fault.foundBy], ["bad_record_mac", "hub"]);
  assertEquals(fault.message, "A TLS record of the device did not pass its check");
}

for (const agreed of WAYS) {
  Deno.test(`${named(agreed)}: records of all sizes are opened as they were sealed`, () => {
    const { sealer, opener } = pair(agreed);
    for (const sizeBytes of [0, 1, 11, 12, 15, 16, 17, 31, 32, 255, 256, 16_384]) {
      const sealed = sealer.seal(DATA, content(sizeBytes));
      assert(sealed.length >= sizeBytes + 24 && sealed.length <= sizeBytes + 16 + 48 + 16);
      assertEquals(opener.open(DATA, sealed), content(sizeBytes));
    }
  });

  Deno.test(`${named(agreed)}: equal contents do not look equal`, () => {
    const { sealer } = pair(agreed);
    const [first, second] = [sealer.seal(DATA, content(64)), sealer.seal(DATA, content(64))];
    assert(first.subarray(0, 8).toHex() !== second.subarray(0, 8).toHex());
    assert(first.subarray(16, 48).toHex() !== second.subarray(16, 48).toHex());
  });

  Deno.test(`${named(agreed)}: a record with any one bit changed is refused, always in the same words`, () => {
    const sealed = pair(agreed).sealer.seal(DATA, content(21));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assertBadRecord(() => pair(agreed).opener.open(DATA, changed));
    }
  });

  Deno.test(`${named(agreed)}: shortened and lengthened records are refused`, () => {
    const sealed = pair(agreed).sealer.seal(DATA, content(40));
    for (let sizeBytes = 0; sizeBytes < sealed.length; sizeBytes++) {
      assertBadRecord(() => pair(agreed).opener.open(DATA, sealed.subarray(0, sizeBytes)));
    }
    for (const extra of [1, 16]) {
      assertBadRecord(() => pair(agreed).opener.open(DATA, joinBytes(sealed, new Uint8Array(extra))));
    }
  });

  Deno.test(`${named(agreed)}: a repeated, left out or relabelled record is refused`, () => {
    const { sealer, opener } = pair(agreed);
    const [first, second] = [sealer.seal(DATA, content(5)), sealer.seal(DATA, content(5))];
    assertBadRecord(() => pair(agreed).opener.open(DATA, second));
    assertBadRecord(() => pair(agreed).opener.open(CONTENT.alert, first));
    opener.open(DATA, first);
    assertBadRecord(() => opener.open(DATA, first));
  });
}

/** Seals a CBC record by hand, as a peer that pads in its own way would. */
function sealByHand(agreed: CbcProtected, text: Uint8Array, padding: Uint8Array): Uint8Array {
  const { suite } = agreed;
  const { key, macKey } = keysOf(agreed);
  const mac = (bytes: Uint8Array) => {
    const header = [0, 0, 0, 0, 0, 0, 0, 0, DATA, 3, 3, bytes.length >> 8, bytes.length & 0xff];
    return createHmac(suite.macHash, macKey).update(Uint8Array.from(header)).update(bytes).digest();
  };
  const encrypt = (bytes: Uint8Array) => {
    const iv = content(16);
    const cipher = createCipheriv(suite.cipher, key, iv);
    cipher.setAutoPadding(false);
    return joinBytes(iv, cipher.update(bytes), cipher.final());
  };
  if (!agreed.usesEncryptThenMac) return encrypt(joinBytes(text, mac(text), padding));
  const encrypted = encrypt(joinBytes(text, padding));
  return joinBytes(encrypted, mac(encrypted));
}

for (const agreed of CBC_WAYS) {
  Deno.test(`${named(agreed)}: padding of any length up to 256 bytes is understood`, () => {
    const macBytes = agreed.usesEncryptThenMac ? 0 : keysOf(agreed).macKey.length;
    for (let paddingBytes = 1; paddingBytes <= 256; paddingBytes++) {
      const text = content((16 - (macBytes + paddingBytes) % 16) % 16 + 16);
      const sealed = sealByHand(agreed, text, new Uint8Array(paddingBytes).fill(paddingBytes - 1));
      assertEquals(pair(agreed).opener.open(DATA, sealed), text);
    }
  });

  Deno.test(`${named(agreed)}: wrong padding under a right MAC is refused in the words of a wrong MAC`, () => {
    const macBytes = agreed.usesEncryptThenMac ? 0 : keysOf(agreed).macKey.length;
    const text = content((16 - macBytes % 16) % 16 + 16);
    for (let at = 0; at < 31; at++) {
      const padding = new Uint8Array(32).fill(31);
      padding[at] = 30;
      assertBadRecord(() => pair(agreed).opener.open(DATA, sealByHand(agreed, text, padding)));
    }
    // One byte of padding that says it is more.
    const one = content((31 - macBytes % 16) % 16 + 16);
    assertEquals(pair(agreed).opener.open(DATA, sealByHand(agreed, one, Uint8Array.of(0))), one);
    assertBadRecord(() => pair(agreed).opener.open(DATA, sealByHand(agreed, one, Uint8Array.of(5))));
    // More padding than the record has room for.
    const tooLong = new Uint8Array(16).fill(255);
    assertBadRecord(() => pair(agreed).opener.open(DATA, sealByHand(agreed, text, tooLong)));
  });
}

/** What `cbcContent` is to find, in the plain way. */
function plainly(plain: Uint8Array, macBytes: number): { sizeBytes: number; isValid: 0 | 1 } {
  const paddingBytes = plain.at(-1) ?? 0;
  const sizeBytes = plain.length - macBytes - 1 - paddingBytes;
  const padding = plain.subarray(Math.max(0, plain.length - 1 - paddingBytes));
  if (sizeBytes >= 0 && padding.every((byte) => byte === paddingBytes)) return { sizeBytes, isValid: 1 };
  return { sizeBytes: plain.length - macBytes - 1, isValid: 0 };
}

Deno.test("cbcContent: finds what the plain rules of RFC 5246 find, for every last byte and many sizes", () => {
  for (const macBytes of [0, 20, 32]) {
    for (const length of [macBytes + 1, 48, 64, 255, 256, 257, 288, 320, 600]) {
      for (let last = 0; last < 256; last++) {
        for (const wrongAt of [undefined, 0, 1, last - 1, last, last + 1]) {
          const plain = new Uint8Array(length).fill(last);
          if (wrongAt !== undefined && wrongAt > 0 && wrongAt < length) {
            plain[length - 1 - wrongAt] = last ^ 128;
          }
          assertEquals(cbcContent(plain, macBytes), plainly(plain, macBytes));
        }
      }
    }
  }
});
