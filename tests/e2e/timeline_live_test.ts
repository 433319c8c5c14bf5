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
      const lanes = page.locator(".timeline-lanes");
      await lanes.focus();
      const number = async (name: string) => Number(await lanes.getAttribute(name));
      const span = async () => await number("aria-valuemax") - await number("aria-valuemin");
      for (let press = 0; press < 20 && await span() > 90; press++) await page.keyboard.press("+");
      const from = await number("aria-valuemin") * 1000;
      const width = await span() * 1000;
      const [before, within] = await lanes.evaluate((element, places) => {
        const canvas = element.querySelector("canvas")!;
        const context = canvas.getContext("2d")!;
        // The middle of the bar of the first lane.
        return places.map((place) => [...context.getImageData(canvas.width * place, 62, 1, 1).data].join());
      }, [since - 5000, since + 3000].map((atMs) => (atMs - from) / width));
      assert(![before, within].includes("0,0,0,0"), "both moments are in view");
      assert(before !== within, `what is recorded is drawn as what was not: ${within}`);
      // The rule ends, and with it the file; the page is left alone.
      await ask("/api/operations/set_recording_rules", { camera_id: "door", mode: "off" });
      await hub.waitFor(async () => (await lane()).recorded.length === 1, "the file");
      const { recorded: [stretch], recording_since } = await lane();
      assertEquals([recording_since, stretch.files], [undefined, 1]);
      assert(Math.abs(Date.parse(stretch.from) - since) < 1500, `${stretch.from}, ${since}`);
      // The moment that stood there as being recorded lies in that file: the page asks anew by itself.
      await page.locator(".pane.is-ready video.is-front").waitFor();
      assertEquals(complaints, []);
    });
  },
});
