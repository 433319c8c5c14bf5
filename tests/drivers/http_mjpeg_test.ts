// Cameras that send JPEGs over HTTP, read with real ffmpeg: their ways, their logins, and what is no stream.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { FrameHub } from "../../src/media/frame_hub.ts";
import { MjpegViewer } from "../../src/media/mjpeg_viewer.ts";
import { MULTIPART_CONTENT_TYPE } from "../../src/protocols/mpjpeg/part.ts";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { makeCertificate } from "../emulators/tapo/certificate.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { drawPictures } from "../unit/tools/jpegs.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, stage } from "./stage.ts";
import { becomes, failed, running, stateOf, withPictures } from "./stream_waits.ts";
import type { Reading } from "./whole_camera.ts";

const soon = () => AbortSignal.timeout(20_000);
const PASSWORD = "p@ss w#rd:/";
const ACCOUNT = { username: "eye", password: PASSWORD };

function nextFrame({ lane: { frames } }: Reading) {
  return frames.hub.next(frames.hub.latest?.seq ?? 0, soon());
}

for (const lengths of [true, false]) {
  const what = lengths ? "with" : "without";
  Deno.test(`[HTTP-MJPEG] HTTP: parts ${what} lengths come byte for byte, through one ffmpeg`, async () => {
    await using camera = await HttpMjpegCamera.start({ lengths });
    await withPictures({ stream_url: camera.url("/video?user=a@b") }, async (reading) => {
      for (let count = 0; count < 3; count++) assert(camera.sent((await nextFrame(reading)).bytes));
      assertEquals(reading.launcher.living.map(({ name }) => name), ["camera probe"]);
    });
    await until(() => camera.counts.open === 0, "the end of the stream");
    assertEquals(camera.counts, { opened: 1, open: 0, refused: 0, requests: 1 });
  });
}

for (const method of ["basic", "digest"] as const) {
  const login = { method, users: { eye: PASSWORD } };
  Deno.test(`[HTTP-MJPEG] HTTP: a ${method} login shows the picture, and a wrong password is sent once`, async () => {
    await using camera = await HttpMjpegCamera.start({ login });
    await withPictures({ stream_url: camera.url(), ...ACCOUNT }, async (reading) => {
      assert(camera.sent((await nextFrame(reading)).bytes));
      assertEquals([camera.counts.opened, camera.counts.refused], [1, 0]);
    });
    await withPictures({ stream_url: camera.url(), ...ACCOUNT, password: "wrong" }, async (reading) => {
      const { error, nextTryAtMs } = await failed(reading);
      assertEquals([error.kind, nextTryAtMs], ["unauthenticated", undefined]);
      await failureOf(reading.lane.video!.spec(soon()));
      await reading.clock.advance(600_000);
      assertEquals([(await failed(reading)).error.kind, camera.counts.refused], ["unauthenticated", 1]);
    });
  });
}

Deno.test("[HTTP-MJPEG] HTTP: a login that is not given is told, and waits for a person", async () => {
  await using camera = await HttpMjpegCamera.start({ login: { method: "basic", users: { eye: PASSWORD } } });
  await withPictures({ stream_url: camera.url() }, async (reading) => {
    const { error, nextTryAtMs } = await failed(reading);
    assertEquals([error.kind, nextTryAtMs], ["unauthenticated", undefined]);
    const { requests } = camera.counts;
    await reading.clock.advance(600_000);
    // ffmpeg asks a second time at once, though it has nothing to log in with.
    assertEquals([requests, camera.counts.requests, camera.counts.refused], [2, 2, 0]);
  });
});

