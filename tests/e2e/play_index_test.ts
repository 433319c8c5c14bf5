// A long recording in Chromium: it begins to play after a few requests, and each moment shows its picture.
import { assert, assertEquals } from "@std/assert";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { numberAt, RATE, writeNumberedMp4 } from "../tools/numbered_video.ts";

const CAMERAS = `cameras: [{id: door, type: testpattern, width: 320, height: 180}]
webcams: {auto: false}`;
const SECONDS = 120;
const ID = "abcdefghjk23";

Deno.test({
  name:
    "[REC-INDEX] a recording of 120 fragments opens in Chromium with few requests; moments show their pictures",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const dataDir = await Deno.makeTempDir({ prefix: "hub-data-" });
    // A file that is not in the list yet is found at the start.
    const folder = `${dataDir}/recordings/door/2026-05-01`;
    await Deno.mkdir(folder, { recursive: true });
    await writeNumberedMp4(`${folder}/080000-${ID}.mp4`, { seconds: SECONDS });
    await using hub = await HubProcess.start({ config: CAMERAS, dataDir });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      let requests = 0;
      page.on("request", (request) => request.url().endsWith(`/${ID}/video`) && requests++);
      await openPage(page, hub.link);
      await openPage(page, `${hub.client.origin}/recordings?view=list`);
      await page.getByRole("button", { name: /^Play/ }).click();
      await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
      assert(requests <= 5, `${requests} requests before the first picture`);
      const video = page.locator("video");
      const duration = await video.evaluate((element) => {
        const player = element as HTMLVideoElement;
        player.pause();
        return player.duration;
      });
      assert(Math.abs(duration - SECONDS) < 0.2, `${duration} s`);
      // To and fro, into the middle of groups of pictures, and again to where it was before.
      for (const at of [60.5, 3.3, 110.9, 59.1, 61.9, 4.02, 7.98, 119.5, 0.5, 63.5, 60.5, 90.02, 88.1]) {
        const number = await numberAt(video, at);
        // Sound begins 64 ms before: the browser moves pictures by what the encoder of the sound needs.
        assert(Math.abs(number - at * RATE) <= 2.5, `picture ${number} at ${at} s`);
      }
      assertEquals(complaints, []);
    });
  },
});
