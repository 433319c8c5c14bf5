// The timeline while a camera is recorded all the time: what goes on is drawn, and can be played once its file is closed.
import { assert, assertEquals } from "@std/assert";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const CAMERAS = `cameras:
  - {id: door, type: testpattern, width: 320, height: 180, codec: h264, recording: {mode: continuous}}
webcams: {auto: false}`;

Deno.test({
  name:
    "[TIMELINE-LIVE] a stretch that goes on is drawn, and plays when its file is closed, without loading the page anew",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await Deno.mkdir(SHOTS, { recursive: true });
    await using hub = await HubProcess.start({ config: CAMERAS });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      const ask = (path: string, body?: object) =>
        page.evaluate(async ([path, body]) => {
          const init = body ? { method: "POST", headers: { "content-type": "application/json" }, body } : {};
          return await (await fetch(path, init)).json();
        }, [path, body ? JSON.stringify(body) : ""] as const);
      const lane = async () => {
        const query = `from=${Date.now() - 600_000}&to=${Date.now() + 1000}`;
        return (await ask(`/api/timeline?${query}`)).cameras[0];
      };
      await hub.waitFor(async () => (await lane()).recording_since !== undefined, "the recording");
      const since = Date.parse((await lane()).recording_since);
      await hub.waitFor(() => Date.now() - since > 6000, "some seconds of it");
      // No file is closed: the moment is in none.
      const place = await ask(`/api/recordings/locate?camera=door&t=${since + 2000}`);
      assertEquals([place.recording, place.next, place.previous], [undefined, undefined, undefined]);

      await openPage(page, `${hub.client.origin}/recordings`);
      await page.getByText("Being recorded. It can be watched when its file is closed.").waitFor();
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 844 });
        await page.screenshot({ path: `${SHOTS}timeline_live_${width}.png` });
      }
      // The rule ends, and with it the file; the page is left alone.
      await ask("/api/operations/set_recording_rules", { camera_id: "door", mode: "off" });
      await hub.waitFor(async () => (await lane()).recorded.length === 1, "the file");
      const { recorded: [stretch], recording_since } = await lane();
      assertEquals([recording_since, stretch.files], [undefined, 1]);
      assert(Math.abs(Date.parse(stretch.from) - since) < 1500, `${stretch.from}, ${since}`);
      await page.locator(".timeline-lanes").focus();
      // The last of what was recorded: known once the page has asked anew by itself.
      await page.locator(".pane.is-none").getByText("Not recorded at this time").waitFor();
      await page.keyboard.press("Home");
      await page.locator(".pane.is-ready video.is-front").waitFor();
      assertEquals(complaints, []);
    });
  },
});