Deno.test("[HTTP-MJPEG] HTTP: a stream that stalls or ends, and a camera that goes, are read again", async () => {
  await using camera = await HttpMjpegCamera.start();
  await withPictures({ stream_url: camera.url() }, async (reading) => {
    await running(reading);
    camera.isStalled = true;
    await becomes(reading, "waiting");
    assertEquals((await failed(reading)).error.kind, "timeout");
    await until(() => camera.counts.open === 0, "the end of the silent connection");
    camera.isStalled = false;
    await becomes(reading, "running");

    camera.drop();
    await until(() => stateOf(reading).state === "waiting", "the end");
    assertMatch((await failed(reading)).error.message, /ended its stream/);
    await becomes(reading, "running");

    await camera.offline();
    await becomes(reading, "waiting");
    camera.online();
    await becomes(reading, "running");
    assertEquals(camera.counts.open, 1);
  });
});

const NO_STREAMS: readonly [path: string, kind: string, words: RegExp, waitMs: number][] = [
  ["/picture.jpg", "unsupported", /no stream of JPEGs/, 60_000],
  ["/bare", "unsupported", /no stream of JPEGs/, 60_000],
  ["/page", "unsupported", /no stream of JPEGs/, 60_000],
  ["/nothing", "not_found", /no stream of this name/, 0],
  ["/busy", "unavailable", /too many viewers/, 15_000],
  ["/moved", "unavailable", /gave no stream at this address/, 0],
];
for (const [path, kind, words, waitMs] of NO_STREAMS) {
  Deno.test(`[HTTP-NO-STREAM] HTTP: ${path} is told in words, when it is added and when somebody watches`, async () => {
    await using camera = await HttpMjpegCamera.start();
    await withPictures({ stream_url: camera.url(path) }, async (reading) => {
      const { error, nextTryAtMs } = await failed(reading);
      assertEquals(error.kind, kind);
      assertMatch(error.message, words);
      assert(error.hint && (nextTryAtMs ?? 0) >= reading.clock.now() + waitMs);
      assertEquals(camera.counts.requests, 1);
    });
    const [check] = await rtspDriver.check!({ stream_url: camera.url(path) }, stage(), soon());
    assert(check && check.state !== "ok");
    assertMatch(check.message, words);
  });
}

Deno.test("[HTTP-NO-STREAM] HTTP: parts that do not say that they are JPEGs are told so", async () => {
  await using camera = await HttpMjpegCamera.start({ partType: "image/jpg" });
  await withPictures({ stream_url: camera.url() }, async (reading) => {
    assertEquals((await failed(reading)).error.kind, "unsupported");
  });
});

Deno.test("[STREAM-TLS] HTTPS: a camera's own certificate is taken; HTTP on the port is told", async () => {
  const tls = await makeCertificate("127.0.0.1", "ec");
  await using camera = await HttpMjpegCamera.start({ tls });
  await withPictures({ stream_url: camera.url() }, async (reading) => {
    assert(camera.sent((await nextFrame(reading)).bytes));
  });
  await using plain = await HttpMjpegCamera.start();
  await withPictures({ stream_url: plain.url().replace("http:", "https:") }, async (reading) => {
    assertMatch((await failed(reading)).error.message, /no common encryption/);
  });
});

/** A hub's own stream as it leaves it, to who is no browser, and one picture that is published again and again. */
async function hubStream() {
  const hub = new FrameHub();
  const [bytes] = await drawPictures(1);
  const timer = setInterval(
    () => hub.publish({ bytes: bytes!.slice(), width: 96, height: 64 }, Date.now()),
    100,
  );
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    const { body } = new MjpegViewer({ hub, clock: new FakeClock(), style: "plain", onEnd: () => {} });
    return new Response(body, { headers: { "content-type": MULTIPART_CONTENT_TYPE } });
  });
  const url = `http://127.0.0.1:${server.addr.port}/api/cameras/front/stream`;
  const dispose = async () => {
    clearInterval(timer);
    await server.shutdown();
  };
  return { url, bytes: bytes!, [Symbol.asyncDispose]: dispose };
}

Deno.test("[HTTP-MJPEG] HTTP: parts as the hub itself frames them are read", async () => {
  await using other = await hubStream();
  await withPictures({ stream_url: other.url }, async (reading) => {
    assertEquals((await nextFrame(reading)).bytes, other.bytes);
  });
});
