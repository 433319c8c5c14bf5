// What the hub says in a handshake, byte by byte, and what it accepts from the device.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { alertFor, explainFault, readAlert, TlsFault } from "../../../../src/protocols/tls_rsa/alerts.ts";
import { clientHello, clientKeyExchange } from "../../../../src/protocols/tls_rsa/client_messages.ts";
import { createPremaster, encryptForDevice } from "../../../../src/protocols/tls_rsa/server_key.ts";
import { readCertificate, readServerHello } from "../../../../src/protocols/tls_rsa/server_messages.ts";
import { SUITES } from "../../../../src/protocols/tls_rsa/suites.ts";
import { joinBytes, numberBytes, vectorBytes } from "../../../../src/protocols/tls_rsa/wire.ts";

const RANDOM = new Uint8Array(32).fill(0xab);
const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

Deno.test("clientHello: offers TLS 1.2, the six suites and the extensions, and nothing else", () => {
  const expected = [
    "01 000050 0303",
    RANDOM.toHex(),
    "00",
    "000c 009c 009d 003c 003d 002f 0035",
    "01 00",
    "001b ff01 0001 00 000d 000a 0008 0401 0501 0601 0201 0016 0000 0017 0000",
  ];
  assertEquals(clientHello({ random: RANDOM }).toHex(), hex(expected.join("")).toHex());
});

Deno.test("clientHello: tells the server's name when there is one", () => {
  const hello = clientHello({ random: RANDOM, serverName: "cam.lan" }).toHex();
  assert(hello.includes(hex("0000 000c 000a 00 0007 63616d2e6c616e").toHex()));
});

Deno.test("clientKeyExchange: carries the encrypted secret with its length", () => {
  assertEquals(clientKeyExchange(hex("0102")).toHex(), "10000004" + "0002" + "0102");
});

Deno.test("createPremaster: begins with the offered version and is new each time", () => {
  const [first, second] = [createPremaster(), createPremaster()];
  assertEquals([first.length, first[0], first[1]], [48, 3, 3]);
  assert(first.toHex() !== second.toHex());
});

const EMPTY_RENEGOTIATION = "ff01 0001 00";

interface HelloParts {
  version?: string;
  sessionId?: string;
  suite?: string;
  compression?: string;
  /** Without the length of the list; undefined leaves the list away. */
  extensions?: string;
  rest?: string;
}

function serverHello(parts: HelloParts = {}): Uint8Array {
  const { extensions } = parts;
  return joinBytes(
    hex(parts.version ?? "0303"),
    RANDOM,
    vectorBytes(hex(parts.sessionId ?? ""), 1),
    hex(parts.suite ?? "009c"),
    hex(parts.compression ?? "00"),
    extensions === undefined ? new Uint8Array() : vectorBytes(hex(extensions), 2),
    hex(parts.rest ?? ""),
  );
}

Deno.test("readServerHello: reads random, suite and what the device agreed to", () => {
  for (const { id, name } of SUITES) {
    const hello = readServerHello(serverHello({ suite: numberBytes(id, 2).toHex() }), { serverName: false });
    assertEquals([hello.suite.name, hello.random], [name, RANDOM]);
    assertEquals([hello.usesEncryptThenMac, hello.usesExtendedMasterSecret], [false, false]);
  }
  const extensions = `${EMPTY_RENEGOTIATION} 0016 0000 0017 0000`;
  const all = serverHello({ suite: "002f", sessionId: "77".repeat(32), extensions });
  const hello = readServerHello(all, { serverName: false });
  assertEquals([hello.usesEncryptThenMac, hello.usesExtendedMasterSecret], [true, true]);
  const named = serverHello({ extensions: "0000 0000" });
  assertEquals(readServerHello(named, { serverName: true }).suite.id, 0x9c);
});

const BAD_HELLOS: readonly (HelloParts & { what: string; alert: string })[] = [
  { what: "SSL 3.0", version: "0300", alert: "protocol_version" },
  { what: "TLS 1.0", version: "0301", alert: "protocol_version" },
  { what: "TLS 1.1", version: "0302", alert: "protocol_version" },
  { what: "an unknown version", version: "0304", alert: "protocol_version" },
  { what: "a suite that was not offered", suite: "c02f", alert: "illegal_parameter" },
  { what: "no encryption", suite: "0000", alert: "illegal_parameter" },
  { what: "compression", compression: "01", alert: "illegal_parameter" },
  { what: "an overlong session id", sessionId: "00".repeat(33), alert: "illegal_parameter" },
  { what: "a session ticket", extensions: "0023 0000", alert: "unsupported_extension" },
  { what: "a server name not asked for", extensions: "0000 0000", alert: "unsupported_extension" },
  { what: "signature algorithms", extensions: "000d 0004 0002 0401", alert: "unsupported_extension" },
  { what: "an extension twice", extensions: "0017 0000 0017 0000", alert: "illegal_parameter" },
  { what: "encrypt-then-MAC for GCM", extensions: "0016 0000", alert: "illegal_parameter" },
  { what: "an extension with content", extensions: "0017 0001 00", alert: "decode_error" },
  { what: "a renegotiation", extensions: "ff01 0003 02 0102", alert: "handshake_failure" },
  { what: "half an extension", extensions: "0017 00", alert: "decode_error" },
  { what: "a list longer than the message", rest: "0005 00", alert: "decode_error" },
  { what: "bytes behind the list", extensions: "", rest: "00", alert: "decode_error" },
];

