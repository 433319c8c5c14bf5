// Grafana's panel plugin, as it stands in config/grafana, in Chromium on a page of another site, with the real React and
// the compiled hub. A real Grafana is not to be had here: its side is emulated (tests/emulators/grafana).
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import type { Dashboard } from "../emulators/grafana/page.ts";
import { GrafanaEmulator } from "../emulators/grafana/server.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import { withBrowser } from "../tools/browser.ts";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, configOf, MOUNTS } from "./network_bench.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const WIDE = { width: 1248, height: 480 };
const NARROW = { width: 358, height: 260 };

interface Bench {
  hub: HubProcess;
  grafana: GrafanaEmulator;
  rig: TapoRig;
  page: Page;
  tokens: { viewer: string; operator: string };
}

async function tokenOf(hub: HubProcess, role: string): Promise<string> {
  const args = ["token", "create", role, "--role", role, "--data", hub.dataDir];
  return new TextDecoder().decode((await new Deno.Command(BINARY, { args }).output()).stdout).trim();
}

type Area = Parameters<Dashboard["show"]>[1];

function show(
  page: Page,
  options: object,
  size: Area = WIDE,
  theme: "dark" | "light" = "dark",
): Promise<void> {
  return page.evaluate(([given, area, look]) => {
    (globalThis as unknown as { dashboard: Dashboard }).dashboard.show(given, area, look);
  }, [options, size, theme] as const);
}

async function viewers(hub: HubProcess): Promise<number> {
  return (await hub.client.json("/api/status")).streams.viewers;
}

async function awaitViewers(hub: HubProcess, count: number): Promise<void> {
  await hub.waitFor(async () => await viewers(hub) === count, `${count} viewers`);
}

async function awaitState(page: Page, state: string): Promise<void> {
  await page.locator(`#panel section[data-state=${state}]`).waitFor();
}

/** Waits until the picture on the screen is another. */
async function awaitMovement(hub: HubProcess, page: Page): Promise<void> {
  const seen = async () => (await page.locator("#panel img").screenshot()).toString("base64");
  const first = await seen();
  await hub.waitFor(async () => await seen() !== first, "the picture to move");
}

/** What the page of the dashboard is seen as, by the tab that it stands in. */
function setTabShown(page: Page, isShown: boolean): Promise<void> {
  return page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isShown ? "visible" : "hidden");
}

