// The messages of WS-Discovery, as text.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PROBE_TYPES, readProbeMatches, writeProbe } from "../../../../src/protocols/onvif/probe.ts";
import { parseXml, textAt } from "../../../../src/protocols/onvif/xml.ts";
import { probeMatch } from "../../../emulators/onvif/discovery_responder.ts";

const read = (text: string, address = "192.0.2.7") =>
  readProbeMatches(new TextEncoder().encode(text), address);
const XADDR = "http://192.0.2.7:2020/onvif/device_service";

Deno.test("writeProbe writes a question that names what is looked for", () => {
  for (const type of PROBE_TYPES) {
    const probe = parseXml(writeProbe(type, "4711"));
    assertEquals(textAt(probe, "Header", "MessageID"), "urn:uuid:4711");
    assertEquals(textAt(probe, "Body", "Probe", "Types"), type || undefined);
  }
});

Deno.test("readProbeMatches: scopes are decoded and cut to a sensible length", () => {
  const scopes = [
    "onvif://www.onvif.org/Name/Front%20door%20%26%20garden",
    "ONVIF://www.onvif.org/hardware/C520WS_v1",
    "onvif://www.onvif.org/location/" + "x".repeat(500),
    "onvif://www.onvif.org/name/second",
  ];
  const [found] = read(probeMatch("1", { urn: "urn:uuid:1", xaddrs: [XADDR], scopes }));
  assertEquals([found?.scopes.name, found?.scopes.hardware, found?.scopes.location?.length], [
    "Front door & garden",
    "C520WS v1",
    100,
  ]);
  const [broken] = read(
    probeMatch("1", { urn: "", xaddrs: [XADDR], scopes: ["onvif://www.onvif.org/name/%zz"] }),
  );
  assertEquals([broken?.scopes, broken?.urn], [{ name: "%zz" }, ""]);
});

Deno.test("readProbeMatches: every address is at the host that answered", () => {
  const xaddrs = ["http://10.0.0.1:80/a", "https://camera.example/b", "ftp://192.0.2.7/c", "d", XADDR, XADDR];
  const [found] = read(probeMatch("1", { urn: "u", xaddrs }));
  assertEquals(found?.xaddrs, ["http://192.0.2.7/a", "https://192.0.2.7/b", XADDR]);
  const [v6] = read(probeMatch("1", { urn: "u", xaddrs: ["http://[fd00::9]:8000/onvif/x"] }), "fd00::7");
  assertEquals(v6?.xaddrs, ["http://[fd00::7]:8000/onvif/x"]);
});

Deno.test("readProbeMatches: cameras are told from others by type, scope or path", () => {
  const types = "wsdp:Device";
  const urn = "u";
  const plain = "http://192.0.2.7/wsd";
  assertEquals(read(probeMatch("1", { urn, xaddrs: [plain], types })).length, 0);
  assertEquals(read(probeMatch("1", { urn, xaddrs: [XADDR], types })).length, 1);
  assertEquals(read(probeMatch("1", { urn, xaddrs: [plain], types, scopes: ["onvif://x"] })).length, 1);
  assertEquals(read(probeMatch("1", { urn, xaddrs: [plain] })).length, 1);
});

Deno.test("readProbeMatches takes nothing from what is no answer", () => {
  const good = probeMatch("1", { urn: "u", xaddrs: [XADDR] });
  assertEquals(read(good).length, 1);
  const hello = good.replaceAll("ProbeMatches", "Hello");
  for (const text of ["", "x", hello, good.slice(0, -20), good.replace("<?xml", "<!DOCTYPE x><?xml")]) {
    assertEquals(read(text), []);
  }
  assertEquals(read(good + " ".repeat(16 * 1024)), []);
  assertEquals(readProbeMatches(new Uint8Array(100).fill(0xff), "192.0.2.7"), []);
  const match = /<wsdd:ProbeMatch>.*<\/wsdd:ProbeMatch>/.exec(good)?.[0] ?? "";
  assertStringIncludes(good, match);
  assert(read(good.replace(match, match.repeat(20))).length <= 4);
});
