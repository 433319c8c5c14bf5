// Recordings through the compiled program: killed in the middle, and used by a person in a browser.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { probe } from "../drivers/studio.ts";
import { StandInBus } from "../emulators/v4l2/stand_in.ts";
import type { Page } from "playwright-core";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const CAMERAS = `cameras:
  - {id: a, name: Door, type: testpattern, width: 320, height: 180, codec: h264}
  - {id: b, name: Yard, type: testpattern, width: 320, height: 180}
webcams: {auto: false}`;

async function pathsOf(hub: HubProcess): Promise<string[]> {
  const found: string[] = [];
  const look = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await look(`${folder}/${name}`);
      // The mark of the folder is no recording.
      else if (!name.startsWith(".")) found.push(`${folder}/${name}`);
    }
  };
  await look(`${hub.dataDir}/recordings`);
  return found.sort();
}

Deno.test("[REC-KILLED] a hub that is killed while it records: the next start lists what was recorded", async () => {
  const first = await HubProcess.start({ config: CAMERAS });
  await first.login();
  const ids: string[] = [];
  for (const camera_id of ["a", "b"]) {
    const begun = await first.client.operation("start_recording", { camera_id, duration_s: 600 });
    assertEquals([begun.success, begun.verified], [true, "readback"]);
    ids.push(begun.recording_id);
  }
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await first.stop("SIGKILL");
  const left = await pathsOf(first);
  assertEquals(left.map((path) => path.endsWith(".mp4.part")), [true, true]);
  // A power cut may leave anything behind the last that was synced, and files with nothing in them.
  await Deno.writeFile(left[0]!, crypto.getRandomValues(new Uint8Array(777)), { append: true });
  await Deno.writeFile(left[0]!.replace(ids[0]!, "zzzzzzzzzzzz"), new Uint8Array(0));

  await using second = await HubProcess.start({ config: CAMERAS, dataDir: first.dataDir });
  await second.login();
  await second.waitFor(async () => (await second.client.json("/api/recordings")).total === 2, "the repair");
  const { recordings } = await second.client.json("/api/recordings");
  assertEquals(recordings.map(({ id }: { id: string }) => id).sort(), ids.sort());
  for (const { id, camera_id, ended_because, duration_s, links } of recordings) {
    assertEquals([ended_because, ["a", "b"].includes(camera_id)], ["interrupted", true]);
    const path = (await pathsOf(second)).find((each) => each.includes(id)) ?? "";
    const found = await probe(path);
    assert(
      found.duration >= 4 && Math.abs(found.duration - duration_s) < 0.2,
      `${found.duration} ${duration_s}`,
    );
    const answer = await second.client.fetch(links.download);
    assertEquals(new Uint8Array(await answer.arrayBuffer()), await Deno.readFile(path));
  }
  await second.waitFor(async () => (await pathsOf(second)).length === 2, "the empty file to go");
});

Deno.test("[REC-ENCODE] a webcam that is watched and recorded is opened once", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0, mjpeg: ["640x360"], yuyv: [] });
  await webcam.plug();
  const config = `webcams: {auto: false}\ncameras: [{id: w, type: webcam, device: ${webcam.node}}]`;
  await using hub = await HubProcess.start({ prefix: bus.prefix, config });
  await hub.login();
  const watching = hub.client.parts("/api/cameras/w/stream", 40);
  const done = await hub.client.operation("start_recording", { camera_id: "w", duration_s: 4, wait: true });
  assertEquals([done.state, done.ended_because], ["over", "duration"]);
  const [path = ""] = await pathsOf(hub);
  const { duration, codecs, width } = await probe(path);
  assertEquals([codecs, width], [["h264"], 640]);
  assert(Math.abs(duration - 4) <= 0.5, `${duration}`);
  await watching;
  assertEquals((await webcam.calls()).length, 1);
});

Deno.test("[REC-STOP] a hub that is stopped while it records closes the files first", async () => {
  const first = await HubProcess.start({ config: CAMERAS });
  await first.login();
  for (const camera_id of ["a", "b"]) await first.client.operation("start_recording", { camera_id });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const begin = performance.now();
  assertEquals(await first.stop(), 0);
  assert(performance.now() - begin < 8000, `${performance.now() - begin} ms`);
  await using second = await HubProcess.start({ config: CAMERAS, dataDir: first.dataDir });
  await second.login();
  const { recordings } = await second.client.json("/api/recordings");
  assertEquals(recordings.map(({ ended_because }: { ended_because: string }) => ended_because), [
    "hub_stopped",
    "hub_stopped",
  ]);
});

