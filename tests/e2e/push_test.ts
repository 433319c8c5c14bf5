// Notifications in the dashboard, in real Chromium: the card in Settings, and the service worker that shows messages.
import { assert, assertEquals } from "@std/assert";
import type { CDPSession, Page } from "playwright-core";
import { PushBrowser } from "../emulators/push/push_service.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const CONFIG =
  "{cameras: [{id: a, type: testpattern, width: 320, height: 180, fps: 2}], network: {allow: [203.0.113.7]}}";

interface Shown {
  title: string;
  body: string;
  tag: string;
}

/** What the service worker shows at present. */
async function notifications(page: Page): Promise<Shown[]> {
  return await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/static/push_worker.js");
    const shown = await registration?.getNotifications() ?? [];
    return shown.map(({ title, body, tag }) => ({ title, body, tag }));
  });
}

/** The way to hand the worker a message as the browser does when one comes from the push service. */
async function mailbox(session: CDPSession, origin: string): Promise<(data: string) => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<string>();
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const found = registrations.find(({ scopeURL }) => scopeURL === `${origin}/static/`);
    if (found) resolve(found.registrationId);
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await promise;
  return async (data) => {
    await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
  };
}

Deno.test("[PUSH-WEB] the service worker shows what a message says, whatever is in it", OPTIONS, async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await withBrowser(async (browser) => {
    const { origin } = hub.client;
    const { page, complaints } = await visit(browser, origin);
    await page.context().grantPermissions(["notifications"], { origin });
    await page.goto(hub.link);
    await page.goto(`${origin}/settings`);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.register("/static/push_worker.js");
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      while (worker?.state !== "activated") await new Promise((resolve) => setTimeout(resolve, 10));
    });
    const deliver = await mailbox(await page.context().newCDPSession(page), origin);
    const note = {
      title: "Person at the gate",
      body: "Seen just now.",
      tag: "alert-7",
      path: "/events?camera=a",
    };
    await deliver(JSON.stringify(note));
    await hub.waitFor(async () => (await notifications(page)).length === 1, "the notification");
    assertEquals(await notifications(page), [{ title: note.title, body: note.body, tag: note.tag }]);
    await deliver(JSON.stringify({ ...note, title: "Over: Person at the gate" }));
    await hub.waitFor(
      async () => (await notifications(page))[0]?.title.startsWith("Over") ?? false,
      "the newer one",
    );
    assertEquals((await notifications(page)).length, 1, "it takes the place of the older one");
    await deliver("no JSON");
    await hub.waitFor(async () => (await notifications(page)).length === 2, "the notification without words");
    assertEquals(complaints, []);
  });
});

Deno.test(
  "[PUSH-WEB] Settings lists devices, says what hinders this browser, and removes one",
  OPTIONS,
  async () => {
    await using hub = await HubProcess.start({ config: CONFIG });
    await hub.login();
    const given = {
      ...(await PushBrowser.make("https://203.0.113.7/x")).toJSON(),
      device: "Chrome on Android",
    };
    const added = await hub.client.fetch("/api/push/devices", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(given),
    });
    assertEquals(added.status, 201, await added.text());
    await withBrowser(async (browser) => {
      const { origin } = hub.client;
      const [name = "", value = ""] = hub.client.cookie.split("=");
      const { page, complaints } = await visit(browser, origin);
      await page.context().addCookies([{ name, value, url: origin }]);
      await page.context().grantPermissions(["notifications"], { origin });
      await openPage(page, `${origin}/settings`);
      await page.getByText("Chrome on Android").waitFor();
      // This Chromium has no push service: the page says what the browser said.
      await page.getByRole("button", { name: "Enable on this device" }).click();
      await page.getByText("The browser did not enable notifications.").waitFor();
      await page.getByText(/It said: .*push service/).waitFor();
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 1000 });
        await page.screenshot({ path: `${SHOTS}push-${width}.png`, fullPage: true });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(overflow <= 0, `${overflow} pixels too wide at ${width}`);
      }
      await page.getByRole("button", { name: "Remove Chrome on Android" }).click();
      await page.getByText("No device of yours is notified yet.").waitFor();
      assertEquals((await hub.client.json("/api/push")).devices, []);
      assertEquals(complaints.filter((each) => !each.includes("Push API in incognito")), []);
    });
  },
);

Deno.test("[PUSH-WEB] a page that was opened over http says why it cannot be notified", OPTIONS, async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await withBrowser(async (browser) => {
    // Neither https nor localhost by its name: the same hub, as others in the network see it.
    const see = (address: string) => address.replace("127.0.0.1", "hub.test");
    const { page } = await visit(browser, see(hub.client.origin));
    await page.goto(see(hub.link));
    await openPage(page, `${see(hub.client.origin)}/settings`);
    await page.getByText(/This page was opened over http\. Browsers allow/).waitFor();
    assertEquals(await page.getByRole("button", { name: "Enable on this device" }).count(), 0);
    await page.setViewportSize({ width: 390, height: 1000 });
    await page.screenshot({ path: `${SHOTS}push-http-390.png`, fullPage: true });
  }, ["--host-resolver-rules=MAP hub.test 127.0.0.1"]);
});
