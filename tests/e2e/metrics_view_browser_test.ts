// The page of metrics as a person uses it: real Chromium with mouse, keys and fingers, the compiled hub, a history that
// was written by the product's own code.
import { assert, assertEquals } from "@std/assert";
import type { Browser, CDPSession, Page } from "playwright-core";
import { Logger } from "../../src/base/log.ts";
import { Warnings } from "../../src/base/warnings.ts";
import { History } from "../../src/metrics/history/history.ts";
import { type Sample, sampleOf } from "../../src/metrics/sample.ts";
import { Database } from "../../src/store/database.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { DEFAULT_HISTORY } from "../tools/history_settings.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const CAMERAS = `cameras:
  - {id: door, name: Front door, type: testpattern, width: 320, height: 180}
  - {id: yard, name: Yard, type: testpattern, width: 320, height: 180}
webcams: {auto: false}`;
const TICK_MS = 30_000;
const HOUR_MS = 3_600_000;
/** Colours of the first two lines. */
const DOOR: Colour = [0x2f, 0x7f, 0xd6];
const YARD: Colour = [0xd9, 0x57, 0x0f];
type Colour = [red: number, green: number, blue: number];

/** What a house tells so long before now: nothing of the door from four to three hours ago, then the yard was away. */
function measured(agoMs: number): Sample[] {
  const hours = agoMs / HOUR_MS;
  const wave = Math.sin(hours * 9);
  // From one moment to the next: a band around the means.
  const flicker = Math.sin(agoMs / 7000);
  const isDoorSilent = hours > 3 && hours < 4;
  const isYardUp = hours > 3 || hours < 2;
  return [
    ...(isDoorSilent ? [] : [
      ...sampleOf("tapocam_camera_up", { camera: "door" }, true),
      ...sampleOf(
        "tapocam_camera_probe_duration_seconds",
        { camera: "door" },
        0.006 + wave * 0.002 + flicker * 0.001,
      ),
      ...sampleOf("tapocam_camera_signal_dbm", { camera: "door" }, -52 - wave * 3),
    ]),
    ...sampleOf("tapocam_camera_up", { camera: "yard" }, isYardUp),
    ...(isYardUp
      ? sampleOf("tapocam_camera_probe_duration_seconds", { camera: "yard" }, 0.016 + wave * 0.002)
      : []),
    ...sampleOf("tapocam_camera_motion_active", { camera: "yard" }, wave > 0.8),
    ...sampleOf("tapocam_host_temperature_celsius", {}, 51 + wave + flicker),
    ...sampleOf("tapocam_host_load1", {}, 0.8 + wave * 0.3 + flicker * 0.2),
    ...sampleOf("tapocam_loop_lag_seconds", {}, 0.002 + flicker * 0.001),
    ...sampleOf("process_resident_memory_bytes", {}, 9.5e7 + wave * 4e6),
    ...sampleOf("tapocam_disk_free_bytes", { folder: "recordings" }, 1.8e10 + hours * 3e8),
  ];
}

/** Writes eight hours of history up to now. @returns the data folder. */
async function written(): Promise<string> {
  const dataDir = await Deno.makeTempDir({ prefix: "hub-data-" });
  const endMs = Date.now();
  const clock = new FakeClock(endMs - 8 * HOUR_MS);
  const history = new History({
    clock,
    log: new Logger(() => {}, "error"),
    warnings: new Warnings(() => clock.now()),
    doubt: { isDoubted: false },
    settings: () => DEFAULT_HISTORY,
    samples: () => measured(endMs - clock.now()),
    open: () => Database.open(`${dataDir}/history.sqlite`, undefined, "history"),
  });
  for (; clock.now() < endMs - TICK_MS; clock.jumpTo(clock.now() + TICK_MS)) history.sample();
  // Ends at once, and writes and closes what is open.
  await history.run(AbortSignal.abort());
  return dataDir;
}

const plotOf = (page: Page, chart: string) => page.locator(`[data-chart=${chart}] .chart-plot`);

/** How many pixels of a chart have about that colour, in a part of its width. */
async function pixels(page: Page, chart: string, colour: Colour, part = { from: 0, to: 1 }): Promise<number> {
  return await plotOf(page, chart).locator("canvas").evaluate((element, { colour, part }) => {
    const { width, height } = element as HTMLCanvasElement;
    const [from, to] = [Math.floor(width * part.from), Math.floor(width * part.to)];
    const context = (element as HTMLCanvasElement).getContext("2d")!;
    const { data } = context.getImageData(from, 0, Math.max(1, to - from), height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const isNear = colour.every((value, index) => Math.abs((data[at + index] ?? 0) - value) < 40);
      if (isNear && (data[at + 3] ?? 0) > 150) count++;
    }
    return count;
  }, { colour, part });
}

/** Waits until a chart has that colour, or has it no more. */
async function untilColoured(page: Page, chart: string, colour: Colour, isSo = true): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    if ((await pixels(page, chart, colour) > 100) === isSo) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`${chart} is ${isSo ? "not" : "still"} coloured ${colour}`);
}

