// The timeline of recordings as a person uses it: real Chromium with a mouse and with fingers, the compiled hub, recordings
// that were made by it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { Browser, CDPSession, Page } from "playwright-core";
import { probe } from "../drivers/studio.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const CAMERAS = `cameras:
  - {id: door, name: Front door, type: testpattern, width: 640, height: 360, codec: h264}
  - {id: yard, name: Yard, type: testpattern, width: 640, height: 360, codec: h264}
webcams: {auto: false}`;

/** When the first recording began, and the second of the door, which follows it at once. */
interface House {
  hub: HubProcess;
  dataDir: string;
  parts: { id: string; fromMs: number; toMs: number }[];
}

/** A hub with two recordings of the door that follow one another, one of the yard, and events. */
async function house(): Promise<House> {
  const first = await HubProcess.start({ config: CAMERAS });
  await first.login();
  const record = async (camera_id: string, duration_s: number) =>
    (await first.client.operation("start_recording", { camera_id, duration_s, wait: true })).recordings[0];
  const [yard, door] = await Promise.all([
    record("yard", 22),
    record("door", 8).then(async (before) => [before, await record("door", 6)]),
  ]);
  await first.stop();
  const parts = [...door, yard].map(({ id, started_at, ended_at }) => ({
    id,
    fromMs: Date.parse(started_at),
    toMs: Date.parse(ended_at),
  }));
  addEvents(`${first.dataDir}/hub.sqlite`, parts[0]!.fromMs);
  const hub = await HubProcess.start({ config: CAMERAS, dataDir: first.dataDir });
  return { hub, dataDir: first.dataDir, parts };
}

/** What a camera would have told: here written where the journal writes it. */
function addEvents(path: string, fromMs: number): void {
  using database = new DatabaseSync(path);
  const insert = database.prepare(
    "INSERT INTO events (change, camera, kind, source, started_at, last_at, ended_at, count) " +
      "SELECT coalesce(max(change), 0) + 1, ?, ?, 'test', ?, ?, ?, 1 FROM events",
  );
  const add = (camera: string, kind: string, atMs: number, lengthMs: number) =>
    insert.run(camera, kind, Math.round(atMs), Math.round(atMs), Math.round(atMs + lengthMs));
  add("door", "motion", fromMs + 2000, 2500);
  add("door", "person", fromMs + 5000, 1500);
  add("yard", "vehicle", fromMs + 9000, 3000);
  for (let minute = 1; minute < 300; minute++) {
    add("door", minute % 7 ? "motion" : "person", fromMs - minute * 70_000, 20_000);
    if (minute % 3 === 0) add("yard", "pet", fromMs - minute * 65_000, 30_000);
  }
  database.exec("UPDATE journal SET change = (SELECT max(change) FROM events)");
}

const secondsShown = (page: Page) =>
  page.locator(".timeline-lanes").getAttribute("aria-valuenow").then((text) => Number(text));

/** Waits until the pane of a camera shows its video, and returns the time of it. */
async function shown(page: Page, camera: string): Promise<number> {
  await page.locator(`.pane.is-ready[data-camera="${camera}"]`).waitFor({ timeout: 20_000 });
  return await page.locator(`.pane[data-camera="${camera}"] video.is-front`).evaluate((video) =>
    (video as HTMLVideoElement).currentTime
  );
}

/** A moment as a place on the lanes. */
async function placeOf(page: Page, atMs: number, y: number): Promise<{ x: number; y: number }> {
  const lanes = page.locator(".timeline-lanes");
  const box = (await lanes.boundingBox())!;
  const [from, to] = await Promise.all(
    ["aria-valuemin", "aria-valuemax"].map(async (name) => Number(await lanes.getAttribute(name)) * 1000),
  );
  return { x: box.x + (atMs - from!) / (to! - from!) * box.width, y: box.y + y };
}

async function spanShown(page: Page): Promise<number> {
  const lanes = page.locator(".timeline-lanes");
  const read = async (name: string) => Number(await lanes.getAttribute(name));
  return await read("aria-valuemax") - await read("aria-valuemin");
}

Deno.test(
  "[TIMELINE-WEB] [TIMELINE-MOMENT] with a mouse and keys: seek, play over the end of a file, scrub, zoom, events, filter, export",
  OPTIONS,
  async () => {
    await Deno.mkdir(SHOTS, { recursive: true });
    const { hub, parts } = await house();
    await using _hub = hub;
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await openPage(page, `${hub.client.origin}/recordings`);
      const [first, second] = parts;
      await page.locator(".timeline-lanes canvas").waitFor();
      await page.waitForTimeout(800);
      await page.screenshot({ path: `${SHOTS}timeline_first.png`, fullPage: true });

      // The wheel zooms in on the moment under it.
      const wide = await spanShown(page);
      for (let turn = 0; turn < 20; turn++) {
        const { x, y } = await placeOf(page, first!.fromMs + 6000, 60);
        await page.mouse.move(x, y);
        await page.mouse.wheel(0, -240);
      }
      const near = await spanShown(page);
      assert(near < wide / 50 && near >= 20, `${wide} s, then ${near} s`);

      // A click goes to a moment, and both cameras show it.
      const at = await placeOf(page, first!.fromMs + 4000, 60);
      await page.mouse.click(at.x, at.y);
      const door = await shown(page, "door");
      assert(Math.abs(door - 4) < 0.5, `the door shows ${door} s`);
      await shown(page, "yard");
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${SHOTS}timeline_seek.png`, fullPage: true });

      // Playing goes over from one file to the next.
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.getByLabel("Speed").selectOption("2");
      await page.waitForFunction(
        (id) =>
          (document.querySelector("[data-camera=door] video.is-front") as HTMLVideoElement)?.src.includes(id),
        second!.id,
        { timeout: 20_000 },
      );
      await page.waitForFunction(
        () =>
          (document.querySelector("[data-camera=door] video.is-front") as HTMLVideoElement).currentTime > 1,
      );
      await page.getByRole("button", { name: "Pause" }).click();
      const [doorAt, yardAt] = await timesShown(page, parts);
      await page.screenshot({ path: `${SHOTS}timeline_playing.png`, fullPage: true });
      assert(Math.abs(doorAt! - yardAt!) < 900, `the cameras are ${doorAt! - yardAt!} ms apart`);

      await keys(page, parts);
      await scrub(page, parts);
      await events(page, parts);
      await exported(page, browser);
      await fromList(page, hub, parts);
      assertEquals(complaints, []);
    });
  },
);