async function playsAndPauses({ hub, page }: Bench): Promise<void> {
  await show(page, { cameraId: "$camera" });
  await awaitState(page, "playing");
  await awaitMovement(hub, page);
  await awaitViewers(hub, 1);
  await page.getByRole("region", { name: "Camera Front door" }).getByText("Front door").waitFor();
  await page.screenshot({ path: `${SHOTS}panel-live-1280.png` });
  await setTabShown(page, false);
  await awaitState(page, "paused");
  await awaitViewers(hub, 0);
  await setTabShown(page, true);
  await awaitState(page, "playing");
  await page.evaluate(() => scrollTo(0, 2000));
  await awaitViewers(hub, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await awaitState(page, "playing");
  await awaitMovement(hub, page);
}

async function tellsReasons({ hub, grafana, page, tokens }: Bench): Promise<void> {
  const status = page.locator("#panel").getByRole("status");
  const words = (text: RegExp) => status.filter({ hasText: text }).waitFor();
  await page.setViewportSize({ width: 1280, height: 844 });
  await show(page, { cameraId: "gone" });
  await words(/Attic is offline/);
  await words(/\/dev\/video99.*since \d/);
  await page.screenshot({ path: `${SHOTS}panel-offline-1280.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  await show(page, { cameraId: "gone" }, NARROW, "light");
  await page.screenshot({ path: `${SHOTS}panel-offline-390.png` });
  await show(page, { cameraId: "nobody" });
  await words(/knows no such camera/);
  await show(page, { cameraId: "" });
  await words(/No camera is chosen/);
  await show(page, { cameraId: "door", hubUrl: "pi.local" });
  await words(/address cannot be "pi\.local"/);
  // A port on which nothing listens: the browser gets nothing, as from a hub that it cannot reach.
  await show(page, { cameraId: "door", hubUrl: "http://127.0.0.1:9", mode: "snapshots" });
  await words(
    /gets nothing from the hub at http:\/\/127\.0\.0\.1:9 .*name http:\/\/localhost:\d+ in grafana\.origins/i,
  );
  grafana.source.token = "tapocam_wrong";
  await show(page, { cameraId: "door", hubUrl: hub.client.origin });
  await words(/does not accept the token/);
  grafana.source.token = tokens.viewer;
}

async function movesForOperators({ hub, grafana, rig, page, tokens }: Bench): Promise<void> {
  const pad = page.getByRole("group", { name: "Move Hall" });
  await page.setViewportSize({ width: 390, height: 844 });
  await show(page, { cameraId: "hall", showPtz: true }, NARROW);
  await awaitState(page, "playing");
  assertEquals(await pad.count(), 0, "a viewer's token moves nothing");
  grafana.source.token = tokens.operator;
  await show(page, { cameraId: "hall" }, NARROW);
  await awaitState(page, "playing");
  assertEquals(await pad.count(), 0, "not asked for");
  await show(page, { cameraId: "hall", showPtz: true }, NARROW);
  await pad.waitFor();
  await awaitState(page, "playing");
  await page.screenshot({ path: `${SHOTS}panel-ptz-390.png` });
  const before = rig.tapo.view.panDegrees;
  await pad.getByRole("button", { name: "Move Hall right" }).click();
  await hub.waitFor(() => rig.tapo.view.panDegrees > before, "the camera to turn");
  grafana.source.token = tokens.viewer;
}

async function renewsLinks({ hub, grafana, page }: Bench): Promise<void> {
  grafana.source.params = { lifetime_s: "2" };
  const pictures: { view: string; status: number }[] = [];
  const note = (response: { url(): string; status(): number }) => {
    const url = new URL(response.url());
    if (!url.pathname.endsWith("/snapshot")) return;
    pictures.push({ view: url.searchParams.get("view") ?? "", status: response.status() });
  };
  page.on("response", note);
  await show(page, { cameraId: "door", mode: "snapshots", snapshotSeconds: 1 }, NARROW, "light");
  await hub.waitFor(() => new Set(pictures.map(({ view }) => view)).size >= 2, "a new link");
  const first = `${hub.client.origin}/api/cameras/door/snapshot?view=${pictures[0]!.view}`;
  const statusOfFirst = async () => {
    const answer = await fetch(first);
    await answer.body?.cancel();
    return answer.status;
  };
  await hub.waitFor(async () => await statusOfFirst() === 401, "the first link to expire");
  const count = pictures.length;
  await hub.waitFor(() => pictures.length > count, "another picture");
  await awaitState(page, "playing");
  page.off("response", note);
  assertEquals(pictures.map(({ status }) => status), pictures.map(() => 200), "none had expired");
  await page.screenshot({ path: `${SHOTS}panel-snapshots-390.png` });
  grafana.source.params = {};
}

/** Six connections to a host are all that a browser has: a wall keeps some free. */
async function sharesConnections({ hub, page }: Bench): Promise<void> {
  await show(page, { cameraId: "door", snapshotSeconds: 1 }, { width: 160, height: 90, panels: 8 });
  await page.waitForFunction(() =>
    document.querySelectorAll("#panel section[data-state=playing]").length === 8
  );
  await awaitViewers(hub, 4);
  await show(page, { cameraId: "gone" });
  await awaitViewers(hub, 0);
}

/** What a picture shows after the hub was away may be its last one of before. */
async function opensAnew({ grafana, page, tokens }: Bench): Promise<void> {
  await show(page, { cameraId: "door" }, NARROW);
  await awaitState(page, "playing");
  grafana.source.token = "tapocam_wrong";
  await page.clock.fastForward(30_000);
  await page.getByRole("status").filter({ hasText: /does not accept the token/ }).waitFor();
  await awaitState(page, "playing");
  const anew = () => page.waitForRequest(/\/stream\?view=/);
  grafana.source.token = tokens.viewer;
  await Promise.all([anew(), page.clock.fastForward(2000)]);
  await awaitState(page, "playing");
  assertEquals(await page.locator("#panel [role=status]").innerText(), "");
  // The lid was closed: the connection may be dead, and nothing tells.
  await Promise.all([anew(), page.clock.fastForward(60_000)]);
  await awaitState(page, "playing");
  await show(page, { cameraId: "gone" });
  await awaitState(page, "waiting");
}

/** A stream that fails twice gives way to single pictures. */
async function fallsBack({ hub, page }: Bench): Promise<void> {
  const failure = () => page.waitForEvent("requestfailed", (request) => request.url().includes("/stream?"));
  await page.route("**/stream?**", (route) => route.abort());
  await Promise.all([failure(), show(page, { cameraId: "door", snapshotSeconds: 1 }, NARROW)]);
  const picture = page.waitForResponse((response) => response.url().includes("/snapshot?") && response.ok());
  await Promise.all([failure(), page.clock.fastForward(2000)]);
  await picture;
  await awaitState(page, "playing");
  await awaitViewers(hub, 0);
  await page.unroute("**/stream?**");
}

async function offersCameras({ page }: Bench): Promise<void> {
  const offered = await page.evaluate(async () => {
    const { fields } = (globalThis as unknown as { dashboard: Dashboard }).dashboard;
    const of = async (path: string) =>
      (await fields.find((each) => each.path === path)!.settings!.getOptions!({ options: {} })).map((
        { value },
      ) => value);
    return {
      paths: fields.map(({ path }) => path).sort(),
      cameras: await of("cameraId"),
      sources: await of("datasourceUid"),
    };
  });
  assertEquals(offered.cameras, ["$camera", "door", "gone", "hall"]);
  assertEquals(offered.sources, ["hub"]);
  const paths = [
    "cameraId",
    "datasourceUid",
    "fit",
    "hubUrl",
    "mode",
    "showName",
    "showPtz",
    "snapshotSeconds",
  ];
  assertEquals(offered.paths, paths);
}

async function keepsSecrets({ hub, tokens }: Bench): Promise<void> {
  const { lines } = await hub.client.operation("get_logs", { level: "debug", limit: 1000 });
  assert(lines.length > 0);
  for (const text of [JSON.stringify(lines), hub.text]) {
    assert(!text.includes("tapolink_") && !text.includes(tokens.viewer) && !text.includes(tokens.operator));
  }
  assertEquals((await Deno.stat(`${hub.dataDir}/tickets.key`)).mode! & 0o777, 0o600);
}

async function withBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS, name: "Hall" });
  rig.tapo.device.motor!.speedDegreesPerS = Infinity;
  const source = { url: "", token: "", params: {} };
  await using grafana = await GrafanaEmulator.start(source);
  const config = configOf([
    { id: "door", name: "Front door", type: "testpattern", width: 640, height: 360, fps: 15 },
    { id: "gone", name: "Attic", type: "webcam", device: "/dev/video99" },
    { id: "hall", name: "Hall", type: "tapo", ...rig.options },
  ], { sections: { grafana: { origins: [grafana.origin] } } });
  await using hub = await HubProcess.start({ config, args: ["--log-level", "debug"] });
  await hub.login();
  const tokens = { viewer: await tokenOf(hub, "viewer"), operator: await tokenOf(hub, "operator") };
  Object.assign(source, { url: hub.client.origin, token: tokens.viewer });
  for (const id of ["door", "hall"]) await awaitStatus(hub, id, "online");
  await withBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 844 } });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    // Time goes on by itself, and can be moved on.
    await page.clock.install();
    await page.goto(grafana.origin);
    await page.evaluate(() => {
      (globalThis as unknown as { dashboard: Dashboard }).dashboard.variables.camera = "door";
    });
    await work({ hub, grafana, rig, page, tokens });
    assertEquals(errors, []);
  });
}

const OPTIONS = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "[PANEL-LIVE] [PANEL-PAUSE] [PANEL-REASONS] [PANEL-PTZ] [PANEL-RENEW] [PANEL-WALL] [VIEW-LINK-SECRET] the panel on a page of " +
    "another site: plays, pauses, tells reasons, moves a camera for operators, renews its links, leaves no secret",
  OPTIONS,
  async () => {
    await withBench(async (bench) => {
      await playsAndPauses(bench);
      await offersCameras(bench);
      await movesForOperators(bench);
      await renewsLinks(bench);
      await sharesConnections(bench);
      await opensAnew(bench);
      await fallsBack(bench);
      await tellsReasons(bench);
      await keepsSecrets(bench);
      assertMatch(bench.grafana.asked.join("\n"), /^\/api\/cameras\/door\/view-link$/m);
    });
  },
);
