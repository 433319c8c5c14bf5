// The pseudorandom function and what is derived with it, against values computed by OpenSSL.
import { assertEquals } from "@std/assert";
import {
  deriveKeys,
  extendedMasterSecret,
  masterSecret,
  verifyData,
} from "../../../../src/protocols/tls_rsa/key_schedule.ts";
import { prf, type PrfInput } from "../../../../src/protocols/tls_rsa/prf.ts";
import { SUITES } from "../../../../src/protocols/tls_rsa/suites.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const ascii = (text: string) => new TextEncoder().encode(text);

// openssl kdf -keylen 100 -kdfopt digest:SHA256 -kdfopt hexsecret:… -kdfopt hexseed:… TLS1-PRF, where the seed is
// label and seed. Inputs and results of the first two are the vectors that were published on the IETF's TLS list.
const VECTORS: readonly (PrfInput & { output: string })[] = [
  {
    hash: "sha256",
    secret: hex("9bbe436ba940f017b17652849a71db35"),
    label: "test label",
    seed: hex("a0ba9f936cda311827a6f796ffd5198c"),
    output: "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a" +
      "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab" +
      "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
  },
  {
    hash: "sha384",
    secret: hex("b80b733d6ceefcdc71566ea48e5567df"),
    label: "test label",
    seed: hex("cd665cf6a8447dd6ff8b27555edb7465"),
    output: "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd" +
      "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd" +
      "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425" +
      "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6" +
      "91c8f3a26854308d5eaa3be85e0990703d73e56f",
  },
  {
    // A secret longer than the hash's block.
    hash: "sha256",
    secret: ascii("7".padStart(100, "0")),
    label: "key expansion",
    seed: hex("00ff"),
    output:
      "db446ee5e14262466c8cf9a4b6d3b025ab3b9e5e9c7bec27b68a4dc380315b5b4d5ceb592dedf19f7eb1eedda5b3b020",
  },
];

for (const { output, ...input } of VECTORS) {
  Deno.test(`prf: ${input.hash}, ${input.secret.length} byte secret, gives what OpenSSL gives`, () => {
    for (const sizeBytes of [output.length / 2, 48, 33, 12, 1, 0]) {
      assertEquals(prf(input, sizeBytes).toHex(), output.slice(0, 2 * sizeBytes));
    }
  });
}

Deno.test("key schedule: labels and order of the randoms are those of RFC 5246 and RFC 7627", () => {
  const randoms = { client: new Uint8Array(32).fill(1), server: new Uint8Array(32).fill(2) };
  const secret = new Uint8Array(48).fill(3);
  const both = (first: number, second: number) =>
    Uint8Array.from({ length: 64 }, (_, i) => i < 32 ? first : second);
  for (const suite of SUITES) {
    const expected = (label: string, seed: Uint8Array, sizeBytes: number) =>
      prf({ hash: suite.prfHash, secret, label, seed }, sizeBytes);
    assertEquals(masterSecret(suite, secret, randoms), expected("master secret", both(1, 2), 48));
    const transcriptHash = new Uint8Array(32).fill(4);
    assertEquals(
      extendedMasterSecret(suite, secret, transcriptHash),
      expected("extended master secret", transcriptHash, 48),
    );
    for (const side of ["client", "server"] as const) {
      const proof = verifyData(suite, secret, { side, transcriptHash });
      assertEquals(proof, expected(`${side} finished`, transcriptHash, 12));
    }
    const { client, server } = deriveKeys(suite, secret, randoms);
    const parts = [client.macKey, server.macKey, client.key, server.key, client.salt, server.salt];
    const block = Uint8Array.from(parts.flatMap((part) => [...part]));
    assertEquals(block, expected("key expansion", both(2, 1), block.length));
    const macBytes = suite.mode === "gcm" ? 0 : suite.macHash === "sha1" ? 20 : 32;
    const saltBytes = suite.mode === "gcm" ? 4 : 0;
    assertEquals(parts.map((part) => part.length), [
      ...[macBytes, macBytes, suite.keyBytes, suite.keyBytes, saltBytes, saltBytes],
    ]);
  }
});
