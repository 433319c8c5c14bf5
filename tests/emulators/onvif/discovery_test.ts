// The hub looks for cameras by WS-Discovery; on loopback answer emulated ones, and others that mean no good.
import { assert, assertEquals } from "@std/assert";
import { discoverOnvif } from "../../../src/protocols/onvif/discovery.ts";
import type { OnvifFinding } from "../../../src/protocols/onvif/probe.ts";
import { forever } from "./client.ts";
import { DiscoveryResponder, probeMatch, type ResponderOptions } from "./discovery_responder.ts";
import { OnvifEmulator } from "./emulator.ts";

/** Other tests may look on the same machine at the same time. */
const PORT = 20_000 + Deno.pid % 20_000;

async function look(...responders: Omit<ResponderOptions, "port">[]): Promise<OnvifFinding[]> {
  const started: DiscoveryResponder[] = [];
  try {
    for (const options of responders) {
      started.push(await DiscoveryResponder.start({ ...options, port: PORT }));
    }
    return await discoverOnvif({ signal: forever, timeoutMs: 400, interfaces: ["127.0.0.1"], port: PORT });
  } finally {
    for (const responder of started) await responder[Symbol.asyncDispose]();
  }
}

const XADDR = "http://127.0.0.1:2020/onvif/device_service";
const match = (id: string, urn: string, xaddrs = [XADDR]) => probeMatch(id, { urn, xaddrs });

Deno.test("discoverOnvif finds an emulated camera, once, with what it tells of itself", async () => {
  await using camera = OnvifEmulator.start();
  const found = await look({
    answers: (id) => [
      probeMatch(id, { urn: "urn:uuid:1", xaddrs: [camera.xaddr], scopes: camera.scopes }),
    ],
  });
  assertEquals(found, [{
    address: "127.0.0.1",
    xaddrs: [camera.xaddr],
    scopes: { name: "Front door", hardware: "Camera", location: "Hong Kong" },
    urn: "urn:uuid:1",
  }]);
});

for (const type of ["NetworkVideoTransmitter", "Device", ""]) {
  Deno.test(`discoverOnvif finds a camera that answers only to the type "${type}"`, async () => {
    const found = await look({ onlyFor: type, answers: (id) => [match(id, "urn:uuid:1")] });
    assertEquals(found.map(({ urn }) => urn), ["urn:uuid:1"]);
  });
}

Deno.test("[DISCOVERY] discoverOnvif finds several cameras, and one that sends garbage as well", async () => {
  const garbage = [
    "lollipop",
    "",
    new Uint8Array(2000).fill(0xff),
    "<a>".repeat(5000),
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
    probeMatch("1", { urn: "urn:uuid:bad", xaddrs: ["not an address"] }),
    probeMatch("1", { urn: "urn:uuid:huge", xaddrs: [XADDR], scopes: ["onvif://x".repeat(3000)] }),
    match("1", "urn:uuid:cut").slice(0, 700),
  ];
  const found = await look(
    { answers: (id) => [...garbage, match(id, "urn:uuid:1"), match(id, "urn:uuid:2")] },
    { answers: (id) => [match(id, "urn:uuid:3")] },
  );
  assertEquals(found.map(({ urn }) => urn).sort(), ["urn:uuid:1", "urn:uuid:2", "urn:uuid:3"]);
});

Deno.test("discoverOnvif believes no address but the one that the answer came from", async () => {
  const found = await look({
    answers: (id) => [
      match(id, "urn:uuid:1", [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]:8899/onvif/device_service",
        "http://user:password@example.com:80/onvif/x?y=1",
        "file:///etc/passwd",
        XADDR,
      ]),
    ],
  });
  assertEquals(found.map(({ xaddrs }) => xaddrs), [[
    "http://127.0.0.1/latest/meta-data/",
    "http://127.0.0.1:8899/onvif/device_service",
    "http://127.0.0.1/onvif/x?y=1",
    XADDR,
  ]]);
});

Deno.test("discoverOnvif passes over printers", async () => {
  const printer = (id: string) =>
    probeMatch(id, {
      urn: "urn:uuid:printer",
      xaddrs: ["http://127.0.0.1:5357/wsd"],
      types: "wsdp:Device wprt:PrintDeviceType",
    });
  assertEquals(await look({ answers: (id) => [printer(id)] }), []);
});

Deno.test("discoverOnvif returns what it has when it is aborted", async () => {
  await using responder = await DiscoveryResponder.start({
    port: PORT,
    answers: (id) => [match(id, "urn:uuid:1")],
  });
  const controller = new AbortController();
  const looking = discoverOnvif({
    signal: controller.signal,
    timeoutMs: 60_000,
    interfaces: ["127.0.0.1"],
    port: PORT,
  });
  const end = performance.now() + 10_000;
  while (responder.probes < 3 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  controller.abort();
  assertEquals((await looking).map(({ urn }) => urn), ["urn:uuid:1"]);
});

Deno.test("discoverOnvif passes over an interface that cannot be used", async () => {
  // 203.0.113.0/24 is nobody's (RFC 5737).
  const options = { signal: forever, timeoutMs: 50, port: PORT };
  assertEquals(await discoverOnvif({ ...options, interfaces: ["203.0.113.7", "no-such-interface"] }), []);
  assert(Array.isArray(await discoverOnvif({ ...options, interfaces: ["lo"] })));
});
