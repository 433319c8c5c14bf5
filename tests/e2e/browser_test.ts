// The dashboard as a person uses it: real Chromium, real pictures, the compiled hub.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { StandInBus } from "../emulators/v4l2/stand_in.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
/** A number that stands for what a canvas shows now. */
async function pixels(page: Page, selector: string): Promise<string> {
  return await page.locator(selector).first().evaluate((canvas) =>
    (canvas as HTMLCanvasElement).toDataURL("image/png")
  );
}

const OPTIONS = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "[WEB-PICTURES] [WEB-NO-FOREIGN] the printed link shows moving pictures of every camera",
  OPTIONS,
  async () => {
    await using bus = await StandInBus.create();
    const webcam = await bus.webcam({ number: 0 });
    await webcam.plug();
    await using hub = await HubProcess.start({ prefix: bus.prefix });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      assertEquals(new URL(page.url()).search, "", "the token does not stay in the address");
      await page.waitForFunction(() => document.querySelectorAll("canvas").length === 2);
      await page.waitForFunction(() => /\d\sfps/.test(document.body.innerText));
      for (const index of [0, 1]) {
        const selector = `canvas >> nth=${index}`;
        const first = await pixels(page, selector);
        await page.waitForTimeout(1200);
        assert(first !== await pixels(page, selector), `picture ${index} moves`);
      }
      await page.screenshot({ path: `${SHOTS}dashboard.png` });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: `${SHOTS}phone.png` });
      await webcam.unplug();
      await page.getByText(/unplugged/).first().waitFor();
      await page.screenshot({ path: `${SHOTS}unplugged.png` });
      await webcam.plug();
      await page.getByText(/unplugged/).first().waitFor({ state: "detached" });
      assertEquals(complaints, []);
    });
  },
);

Deno.test(
  "[WEB-PICTURES] a plain <img> of the stream moves too, without being one picture late",
  OPTIONS,
  async () => {
    await using hub = await HubProcess.start({
      config: "cameras: [{id: a, type: testpattern, width: 320, height: 180, fps: 2}]",
    });
    await hub.login();
    await withBrowser(async (browser) => {
      const { page } = await visit(browser, hub.client.origin);
      const [name = "", value = ""] = hub.client.cookie.split("=");
      await page.context().addCookies([{ name, value, url: hub.client.origin }]);
      await page.goto(`${hub.client.origin}/healthz`);
      await page.evaluate(() => {
        const image = document.createElement("img");
        image.src = "/api/cameras/a/stream";
        document.body.append(image);
      });
      const look = () =>
        page.locator("img").evaluate((element) => {
          const image = element as HTMLImageElement;
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          canvas.getContext("2d")?.drawImage(image, 0, 0);
          return canvas.width > 0 ? canvas.toDataURL() : "";
        });
      await page.waitForFunction(() => (document.querySelector("img")?.naturalWidth ?? 0) > 0);
      const seen = new Set<string>();
      for (let time = 0; time < 12; time++) {
        seen.add(await look());
        await page.waitForTimeout(250);
      }
      assert(seen.size >= 4, `${seen.size} different pictures in 3 s at 2 fps`);
    });
  },
);

Deno.test(
  "[WEB-MANAGE] cameras are added, stopped, started, opened and removed by hand",
  OPTIONS,
  async () => {
    await using bus = await StandInBus.create();
    const webcam = await bus.webcam({ number: 0 });
    await webcam.plug();
    await using hub = await HubProcess.start({ prefix: bus.prefix, config: "webcams: {auto: false}" });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await page.screenshot({ path: `${SHOTS}empty.png` });
      await page.getByRole("button", { name: /add/i }).first().click();
      await page.getByText("Acme Cam").first().waitFor();
      await page.screenshot({ path: `${SHOTS}add.png` });
      // By its name: what else the search finds on the network of this machine comes first.
      await page.getByRole("dialog").getByRole("button", { name: "Add Acme Cam" }).click();
      await page.getByRole("dialog").getByText("Added:").first().waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();
      await page.locator("canvas").first().waitFor();
      const cameras = await listed(page);
      assertEquals(cameras.length, 1);
      await page.getByRole("button", { name: /^stop/i }).first().click();
      await page.getByText("Stopped by a user").first().waitFor();
      await page.screenshot({ path: `${SHOTS}stopped.png` });
      await page.getByRole("button", { name: /^start/i }).first().click();
      await page.locator("canvas").first().waitFor();
      await openPage(page, `${hub.client.origin}/cameras/${cameras[0]?.id}`);
      await page.getByText("Brightness").first().waitFor();
      await page.locator("canvas").first().waitFor();
      await page.screenshot({ path: `${SHOTS}camera.png`, fullPage: true });
      await refuseNumber(page);
      await page.getByRole("button", { name: /right/i }).first().click();
      await hub.waitFor(async () => await webcam.control("pan_absolute") > 0, "the camera to turn");
      await openPage(page, hub.client.origin);
      await page.getByRole("button", { name: /^remove/i }).first().click();
      await page.getByRole("dialog").getByRole("button", { name: /^remove/i }).click();
      await page.locator("canvas").first().waitFor({ state: "detached" });
      assertEquals((await listed(page)).length, 0);
      await page.locator("h1:focus").waitFor();
      assertEquals(complaints, []);
    });
  },
);

