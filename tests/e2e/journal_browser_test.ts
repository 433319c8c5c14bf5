// The page of events in a real browser: pictures, plain words for each kind, and the choice of kinds.
import { assertEquals } from "@std/assert";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C110 } from "../emulators/tapo/models/index.ts";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HttpClient } from "../tools/http_client.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, Listening, MOUNTS, startHub } from "./network_bench.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;

/** Lets one event of each kind happen that a hub takes down by itself. */
async function happen(hub: HubProcess, rig: TapoRig): Promise<void> {
  rig.onvif?.emit("tns1:RuleEngine/PeopleDetector/People", "IsPeople", true);
  rig.motion(true);
  const stranger = new HttpClient(hub.client.origin);
  for (let n = 0; n < 3; n++) {
    const body = new URLSearchParams({ username: "nobody", password: "wrong" });
    await (await stranger.fetch("/login", { method: "POST", body })).body?.cancel();
  }
  await hub.client.operation("add_camera", { id: "drawn", name: "Drawn", type: "testpattern" });
  await hub.client.send("PATCH", "/api/cameras/drawn", { name: "Porch" });
  await hub.client.operation("start_recording", { camera_id: "drawn", duration_s: 60 });
  await hub.client.operation("stop_recording", { camera_id: "drawn" });
  await hub.client.operation("start_recording", { camera_id: "drawn", duration_s: 60 });
}

Deno.test("[EVENTS-PICTURES] in Chromium the page of events shows pictures and words, wide and narrow, and chooses kinds", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using hub = await startHub([{ id: "t", name: "Front door", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  await hub.waitFor(() => (rig.onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0, "the hub to listen");
  await using live = await Listening.open(hub.client, "/api/live");
  live.say({ op: "subscribe", camera: "t" });
  await hub.waitFor(() => live.pictures > 2, "live pictures");
  await happen(hub, rig);
  await Deno.mkdir(SHOTS, { recursive: true });
  await withBrowser(async (browser) => {
    for (const width of [1280, 390]) {
      const { page, complaints } = await visit(browser, hub.client.origin, width);
      const [name = "", value = ""] = hub.client.cookie.split("=");
      await page.context().addCookies([{ name, value, url: hub.client.origin }]);
      await openPage(page, `${hub.client.origin}/events`);
      await page.waitForFunction(() => {
        const pictures = [...document.querySelectorAll<HTMLImageElement>(".event-picture img")];
        return pictures.length >= 2 && pictures.every(({ naturalWidth }) => naturalWidth > 0);
      });
      await page.screenshot({ path: `${SHOTS}events-${width}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assertEquals(overflow <= 0, true, `${overflow} px too wide`);
      await page.getByLabel("Kind").selectOption("Settings changed");
      await page.getByText("camera added by admin").waitFor();
      await page.waitForFunction(() => document.querySelectorAll(".event-picture").length === 0);
      await page.getByLabel("Kind").selectOption("Login");
      await page.getByText("Login refused").waitFor();
      await page.getByText("tried 3 times").waitFor({ timeout: 20_000 });
      await page.screenshot({ path: `${SHOTS}events-login-${width}.png` });
      assertEquals(complaints, []);
      await page.close();
    }
  });
});
