// Who gets which pictures of a camera with privacy zones, while zones come, change and go.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Changes } from "../../../src/base/changes.ts";
import { type CameraRules, cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import { FrameHub } from "../../../src/media/frame_hub.ts";
import { FrameTap } from "../../../src/media/frame_tap.ts";
import { Media } from "../../../src/media/media.ts";
import { MjpegViewer } from "../../../src/media/mjpeg_viewer.ts";
import { watchMjpeg } from "../../../src/media/mjpeg_watch.ts";
import type { FrameStream } from "../../../src/media/stream.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { toyDriver, withHouse } from "../tools/devices.ts";
import { decode, drawPictures } from "../tools/jpegs.ts";
import { drawingArgs, until } from "../tools/processes.ts";

const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  backoff: { firstMs: 500, maxMs: 500 },
};
const WHOLE = { points: [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x = 0, y = 0]) => ({ x, y })) };
const DEFAULTS = cameraRulesSchema.parse({});

/** A drawing camera, and rules that the test changes at once. */
async function withCamera(
  work: (
    scene: { media: Media; clock: FakeClock; set(privacy: CameraRules["privacy"]): void },
  ) => Promise<void>,
): Promise<void> {
  const toys = toyDriver();
  toys.capabilities = {
    video: {
      codec: "mjpeg",
      framing: "mpjpeg",
      spec: () => Promise.resolve({ name: "camera a", program: "ffmpeg", args: drawingArgs() }),
      explain: () => new HubError("unavailable", "ended"),
    },
  };
  const changes = new Changes();
  let rules = DEFAULTS;
  let media: Media | undefined;
  await withHouse([toys.driver], async ({ launcher, clock, context, manager }) => {
    media = new Media({ launcher, clock, tuning: TUNING }, {
      maxViewers: () => 9,
      slots: context.slots,
      rules: { of: () => rules, changes },
    });
    manager.add({ id: "a", name: "a", type: "toy", enabled: true, origin: "store", options: {} });
    await settle();
    const set = (privacy: CameraRules["privacy"]) => {
      rules = { ...rules, privacy };
      changes.notify();
    };
    await work({ media, clock, set });
  }, (camera, signal) => media!.accompany(camera, signal));
}

const isBlack = async (bytes: Uint8Array) => (await decode(bytes)).every((value) => value < 40);
const framesOf = (stream: FrameStream) => stream.figures.framesTotal;

Deno.test("[PRIVACY-ZONES] without zones all share the camera's own stream; with zones each has the one for its sight", async () => {
  await withCamera(({ media, set }) => {
    const of = media.get("a");
    assert(of.streamFor({}, "masked") === of.streamFor({}, "open"));
    set({ zones: [WHOLE], style: "black" });
    const masked = of.streamFor({}, "masked");
    assert(masked !== of.main.frames && of.streamFor({}, "open") === of.main.frames);
    assert(of.streamFor({}, "masked") === masked, "one for all");
    assert(of.streamFor({ enoughWidth: 10 }, "masked") === masked);
    assert(of.streamFor({ width: 48 }, "masked") !== of.streamFor({ width: 48 }, "open"));
    set({ zones: [], style: "black" });
    assert(of.streamFor({}, "masked") === of.main.frames);
    return Promise.resolve();
  });
});

Deno.test("[PRIVACY-ZONES] the first frame is covered already, also of what is made smaller, and keeps its time", async () => {
  await withCamera(async ({ media, set, clock }) => {
    set({ zones: [WHOLE], style: "black" });
    for (const wish of [{}, { width: 48 }]) {
      const stream = media.get("a").streamFor(wish, "masked");
      const release = stream.acquire();
      const first = await stream.hub.next(0, new AbortController().signal);
      assertEquals([first.seq, await isBlack(first.bytes)], [1, true]);
      assertEquals(first.capturedAtMs, clock.now());
      release();
    }
  });
});

Deno.test("[PRIVACY-AT-ONCE] once zones have changed the frames of before are gone, and none of them comes late", async () => {
  await withCamera(async ({ media, set }) => {
    // Nothing of the picture is covered by this one but its corner.
    const corner = { points: [{ x: 0, y: 0 }, { x: 0.01, y: 0 }, { x: 0, y: 0.01 }] };
    set({ zones: [corner], style: "black" });
    const of = media.get("a");
    const streams = [of.streamFor({}, "masked"), of.streamFor({ width: 48 }, "masked")];
    for (const stream of streams) stream.acquire();
    await until(() => streams.every((stream) => framesOf(stream) > 2), "frames of both");
    assert(!await isBlack(streams[0]!.hub.latest!.bytes));
    for (let round = 0; round < 3; round++) {
      const seqs = streams.map(({ hub }) => hub.latest?.seq ?? 0);
      set({ zones: [WHOLE, ...Array.from({ length: round }, () => corner)], style: "black" });
      assertEquals(streams.map(({ hub }) => hub.latest), [undefined, undefined]);
      for (const [i, { hub }] of streams.entries()) {
        const next = await hub.next(seqs[i] ?? 0, new AbortController().signal);
        assertEquals([next.seq > (seqs[i] ?? 0), await isBlack(next.bytes)], [true, true]);
      }
      set({ zones: [corner], style: "black" });
      await until(() => streams.every(({ hub }) => hub.latest !== undefined), "bare frames again");
    }
  });
});

