// What cameras send, in the forms that the hub serves: H.264, H.265 and MJPEG as pictures, their sound as AAC.
import { assertEquals } from "@std/assert";
import { AudioStream } from "../../src/media/audio_stream.ts";
import { RtspEmulator, type RtspMount } from "../emulators/rtsp/rtsp_emulator.ts";
import { until } from "../unit/tools/processes.ts";
import { withPictures } from "./stream_waits.ts";
import { TUNING } from "./whole_camera.ts";

const SMALL: RtspMount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 5 };
const soon = () => AbortSignal.timeout(20_000);

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
