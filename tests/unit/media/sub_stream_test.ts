// A camera with a smaller stream beside its full one: who is served by which, and what a device serves at once.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { CameraSpec } from "../../../src/devices/camera.ts";
import type { SessionLimit, Video } from "../../../src/devices/device.ts";
import type { CameraMedia } from "../../../src/media/camera_media.ts";
import { Media } from "../../../src/media/media.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type House, noRules, toyDriver, withHouse } from "../tools/devices.ts";
import { assertNothingRuns, until } from "../tools/processes.ts";
import { type Drawing, endlessArgs } from "../tools/videos.ts";

const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  backoff: { firstMs: 500, maxMs: 500 },
};
const spec = (id: string): CameraSpec => ({
  id,
  name: id,
  type: "toy",
  enabled: true,
  origin: "store",
  options: {},
});

/** Two streams as most network cameras have them; `refusals` by name make one fail. */
function twoStreams(limit?: SessionLimit) {
  const refusals = new Map<string, HubError>();
  const stream = (name: string, drawing: Drawing, width: number): Video => ({
    codec: drawing.codec ?? "h264",
    framing: "mp4",
    modes: [{ format: "H264", width, height: 0, fps: [] }],
    ...(limit ? { limit } : {}),
    spec: () => {
      const refusal = refusals.get(name);
      if (refusal) return Promise.reject(refusal);
      return Promise.resolve({ name, program: "ffmpeg" as const, args: endlessArgs(drawing) });
    },
    explain: () => new HubError("unavailable", `${name} broke off`),
  });
  const toys = toyDriver();
  toys.capabilities = {
    video: {
      ...stream("main", { size: "160x120", codec: "h265" }, 160),
      sub: stream("small", { size: "96x64" }, 96),
    },
  };
  return { toys, refusals };
}

type Parts = House & {
  media: Media;
  of: CameraMedia;
  names: () => string[];
  online: (id?: string) => string;
};

async function withMedia(
  { toys }: ReturnType<typeof twoStreams>,
  work: (parts: Parts) => Promise<void>,
): Promise<void> {
  let media: Media | undefined;
  await withHouse([toys.driver], async (house) => {
    const { launcher, clock, manager, context: { slots } } = house;
    media = new Media({ launcher, clock, tuning: TUNING }, { maxViewers: () => 9, slots, rules: noRules() });
    manager.add(spec("a"));
    await settle();
    const names = () => launcher.living.map(({ name }) => name).sort();
    const online = (id = "a") => {
      const { status, reason } = manager.get(id).status;
      return reason === undefined ? status : `${status}: ${reason}`;
    };
    await work({ ...house, media, of: media.get("a"), names, online });
    await manager.remove("a");
    await assertNothingRuns(launcher);
  }, (camera, signal) => media!.accompany(camera, signal));
}

const seen = (stream: CameraMedia["main"]["frames"], what = "frames") =>
  until(() => stream.figures.framesTotal > 1, what);
const width = (stream: CameraMedia["main"]["frames"]) => stream.hub.latest?.width;

Deno.test("CameraMedia: a small picture comes from the small stream, and the full one is not even opened", async () => {
  await withMedia(twoStreams(), async ({ of, names, online, clock, launcher }) => {
    const small = of.streamFor({ width: 96 }, "open");
    assert(small === of.sub.frames && small !== of.main.frames);
    const release = small.acquire();
    await seen(small);
    assertEquals([names(), width(small), online()], [["small", "transcode a (small)"], 96, "online"]);
    assertEquals([of.active === of.sub, of.sub.codec, of.main.isOpen], [true, "h264", false]);
    release();
    await settle();
    await clock.advance(5000);
    await until(() => launcher.living.length === 0, "both to end");
  });
});

Deno.test("CameraMedia: smaller still is made from the small stream; larger, and as it is, from the full one", async () => {
  await withMedia(twoStreams(), async ({ of, names }) => {
    const tiny = of.streamFor({ width: 48 }, "open");
    const release = tiny.acquire();
    await seen(tiny);
    assertEquals([width(tiny), names()], [48, ["rescale a", "small", "transcode a (small)"]]);
    release();
    assert(
      of.streamFor({}, "open") === of.main.frames && of.streamFor({ width: 160 }, "open") === of.main.frames,
    );
    assert(of.streamFor({ width: 97 }, "open") !== of.main.frames);
    assert(of.streamFor({ width: 96, quality: 20 }, "open") !== of.sub.frames);
    // Who says only how wide is wide enough gets a stream as it is.
    assert(of.streamFor({ enoughWidth: 48 }, "open") === of.sub.frames);
    assert(of.streamFor({ enoughWidth: 97 }, "open") === of.main.frames);
    of.main.frames.acquire();
    await seen(of.main.frames);
    assertEquals([width(of.main.frames), of.active === of.main, of.main.codec], [160, true, "h265"]);
  });
});

Deno.test("CameraMedia: where the device serves no more, a small picture is made from the full one that runs", async () => {
  await withMedia(twoStreams({ device: "d", max: 1 }), async ({ of, names, online }) => {
    const release = of.main.frames.acquire();
    await seen(of.main.frames);
    const small = of.streamFor({ width: 96 }, "open");
    assert(small !== of.sub.frames && small !== of.main.frames);
    const let_go = small.acquire();
    await seen(small);
    assertEquals([width(small), names(), online()], [96, ["main", "rescale a", "transcode a"], "online"]);
    release();
    let_go();
  });
});

