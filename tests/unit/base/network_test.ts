// Where cameras may be: which addresses the hub connects to, however they are written and whatever a name says.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { isNetworkEntry, NetworkGuard, whyRefused } from "../../../src/base/network.ts";

const never = new AbortController().signal;
/** Names of the test; any other is unknown, as the system says it. */
const NAMES: Record<string, string> = {
  "cam.local": "192.168.1.20",
  "evil.example": "127.0.0.1",
  "evil6.example": "::1",
  "mapped.example": "::ffff:127.0.0.1",
  "metadata.example": "169.254.169.254",
  "hub.local": "192.168.1.2",
  "127.1": "127.0.0.1",
  "2130706433": "127.0.0.1",
  "0x7f000001": "127.0.0.1",
  "0177.0.0.1": "127.0.0.1",
};
const find = (name: string) => {
  const address = NAMES[name.toLowerCase()];
  return address === undefined ? Promise.reject(new Error("ENOTFOUND")) : Promise.resolve(address);
};
/** Addresses of this machine, of the test. */
const OWN = ["127.0.0.1", "192.168.1.2", "2001:db8::2", "fd12::2"];
const guard = (...allow: string[]) => new NetworkGuard(allow, { lookup: find, ownAddresses: () => OWN });

const THIS = "it is this machine itself";
const LOCAL = "it is link-local";
const CLOUD = "where clouds keep their metadata service";
const ADDRESSES: [string, string | undefined][] = [
  ["192.168.1.20", undefined],
  ["10.0.0.1", undefined],
  ["172.16.5.5", undefined],
  ["8.8.8.8", undefined],
  ["126.255.255.255", undefined],
  ["128.0.0.1", undefined],
  ["169.253.0.1", undefined],
  ["fd12:3456::20", undefined],
  ["2001:db8::1", undefined],
  ["::ffff:192.168.1.20", undefined],
  ["127.0.0.1", THIS],
  ["127.255.255.254", THIS],
  ["::1", THIS],
  ["0:0:0:0:0:0:0:1", THIS],
  ["0000:0000:0000:0000:0000:0000:0000:0001", THIS],
  ["::0.0.0.1", THIS],
  ["::1%1", THIS],
  ["::1%lo", THIS],
  ["::ffff:127.0.0.1", THIS],
  ["::FFFF:127.0.0.1", THIS],
  ["::ffff:7f00:1", THIS],
  ["::ffff:7f00:0001", THIS],
  ["0:0:0:0:0:ffff:127.0.0.1", THIS],
  ["0:0:0:0:0:ffff:7f00:1", THIS],
  ["0::ffff:127.9.9.9", THIS],
  ["::0:0:0:ffff:7f00:1", THIS],
  ["::0:0:0:0:ffff:7f00:1", THIS],
  ["::ffff:127.0.0.1%1", THIS],
  ["64:ff9b::127.0.0.1", THIS],
  ["64:FF9B:0:0:0:0:7f00:1", THIS],
  ["0064:ff9b::7f00:0001%eth0", THIS],
  ["64:ff9b::169.254.169.254", CLOUD],
  ["64:ff9b::", "no address of a device"],
  ["64:ff9b::5", "no address of a device"],
  ["64:ff9b::192.168.1.20", undefined],
  ["64:ff9b::8.8.8.8", undefined],
  ["64:ff9b:1::7f00:1", undefined],
  ["169.254.169.254", CLOUD],
  ["::ffff:169.254.169.254", CLOUD],
  ["::ffff:a9fe:a9fe", CLOUD],
  ["fd00:ec2::254", CLOUD],
  ["fe80::1", LOCAL],
  ["fe80::1%eth0", LOCAL],
  ["febf::1", LOCAL],
  ["0.0.0.0", "no address of a device"],
  ["0.1.2.3", "no address of a device"],
  ["::", "no address of a device"],
  ["::ffff:0.0.0.0", "no address of a device"],
  ["224.0.0.1", "multicast or reserved"],
  ["239.255.255.250", "multicast or reserved"],
  ["240.0.0.1", "multicast or reserved"],
  ["255.255.255.255", "multicast or reserved"],
  ["ff02::1", "multicast"],
];
for (const [address, why] of ADDRESSES) {
  Deno.test(`NetworkGuard: ${address}: ${why ?? "reached as it is"}`, async () => {
    assertEquals(whyRefused(address) === undefined, why === undefined);
    if (why === undefined) return assertEquals(await guard().resolve(address, never), address);
    for (const host of address.includes(":") ? [address, `[${address}]`] : [address]) {
      const error = await assertRejects(() => guard().resolve(host, never), HubError);
      assertEquals([error.kind, error.retryAtMs], ["forbidden", Infinity]);
      assertStringIncludes(error.message, why);
      assertStringIncludes(error.hint ?? "", "network.allow");
    }
  });
}

