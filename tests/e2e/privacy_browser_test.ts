// Privacy zones in a person's browser: drawn over the picture, seen as others see it, by mouse and by keyboard.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const CONFIG = `
webcams: {auto: false}
cameras:
  - {id: a, name: Door, type: testpattern, width: 640, height: 360, fps: 15}
`;

for (const width of [1280, 390]) {
  Deno.test(`[PRIVACY-SET] zones are drawn and saved on the camera's page, ${width} pixels wide`, async () => {
    await Deno.mkdir(SHOTS, { recursive: true });
    await using hub = await HubProcess.start({ config: CONFIG });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin, width);
      await openPage(page, hub.link);
      await openPage(page, `${hub.client.origin}/cameras/a`);
      await page.locator(".big-picture .live-figures").waitFor();
      const card = page.locator("#privacy-zones");
      assertMatch(await card.innerText(), /Nothing of this picture is covered/);
      await card.getByRole("button", { name: "Draw zones" }).click();
      const dialog = page.getByRole("dialog");
      const box = (await dialog.locator(".zone-editor").boundingBox())!;
      const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
      await page.mouse.move(...at(0.6, 0.6));
      await page.mouse.down();
      await page.mouse.move(...at(0.75, 0.75), { steps: 4 });
      await page.mouse.move(...at(0.9, 0.9), { steps: 4 });
      await page.mouse.up();
      await dialog.getByRole("textbox", { name: "Name of zone 1" }).fill("Window");
      await dialog.locator(".zone-corner").first().focus();
      await page.keyboard.press("ArrowLeft");
      await page.screenshot({ path: `${SHOTS}privacy-editor-${width}.png` });
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("Not saved yet").waitFor({ state: "hidden" });
      await dialog.getByRole("button", { name: "Close" }).click();
      await card.getByText("1 zone is blacked out for others.").waitFor();
      await page.getByText("Privacy zones are covered for others").first().waitFor();
      await page.screenshot({ path: `${SHOTS}privacy-open-${width}.png`, fullPage: true });
      await card.getByRole("switch").check();
      // Only what can be seen is fetched.
      await page.locator(".big-picture").scrollIntoViewIfNeeded();
      await page.getByText("As others see it: privacy zones are covered").waitFor();
      const canvas = page.locator(".big-picture canvas");
      const blackAt = () =>
        canvas.evaluate((element) => {
          const shown = element as HTMLCanvasElement;
          const { data } = shown.getContext("2d")!.getImageData(
            shown.width * 0.75,
            shown.height * 0.75,
            1,
            1,
          );
          return Math.max(data[0]!, data[1]!, data[2]!);
        });
      await page.waitForFunction(() => {
        const shown = document.querySelector<HTMLCanvasElement>(".big-picture canvas");
        const { data } =
          shown?.getContext("2d")?.getImageData(shown.width * 0.75, shown.height * 0.75, 1, 1) ??
            { data: [255] };
        return (data[0] ?? 255) < 24;
      });
      assert(await blackAt() < 24);
      await page.screenshot({ path: `${SHOTS}privacy-masked-${width}.png`, fullPage: true });
      await openPage(page, hub.client.origin);
      await page.getByRole("img", { name: "Privacy zones are covered for others" }).waitFor();
      await page.locator(".tile .live-figures").waitFor();
      await page.screenshot({ path: `${SHOTS}privacy-tile-${width}.png` });
      assertEquals(complaints, []);
    });
  });
}
