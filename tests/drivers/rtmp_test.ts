// RTMP cameras, read with real ffmpeg: another ffmpeg serves them, and refusals are written by hand.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { AudioStream } from "../../src/media/audio_stream.ts";
import { RtmpCamera } from "../emulators/rtmp/camera.ts";
import type { RtmpRefusal } from "../emulators/rtmp/refusals.ts";
import { makeCertificate } from "../emulators/tapo/certificate.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, stage } from "./stage.ts";
import { becomes, failed, running, stateOf, withPictures } from "./stream_waits.ts";
import { TUNING } from "./whole_camera.ts";

const soon = () => AbortSignal.timeout(20_000);
const ACCOUNT = { username: "eye", password: "secret" };

Deno.test("[RTMP] RTMP: picture and sound are read in one connection", async () => {
  await using camera = RtmpCamera.start();
  await withPictures({ stream_url: camera.url() }, async ({ lane, clock, launcher }) => {
    const { width, height } = await lane.frames.hub.next(0, soon());
    assertEquals([width, height, lane.codec], [320, 184, "h264"]);
    const audio = new AudioStream("front", lane.packets, { launcher, clock, tuning: TUNING });
    const stop = new AbortController();
    const listening = audio.run(stop.signal);
    const reader = audio.listen(stop.signal).getReader();
    const { value } = await reader.read();
    // ADTS (ISO 14496-3): twelve bits of ones.
    assertEquals([value?.[0], (value?.[1] ?? 0) & 0xf0], [0xff, 0xf0]);
    assertEquals(camera.opened, 1);
    stop.abort();
    await listening;
  });
  const [check] = await rtspDriver.check!({ stream_url: camera.url() }, stage(), soon());
  assertEquals(check?.state, "ok");
});

Deno.test("[RTMP] RTMP: a stream that stalls or ends, and a camera that goes, are read again", async () => {
  await using camera = RtmpCamera.start();
  await withPictures({ stream_url: camera.url() }, async (reading) => {
    await running(reading);
    camera.isStalled = true;
    await becomes(reading, "waiting");
    assertEquals((await failed(reading)).error.kind, "timeout");
    camera.isStalled = false;
    await becomes(reading, "running");

    camera.drop();
    await until(() => stateOf(reading).state === "waiting", "the end");
    await becomes(reading, "running");

    await camera.offline();
    await becomes(reading, "waiting");
    camera.online();
    await becomes(reading, "running");
  });
});

Deno.test("[STREAM-TLS] rtmps: a camera's own certificate is taken", async () => {
  await using camera = RtmpCamera.start(await makeCertificate("127.0.0.1", "ec"));
  await withPictures({ stream_url: camera.url() }, async ({ lane }) => {
    const { width } = await lane.frames.hub.next(0, soon());
    assertEquals([width, camera.url().split(":", 1)[0]], [320, "rtmps"]);
  });
});

const REFUSALS: readonly [RtmpRefusal, kind: string, words: RegExp][] = [
  ["account", "unauthenticated", /refused the account/],
  ["name", "not_found", /no stream of this name/],
  ["close", "unavailable", /could not be read/],
];
for (const [refusal, kind, words] of REFUSALS) {
  Deno.test(`[RTMP] RTMP: "${refusal}" as a refusal is told in words`, async () => {
    await using camera = RtmpCamera.start();
    camera.refusal = refusal;
    await withPictures({ stream_url: camera.url(), ...ACCOUNT }, async (reading) => {
      const { error, nextTryAtMs } = await failed(reading);
      assertEquals(error.kind, kind);
      assertMatch(error.message, words);
      assert(error.hint);
      assertEquals(nextTryAtMs === undefined, refusal === "account");
      const { opened } = camera;
      if (refusal !== "account") return;
      await reading.clock.advance(600_000);
      await failureOf(reading.lane.video!.spec(soon()));
      assertEquals(camera.opened, opened);
    });
  });
}