/** The step and length of time that are asked for next, seconds. */
async function asked(page: Page, act: () => Promise<void>): Promise<{ stepS: number; spanS: number }> {
  const request = page.waitForRequest((each) => each.url().includes("/metrics/history?camera=door"));
  await act();
  const { searchParams } = new URL((await request).url());
  return {
    stepS: Number(searchParams.get("step")),
    spanS: (Number(searchParams.get("to")) - Number(searchParams.get("from"))) / 1000,
  };
}

const queryOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

Deno.test(
  "[METRICS-VIEW] [METRICS-VIEW-EMPTY] charts of the history: lines, gaps, wheel, drag, keys, cameras, sharing, fingers; none yet",
  OPTIONS,
  async () => {
    await Deno.mkdir(SHOTS, { recursive: true });
    const [fresh, hub] = await Promise.all([
      HubProcess.start(),
      written().then((dataDir) => HubProcess.start({ config: CAMERAS, dataDir })),
    ]);
    await using _fresh = fresh;
    await using _hub = hub;
    await withBrowser(async (browser) => {
      await empty(browser, fresh);
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await page.getByRole("link", { name: "Metrics" }).click();
      await untilColoured(page, "latency_ms", DOOR);
      await untilColoured(page, "latency_ms", YARD);
      await untilColoured(page, "host_temperature_celsius", DOOR);
      await linesAndGaps(page);
      await page.screenshot({ path: `${SHOTS}metrics_view.png`, fullPage: true });
      await wheelAndDrag(page);
      await page.screenshot({ path: `${SHOTS}metrics_view_zoomed.png` });
      await keys(page);
      await cameras(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: `${SHOTS}metrics_view_dark.png` });
      await past(page, hub.client.origin);
      assertEquals(complaints, []);
      await fingers(page, hub.client.origin);
      assertEquals(complaints, []);
    });
  },
);

/** Of a hub that has just begun. */
async function empty(browser: Browser, hub: HubProcess): Promise<void> {
  const { page, complaints } = await visit(browser, hub.client.origin, 390);
  await openPage(page, hub.link);
  await openPage(page, `${hub.client.origin}/metrics-view`);
  await page.getByText("The history begins now").waitFor();
  await page.screenshot({ path: `${SHOTS}metrics_view_empty.png` });
  assertEquals(complaints, []);
  await page.close();
}

/** Six hours are shown at first: where nothing was measured there is no line, and 0 % is not nothing. */
async function linesAndGaps(page: Page): Promise<void> {
  // Time begins beside the axis: at 66 of the pixels of the card.
  const width = (await plotOf(page, "latency_ms").boundingBox())!.width;
  const share = (hoursAgo: number) => (66 + (1 - hoursAgo / 6) * (width - 80)) / width;
  const silent = { from: share(3.85), to: share(3.15) };
  const away = { from: share(2.85), to: share(2.15) };
  assertEquals(await pixels(page, "latency_ms", DOOR, silent), 0, "the door was silent");
  assert(await pixels(page, "latency_ms", DOOR, away) > 50, "the door was there");
  assertEquals(await pixels(page, "latency_ms", YARD, away), 0, "the yard was away");
  assert(await pixels(page, "up", YARD, away) > 20, "that the yard was away is known");
  const figures = await page.locator("[data-chart=latency_ms] tr[data-line=yard] td").allInnerTexts();
  assertEquals(figures.length, 4);
  for (const text of figures) assert(/^1[3-8](\.\d)?\sms$/.test(text), text);
  assertEquals(await page.locator("[data-chart=temperature_celsius]").count(), 0);
  await page.getByText(/^Nothing was told in this time of: .*Temperature of the cameras/).waitFor();
  const box = (await plotOf(page, "latency_ms").boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.8, box.y + 60);
  const value = page.locator("[data-chart=up] tr[data-line=door] .chart-value");
  await value.waitFor();
  assertEquals(await value.innerText(), "100\u00a0%", "the cursor of one chart is that of all");
}

async function wheelAndDrag(page: Page): Promise<void> {
  const plot = plotOf(page, "latency_ms");
  const { x, y, width } = (await plot.boundingBox())!;
  await page.mouse.move(x + width * 0.78, y + 60);
  const before = queryOf(page);
  await page.mouse.wheel(0, 40);
  assertEquals(queryOf(page), before, "until a chart is chosen the wheel scrolls the page");
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.click(x + width * 0.78, y + 60);
  const near = await asked(page, async () => {
    for (let turn = 0; turn < 3; turn++) await page.mouse.wheel(0, -240);
  });
  // Twice what is shown is loaded, half of it on either side.
  assert(near.stepS === 30 && near.spanS < 2 * 3600, JSON.stringify(near));
  await page.waitForFunction(() => location.search.includes("from="));
  await untilColoured(page, "latency_ms", DOOR);
  const zoomed = queryOf(page);
  const moved = await asked(page, async () => {
    await page.mouse.move(x + width * 0.78, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.78 + 90, y + 60, { steps: 4 });
    await page.mouse.up();
  });
  assertEquals(moved.stepS, 30);
  await page.waitForFunction((from) => !location.search.includes(`from=${from}`), zoomed["from"]);
  assert(Number(queryOf(page)["from"]) < Number(zoomed["from"]), "dragging to the right goes back in time");
}

