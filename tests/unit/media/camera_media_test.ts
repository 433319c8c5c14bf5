// The streams of one camera and of all: shared sizes, a limit on them, viewers counted, and the end of a camera.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { CameraSpec } from "../../../src/devices/camera.ts";
import type { CameraMedia, Viewer } from "../../../src/media/camera_media.ts";
import { Media } from "../../../src/media/media.ts";
import { testPatternH264Args } from "../../../src/process/ffmpeg_args.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type House, noRules, toyDriver, withHouse } from "../tools/devices.ts";
import { assertNothingRuns, drawingArgs, until } from "../tools/processes.ts";

const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  backoff: { firstMs: 500, maxMs: 500 },
};
const SPEC: CameraSpec = { id: "a", name: "a", type: "toy", enabled: true, origin: "store", options: {} };

function drawingToys(args = drawingArgs()) {
  const toys = toyDriver();
  toys.capabilities = {
    video: {
      codec: "mjpeg",
      framing: "mpjpeg",
      spec: () => Promise.resolve({ name: "camera a", program: "ffmpeg", args }),
      explain: (exit) => new HubError("unavailable", `ended by ${exit.signal ?? exit.code}`),
    },
  };
  return toys;
}

/** A camera that makes H.264, as most IP cameras do. */
function videoToys() {
  const toys = drawingToys();
  const args = testPatternH264Args({ width: 160, height: 120, fps: 15 });
  const video = toys.capabilities.video!;
  const spec = () => Promise.resolve({ name: "camera a", program: "ffmpeg" as const, args });
  toys.capabilities = { video: { ...video, codec: "h264", framing: "mp4", spec } };
  return toys;
}

async function withMedia(
  work: (parts: House & { media: Media; of: CameraMedia }) => Promise<void>,
  toys = drawingToys(),
): Promise<void> {
  let media: Media | undefined;
  await withHouse([toys.driver], async (house) => {
    media = new Media({ launcher: house.launcher, clock: house.clock, tuning: TUNING }, {
      maxViewers: () => 2,
      slots: house.context.slots,
      rules: noRules(),
    });
    house.manager.add(SPEC);
    await settle();
    await work({ ...house, media, of: media.get("a") });
  }, (camera, signal) => media!.accompany(camera, signal));
}

function viewer(dropped = 0): Viewer & { closed: number } {
  const figures = { frames: 0, bytes: dropped * 100, dropped, ageMs: undefined };
  const self = { figures, closed: 0, look: () => {}, close: () => void self.closed++ };
  return self;
}

Deno.test("CameraMedia: equal wishes share one stream; without a wish it is the camera's own", async () => {
  await withMedia(({ of }) => {
    assert(of.streamFor({}, "open") === of.main.frames);
    assert(of.streamFor({ width: undefined, quality: undefined }, "open") === of.main.frames);
    const small = of.streamFor({ width: 320 }, "open");
    assert(small !== of.main.frames && of.streamFor({ width: 320 }, "open") === small);
    assert(of.streamFor({ width: 320, quality: 50 }, "open") !== small);
    return Promise.resolve();
  });
});

Deno.test("CameraMedia: four sizes at once; a fifth is refused until one is no longer watched", async () => {
  await withMedia(({ of }) => {
    const held = [100, 200, 300, 400].map((width) => of.streamFor({ width }, "open").acquire());
    const error = assertThrows(() => of.streamFor({ width: 500 }, "open"), HubError);
    assertEquals([error.kind, error.retryable], ["conflict", true]);
    assert(of.streamFor({ width: 400 }, "open").consumers === 1);
    held[0]?.();
    assert(of.streamFor({ width: 500 }, "open"));
    for (const release of held) release();
    return Promise.resolve();
  });
});