for (const host of ["evil.example", "evil6.example", "mapped.example", "metadata.example"]) {
  Deno.test(`NetworkGuard: the name ${host} does not lead to what is refused`, async () => {
    const error = await assertRejects(() => guard().resolve(host, never), HubError);
    assertEquals([error.kind, error.details?.host, error.details?.address], ["forbidden", host, NAMES[host]]);
    assertStringIncludes(error.message, `${host} (${NAMES[host]})`);
  });
}

for (const host of ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"]) {
  Deno.test(`NetworkGuard: ${host}, which the system takes for 127.0.0.1, is refused`, async () => {
    assertEquals((await assertRejects(() => guard().resolve(host, never), HubError)).kind, "forbidden");
    // The same by the system's own look-up, which reads these numbers without asking anybody.
    const own = new NetworkGuard([]);
    assertEquals((await assertRejects(() => own.resolve(host, never), HubError)).kind, "forbidden");
  });
}

Deno.test("NetworkGuard: what is returned for a name is the address that was checked", async () => {
  let answers = 0;
  const lookup = () => Promise.resolve(answers++ === 0 ? "192.168.1.20" : "127.0.0.1");
  const rebinding = new NetworkGuard([], { lookup });
  assertEquals(await rebinding.resolve("cam.local", never), "192.168.1.20");
  assertEquals(answers, 1);
  assertEquals(await guard().resolve("[fd12::20]", never), "fd12::20");
});

Deno.test("NetworkGuard: an unknown or empty name is told as unreachable, so that it is asked again soon", async () => {
  for (const host of ["nowhere.example", ""]) {
    const error = await assertRejects(() => guard().resolve(host, never), HubError);
    assertEquals([error.kind, error.details?.unreachable, error.retryable], ["unavailable", true, true]);
    assertEquals(error.message, `No address is known for ${host}`);
  }
  const own = new NetworkGuard([]);
  assertEquals((await assertRejects(() => own.resolve("", never), HubError)).kind, "unavailable");
});

Deno.test("NetworkGuard: an abort ends the look-up as an abort", async () => {
  const hanging = new NetworkGuard([], { lookup: () => new Promise(() => {}) });
  const stop = new AbortController();
  const failed = assertRejects(() => hanging.resolve("cam.local", stop.signal), DOMException);
  stop.abort();
  assert(isAbort(await failed));
});

const ALLOWED: [string[], string, boolean][] = [
  [["127.0.0.1"], "127.0.0.1", true],
  [["127.0.0.1"], "127.0.0.2", false],
  [["127.0.0.1"], "::ffff:127.0.0.1", true],
  [["127.0.0.0/8"], "127.9.9.9", true],
  [["127.0.0.0/8"], "127.1", true],
  [["127.0.0.0/8"], "evil.example", true],
  [["127.0.0.0/8"], "::1", false],
  [["::1"], "::1", true],
  [["::1"], "127.0.0.1", false],
  [["::1/128"], "[::1]", true],
  [["fe80::/10"], "fe80::1%eth0", true],
  [["evil.example"], "EVIL.example", true],
  [["Evil.Example"], "evil.example", true],
  [["evil.example"], "127.0.0.1", false],
  [["64:ff9b::/96"], "64:ff9b::127.0.0.1", true],
  [["64:ff9b::/96"], "127.0.0.1", false],
  [["10.0.0.1", "169.254.0.0/16"], "169.254.3.4", true],
];
for (const [allow, host, isAllowed] of ALLOWED) {
  Deno.test(`NetworkGuard: with ${allow} allowed, ${host} is ${isAllowed ? "reached" : "not reached"}`, async () => {
    if (isAllowed) assert(await guard(...allow).resolve(host, never));
    else await assertRejects(() => guard(...allow).resolve(host, never), HubError);
  });
}