/** Which moments the pictures of door and yard show. */
async function timesShown(page: Page, parts: House["parts"]): Promise<number[]> {
  const found = await page.locator("video.is-front").evaluateAll((videos) =>
    videos.map((video) => {
      const { src, currentTime } = video as HTMLVideoElement;
      return { src, currentTime };
    })
  );
  return found.map(({ src, currentTime }) =>
    (parts.find(({ id }) => src.includes(id))?.fromMs ?? NaN) + currentTime * 1000
  );
}

async function keys(page: Page, parts: House["parts"]): Promise<void> {
  const lanes = page.locator(".timeline-lanes");
  await lanes.focus();
  const before = await secondsShown(page);
  await page.keyboard.press("Shift+ArrowLeft");
  assert(await secondsShown(page) < before, "the arrow goes back");
  const span = await spanShown(page);
  await page.keyboard.press("-");
  assert(await spanShown(page) > span * 1.4, "minus shows more");
  await page.keyboard.press("+");
  await page.keyboard.press("Home");
  assert(
    Math.abs(await secondsShown(page) - Math.min(...parts.map(({ fromMs }) => fromMs)) / 1000) < 2,
    "Home",
  );
  await page.keyboard.press("End");
  assert(Math.abs(await secondsShown(page) - Math.max(...parts.map(({ toMs }) => toMs)) / 1000) < 3, "End");
  await page.keyboard.press("Home");
  assertMatch(await lanes.getAttribute("aria-valuetext") ?? "", /\d\d:\d\d:\d\d/);
}

/** Dragging in the ruler shows the nearest pictures at once; letting go plays from there. */
async function scrub(page: Page, parts: House["parts"]): Promise<void> {
  const from = await placeOf(page, parts[0]!.fromMs + 1000, 12);
  const to = await placeOf(page, parts[0]!.fromMs + 6500, 12);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= 6; step++) {
    await page.mouse.move(from.x + (to.x - from.x) * step / 6, from.y);
    await page.waitForTimeout(60);
  }
  const picture = page.locator('[data-camera="door"] img.pane-picture:not(.is-missing)');
  await picture.waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll("img.pane-picture")].every((image) =>
      (image as HTMLImageElement).naturalWidth > 0
    )
  );
  await page.screenshot({ path: `${SHOTS}timeline_scrub.png`, fullPage: true });
  await page.mouse.up();
  const at = await shown(page, "door");
  assert(Math.abs(at - 6.5) < 0.6, `${at} s`);
  await picture.waitFor({ state: "detached" });
}

