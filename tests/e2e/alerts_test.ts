// Alerts through the compiled program: killed again and again, and used by a person in a browser.
import { assert, assertEquals } from "@std/assert";
import { NtfyServer } from "../emulators/ntfy/server.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;

function configFor(ntfy: NtfyServer): string {
  return `cameras:
  - {id: a, name: Front door, type: testpattern, width: 320, height: 180}
webcams: {auto: false}
alerts:
  allow: [127.0.0.1]
  channels:
    - {id: phone, type: ntfy, server: "${ntfy.url}", topic: house, token: tk_right}
    - {id: refused, type: webhook, url: "http://169.254.169.254/hook?key=k-very-secret", min_severity: critical}
  rules:
    - {id: stopped, when: {events: [camera_state], status: [disabled]}, cooldown_s: 0}
`;
}

/** Events of the rule, as far as they stand in the journal. */
async function stoppedEvents(hub: HubProcess): Promise<{ seq: number }[]> {
  const { events } = await hub.client.json("/api/events?kind=camera_state&limit=1000");
  return events.filter((each: { details?: { status?: string } }) => each.details?.status === "disabled");
}

interface Alert {
  id: number;
  event_seq?: number;
}

Deno.test("[ALERT-DURABLE] a hub that is killed at any moment loses no alert: each event has one, and each arrives", async () => {
  await using ntfy = new NtfyServer({ house: "tk_right" });
  const config = configFor(ntfy);
  const dataDir = await Deno.makeTempDir({ prefix: "hub-alerts-" });
  let confirmed = 0;
  for (const rounds of [3, 5, 8, 13]) {
    ntfy.fault = rounds % 2 === 0 ? undefined : { status: 503 };
    const hub = await HubProcess.start({ config, dataDir });
    await hub.login();
    for (let round = 0; round < rounds; round++) {
      await hub.client.operation("disconnect_camera", { camera_id: "a" });
      await hub.client.operation("connect_camera", { camera_id: "a" });
      confirmed++;
      await hub.waitFor(
        async () => (await stoppedEvents(hub)).length >= confirmed,
        "the event in the journal",
      );
    }
    // The last one is under way when the hub dies.
    const last = hub.client.operation("disconnect_camera", { camera_id: "a" }).catch((error) => error);
    await hub.stop("SIGKILL");
    await last;
    // The last one may have been written, or not.
    await Deno.remove(hub.configPath!);
  }
  ntfy.fault = undefined;
  await using hub = await HubProcess.start({ config, dataDir });
  await hub.login();
  await hub.waitFor(
    async () => (await hub.client.json("/api/alerts")).waiting === 0,
    "all messages to leave",
  );
  const stopped = await stoppedEvents(hub);
  const { alerts } = await hub.client.json("/api/alerts?limit=500");
  assert(stopped.length >= confirmed, `${stopped.length} events of ${confirmed}`);
  const seqs = (list: number[]) => list.sort((one, other) => one - other);
  assertEquals(
    seqs(alerts.map(({ event_seq }: Alert) => event_seq ?? 0)),
    seqs(stopped.map(({ seq }) => seq)),
  );
  // What was sent when the hub died may come twice, and is then known by its key.
  const keys = new Set(ntfy.messages.map(({ headers }) => headers["x-idempotency-key"]));
  assertEquals(keys.size, alerts.length);
  assert(ntfy.messages.length - keys.size <= 4, `${ntfy.messages.length} messages of ${keys.size} keys`);
  const told = new Set(ntfy.messages.map(({ click }) => Number(/alert-(\d+)$/.exec(click ?? "")?.[1])));
  assertEquals(told, new Set(alerts.map(({ id }: Alert) => id)));
  assert(!hub.text.includes("tk_right"));
});

Deno.test("[ALERT-WEB] in a browser: alerts are seen, acknowledged and snoozed, channels tested, dead letters tried again", async () => {
  await Deno.mkdir(SHOTS, { recursive: true });
  await using ntfy = new NtfyServer({ house: "tk_right" });
  const config = configFor(ntfy).replace("min_severity: critical", "min_severity: info");
  await using hub = await HubProcess.start({ config });
  await hub.login();
  await withBrowser(async (browser) => {
    const { page, complaints } = await visit(browser, hub.client.origin);
    const [name = "", value = ""] = hub.client.cookie.split("=");
    await page.context().addCookies([{ name, value, url: hub.client.origin }]);
    await openPage(page, `${hub.client.origin}/alerts`);
    await page.getByText("Nothing to report").waitFor();
    await page.screenshot({ path: `${SHOTS}/alerts-empty.png` });
    await hub.client.operation("disconnect_camera", { camera_id: "a" });

    const alert = page.locator("li.alert").first();
    await alert.getByText("Camera status: disabled at Front door").first().waitFor();
    await alert.getByText(/told: phone/).waitFor();
    await page.getByText("1 message was not delivered.").waitFor();
    await page.locator("nav .nav-count").waitFor();
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const [needed, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert(needed! <= has!, `${needed} px needed, ${has} px there`);
      await page.screenshot({ path: `${SHOTS}/alerts-${width}.png`, fullPage: true });
    }
    await page.getByRole("button", { name: /^Acknowledge: / }).click();
    await alert.getByText(/acknowledged by/).waitFor();
    await page.locator("nav .nav-count").waitFor({ state: "detached" });
    await alert.getByRole("combobox", { name: /^Snooze/ }).selectOption("8");
    await page.getByRole("button", { name: /^End the snooze/ }).click();
    await page.getByRole("heading", { name: "Snoozed" }).waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Send a test by phone" }).click();
    await page.getByText(/The test was taken by phone/).waitFor();
    await page.getByRole("button", { name: "Send a test by refused" }).click();
    await page.getByRole("alert").getByText(/does not connect to 169\.254\.169\.254/).waitFor();
    await page.getByRole("button", { name: "Try all again" }).click();
    await page.getByRole("button", { name: "Discard all" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Discard all" }).click();
    await page.getByRole("heading", { name: "Messages not delivered" }).waitFor({ state: "detached" });
    await page.getByLabel("Alarm mode").selectOption("away");
    await hub.waitFor(
      async () => (await hub.client.json("/api/alarm-mode")).mode === "away",
      "the alarm mode",
    );
    const refusals = complaints.filter((each) => !/status of 403/.test(each));
    assertEquals(refusals, []);
  });
  assertEquals(ntfy.messages.map(({ title }) => title), [
    "Camera status: disabled at Front door",
    "A test of Tapo Camera MCP",
  ]);
  assert(!hub.text.includes("k-very-secret") && !hub.text.includes("tk_right"));
});
