// Timers of the compiled program: killed while one runs, told late, in metrics and alerts; and used in a browser.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { DatabaseSync } from "node:sqlite";
import { openPage, shootWidths, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const CONFIG = `cameras: [{id: a, name: Kitchen, type: testpattern, width: 320, height: 180}]
webcams: {auto: false}
alerts: {rules: [{id: timers, when: {events: [timer]}, severity: info}]}
`;

// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
type Answer = any;

const metricsOf = async (hub: HubProcess) =>
  (await (await hub.client.fetch("/metrics/prometheus")).text()).match(/^tapocam_timer_remaining.*$/gm) ?? [];
const timersOf = async (hub: HubProcess): Promise<Answer[]> => (await hub.client.json("/api/timers")).timers;
const set = (hub: HubProcess, name: string, seconds: number) =>
  hub.client.operation("set_timer", { name, duration_s: seconds });

Deno.test("[TIMERS-RESTART] [TIMERS-TOLD] [TIMERS-WEB] timers go on over a kill, are told late, in metrics, alerts and every window", async () => {
  await Deno.mkdir(SHOTS, { recursive: true });
  const dataDir = await Deno.makeTempDir({ prefix: "hub-timers-" });
  const first = await HubProcess.start({ config: CONFIG, dataDir });
  await first.login();
  await set(first, "Bread", 3600);
  await set(first, "Eggs", 360);
  await set(first, "Tea", 1);
  await first.waitFor(async () => (await timersOf(first))[0].state === "done", "the end");
  assertMatch((await metricsOf(first)).join(), /timer_remaining_seconds\{timer="Bread"\} 359\d/);
  assert(!(await metricsOf(first)).join().includes("Tea"));
  const alerts = async () => (await first.client.json("/api/alerts")).alerts;
  await first.waitFor(async () => (await alerts())[0]?.title === "Timer: Tea", "the alert");
  await first.stop("SIGKILL");
  await Deno.remove(first.configPath!);
  passWithout(dataDir, 400);

  await using hub = await HubProcess.start({ config: CONFIG, dataDir });
  await hub.login();
  await hub.waitFor(
    async () => (await hub.client.json("/api/events?kind=timer")).events.length === 2,
    "the end that is told late",
  );
  const list = await timersOf(hub);
  const of = (name: string) => list.find((each) => each.name === name);
  assertEquals([of("Tea").late_s, of("Eggs").state, of("Bread").state], [undefined, "done", "running"]);
  assert(of("Eggs").late_s >= 40 && of("Eggs").late_s < 100, `${of("Eggs").late_s} s`);
  assert(of("Bread").remaining_s > 3100 && of("Bread").remaining_s <= 3200, `${of("Bread").remaining_s} s`);
  for (const { name } of list) await hub.client.operation("cancel_timer", { name });

  await withBrowser(async (browser) => {
    const [name = "", value = ""] = hub.client.cookie.split("=");
    const windows = [await visit(browser, hub.client.origin), await visit(browser, hub.client.origin)];
    for (const { page } of windows) {
      await page.context().addCookies([{ name, value, url: hub.client.origin }]);
      await openPage(page, hub.client.origin);
    }
    const [page, other] = windows.map(({ page }) => page);
    await shootWidths(page!, `${SHOTS}/timers-empty`);
    await walk(page!, other!, hub);
    assertEquals(windows.flatMap(({ complaints }) => complaints), []);
  });
});

/** As if the hub had been off for so long: every time of its timers lies that much further back. */
function passWithout(dataDir: string, seconds: number): void {
  using database = new DatabaseSync(`${dataDir}/hub.sqlite`);
  database.prepare("UPDATE timers SET set_at = set_at - ?, ends_at = ends_at - ? WHERE ended_at IS NULL")
    .run(seconds * 1000, seconds * 1000);
}

async function walk(page: Page, other: Page, hub: HubProcess): Promise<void> {
  const row = (name: string, at = page) => at.locator("li.timer", { hasText: name });
  await page.getByRole("button", { name: "Start a timer of 5 minutes" }).click();
  await row("5 min").getByRole("timer").filter({ hasText: /^[45]:\d\d$/ }).waitFor();
  await row("5 min", other).waitFor();
  await page.getByRole("button", { name: "Other…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Eggs");
  await page.getByRole("spinbutton", { name: "Minutes" }).fill("6");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await row("Eggs").waitFor();
  await page.getByRole("button", { name: "One minute more: Eggs" }).click();
  await row("Eggs", other).getByRole("timer").filter({ hasText: /^(7:00|6:5\d)$/ }).waitFor();
  await shootWidths(page, `${SHOTS}/timers-running`);

  await page.getByRole("button", { name: "Cancel: Eggs" }).click();
  await row("Eggs", other).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row("Eggs", other).getByRole("timer").filter({ hasText: /^6:\d\d$/ }).waitFor();

  await set(hub, "Pasta <b>al dente</b>", 1);
  for (const each of [page, other]) await each.getByText("Pasta <b>al dente</b> is done").waitFor();
  await shootWidths(page, `${SHOTS}/timers-done`);
  await page.getByRole("button", { name: /^Dismiss: Pasta/ }).click();
  await other.getByText("is done").waitFor({ state: "detached" });
}
