// Zones drawn on the live picture, as a person does it by mouse, finger and keyboard: real Chromium, the compiled hub.
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { stillRoom, walker } from "../emulators/http_mjpeg/scenes.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WIDE = { width: 1280, height: 844 };
const NARROW = { width: 390, height: 844 };

async function shoot(page: Page, name: string): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  for (const size of [NARROW, WIDE]) {
    await page.setViewportSize(size);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${SHOTS}motion-${name}-${size.width}.png` });
  }
}

/** Where a place on the picture is on the screen. */
async function placeOf(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = await page.locator(".zone-editor").boundingBox();
  if (!box) throw new Error("The editor cannot be seen");
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const [start, end] = [await placeOf(page, ...from), await placeOf(page, ...to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

/** A hub with that camera alone. */
function configOf(camera: HttpMjpegCamera): string {
  const source = `{id: yard, name: Yard, type: rtsp, stream_url: "${camera.url()}"}`;
  return `network: {allow: ["127.0.0.0/8"]}\nwebcams: {auto: false}\ncameras: [${source}]`;
}

/** The page shares the login of the test. */
async function logIn(page: Page, hub: HubProcess): Promise<void> {
  const [name = "", value = ""] = hub.client.cookie.split("=");
  await page.context().addCookies([{ name, value, url: hub.client.origin }]);
}

async function rulesOf(hub: HubProcess) {
  return (await hub.client.json("/api/cameras/yard")).motion.rules;
}

Deno.test(
  "[MOTION-EDITOR] zones are drawn, changed, undone and saved by mouse, keyboard and finger",
  OPTIONS,
  async () => {
    await using camera = await HttpMjpegCamera.start({ pictures: await stillRoom() });
    await using hub = await HubProcess.start({ config: configOf(camera) });
    await hub.login();
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await logIn(page, hub);
      await openPage(page, `${hub.client.origin}/cameras/yard`);
      const card = page.locator(".motion-card");
      await card.getByText("Nothing moves now").waitFor({ timeout: 30_000 });
      await card.scrollIntoViewIfNeeded();
      await shoot(page, "card");
      await page.getByRole("button", { name: "Zones and sensitivity" }).click();
      await page.locator(".zone-stage canvas").waitFor();

      await drag(page, [0.1, 0.2], [0.4, 0.8]);
      await drag(page, [0.4, 0.8], [0.48, 0.9]);
      await page.getByLabel("Name of zone 1").fill("Path");
      await page.getByRole("button", { name: "Add a corner after corner 1" }).click();
      await page.getByRole("button", { name: /^Corner 2:/ }).focus();
      for (let times = 0; times < 10; times++) await page.keyboard.press("ArrowUp");
      await page.getByRole("button", { name: /^Corner 4:/ }).focus();
      await page.keyboard.press("Delete");
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("button", { name: "Add a zone" }).click();
      await page.getByLabel("What it is for").nth(1).selectOption("ignore");
      await page.getByLabel("Name of zone 2").fill("Street");
      camera.show(await walker(0.25));
      await page.locator(".motion-cells rect").first().waitFor();
      await shoot(page, "editor");
      await page.getByText("Not saved yet").waitFor();
      await page.locator("#motion").getByRole("button", { name: "Save" }).click();
      await page.getByText("read back").waitFor();
      const rules = await rulesOf(hub);
      const [path] = rules.zones;
      assertEquals([path.name, path.points.length, rules.ignore[0].name], ["Path", 5, "Street"]);
      assert(Math.abs(path.points[1].y - 0.1) < 0.02, JSON.stringify(path.points));
      assert(Math.abs(path.points[3].x - 0.48) < 0.02, JSON.stringify(path.points));

      // What is not saved is there again when the editor is opened anew.
      await page.getByLabel("Sensitivity", { exact: true }).fill("80");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Zones and sensitivity" }).click();
      assertEquals(await page.getByLabel("Sensitivity", { exact: true }).inputValue(), "80");
      await page.locator("#motion").getByRole("button", { name: "Save" }).click();
      await hub.waitFor(async () => (await rulesOf(hub)).sensitivity === 80, "the sensitivity");
      await page.keyboard.press("Escape");

      await card.getByLabel("Who looks for motion").selectOption("off");
      await card.getByText("Motion detection is turned off.").waitFor();
      assertEquals((await rulesOf(hub)).detector, "off");
      assertEquals(complaints, []);
    });
  },
);

Deno.test("[MOTION-EDITOR] a finger moves a corner and draws a zone", OPTIONS, async () => {
  await using camera = await HttpMjpegCamera.start({ pictures: await stillRoom() });
  await using hub = await HubProcess.start({ config: configOf(camera) });
  await hub.login();
  await withBrowser(async (browser) => {
    const context = await browser.newContext({ viewport: NARROW, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await logIn(page, hub);
    await openPage(page, `${hub.client.origin}/cameras/yard`);
    await page.getByRole("button", { name: "Zones and sensitivity" }).tap();
    await page.locator(".zone-stage canvas").waitFor();
    const finger = await context.newCDPSession(page);
    const swipe = async (from: [number, number], to: [number, number]) => {
      const [start, end] = [await placeOf(page, ...from), await placeOf(page, ...to)];
      await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [start] });
      for (const share of [0.5, 1]) {
        const at = { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share };
        await finger.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [at] });
      }
      await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await swipe([0.2, 0.2], [0.6, 0.7]);
    await swipe([0.6, 0.7], [0.9, 0.9]);
    await page.screenshot({ path: `${SHOTS}motion-finger-390.png` });
    await page.locator("#motion").getByRole("button", { name: "Save" }).click();
    await hub.waitFor(async () => (await rulesOf(hub)).zones.length === 1, "the zone");
    const corner = (await rulesOf(hub)).zones[0].points[2];
    assert(Math.abs(corner.x - 0.9) < 0.02 && Math.abs(corner.y - 0.9) < 0.02, JSON.stringify(corner));
    await context.close();
  });
});
