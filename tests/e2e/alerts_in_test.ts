// Alerts that others send to the compiled program: who may, what is refused, what is shown, and what a restart leaves.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openPage, shootWidths, visit, withBrowser } from "../tools/browser.ts";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import { alertmanagerBody, grafanaBody } from "../tools/webhook_bodies.ts";
import { awaitStatus, MOUNTS, startHub } from "./network_bench.ts";

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

const ACTIONS = {
  channels: [
    { id: "siren", type: "operation", operation: "sound_siren", input: { camera_id: "{camera}" } },
    {
      id: "hush",
      type: "operation",
      operation: "stop_siren",
      input: { camera_id: "{camera}" },
      on: "resolved",
    },
    {
      id: "clip",
      type: "operation",
      operation: "start_recording",
      input: { camera_id: "{camera}", duration_s: 60 },
    },
  ],
  rules: [{
    id: "smoke",
    when: { external: { source: "grafana", name: "HighTemperature" } },
    channels: ["siren", "hush", "clip"],
  }],
};

Deno.test("[ALERTS-ACTION-IN] an alert of Grafana sounds a camera's siren and begins a recording, its end silences the siren, Chromium does so too; journal and audit say by whom", async () => {
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  await using hub = await startHub([{ id: "door", type: "tapo", name: "Front door", ...rig.options }], {
    alerts: ACTIONS,
  });
  await awaitStatus(hub, "door", "online");
  const { alarm } = rig.tapo.device;
  const token = await tokenOf(hub, "operator");
  assertEquals((await post(hub, token, JSON.stringify(grafanaBody())))[0], 200);
  await hub.waitFor(() => alarm.isActive, "the siren");
  const recordings = async () =>
    (await hub.client.operation("get_recording_status", { camera_id: "door" })).cameras[0];
  await hub.waitFor(async () => (await recordings())?.state === "recording", "the recording");
  const over = grafanaBody({ status: "resolved", endsAt: new Date().toISOString() });
  await post(hub, token, JSON.stringify(over));
  await hub.waitFor(() => !alarm.isActive, "the end of the siren");
  await hub.client.operation("test_alert_channel", { channel: "siren", camera_id: "door" });
  assertEquals(alarm.isActive, true);
  const refused = await hub.client.fetch("/api/operations/test_alert_channel", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ channel: "siren" }),
  });
  assertStringIncludes(await refused.text(), "the alert is of no camera");
  await toldInJournalAndAudit(hub);
  await seenOnThePage(hub);
  assertEquals(alarm.isActive, false);
});

async function toldInJournalAndAudit(hub: HubProcess): Promise<void> {
  const expected = [
    "rule:smoke/clip start_recording",
    "rule:smoke/hush stop_siren",
    "rule:smoke/siren sound_siren",
    "rule:test/siren sound_siren",
  ];
  let told: string[] = [];
  await hub.waitFor(async () => {
    const { entries } = await hub.client.operation("list_audit", { camera_id: "door" });
    told = entries.map(({ user, operation }: Record<string, string>) => `${user} ${operation}`)
      .filter((entry: string) => entry.startsWith("rule:")).sort();
    return told.length >= expected.length;
  }, "the audit");
  assertEquals(told, expected);
  let events: { details: { what: string; user: string } }[] = [];
  await hub.waitFor(async () => {
    ({ events } = await hub.client.json("/api/events?kind=alarm"));
    return events.length >= 3;
  }, "the journal");
  assertEquals(events.map(({ details: { what, user } }) => `${user}: ${what}`).sort(), [
    "rule:smoke/hush: siren silenced",
    "rule:smoke/siren: siren sounded",
    "rule:test/siren: siren sounded",
  ]);
}

async function seenOnThePage(hub: HubProcess): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  await withBrowser(async (browser) => {
    const { page, complaints } = await visit(browser, hub.client.origin, 390);
    const [name = "", value = ""] = hub.client.cookie.split("=");
    await page.context().addCookies([{ name, value, url: hub.client.origin }]);
    await openPage(page, `${hub.client.origin}/alerts`);
    await page.getByText("done: siren, clip, hush").waitFor();
    await page.getByLabel("Camera for hush").selectOption("door");
    await page.getByRole("button", { name: "Do for real what hush has the hub do" }).click();
    await page.getByText("The hub did for real what hush is for").waitFor();
    await shootWidths(page, `${SHOTS}/alert-actions`);
    assertEquals(complaints, []);
  });
}

Deno.test("[ALERTS-ACTION-CONFIG] config check refuses a wrong action in words, with its line and what was meant", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  const channel = 'operation: sound_sirn, input: {camera_id: "{camera}"}';
  await Deno.writeTextFile(path, `alerts:\n  channels:\n    - {id: s, type: operation, ${channel}}\n`);
  const { code, stderr } = await new Deno.Command(BINARY, { args: ["config", "check", path] }).output();
  await Deno.remove(path);
  const text = new TextDecoder().decode(stderr);
  assertEquals(code, 2, text);
  assertStringIncludes(text, 'line 3: alerts.channels[0].operation: There is no operation "sound_sirn"');
  assertStringIncludes(text, 'did you mean "sound_siren"?');
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
