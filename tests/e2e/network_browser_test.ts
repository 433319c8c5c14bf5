// The dashboard with emulated Tapo cameras, as a person uses it: real Chromium, the compiled hub.
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD, TapoRig } from "../emulators/rig/tapo_rig.ts";
import { TapoDiscoveryResponder } from "../emulators/tapo/discovery.ts";
import { C210, C220 } from "../emulators/tapo/models/index.ts";
import { canvasColour, openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { type Colour, configOf, isBluish, isDark, isReddish, MOUNTS, ownHost } from "./network_bench.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WIDE = { width: 1280, height: 844 };
const NARROW = { width: 390, height: 844 };

/** Takes pictures of the page as it is on a desk and on a phone. */
async function shoot(page: Page, name: string, fullPage = true): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${SHOTS}network-${name}-${size.width}.png`, fullPage });
  }
  await page.setViewportSize(WIDE);
}

async function awaitCanvas(hub: HubProcess, page: Page, isSo: (colour: Colour) => boolean): Promise<void> {
  let colour: Colour = { red: -1, green: -1, blue: -1 };
  await hub.waitFor(async () => isSo(colour = await canvasColour(page, "canvas")), "the picture").catch(
    (error) => {
      throw new Error(`The canvas has ${JSON.stringify(colour)}`, { cause: error });
    },
  );
}

/** Holds a button of the pad until the picture is as wanted. */
async function holdUntil(
  hub: HubProcess,
  page: Page,
  name: string,
  isSo: (colour: Colour) => boolean,
): Promise<void> {
  await page.getByRole("button", { name }).hover();
  await page.mouse.down();
  await awaitCanvas(hub, page, isSo);
  await page.mouse.up();
}

Deno.test(
  "[DEMO] a Tapo camera is seen, moved, covered, found and added, missed and heard of on the dashboard",
  OPTIONS,
  async () => {
    await using hall = await TapoRig.start({ model: C220, mounts: MOUNTS, name: "Hall" });
    // The ports of real cameras: the dialog for a found camera does not ask for others.
    const ports = { rtspPort: 554, onvifPort: 2020 };
    const found = { model: C210, mounts: MOUNTS, name: "Garage", host: ownHost(31), ...ports };
    await using garage = await TapoRig.start(found);
    await using _responder = await TapoDiscoveryResponder.start({ emulators: [garage.tapo] });
    const config = configOf([{ id: "hall", name: "Hall", type: "tapo", ...hall.options }]);
    await using hub = await HubProcess.start({ config });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await seeItMove(page);
      await addFound(page);
      await openPage(page, `${hub.client.origin}/cameras/hall`);
      await turnAndCover(hub, page);
      await hearOfMotion(hub, page, hall);
      await openPage(page, hub.client.origin);
      await page.waitForFunction(() => document.querySelectorAll(".live-figures").length === 2);
      await hall.offline();
      await page.getByText(/refuses connections|cannot be reached|ended its stream/).first().waitFor();
      await shoot(page, "unplugged");
      await hall.online();
      await page.getByText(/refuses connections/).first().waitFor({ state: "detached" });
      // The browser itself complains of the one answer that the refused password got.
      assertEquals(complaints.filter((each) => !/status of 502/.test(each)), []);
    });
  },
);

async function seeItMove(page: Page): Promise<void> {
  await page.waitForFunction(() => /\d\sfps/.test(document.body.innerText));
  const look = () =>
    page.locator("canvas").first().evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const first = await look();
  await page.waitForTimeout(800);
  assert(first !== await look(), "the picture moves");
  await shoot(page, "dashboard");
}

/** First with a wrong TP-Link password, then with the right one. */
async function addFound(page: Page): Promise<void> {
  await page.getByRole("button", { name: /add/i }).first().click();
  const dialog = page.getByRole("dialog");
  const found = dialog.getByRole("listitem").filter({ hasText: ownHost(31) });
  await found.getByText("Garage").waitFor();
  await shoot(page, "found", false);
  await found.getByRole("button", { name: /^add garage/i }).click();
  await dialog.getByLabel(/^Camera account/).fill(CAMERA_ACCOUNT.username);
  await dialog.getByLabel(/^Password of the camera account/).fill(CAMERA_ACCOUNT.password);
  await dialog.getByLabel(/^TP-Link password/).fill("not the password");
  await shoot(page, "passwords", false);
  await dialog.getByRole("button", { name: "Add camera" }).click();
  await dialog.getByText(/does not accept the password/).first().waitFor();
  await shoot(page, "refused", false);
  await dialog.getByLabel(/^TP-Link password/).fill(CLOUD_PASSWORD);
  await dialog.getByRole("button", { name: "Add camera" }).click();
  await dialog.getByText(/“Garage” was added/).first().waitFor();
  await shoot(page, "added", false);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.locator("canvas >> nth=1").waitFor();
}

async function turnAndCover(hub: HubProcess, page: Page): Promise<void> {
  await holdUntil(hub, page, "Pan left", isReddish);
  await page.getByLabel("Name for the present position").fill("Window");
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await page.getByRole("button", { name: "Go to Window" }).waitFor();
  await holdUntil(hub, page, "Pan right", isBluish);
  await saveLongName(page);
  await pressOften(hub, page);
  await shoot(page, "camera");
  await page.getByRole("button", { name: "Go to Window" }).click();
  await awaitCanvas(hub, page, isReddish);
  const privacy = page.getByRole("switch", { name: /Privacy mode/ });
  await privacy.click();
  await page.getByText("Privacy mode: the lens is covered").waitFor();
  await awaitCanvas(hub, page, isDark);
  for (const name of ["Pan left", "Home position", "Go to Window"]) {
    assert(await page.getByRole("button", { name }).isDisabled(), `${name} under a covered lens`);
  }
  await shoot(page, "private");
  await privacy.click();
  await page.getByText("Privacy mode: the lens is covered").waitFor({ state: "detached" });
  await awaitCanvas(hub, page, isReddish);
}

/** A name without a place to break does not widen the page. */
async function saveLongName(page: Page): Promise<void> {
  const name = "W".repeat(60);
  await page.getByLabel("Name for the present position").fill(name);
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await page.getByRole("button", { name: `Go to ${name}` }).waitFor();
  for (const size of [NARROW, WIDE]) {
    await page.setViewportSize(size);
    const [needed, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(needed! <= has!, `${needed} px needed, ${has} px there`);
  }
}

/** Presses that come while a request runs are not lost. */
async function pressOften(hub: HubProcess, page: Page): Promise<void> {
  const slider = page.getByLabel("Sensitivity", { exact: true });
  const before = Number(await slider.inputValue());
  await slider.focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowLeft");
  const read = () =>
    page.evaluate(async () =>
      (await (await fetch("/api/cameras/hall")).json()).controls?.motion?.sensitivity as number | undefined
    );
  await hub.waitFor(async () => await read() === before - 5, "the last of five presses");
}

async function hearOfMotion(hub: HubProcess, page: Page, hall: TapoRig): Promise<void> {
  await openPage(page, `${hub.client.origin}/events`);
  await page.getByText("Live", { exact: true }).first().waitFor();
  const motion = page.locator("li.event", { hasText: "Motion" }).first();
  hall.motion(true);
  await motion.getByText(/going on for/).waitFor();
  await shoot(page, "events");
  hall.motion(false);
  await motion.getByText(/going on for/).waitFor({ state: "detached" });
}