const HUB = [
  "192.168.1.2",
  "::ffff:192.168.1.2",
  "64:ff9b::192.168.1.2",
  "2001:db8::2",
  "[fd12:0::2]",
  "hub.local",
];
for (const host of HUB) {
  Deno.test(`[SSRF] NetworkGuard: ${host} is the hub's own address in its network, and refused unless it is allowed`, async () => {
    const error = await assertRejects(() => guard().resolve(host, never), HubError);
    assertEquals([error.kind, error.retryAtMs], ["forbidden", Infinity]);
    assertStringIncludes(error.message, "it is an address of this machine itself");
    assertStringIncludes(error.hint ?? "", `add ${host.replace(/[\[\]]/g, "")} to network.allow`);
    for (const allow of [OWN, ["192.168.1.0/24", "2001:db8::/32", "fd12::/16"]]) {
      assert(await guard(...allow).resolve(host, never));
    }
  });
}

Deno.test("NetworkGuard: its own addresses are those it has at the time, and all of the system's", async () => {
  let own = ["192.168.1.2"];
  const moving = new NetworkGuard([], { ownAddresses: () => own });
  assertEquals(await moving.resolve("192.168.1.3", never), "192.168.1.3");
  own = ["192.168.1.3"];
  await assertRejects(() => moving.resolve("192.168.1.3", never), HubError);
  assertEquals(await moving.resolve("192.168.1.2", never), "192.168.1.2");
  for (const { address } of Deno.networkInterfaces()) {
    await assertRejects(() => new NetworkGuard([]).resolve(address, never), HubError);
  }
});

Deno.test("NetworkGuard: says whether discovery may ask this machine itself", () => {
  assertEquals(guard().includesLoopback, false);
  assertEquals(guard("localhost", "::1").includesLoopback, false);
  for (const entry of ["127.0.0.1", "127.0.0.0/8", "0.0.0.0/0"]) {
    assertEquals(guard(entry).includesLoopback, true);
  }
});

const ENTRIES: [string, boolean][] = [
  ["192.168.1.20", true],
  ["127.0.0.0/8", true],
  ["0.0.0.0/0", true],
  ["10.0.0.0/32", true],
  ["::1", true],
  ["fe80::/10", true],
  ["::1/128", true],
  ["cam.local", true],
  ["x", true],
  ["10.0.0.0/33", false],
  ["10.0.0.0/-1", false],
  ["10.0.0.0/", false],
  ["10.0.0.0/ ", false],
  ["10.0.0.0/8.0", false],
  ["10.0.0.0/1e1", false],
  ["10.0.0.0/0x8", false],
  ["::1/129", false],
  ["::1/", false],
  ["fe80::1%eth0", false],
  ["fe80::1%eth0/64", false],
  ["cam.local/8", false],
  ["[::1]", false],
  ["host_name", false],
  ["a b", false],
  ["-cam", false],
  ["cam-", false],
  ["*", false],
  ["", false],
];
for (const [entry, isGood] of ENTRIES) {
  Deno.test(`isNetworkEntry: "${entry}" is ${isGood ? "an entry" : "refused"}`, () => {
    assertEquals(isNetworkEntry(entry), isGood);
    if (isGood) new NetworkGuard([entry]);
  });
}