Deno.test("CameraMedia: drops and bytes of those who left stay in the sum, and nobody leaves twice [METRICS-COUNTS]", async () => {
  await withMedia(({ of, media }) => {
    const [one, two] = [viewer(3), viewer(5)];
    const leave = of.register(one);
    of.register(two);
    assertEquals([of.viewers, media.viewers, of.droppedTotal], [2, 2, 8]);
    assertEquals(assertThrows(() => media.refuseCrowd(), HubError).kind, "unavailable");
    leave();
    leave();
    assertEquals([of.viewers, of.droppedTotal, of.sentBytes], [1, 8, 800]);
    media.refuseCrowd();
    return Promise.resolve();
  });
});

Deno.test("CameraMedia: a camera that is removed ends its viewers, its stream and its process", async () => {
  await withMedia(async ({ of, media, manager, launcher }) => {
    const watching = viewer();
    const leave = of.register(watching);
    of.main.frames.acquire();
    await until(() => of.main.frames.figures.framesTotal > 0, "a frame");
    const pids = launcher.living.map(({ pid }) => pid);
    await manager.remove("a");
    assertEquals([watching.closed, media.find("a")], [1, undefined]);
    await assertNothingRuns(launcher, pids);
    assertEquals(assertThrows(() => media.get("a"), HubError).kind, "not_found");
    leave();
  });
});

Deno.test("CameraMedia: a camera that is switched off stops streaming, and goes on when it is switched on", async () => {
  await withMedia(async ({ of, manager, launcher }) => {
    of.main.frames.acquire();
    await until(() => of.main.frames.figures.framesTotal > 0, "a frame");
    manager.get("a").update({ enabled: false });
    await until(() => of.main.frames.state.state === "idle", "the stream to stop");
    await assertNothingRuns(launcher);
    const before = of.main.frames.figures.framesTotal;
    manager.get("a").update({ enabled: true });
    await until(() => of.main.frames.figures.framesTotal > before, "the stream to go on");
  });
});

Deno.test("CameraMedia: a fault of the stream is the camera's status until a picture comes", async () => {
  await withMedia(async ({ of, manager, launcher, clock }) => {
    of.main.frames.acquire();
    await until(() => of.main.frames.figures.framesTotal > 0, "a frame");
    assertEquals(manager.get("a").status.status, "online");
    Deno.kill(launcher.living[0]!.pid, "SIGKILL");
    await until(() => manager.get("a").status.status === "offline", "the fault");
    assertEquals(manager.get("a").status.reason, "ended by SIGKILL");
    await clock.advance(500);
    await until(() => manager.get("a").status.status === "online", "the picture");
  });
});

Deno.test("jpegSource: H.264 is decoded to JPEG by a second process, and both end with the last viewer", async () => {
  await withMedia(async ({ of, launcher, clock }) => {
    const release = of.main.frames.acquire();
    await until(() => of.main.frames.figures.framesTotal > 2, "frames");
    assertEquals([of.main.frames.hub.latest?.width, of.main.frames.hub.latest?.height], [160, 120]);
    assertEquals(launcher.living.map(({ name }) => name).sort(), ["camera a", "transcode a"]);
    release();
    await settle();
    await clock.advance(5000);
    await until(() => launcher.living.length === 0, "both processes to end");
    assertEquals(of.main.frames.figures.damagedTotal, 0);
  }, videoToys());
});

Deno.test("jpegSource: when the camera's process dies, its end is the reason that is told, and both start anew", async () => {
  await withMedia(async ({ of, launcher, manager, clock }) => {
    of.main.frames.acquire();
    await until(() => of.main.frames.figures.framesTotal > 0, "frames");
    Deno.kill(launcher.living.find(({ name }) => name === "camera a")!.pid, "SIGKILL");
    await until(() => manager.get("a").status.status === "offline", "the fault");
    assertEquals(manager.get("a").status.reason, "ended by SIGKILL");
    const before = of.main.frames.figures.framesTotal;
    await clock.advance(500);
    await until(() => of.main.frames.figures.framesTotal > before, "frames again");
    assertEquals(launcher.living.length, 2);
    await manager.remove("a");
    await until(() => launcher.living.length === 0, "both processes to end");
  }, videoToys());
});