/** The time of an event in the list leads to that moment of that camera. */
async function fromList(page: Page, hub: HubProcess, parts: House["parts"]): Promise<void> {
  const atMs = Math.round(parts[0]!.fromMs + 5000);
  await openPage(page, `${hub.client.origin}/events?kind=person`);
  const moment = page.locator("a.event-moment", {
    has: page.locator(`time[datetime="${new Date(atMs).toISOString()}"]`),
  });
  while (await moment.count() === 0) await page.getByRole("button", { name: "Show older events" }).click();
  await moment.click();
  await page.waitForURL(/\/recordings\?camera=door&at=\d+$/);
  const at = await shown(page, "door");
  assert(Math.abs(at - 5) < 0.5, `the door shows ${at} s`);
  assert(
    Math.abs(await secondsShown(page) - (parts[0]!.fromMs + 5000) / 1000) < 1,
    "the moment of the event",
  );
  assertEquals(await page.locator(".pane[data-camera]").count(), 1);
}

async function events(page: Page, parts: House["parts"]): Promise<void> {
  const lanes = page.locator(".timeline-lanes");
  const at = await placeOf(page, parts[0]!.fromMs + 1000, 60);
  await page.mouse.click(at.x, at.y);
  const next = page.getByRole("button", { name: "Next event" });
  for (
    const [words, offset] of [["Motion, Front door", 2], ["Person, Front door", 5], [
      "Vehicle, Yard",
      9,
    ]] as const
  ) {
    await next.click();
    await page.locator(".timeline-told", { hasText: words }).waitFor();
    assert(Math.abs(await secondsShown(page) - parts[0]!.fromMs / 1000 - offset) <= 1, words);
  }
  await page.getByRole("button", { name: "Previous event" }).click();
  await page.locator(".timeline-told", { hasText: "Person, Front door" }).waitFor();
  // Only one kind, then one camera.
  await page.getByRole("button", { name: "Motion", exact: true }).click();
  await page.getByRole("button", { name: "Previous event" }).click();
  await page.locator(".timeline-told", { hasText: "Motion, Front door" }).waitFor();
  await page.getByRole("button", { name: "All kinds" }).click();
  await page.getByRole("button", { name: "Yard", exact: true }).click();
  assertEquals(await page.locator(".pane").count(), 1);
  await page.screenshot({ path: `${SHOTS}timeline_one.png`, fullPage: true });
  await page.getByRole("button", { name: "Yard", exact: true }).click();
  // Zoomed out events are counted, and the picture of the day is drawn.
  await lanes.focus();
  for (let press = 0; press < 16; press++) await page.keyboard.press("-");
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${SHOTS}timeline_day.png`, fullPage: true });
  for (let press = 0; press < 16; press++) await page.keyboard.press("+");
}

/** Marks a stretch over both files with keys, looks what it would hold, exports and downloads it. */
async function exported(page: Page, _browser: Browser): Promise<void> {
  const lanes = page.locator(".timeline-lanes");
  await lanes.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("[");
  await page.keyboard.press("End");
  await page.keyboard.press("]");
  await page.getByRole("button", { name: "Export …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByText(/Export 1\d s of camera "door"/).waitFor();
  await page.screenshot({ path: `${SHOTS}timeline_export.png` });
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const link = dialog.getByRole("link", { name: /^Download Front door/ });
  await link.waitFor({ timeout: 20_000 });
  await page.screenshot({ path: `${SHOTS}timeline_exported.png` });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assertMatch(download.suggestedFilename(), /^door_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_to_.*\.mp4$/);
  const { duration, codecs } = await probe(await download.path());
  assert(duration > 11 && duration < 18 && codecs.includes("h264"), `${duration} s of ${codecs}`);
  await dialog.getByRole("button", { name: /^End or remove/ }).click();
  await dialog.getByText("Nothing was exported in the last day.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
}

/** Fingers, as the browser gets them from a touch screen. */
async function touch(
  session: CDPSession,
  type: "touchStart" | "touchMove" | "touchEnd",
  points: { x: number; y: number }[],
): Promise<void> {
  const touchPoints = points.map(({ x, y }, id) => ({ x, y, id }));
  await session.send("Input.dispatchTouchEvent", { type, touchPoints });
}

Deno.test(
  "[TIMELINE-TOUCH] with fingers on a phone: drag, pinch, tap, scrub in the ruler; the page still scrolls",
  OPTIONS,
  async () => {
    const { hub, parts } = await house();
    await using _hub = hub;
    await withBrowser(async (browser) => {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
        deviceScaleFactor: 2,
      });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await openPage(page, hub.link);
      await openPage(page, `${hub.client.origin}/recordings`);
      await page.locator(".timeline-lanes canvas").waitFor();
      await page.waitForTimeout(600);
      for (const width of [390, 340]) {
        await page.setViewportSize({ width, height: 844 });
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(needed <= width, `${needed} pixels wide, of ${width}`);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: `${SHOTS}timeline_phone.png`, fullPage: true });
      await page.locator(".timeline-lanes").scrollIntoViewIfNeeded();

      // Two fingers, from close together to far apart, until a minute is shown.
      for (let pinch = 0; pinch < 12 && await spanShown(page) > 60; pinch++) {
        const { x, y } = await placeOf(page, parts[0]!.fromMs + 5000, 60);
        const middle = Math.min(300, Math.max(90, x));
        await touch(session, "touchStart", [{ x: middle - 25, y }, { x: middle + 25, y }]);
        for (let step = 1; step <= 5; step++) {
          await touch(session, "touchMove", [{ x: middle - 25, y }, { x: middle + 25 + step * 10, y }]);
        }
        await touch(session, "touchEnd", []);
        // The moment may have left the view: one finger brings it back.
        await dragTo(page, session, parts[0]!.fromMs + 5000);
      }
      const span = await spanShown(page);
      assert(span <= 60, `${span} s are shown after pinching`);

      const tap = await placeOf(page, parts[0]!.fromMs + 3000, 60);
      await page.touchscreen.tap(tap.x, tap.y);
      const at = await shown(page, "door");
      assert(Math.abs(at - 3) < 0.6, `${at} s`);
      await page.screenshot({ path: `${SHOTS}timeline_phone_zoomed.png`, fullPage: true });

      const from = await placeOf(page, parts[0]!.fromMs + 1500, 12);
      const to = await placeOf(page, parts[0]!.fromMs + 6000, 12);
      await touch(session, "touchStart", [from]);
      for (let step = 1; step <= 6; step++) {
        await touch(session, "touchMove", [{ x: from.x + (to.x - from.x) * step / 6, y: from.y }]);
      }
      await page.locator('[data-camera="door"] img.pane-picture:not(.is-missing)').waitFor();
      await touch(session, "touchEnd", []);
      const scrubbed = await shown(page, "door");
      assert(Math.abs(scrubbed - 6) < 0.7, `${scrubbed} s`);

      // A finger that goes up and down scrolls the page.
      await page.evaluate(() => scrollTo(0, 0));
      const { x, y } = await placeOf(page, parts[0]!.fromMs + 3000, 60);
      await touch(session, "touchStart", [{ x, y }]);
      for (let step = 1; step <= 8; step++) await touch(session, "touchMove", [{ x, y: y - step * 15 }]);
      await touch(session, "touchEnd", []);
      await page.waitForFunction(() => scrollY > 20 || document.documentElement.scrollHeight <= innerHeight);
      await context.close();
    });
  },
);

/** Drags with one finger until the moment lies near the middle. */
async function dragTo(page: Page, session: CDPSession, atMs: number): Promise<void> {
  for (let drag = 0; drag < 8; drag++) {
    const { x, y } = await placeOf(page, atMs, 60);
    const way = Math.max(-150, Math.min(150, 195 - x));
    if (Math.abs(way) < 30) return;
    const start = way > 0 ? 60 : 330;
    await touch(session, "touchStart", [{ x: start, y }]);
    for (let step = 1; step <= 5; step++) {
      await touch(session, "touchMove", [{ x: start + way * step / 5, y }]);
    }
    await touch(session, "touchEnd", []);
  }
}