/** What the camera cannot take does not stay in its place. */
async function refuseNumber(page: Page): Promise<void> {
  const exact = page.getByLabel("Brightness, exact value");
  const before = await exact.inputValue();
  for (const typed of ["99999", ""]) {
    await exact.fill(typed);
    await exact.press("Tab");
    await page.waitForFunction(
      (value) =>
        [...document.querySelectorAll<HTMLInputElement>('input[aria-label^="Brightness"]')]
          .every((input) => input.value === value),
      before,
    );
    if (typed !== "") await page.getByText(/^Possible: /).waitFor();
  }
}

Deno.test(
  "[WEB-MANAGE] the pages say when a camera was removed elsewhere, and when the hub is away",
  OPTIONS,
  async () => {
    await using hub = await HubProcess.start({
      config: "cameras: [{id: a, name: Pattern, type: testpattern, width: 320, height: 180}]",
    });
    await withBrowser(async (browser) => {
      const { page } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await page.getByTitle("Online").first().waitFor();
      await page.evaluate(() =>
        fetch("/api/operations/add_camera", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ id: "b", name: "Brief", type: "testpattern", options: {} }),
        })
      );
      await openPage(page, `${hub.client.origin}/cameras/b`);
      await page.evaluate(() => fetch("/api/cameras/b?confirm=true", { method: "DELETE" }));
      await page.getByRole("heading", { name: "Not found" }).waitFor();
      assertEquals(await page.getByText("Online").count(), 0);
      await openPage(page, hub.client.origin);
      await page.getByTitle("Online").first().waitFor();
      await hub.stop();
      await page.getByRole("alert").getByText(/No connection to the hub since/).waitFor();
      assertEquals(await page.getByText("Not known").count(), 1);
      assertEquals(await page.getByText(/online/i).count(), 0);
      await page.screenshot({ path: `${SHOTS}lost.png` });
    });
  },
);

/** The cameras as the page's own login sees them. */
async function listed(page: Page): Promise<{ id: string }[]> {
  return await page.evaluate(async () => (await (await fetch("/api/cameras")).json()).cameras);
}

Deno.test("[AUTH-PASSWORD] a person sets a password, signs out, and signs in with it", OPTIONS, async () => {
  await using hub = await HubProcess.start({ config: "cameras: []" });
  await withBrowser(async (browser) => {
    const { page } = await visit(browser, hub.client.origin);
    await openPage(page, hub.link);
    await openPage(page, `${hub.client.origin}/settings`);
    const fields = page.locator('input[type="password"]');
    for (let index = 0; index < await fields.count(); index++) {
      await fields.nth(index).fill("three blind mice");
    }
    await page.getByRole("button", { name: /password/i }).first().click();
    await page.getByText(/^Saved\./).first().waitFor();
    await page.screenshot({ path: `${SHOTS}settings.png`, fullPage: true });
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.locator('input[name="username"]').fill("admin");
    await page.locator('input[name="password"]').fill("wrong wrong wrong");
    await page.getByRole("button", { name: /sign in/i }).click();
    await page.getByText(/wrong user name or password/i).waitFor();
    await page.screenshot({ path: `${SHOTS}login.png` });
    await page.locator('input[name="username"]').fill("admin");
    await page.locator('input[name="password"]').fill("three blind mice");
    await page.getByRole("button", { name: /sign in/i }).click();
    await page.getByRole("button", { name: /add/i }).first().waitFor();
    assertMatch(page.url(), /\/$/);
  });
});
