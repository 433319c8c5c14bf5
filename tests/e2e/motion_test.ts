// The hub's motion detector in the compiled hub: told live and kept, set at run time, and what a webcam is opened for.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { stillRoom, walker } from "../emulators/http_mjpeg/scenes.ts";
import { StandInBus } from "../emulators/v4l2/stand_in.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { Listening } from "./network_bench.ts";

const BASE = 'network: {allow: ["127.0.0.0/8"]}\nwebcams: {auto: false}\n';

async function motionOf(hub: HubProcess, id: string) {
  return (await hub.client.json(`/api/cameras/${id}`)).motion;
}

Deno.test("[MOTION-HUB] [MOTION-SOON] [MOTION-RULES] motion is told on the live socket, rules are kept over a restart", async () => {
  await using camera = await HttpMjpegCamera.start({ pictures: await stillRoom() });
  const config = `${BASE}cameras: [{id: yard, type: rtsp, stream_url: "${camera.url()}"}]`;
  const walking = await walker(0.6);
  let dataDir = "";
  {
    const hub = await HubProcess.start({ config });
    dataDir = hub.dataDir;
    await hub.login();
    await using live = await Listening.open(hub.client, "/api/events/live?kind=motion");
    await hub.waitFor(async () => (await motionOf(hub, "yard"))?.state === "running", "the detector");
    const sight = async () =>
      (await hub.client.operation("get_motion_detection", { camera_id: "yard" })).sight;
    await hub.waitFor(async () => (await sight())?.unsteady === false, "the learnt scene");
    camera.show(walking);
    await hub.waitFor(() => live.texts.some(({ event }) => event?.kind === "motion"), "the message");
    const { event } = live.texts.find(({ op }) => op === "event");
    assertEquals([event.camera_id, event.source, event.active], ["yard", "hub", true]);
    assert(event.details.score > 0.4, JSON.stringify(event));
    const set = await hub.client.operation("set_motion_detection", {
      camera_id: "yard",
      enabled: true,
      sensitivity: 35,
    });
    assertEquals([set.enabled, set.sensitivity, set.verified], [true, 35, "readback"]);
    assertEquals(camera.counts.opened, 1, "one stream for all");
    await hub.stop();
  }
  await using again = await HubProcess.start({ config, dataDir });
  await again.login();
  const { rules } = await motionOf(again, "yard");
  assertEquals([rules.detector, rules.sensitivity], ["hub", 35]);
  const { events } = await again.client.json("/api/events?kind=motion");
  assertEquals([events.length, events[0].active], [1, false], "ended when the hub stopped");
});

Deno.test("[MOTION-HUB] a webcam is opened once for the detector and its viewers, and not at all where it is off", async () => {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0 });
  await webcam.plug();
  const config = `${BASE}cameras: [{id: w, type: webcam, device: ${webcam.link}}]`;
  await using hub = await HubProcess.start({ prefix: bus.prefix, config });
  await hub.login();
  await hub.waitFor(async () => (await motionOf(hub, "w"))?.state === "running", "the detector");
  await hub.client.parts("/api/cameras/w/stream", 5);
  assertEquals((await webcam.calls()).length, 1);
  const { processes } = await hub.client.json("/api/status");
  const names = processes.map(({ name }: { name: string }) => name).sort();
  assertEquals(names, ["camera w", "motion w"]);
  const off = await hub.client.operation("set_motion_detection", { camera_id: "w", enabled: false });
  assertEquals([off.enabled, off.verified], [false, "readback"]);
  assertMatch((await motionOf(hub, "w")).reason, /turned off/);
});

Deno.test("[MOTION-REASON] [MOTION-RULES] the file's rules for all cameras, those of one, and why the test pattern is not watched", async () => {
  const pattern = "type: testpattern, width: 320, height: 240";
  const config =
    `motion: {detector: off}\ncameras:\n- {id: p, ${pattern}, motion: {detector: auto}}\n- {id: q, ${pattern}}\n`;
  await using hub = await HubProcess.start({ config });
  await hub.login();
  await hub.waitFor(async () => (await hub.client.json("/api/cameras/p")).status === "online", "the camera");
  const { by, state, reason, hint } = await motionOf(hub, "p");
  assertEquals([by, state], ["nobody", "off"]);
  assertMatch(`${reason} ${hint}`, /always moves .*"hub"/);
  assertMatch((await motionOf(hub, "q")).reason, /turned off/);
  await hub.client.operation("set_motion_rules", { camera_id: "p", detector: "hub" });
  await hub.waitFor(async () => (await motionOf(hub, "p")).state === "running", "the detector");
});
