// Alerts that others send to the compiled program: who may, what is refused, what is shown, and what a restart leaves.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openPage, shootWidths, visit, withBrowser } from "../tools/browser.ts";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { alertmanagerBody, grafanaBody } from "../tools/webhook_bodies.ts";

const CONFIG = "cameras: [{id: door, name: Front door, type: testpattern, width: 320, height: 180}]\n" +
  "webcams: {auto: false}\n";
const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const PATH = "/api/alerts/grafana";

async function tokenOf(hub: HubProcess, role: string): Promise<string> {
  const args = ["token", "create", role, "--role", role, "--data", hub.dataDir];
  const { stdout } = await new Deno.Command(BINARY, { args }).output();
  return new TextDecoder().decode(stdout).trimEnd();
}

async function post(hub: HubProcess, token: string | undefined, body: string): Promise<[number, string]> {
  const response = await fetch(hub.client.origin + PATH, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
  });
  return [response.status, await response.text()];
}

Deno.test("[ALERTS-IN-ACCESS] [ALERTS-IN-WEB] Grafana and Alertmanager report to the hub with an operator's token; nobody else can, and a restart loses nothing", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "hub-alerts-in-" });
  const first = await HubProcess.start({ config: CONFIG, dataDir });
  const operator = await tokenOf(first, "operator");
  const viewer = await tokenOf(first, "viewer");
  const good = JSON.stringify(alertmanagerBody());

  const refusals: [string | undefined, string, number, RegExp][] = [
    [undefined, good, 401, /needs a login or a token/],
    [`${operator.slice(0, -1)}x`, good, 401, /does not know this token/],
    [viewer, good, 403, /token:viewer may not report alerts.*role operator/],
    [operator, "{", 400, /not valid JSON/],
    [operator, "[]", 400, /must be a JSON object/],
    [operator, "{}", 400, /alerts: /],
    [operator, JSON.stringify({ alerts: [{ labels: {} }] }), 400, /alerts\[0\]\.startsAt/],
    [
      operator,
      JSON.stringify({ ...alertmanagerBody(), pad: "x".repeat(1 << 20) }),
      400,
      /at most 1048576 bytes/,
    ],
  ];
  for (const [token, body, status, words] of refusals) {
    const [answered, text] = await post(first, token, body);
    assertEquals(answered, status, text);
    assertMatch(text, words);
  }
  await first.login();
  assertEquals((await first.client.json("/api/alerts")).firing, 0);

  const taken = { success: true, received: 1, began: 1, ended: 0 };
  assertEquals(JSON.parse((await post(first, operator, good))[1]), taken);
  assertEquals(JSON.parse((await post(first, operator, JSON.stringify(grafanaBody())))[1]), taken);
  assertEquals(JSON.parse((await post(first, operator, good))[1]), { ...taken, began: 0 });
  await first.waitFor(async () => (await first.client.json("/api/alerts")).firing === 2, "both alerts");
  await first.stop("SIGKILL");
  await Deno.remove(first.configPath!);

  await using hub = await HubProcess.start({ config: CONFIG, dataDir });
  await hub.login();
  const open = await hub.client.json("/api/alerts?state=firing");
  assertEquals(
    open.alerts.map(({ title, camera_id, kind, severity }: Record<string, string>) => [
      title,
      camera_id,
      kind,
      severity,
    ]),
    [
      ["The kitchen is hot", "door", "external", "critical"],
      ["Front door is offline", "door", "external", "critical"],
    ],
  );
  assertStringIncludes(open.alerts[0].text, "Reported by Grafana");
  await lookAndAcknowledge(hub, operator);
  const over = JSON.stringify(
    alertmanagerBody({ status: "resolved", endsAt: new Date().toISOString() }),
  );
  assertEquals(JSON.parse((await post(hub, operator, over))[1]), { ...taken, began: 0, ended: 1 });
  await hub.waitFor(async () => (await hub.client.json("/api/alerts")).firing === 1, "the end");
  const { events } = await hub.client.json("/api/events?kind=alert");
  const told = events.map(({ source, active }: { source: string; active: boolean }) => `${source} ${active}`);
  assertEquals(told.sort(), [
    "alertmanager false",
    "alertmanager false",
    "alertmanager false",
    "grafana false",
    "grafana true",
  ]);
  assert(!hub.text.includes(operator));
});

async function lookAndAcknowledge(hub: HubProcess, token: string): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  await withBrowser(async (browser) => {
    const { page, complaints } = await visit(browser, hub.client.origin, 390);
    const [name = "", value = ""] = hub.client.cookie.split("=");
    await page.context().addCookies([{ name, value, url: hub.client.origin }]);
    await openPage(page, hub.client.origin);
    const banner = page.getByRole("region", { name: "Alerts from outside" });
    await banner.getByText("Front door is offline").waitFor();
    const further = alertmanagerBody({ fingerprint: "f2", annotations: { summary: "<img src=x> & more" } });
    await post(hub, token, JSON.stringify(further));
    await banner.getByText("<img src=x> & more").waitFor();
    // The count of alerts pushes no name out of the navigation.
    const nav = page.getByRole("navigation", { name: "Main" });
    assertEquals(await nav.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 0);
    await shootWidths(page, `${SHOTS}/alerts-in`);
    await banner.getByRole("button", { name: "Acknowledge: Front door is offline" }).click();
    await banner.getByText("Front door is offline").waitFor({ state: "detached" });
    await post(
      hub,
      token,
      JSON.stringify({ ...further, alerts: [{ ...further.alerts[0], status: "resolved" }] }),
    );
    await banner.getByText("<img src=x> & more").waitFor({ state: "detached" });
    assertEquals(complaints, []);
  });
}
