// The routes of the devices that are notified: each user's own, added by browsers only.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { PushBrowser } from "../../emulators/push/push_service.ts";
import { withSite } from "../tools/app.ts";
import { pushView } from "../../../src/operations/push_views.ts";
import { toyDriver } from "../tools/devices.ts";

// An address of the internet: nothing is sent to it here.
const ENDPOINT = "https://203.0.113.7/send/secret-part";

Deno.test("push: a browser is added, listed without its address, and removed [PUSH-DEVICES]", async () => {
  await withSite([toyDriver().driver], async ({ as, send, ask }) => {
    assertEquals((await ask("/api/push")).status, 401);
    const before = await (await as("/api/push")).json();
    assertEquals([before.devices, before.has_channel], [[], false]);
    assertEquals(before.public_key.length, 87, "65 bytes in base64url");
    assertEquals((await (await as("/api/push")).json()).public_key, before.public_key);
    const browser = await PushBrowser.make(ENDPOINT);
    const added = await send("POST", "/api/push/devices", {
      ...browser.toJSON(),
      device: "Chrome on Android",
    });
    assertEquals(added.status, 201);
    const text = await (await as("/api/push")).text();
    for (const secret of ["secret-part", browser.toJSON().keys.auth, browser.toJSON().keys.p256dh]) {
      assert(!text.includes(secret), text);
    }
    const { devices: [device] } = JSON.parse(text);
    assertEquals([device.device, device.used_at], ["Chrome on Android", undefined]);
    assertMatch(device.endpoint_hash, /^[\w-]{43}$/);
    assertEquals((await as(`/api/push/devices/${device.id}`, { method: "DELETE" })).status, 200);
    assertEquals((await as(`/api/push/devices/${device.id}`, { method: "DELETE" })).status, 404);
    assertEquals((await send("POST", "/api/push/devices/none/test", {})).status, 404);
  });
});

Deno.test("push: what is no subscription is refused, and says which part", async () => {
  await withSite([toyDriver().driver], async ({ send }) => {
    const good = (await PushBrowser.make(ENDPOINT)).toJSON();
    const cases: readonly [unknown, number, RegExp][] = [
      [{}, 400, /endpoint/],
      [{ ...good, endpoint: "http://push.example.org/x" }, 400, /endpoint/],
      [{ ...good, endpoint: "https://192.168.1.9/x" }, 403, /private network/],
      [{ ...good, keys: { ...good.keys, auth: "short" } }, 400, /keys\.auth: Expected 16 bytes/],
      [{ ...good, keys: { ...good.keys, p256dh: good.keys.auth } }, 400, /keys\.p256dh: Expected 65 bytes/],
      [{ ...good, devise: "x" }, 400, /did you mean "device"/],
    ];
    for (const [body, status, message] of cases) {
      const answer = await send("POST", "/api/push/devices", body);
      assertEquals(answer.status, status, JSON.stringify(body));
      assertMatch((await answer.json()).message, message);
    }
  });
});

Deno.test("push: it is told whether the configuration sends alerts to browsers at all [PUSH-DEVICES]", async () => {
  const devices = { publicKey: () => Promise.resolve("key"), list: () => Promise.resolve([]) };
  const channel = (type: string) => ({ id: type, type, send: () => Promise.resolve() });
  const told = async (...types: string[]) =>
    (await pushView(devices, { channels: types.map(channel) }, "anna")).has_channel;
  assertEquals([await told(), await told("ntfy"), await told("ntfy", "web_push")], [false, false, true]);
});

Deno.test("push: a program has no notifications", async () => {
  await withSite([toyDriver().driver], async ({ ask, access }) => {
    const token = await access.tokens.create("robot", { role: "admin" });
    const answer = await ask("/api/push/devices", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify((await PushBrowser.make(ENDPOINT)).toJSON()),
    });
    assertEquals(answer.status, 403);
    assertMatch((await answer.json()).recovery_options.join(), /Settings on the dashboard/);
  });
});