Deno.test("CameraMedia: two cameras of one device share what it serves, and who is too late is told by whom", async () => {
  await withMedia(
    twoStreams({ device: "d", max: 2 }),
    async ({ of, media, manager, online, clock, names }) => {
      manager.add(spec("b"));
      await settle();
      const other = media.get("b");
      const release = of.main.frames.acquire();
      const small = of.streamFor({ width: 96 }, "open").acquire();
      await until(() => names().filter((name) => !name.startsWith("transcode")).length === 2, "both streams");
      other.main.frames.acquire();
      await until(() => online("b").startsWith("offline"), "the refusal");
      assertEquals(
        online("b"),
        "offline: The camera serves 2 streams at once, and they are in use by a and a (small)",
      );
      assertEquals(online(), "online");
      small();
      release();
      await settle();
      await clock.advance(5000);
      await until(() => !of.main.isOpen && !of.sub.isOpen, "the first camera to rest");
      await clock.advance(500);
      await seen(other.main.frames);
      assertEquals(online("b"), "online");
      await manager.remove("b");
    },
  );
});

Deno.test("CameraMedia: while the small stream fails, small pictures are made from the full one", async () => {
  const parts = twoStreams();
  parts.refusals.set("small", new HubError("not_found", "no such stream"));
  await withMedia(parts, async ({ of, online, clock }) => {
    const first = of.streamFor({ width: 96 }, "open");
    assert(first === of.sub.frames);
    first.acquire();
    await until(() => online() !== "online", "the fault");
    assertEquals(online(), "offline: no such stream");
    const small = of.streamFor({ width: 96 }, "open");
    assert(small !== of.sub.frames);
    small.acquire();
    await seen(small);
    assertEquals(online(), "online");
    parts.refusals.clear();
    await clock.advance(500);
    await until(() => first.figures.framesTotal > 0, "the small stream");
    // One failure more would take the picture from all who were moved back: that waits, or a person's word.
    assert(of.streamFor({ width: 96 }, "open") === small);
    await clock.advance(299_000);
    assert(of.streamFor({ width: 96 }, "open") === small);
    of.retryNow();
    assert(of.streamFor({ width: 96 }, "open") === of.sub.frames);
  });
});

Deno.test("CameraMedia: retryNow wakes whatever waits, also where only a person could help", async () => {
  const parts = twoStreams();
  const refusal = new HubError("unauthenticated", "wrong password", { retryAtMs: Infinity });
  for (const name of ["main", "small"]) parts.refusals.set(name, refusal);
  await withMedia(parts, async ({ of, online, clock }) => {
    of.main.frames.acquire();
    of.streamFor({ width: 96 }, "open").acquire();
    await until(() => online() !== "online", "the refusal");
    await clock.advance(3_600_000);
    assertEquals(online(), "auth_required: wrong password");
    parts.refusals.clear();
    of.retryNow();
    await seen(of.main.frames, "the full picture");
    await seen(of.sub.frames, "the small picture");
    assertEquals(online(), "online");
  });
});

Deno.test("CameraMedia: a device that is lost ends both streams, and both go on when it is back", async () => {
  const parts = twoStreams();
  await withMedia(parts, async ({ of, launcher, clock }) => {
    of.main.frames.acquire();
    of.streamFor({ width: 96 }, "open").acquire();
    await seen(of.main.frames);
    await seen(of.sub.frames);
    const before = [of.main.frames, of.sub.frames].map(({ figures }) => figures.framesTotal);
    parts.toys.lose("a");
    await until(() => launcher.living.length === 0, "both to end");
    assertEquals([of.main.video, of.sub.video], [undefined, undefined]);
    await clock.advance(500);
    for (const [at, stream] of [of.main.frames, of.sub.frames].entries()) {
      await until(() => stream.figures.framesTotal > (before[at] ?? 0), "frames again");
    }
  });
});

Deno.test("Lane: tells how the reading of the device stands, apart from what is made of it", async () => {
  await withMedia(twoStreams(), async ({ of, launcher, clock }) => {
    const { main } = of;
    assertEquals([main.isOpen, main.isRunning, main.codec, main.report.state], [
      false,
      false,
      "h265",
      "idle",
    ]);
    main.frames.acquire();
    await seen(main.frames);
    assertEquals([main.isOpen, main.isRunning, main.report.state], [true, true, "running"]);
    assert(main.reading.bytesTotal > 0 && main.reading.restartsTotal === 0);
    const kill = (name: string) =>
      Deno.kill(launcher.living.find((each) => each.name === name)!.pid, "SIGKILL");
    kill("transcode a");
    await until(() => main.report.state === "waiting", "the decoder's fault");
    assertEquals(main.isRunning, true);
    await clock.advance(500);
    await until(() => main.report.state === "running", "frames");
    kill("main");
    await until(() => main.report.state === "waiting", "the camera's fault");
    const { report } = main;
    assertEquals(report.state === "waiting" && report.error.message, "main broke off");
    assertEquals([main.isOpen, main.isRunning], [true, false]);
    await clock.advance(500);
    await until(() => main.report.state === "running", "frames");
    assertEquals(main.reading.restartsTotal, 1);
  });
});

Deno.test("[MOTION-HUB] laneFor: a reader of its own takes the smaller stream, unless the device serves one alone", async () => {
  for (const [max, expected] of [[undefined, "sub"], [2, "sub"], [1, "main"]] as const) {
    const scene = twoStreams(max === undefined ? undefined : { device: "d", max });
    await withMedia(scene, ({ of }) => {
      assertEquals(of.laneFor(90) === of[expected], true, `${max} streams`);
      assertEquals(of.laneFor(120) === of.main, true, "wider than the smaller one");
      return Promise.resolve();
    });
  }
});