Deno.test({
  name:
    "[REC-WEB] [REC-LOCK-WEB] a camera is recorded from its page; the recording is played, downloaded, locked, and deleted after asking",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await Deno.mkdir(SHOTS, { recursive: true });
    await using hub = await HubProcess.start({ config: CAMERAS });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await openPage(page, `${hub.client.origin}/recordings`);
      assertMatch(await page.locator(".empty").innerText(), /Nothing has been recorded yet/);
      await page.screenshot({ path: `${SHOTS}recordings_empty.png` });

      await openPage(page, `${hub.client.origin}/cameras/a`);
      await page.getByRole("button", { name: "Record", exact: true }).click();
      const stop = page.getByRole("button", { name: /Stop recording 0:0[1-9]/ });
      await stop.waitFor({ timeout: 20_000 });
      await page.screenshot({ path: `${SHOTS}recording_on.png` });
      await page.waitForTimeout(3000);
      await page.getByRole("button", { name: /Stop recording/ }).click();
      await page.getByRole("button", { name: "Record", exact: true }).waitFor({ timeout: 20_000 });

      await page.getByRole("link", { name: "Recordings" }).last().click();
      await page.waitForURL(/\/recordings\?view=list&camera=a$/);
      const item = page.locator(".recording");
      await item.waitFor();
      assertMatch(await item.innerText(), /Door/);
      await page.waitForFunction(() =>
        document.querySelector<HTMLImageElement>(".recording img")!.naturalWidth > 0
      );
      await page.screenshot({ path: `${SHOTS}recordings.png` });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: `${SHOTS}recordings_phone.png` });
      for (const width of [390, 340]) {
        await page.setViewportSize({ width, height: 844 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(wide <= width, `${wide} pixels wide, of ${width}`);
      }
      await page.setViewportSize({ width: 1280, height: 844 });

      await page.getByRole("button", { name: /^Play/ }).click();
      const video = page.locator("video");
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
      const seen = await video.evaluate(async (element) => {
        const player = element as HTMLVideoElement;
        player.currentTime = 2;
        await new Promise((resolve) => player.onseeked = resolve);
        return { width: player.videoWidth, duration: player.duration, at: player.currentTime };
      });
      assertEquals(seen.width, 320);
      assert(seen.duration > 3 && Number.isFinite(seen.duration) && seen.at >= 2, JSON.stringify(seen));
      await page.screenshot({ path: `${SHOTS}recordings_playing.png` });
      await page.getByRole("button", { name: "Close" }).first().click();
      await video.waitFor({ state: "detached" });

      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: /^Download/ }).click(),
      ]);
      assertMatch(download.suggestedFilename(), /^a_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.mp4$/);
      assert((await Deno.stat(await download.path())).size > 10_000);

      await locks(page);
      await page.getByRole("button", { name: /^Delete/ }).click();
      await page.screenshot({ path: `${SHOTS}recordings_delete.png` });
      await page.getByRole("button", { name: "Delete the recording" }).click();
      await page.locator(".empty").waitFor();
      assertEquals((await pathsOf(hub)).length, 0);
      assertEquals(complaints, []);
    });
  },
});

/** Locks the one recording on the timeline, finds it locked in the list, and unlocks it where it was to be deleted. */
async function locks(page: Page): Promise<void> {
  const isLocked = (place: string, locked: boolean) =>
    page.locator(`${place} button[aria-pressed="${locked}"]`).waitFor();
  const list = page.url();
  await openPage(page, list.replace("view=list&", ""));
  await isLocked(".pane-lock", false);
  await page.locator(".pane-lock button").click();
  await isLocked(".pane-lock", true);
  await page.screenshot({ path: `${SHOTS}timeline_locked.png` });

  await openPage(page, list);
  await isLocked(".recording", true);
  assertEquals(
    await page.getByRole("button", { name: /^Locked: unlock it to delete it/ }).isDisabled(),
    true,
  );
  await page.getByRole("button", { name: /^Unlock/ }).click();
  await isLocked(".recording", false);
}