for (const { what, alert, ...parts } of BAD_HELLOS) {
  Deno.test(`readServerHello: refuses ${what}`, () => {
    const fault = assertThrows(() => readServerHello(serverHello(parts), { serverName: false }), TlsFault);
    assertEquals(fault.alert, alert);
  });
}

Deno.test("readServerHello and readCertificate: whatever is cut off or changed, nothing but a fault is thrown", () => {
  const hello = serverHello({ suite: "002f", extensions: `${EMPTY_RENEGOTIATION} 0016 0000 0017 0000` });
  const certificates = certificateList(hex("010203"), hex("04"));
  let state = 1;
  const random = (below: number) => (state = state * 48271 % 0x7fffffff) % below;
  const attempt = (action: () => unknown) => {
    try {
      action();
    } catch (error) {
      assert(error instanceof TlsFault, String(error));
    }
  };
  for (let round = 0; round < 20_000; round++) {
    for (const [bytes, read] of [[hello, readHelloOf], [certificates, readCertificate]] as const) {
      const changed = bytes.slice(0, bytes.length - random(3) * random(bytes.length));
      for (let change = 0; change < random(4); change++) changed[random(bytes.length)] = random(256);
      attempt(() => read(changed));
    }
  }
});

function readHelloOf(body: Uint8Array): unknown {
  return readServerHello(body, { serverName: false });
}

function certificateList(...certificates: readonly Uint8Array[]): Uint8Array {
  return vectorBytes(joinBytes(...certificates.map((each) => vectorBytes(each, 3))), 3);
}

Deno.test("readCertificate: returns the first of the chain", () => {
  assertEquals(readCertificate(certificateList(hex("0102"), hex("03"))), hex("0102"));
  assertEquals(readCertificate(certificateList(...Array(16).fill(hex("07")))), hex("07"));
});

const BAD_LISTS: readonly { what: string; body: Uint8Array; alert: string }[] = [
  { what: "an empty list", body: certificateList(), alert: "bad_certificate" },
  { what: "an empty certificate", body: certificateList(hex("")), alert: "bad_certificate" },
  { what: "17 certificates", body: certificateList(...Array(17).fill(hex("07"))), alert: "bad_certificate" },
  { what: "half a certificate", body: hex("000005 000003 0102"), alert: "decode_error" },
  {
    what: "bytes behind the list",
    body: joinBytes(certificateList(hex("01")), hex("00")),
    alert: "decode_error",
  },
  { what: "nothing at all", body: hex(""), alert: "decode_error" },
];

for (const { what, body, alert } of BAD_LISTS) {
  Deno.test(`readCertificate: refuses ${what}`, () => {
    assertEquals(assertThrows(() => readCertificate(body), TlsFault).alert, alert);
  });
}

Deno.test("encryptForDevice: a certificate that cannot be read is a fault", () => {
  for (const der of [hex(""), hex("3000"), hex("deadbeef"), new Uint8Array(2000)]) {
    const fault = assertThrows(() => encryptForDevice(der, createPremaster()), TlsFault);
    assertEquals(fault.alert, "bad_certificate");
  }
});

Deno.test("readAlert: knows the end, lets warnings pass and names what is fatal", () => {
  assertEquals(readAlert(hex("0100")), "closed");
  assertEquals(readAlert(hex("0200")), "closed");
  for (const warning of ["0170", "0164", "015a"]) assertEquals(readAlert(hex(warning)), "ignored");
  const fault = assertThrows(() => readAlert(hex("0228")), TlsFault);
  assertEquals([fault.alert, fault.foundBy, alertFor(fault)], ["handshake_failure", "device", undefined]);
  const error = explainFault(fault);
  assertEquals([error.kind, error.message], [
    "device_rejected",
    'The device ended the TLS connection with "handshake_failure"',
  ]);
  assertEquals(error.details, { alert: "handshake_failure", alertFrom: "device" });
  assert(error.hint?.includes("cipher suites"));
  assertEquals(assertThrows(() => readAlert(hex("02c8")), TlsFault).alert, "alert 200");
  for (const bad of ["", "02", "022800"]) {
    assertEquals(assertThrows(() => readAlert(hex(bad)), TlsFault).alert, "decode_error");
  }
  assertEquals(assertThrows(() => readAlert(hex("0328")), TlsFault).alert, "illegal_parameter");
});

Deno.test("alertFor: what the hub finds is told to the device with its number", () => {
  assertEquals(alertFor(new TlsFault("bad_record_mac", "")), hex("0214"));
  assertEquals(alertFor(new TlsFault("unsupported_extension", "")), hex("026e"));
});
