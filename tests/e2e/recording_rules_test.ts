// Recording by rule through the whole hub: set on the camera's page, seen in the status, in the list, and locked.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { openPage, visit, withBrowser } from "../tools/browser.ts";
import { HubProcess } from "../tools/hub_process.ts";

const SHOTS = new URL("../../.cache/screenshots/", import.meta.url).pathname;
const CAMERAS = `cameras:
  - {id: a, name: Door, type: testpattern, width: 320, height: 180, codec: h264}
webcams: {auto: false}`;

Deno.test({
  name: "[REC-RULES] the rules of a camera are set on its page, with hours, and hold at once",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await Deno.mkdir(SHOTS, { recursive: true });
    await using hub = await HubProcess.start({ config: CAMERAS });
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, hub.client.origin);
      await openPage(page, hub.link);
      await openPage(page, `${hub.client.origin}/cameras/a`);
      const card = page.locator(".card", { hasText: "Recording by itself" });
      await card.getByLabel("Record", { exact: true }).selectOption("events");
      await card.getByLabel("Seconds before").fill("8");
      await card.getByLabel("Sound").uncheck();
      await card.getByRole("button", { name: "Add hours" }).click();
      await card.getByRole("button", { name: "Sun" }).click();
      await card.getByLabel("From").fill("21:30");
      await card.getByLabel("Delete after days").fill("14");
      for (const [width, name] of [[1280, "recording_rules"], [390, "recording_rules_phone"]] as const) {
        await page.setViewportSize({ width, height: 1100 });
        await card.scrollIntoViewIfNeeded();
        await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(wide <= width, `${wide} pixels wide, of ${width}`);
      }
      await card.getByRole("button", { name: "Save" }).click();
      await card.getByText("Saved.").waitFor();
      const { recording } = await page.evaluate(async () => {
        const headers = { "content-type": "application/json" };
        return await (await fetch("/api/operations/get_recording_rules", {
          method: "POST",
          headers,
          body: "{}",
        }))
          .json();
      });
      assertEquals([
        recording.mode,
        recording.pre_roll_s,
        recording.keep_days,
        recording.events.includes("sound"),
      ], [
        "events",
        8,
        14,
        false,
      ]);
      assertEquals(recording.schedule, [
        { days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "21:30", to: "06:00" },
      ]);

      await card.getByLabel("Record", { exact: true }).selectOption("continuous");
      await card.getByRole("button", { name: "Remove hours 1" }).click();
      await card.getByRole("button", { name: "Save" }).click();
      await card.getByText("Saved.").waitFor();
      await page.getByText("It is being recorded all the time").waitFor({ timeout: 20_000 });
      await page.screenshot({ path: `${SHOTS}recording_by_rule.png` });
      assertEquals(complaints, []);
    });
  },
});

Deno.test("[REC-BOTH] [REC-LOCK] a camera that the file says to record: somebody records it meanwhile, and locks a file", async () => {
  await using hub = await HubProcess.start({
    config: CAMERAS.replace("h264}", "h264, recording: {mode: continuous}}"),
  });
  await hub.login();
  const recorded = async () => {
    const { cameras: [now] } = await hub.client.operation("get_recording_status", { camera_id: "a" });
    return now.cause === "continuous" && now.state === "recording";
  };
  await hub.waitFor(recorded, "the rule's recording");
  const { cameras: [status] } = await hub.client.operation("get_recording_status", { camera_id: "a" });
  assertEquals([status.recording, status.cause, status.rule.why], [true, "continuous", "continuous"]);
  // Somebody records it: the rule's recording gives way, and goes on afterwards.
  await hub.client.operation("start_recording", { camera_id: "a", duration_s: 2, wait: true });
  await hub.waitFor(recorded, "the rule to go on");
  await hub.client.operation("set_recording_rules", { camera_id: "a", mode: "off" });
  await hub.waitFor(async () => (await hub.client.json("/api/recordings")).total === 3, "the files");
  const { recordings: [newest] } = await hub.client.json("/api/recordings");
  assertEquals([newest.cause, newest.ended_because, newest.locked], ["continuous", "rule_ended", false]);
  const locked = await hub.client.operation("lock_recording", { recording_id: newest.id });
  assertEquals(locked.locked, true);
  const refused = await hub.client.fetch(`/api/recordings/${newest.id}?confirm=true`, { method: "DELETE" });
  assertEquals(refused.status, 409);
  assertMatch(await refused.text(), /locked against deletion/);
  await hub.client.operation("unlock_recording", { recording_id: newest.id });
  const deleted = await hub.client.fetch(`/api/recordings/${newest.id}?confirm=true`, { method: "DELETE" });
  assertEquals([deleted.status, (await deleted.json()).recording_id], [200, newest.id]);
});
