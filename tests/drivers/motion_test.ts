// The hub's own look-out for motion on an emulated camera, with real ffmpeg: what is told, what is not, and what it holds.
import { assert, assertEquals } from "@std/assert";
import type { MotionRules, Zone } from "../../src/config/camera_rules.ts";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { stillRoom, turning, walker } from "../emulators/http_mjpeg/scenes.ts";
import { until } from "../unit/tools/processes.ts";
import { type Watch, withWatch } from "./motion_watch.ts";

const zone = (name: string, left: number, right: number): Zone => ({
  name,
  points: [{ x: left, y: 0 }, { x: right, y: 0 }, { x: right, y: 1 }, { x: left, y: 1 }],
});

/** A camera in a still room, learnt. */
async function watched(
  rules: Partial<MotionRules>,
  work: (watch: Watch & { camera: HttpMjpegCamera }) => Promise<void>,
): Promise<void> {
  await using camera = await HttpMjpegCamera.start({ pictures: await stillRoom() });
  await withWatch(rtspDriver, { stream_url: camera.url() }, rules, async (watch) => {
    await until(() => watch.motion.find("cam")?.state.state === "running", "the detector");
    await watch.learnt();
    await work({ ...watch, camera });
  });
}

Deno.test("[MOTION-HUB] motion begins and ends in the journal, with its score, from a stream that is opened once", async () => {
  const walking = await walker(0.7);
  await watched({}, async ({ camera, detector, events, media, looked }) => {
    const release = media.get("cam").main.frames.acquire();
    camera.show(walking);
    await until(async () => (await events()).length === 1, "the event");
    const [begun] = await events();
    assertEquals([begun?.source, begun?.endedAtMs], ["hub", undefined]);
    assert(Number(begun?.details?.score) > 0.5, String(begun?.details?.score));
    assert(detector().isActive);
    assert((detector().sight?.cells ?? []).some((cell) => cell === 1));
    camera.show(await stillRoom());
    await until(async () => (await events())[0]?.endedAtMs !== undefined, "its end");
    await looked(5);
    assertEquals((await events()).length, 1);
    assertEquals(camera.counts.opened, 1, "viewer and detector share one stream");
    release();
  });
});

Deno.test("[MOTION-POLYGONS] only zones count, a zone is named, and ignored ones never do", async () => {
  const [left, right, room] = [await walker(0.2), await walker(0.75), await stillRoom()];
  const rules = { zones: [zone("path", 0.5, 1)] };
  await watched(rules, async ({ camera, events, looked, rules: book }) => {
    camera.show(left);
    await looked(10);
    assertEquals(await events(), [], "outside of the zone");
    camera.show(right);
    await until(async () => (await events()).length === 1, "the event");
    assertEquals((await events())[0]?.details?.zone, "path");
    camera.show(room);
    await until(async () => (await events())[0]?.endedAtMs !== undefined, "its end");
    await book.change("cam", "motion", { zones: [], ignore: [zone("street", 0.5, 1)] });
    await looked(5);
    camera.show(right);
    await looked(10);
    assertEquals((await events()).length, 1, "in the ignored zone");
  });
});

Deno.test("[MOTION-LIGHT] a light that is switched is no motion", async () => {
  const dark = await stillRoom(0.45);
  await watched({}, async ({ camera, events, looked }) => {
    camera.show(dark);
    await looked(10);
    camera.show(await stillRoom());
    await looked(10);
    assertEquals(await events(), []);
  });
});

Deno.test("[MOTION-PTZ] what the picture shows while the hub moves the camera is no motion", async () => {
  const [pan, walking, room] = [await turning(), await walker(0.6), await stillRoom()];
  await watched({}, async ({ camera, events, looked, motion }) => {
    {
      using _ = motion.moving("cam");
      camera.show(pan);
      await looked(10);
      // Even a thing that would be told at once.
      camera.show(walking);
      await looked(5);
      camera.show(room);
      await looked(3);
    }
    await looked(12);
    assertEquals(await events(), []);
    camera.show(walking);
    await until(async () => (await events()).length === 1, "motion after the move");
  });
});

Deno.test("[MOTION-PTZ] a camera that turns without the hub's doing is no motion", async () => {
  const pan = await turning();
  await watched({}, async ({ camera, events, looked }) => {
    camera.show(pan);
    await looked(20);
    assertEquals(await events(), []);
  });
});

Deno.test("[MOTION-HUB] the detector lets go of the stream when it is turned off, and takes it when turned on", async () => {
  await watched({}, async ({ camera, detector, launcher, rules }) => {
    await rules.change("cam", "motion", { detector: "off" });
    await until(() => detector().state.state === "off" && launcher.living.length === 0, "the end");
    await until(() => camera.counts.open === 0, "the end of the stream");
    await rules.change("cam", "motion", { detector: "hub" });
    await until(() => detector().state.state === "running", "the detector");
    assertEquals(camera.counts.opened, 2);
  });
});

Deno.test("[MOTION-HUB] a camera that goes ends the motion; the detector says why it waits, and goes on when it is back", async () => {
  const walking = await walker(0.7);
  await watched({}, async ({ camera, detector, events }) => {
    camera.show(walking);
    await until(() => detector().isActive, "motion");
    await camera.offline();
    await until(() => !detector().isActive, "the end of it");
    await until(() => ["waiting", "off"].includes(detector().state.state), "the reason");
    await until(async () => (await events())[0]?.endedAtMs !== undefined, "its end in the journal");
    camera.online();
    await until(() => detector().state.state === "running", "the detector");
  });
});

Deno.test("[MOTION-HUB] video is decoded for it at no more than five pictures a second, from the packets that all share", async () => {
  const options = { codec: "h264", width: 640, height: 360, fps: 25 };
  await withWatch(
    testPatternDriver,
    options,
    { detector: "hub" },
    async ({ detector, events, launcher, looked, media }) => {
      await until(() => detector().state.state === "running", "the detector");
      const { packets } = media.get("cam").main;
      const [pictures, frames] = [detector().picturesTotal, packets.figures.packetsTotal];
      await looked(10);
      const share = (detector().picturesTotal - pictures) / (packets.figures.packetsTotal - frames);
      assert(share <= 0.3, `${share} of the pictures`);
      await until(async () => (await events()).length === 1, "the event: the pattern always moves");
      assertEquals(launcher.living.map(({ name }) => name).sort(), ["camera cam", "motion cam"]);
    },
  );
});