async function keys(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Back to now" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("button", { name: "24 h" }).click();
  await page.waitForFunction(() => location.search === "?range=24h");
  await plotOf(page, "latency_ms").focus();
  const closer = await asked(page, () => page.keyboard.press("+"));
  assert(closer.spanS < 24.5 * 3600 && closer.spanS > 20 * 3600, JSON.stringify(closer));
  await page.keyboard.press("Shift+ArrowLeft");
  await page.waitForFunction(() => location.search.includes("from="));
  await page.keyboard.press("End");
  await page.getByText("Live", { exact: true }).waitFor();
}

/** The camera of the choice stays with the address; what is shown can be kept as a file. */
async function cameras(page: Page): Promise<void> {
  await page.getByRole("button", { name: "6 h" }).click();
  await page.getByRole("button", { name: "Yard", exact: true }).click();
  await untilColoured(page, "latency_ms", YARD, false);
  await untilColoured(page, "latency_ms", DOOR);
  assertEquals(queryOf(page), { range: "6h", camera: "door" });
  await page.reload();
  await untilColoured(page, "latency_ms", DOOR);
  assertEquals(
    await page.getByRole("button", { name: "Yard", exact: true }).getAttribute("aria-pressed"),
    "false",
  );
  await page.goto(`${page.url()},garage`);
  await page.getByText("There is no such camera any more: garage.", { exact: true }).waitFor();
  await untilColoured(page, "latency_ms", DOOR);
  const link = page.getByRole("link", { name: "Download what is shown of Cameras as CSV" });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const lines = (await Deno.readTextFile(await download.path())).trim().split("\r\n");
  assert(lines[0]?.startsWith("time,camera,up,latency_ms") && lines.length > 100, lines[0]);
}

/** A stretch of which nothing is kept; then up to now, which goes on every half minute. */
async function past(page: Page, origin: string): Promise<void> {
  await page.clock.install();
  await openPage(page, `${origin}/metrics-view?from=1700000000000&to=1700003600000`);
  await page.getByText("Nothing is kept of this time").waitFor();
  await page.getByRole("button", { name: "6 h" }).click();
  await untilColoured(page, "latency_ms", DOOR);
  const { spanS } = await asked(page, () => page.clock.fastForward(31_000));
  assertEquals(Math.round(spanS / 3600), 9, "six hours, and half as much before them");
}

/** Two fingers zoom, one moves the time sideways and the page up and down; nothing is wider than a phone. */
async function fingers(other: Page, origin: string): Promise<void> {
  const context = await other.context().browser()!.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    storageState: await other.context().storageState(),
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await openPage(page, `${origin}/metrics-view`);
  await untilColoured(page, "latency_ms", DOOR);
  assert(await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
  const nav = await page.locator(".site-head nav").evaluate(({ scrollWidth, clientWidth }) =>
    scrollWidth - clientWidth
  );
  assertEquals(nav, 0, "all pages can be reached without scrolling the navigation");
  await page.screenshot({ path: `${SHOTS}metrics_view_phone.png` });
  const plot = plotOf(page, "latency_ms");
  await plot.scrollIntoViewIfNeeded();
  const { x, y } = (await plot.boundingBox())!;
  const heightOf = () => page.locator("main").evaluate(({ scrollHeight }) => scrollHeight);
  const height = await heightOf();
  await page.touchscreen.tap(x + 180, y + 70);
  await page.locator(".chart-moment").first().waitFor();
  assertEquals(await heightOf(), height, "nothing moves under the finger");
  const finger = (dx: number) => ({ x: x + 180 + dx, y: y + 70 });
  const pinched = await asked(page, async () => {
    await touch(session, "touchStart", [finger(-20), finger(20)]);
    for (let step = 1; step <= 5; step++) {
      await touch(session, "touchMove", [finger(-20), finger(20 + step * 16)]);
    }
    await touch(session, "touchEnd", []);
  });
  assert(pinched.spanS < 6 * 3600, JSON.stringify(pinched));
  const { from = "" } = queryOf(page);
  await asked(page, async () => {
    await touch(session, "touchStart", [finger(-60)]);
    for (let step = 1; step <= 5; step++) await touch(session, "touchMove", [finger(-60 + step * 20)]);
    await touch(session, "touchEnd", []);
  });
  assert(Number(queryOf(page)["from"]) < Number(from), "dragging to the right goes back in time");
  await page.screenshot({ path: `${SHOTS}metrics_view_phone_zoomed.png` });
  await context.close();
}

/** Fingers, as the browser gets them from a touch screen. */
async function touch(
  session: CDPSession,
  type: "touchStart" | "touchMove" | "touchEnd",
  points: { x: number; y: number }[],
): Promise<void> {
  await session.send("Input.dispatchTouchEvent", {
    type,
    touchPoints: points.map((point, id) => ({ ...point, id })),
  });
}