Deno.test("[PRIVACY-AT-ONCE] a viewer over HTTP goes on with the stream that it may see now, and lets go of the other", async () => {
  await withCamera(async ({ media, set, clock }) => {
    const of = media.get("a");
    const viewing = { wish: {}, clock, style: "plain" as const, onEnd: () => {} };
    const { viewer } = watchMjpeg(of, { ...viewing, sight: "masked" });
    const admin = watchMjpeg(of, { ...viewing, sight: "open" });
    assertEquals(of.main.frames.consumers, 2);
    set({ zones: [WHOLE], style: "black" });
    assertEquals([of.streamFor({}, "masked").consumers, of.viewers], [1, 2]);
    const reader = viewer.body.getReader();
    const { value } = await reader.read();
    const text = new TextDecoder("latin1").decode(value);
    assert(await isBlack(value!.subarray(text.indexOf("\r\n\r\n") + 4)));
    await reader.cancel();
    admin.viewer.close();
    assertEquals([of.streamFor({}, "masked").consumers, of.viewers], [0, 0]);
  });
});

Deno.test("[PRIVACY-AT-ONCE] a picture that was being made while zones changed is made anew", async () => {
  await withCamera(async ({ media, set }) => {
    const of = media.get("a");
    const made: unknown[] = [];
    const last = await of.underMask("masked", () => {
      made.push(of.maskFor("masked"));
      if (made.length < 3) set({ zones: [WHOLE], style: made.length === 1 ? "black" : "blur" });
      return Promise.resolve(made.length);
    });
    assertEquals([last, made.length, made[0]], [3, 3, undefined]);
  });
});

Deno.test("[PRIVACY-AT-ONCE] a tap that moves waits for the other hub; a viewer for WebKit repeats nothing of before", async () => {
  const clock = new FakeClock();
  const [one, two] = [new FrameHub(), new FrameHub()];
  const [picture] = await drawPictures(1);
  const jpeg = { bytes: picture!, width: 96, height: 64 };
  const tap = new FrameTap(one, { clock });
  const taken: number[] = [];
  tap.request(({ capturedAtMs }) => taken.push(capturedAtMs));
  tap.moveTo(two);
  one.publish(jpeg, clock.now());
  assertEquals([taken, tap.isWaiting], [[], true]);
  two.publish(jpeg, clock.now());
  assertEquals([taken.length, tap.isWaiting], [1, false]);

  const hub = new FrameHub();
  const viewer = new MjpegViewer({ hub, clock, style: "repeat", onEnd: () => {} });
  const reader = viewer.body.getReader();
  hub.publish(jpeg, clock.now());
  await reader.read();
  const next = reader.read();
  await settle();
  hub.forget();
  await clock.advance(600);
  await settle();
  assertEquals(await Promise.race([next, Promise.resolve("nothing")]), "nothing");
  const { seq } = hub.publish(jpeg, clock.now());
  assertEquals([seq, (await next).done], [2, false]);
  await reader.cancel();
});

Deno.test("[PRIVACY-ZONES] what leads outside asks for a stream by its sight, and reaches for no frames of a lane", async () => {
  const src = new URL("../../../src/", import.meta.url);
  const found: string[] = [];
  let files = 0;
  for (const folder of ["http", "mcp", "mqtt", "operations", "alerts", "events", "web", "app"]) {
    for await (const path of sourcesBelow(new URL(`${folder}/`, src))) {
      files++;
      const text = await Deno.readTextFile(path);
      // Its size and age are told to everybody.
      const isFacts = path.href.endsWith("/operations/camera_views.ts");
      if (!isFacts && /\.(?:main|sub|active)\.(?:frames|packets)|\.frames\.hub/.test(text)) {
        found.push(path.href);
      }
    }
  }
  assertEquals(found, []);
  assert(files > 100, `${files} files`);
});

async function* sourcesBelow(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourcesBelow(new URL(`${name}/`, folder));
    else if (/\.tsx?$/.test(name)) yield new URL(name, folder);
  }
}
