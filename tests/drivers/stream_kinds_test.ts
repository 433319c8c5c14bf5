// What cameras send, in the forms that the hub serves: H.264, H.265 and MJPEG as pictures, their sound as AAC.
import { assert, assertEquals } from "@std/assert";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { AudioStream } from "../../src/media/audio_stream.ts";
import { SMALL_JPEG } from "../emulators/onvif/model.ts";
import { RtspEmulator, type RtspMount } from "../emulators/rtsp/rtsp_emulator.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, Opened, stage } from "./stage.ts";
import { Reading, TUNING } from "./whole_camera.ts";

const SMALL: RtspMount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 5 };
const soon = () => AbortSignal.timeout(20_000);

/** Reads pictures of an address while the work lasts. */
async function withPictures(
  options: Record<string, unknown>,
  work: (reading: Reading) => Promise<void>,
): Promise<void> {
  await using opened = await Opened.open(rtspDriver, options, stage());
  await using reading = new Reading(opened.can("video"));
  const letGo = reading.lane.frames.acquire();
  await work(reading);
  letGo();
}

Deno.test("[INGEST] RTSP: a camera that goes over from H.264 to H.265 between two sessions is shown on", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [{ ...SMALL, audio: "none" }] });
  await withPictures({ stream_url: rtsp.url() }, async ({ lane, clock }) => {
    const { frames, packets } = lane;
    const first = await frames.hub.next(0, soon());
    assertEquals([lane.codec, first.width, first.height], ["h264", 320, 184]);
    const { generation } = packets.hub;

    await rtsp.change("/stream1", { codec: "h265", width: 160, height: 96 });
    await rtsp.drop();
    await until(() => packets.state.state === "waiting", "the end");
    await clock.advance(1000);
    await until(() => packets.state.state === "running", "the new session");
    await clock.advance(2000);
    await until(async () => {
      const { width } = await frames.hub.next(frames.hub.latest?.seq ?? 0, soon());
      return width === 160;
    }, "the new pictures");
    assertEquals([lane.codec, packets.hub.generation > generation], ["h265", true]);
    assertEquals(frames.hub.latest?.bytes[0], 0xff);
  });
});

Deno.test("RTSP: MJPEG over RTP is shown", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [{ ...SMALL, codec: "mjpeg", audio: "none" }] });
  await withPictures({ stream_url: rtsp.url() }, async ({ lane }) => {
    const { width, height } = await lane.frames.hub.next(0, soon());
    assertEquals([width, height, lane.codec], [320, 184, "mjpeg"]);
  });
});

/** A camera of the older kind: JPEGs one after the other in an HTTP answer, for who knows the password. */
function jpegCamera(password: string) {
  const counts = { opened: 0, refused: 0 };
  const right = `Basic ${btoa(`eye:${password}`)}`;
  const part = new TextEncoder().encode(
    `--x\r\nContent-Type: image/jpeg\r\nContent-Length: ${SMALL_JPEG.length}\r\n\r\n`,
  );
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ headers }) => {
    const given = headers.get("authorization");
    if (given !== right) {
      if (given !== null) counts.refused++;
      return new Response("", { status: 401, headers: { "WWW-Authenticate": 'Basic realm="camera"' } });
    }
    counts.opened++;
    let timer = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        timer = setInterval(() => controller.enqueue(new Uint8Array([...part, ...SMALL_JPEG, 13, 10])), 40);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body, { headers: { "Content-Type": "multipart/x-mixed-replace;boundary=x" } });
  });
  const url = `http://127.0.0.1:${server.addr.port}/video.cgi?user=a@b`;
  return { counts, url, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("HTTP: a stream of JPEGs is shown as it comes, and a wrong password sent once", async () => {
  await using camera = jpegCamera("p@ss w#rd");
  const account = { username: "eye", password: "p@ss w#rd" };
  await withPictures({ stream_url: camera.url, ...account }, async ({ lane, launcher }) => {
    const { bytes, width } = await lane.frames.hub.next(0, soon());
    assertEquals(width, 16);
    assert(bytes.length >= SMALL_JPEG.length);
    assertEquals(launcher.living.map(({ name }) => name), ["camera probe"]);
    assertEquals(camera.counts, { opened: 1, refused: 0 });
  });
  await withPictures({ stream_url: camera.url, ...account, password: "wrong" }, async ({ lane, clock }) => {
    const { frames } = lane;
    await until(() => frames.state.state === "waiting", "the refusal");
    await failureOf(lane.video!.spec(soon()));
    await clock.advance(600_000);
    assertEquals(frames.state.state === "waiting" && frames.state.error.kind, "unauthenticated");
    assertEquals(camera.counts.refused, 1);
  });
});

Deno.test("RTSP: G.711 becomes AAC, and only while somebody listens", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [SMALL] });
  await withPictures({ stream_url: rtsp.url() }, async ({ lane, clock, launcher }) => {
    const audio = new AudioStream("front", lane.packets, { launcher, clock, tuning: TUNING });
    const stop = new AbortController();
    const running = audio.run(stop.signal);
    const encoders = () => launcher.living.filter(({ name }) => name.startsWith("sound")).length;
    await lane.frames.hub.next(0, soon());
    assertEquals(encoders(), 0);

    const leave = new AbortController();
    const listeners = [audio.listen(leave.signal), audio.listen(leave.signal)].map((body) =>
      body.getReader()
    );
    for (const reader of listeners) {
      const { value } = await reader.read();
      // ADTS (ISO 14496-3): twelve bits of ones.
      assertEquals([value?.[0], (value?.[1] ?? 0) & 0xf0], [0xff, 0xf0]);
    }
    assertEquals([encoders(), (await rtsp.sessions()).openedTotal], [1, 1]);
    leave.abort();
    await until(async () => {
      await clock.advance(500);
      return encoders() === 0;
    }, "the end of the encoder");
    assertEquals(lane.frames.state.state, "running");
    stop.abort();
    await running;
  });
});

Deno.test("RTSP: a camera without sound says so to who listens", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [{ ...SMALL, audio: "none" }] });
  await withPictures({ stream_url: rtsp.url() }, async ({ lane, clock, launcher }) => {
    const audio = new AudioStream("front", lane.packets, { launcher, clock, tuning: TUNING });
    const stop = new AbortController();
    const running = audio.run(stop.signal);
    const body = audio.listen(stop.signal);
    const error = await audio.started(soon()).then(() => undefined, (failure) => failure);
    assertEquals(error.kind, "unsupported");
    await body.cancel();
    stop.abort();
    await running;
  });
});
