// How RTSP travels: RTP over UDP, UDP learnt from a refusal of TCP, and TLS; read with real ffmpeg.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { RtspEmulator, type RtspMount, type RtspOptions } from "../emulators/rtsp/rtsp_emulator.ts";
import { makeCertificate } from "../emulators/tapo/certificate.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, stage } from "./stage.ts";
import { becomes, failed, running, stateOf, withPictures } from "./stream_waits.ts";
import type { Reading } from "./whole_camera.ts";

const SMALL: RtspMount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 5 };
const ACCOUNT = { username: "eye", password: "secret" };
const soon = () => AbortSignal.timeout(20_000);

function start(options: RtspOptions = {}): Promise<RtspEmulator> {
  return RtspEmulator.start({ users: { eye: "secret" }, mounts: [SMALL], ...options });
}

async function assertPicture({ lane }: Reading): Promise<void> {
  const { width, height } = await lane.frames.hub.next(0, soon());
  assertEquals([width, height], [320, 184]);
}

Deno.test("[RTSP-UDP] RTSP: a camera that sends by UDP only is read with udp, and refuses tcp in words", async () => {
  await using rtsp = await start({ transports: ["udp"] });
  await withPictures({ stream_url: rtsp.url(), ...ACCOUNT, transport: "udp" }, assertPicture);
  await withPictures({ stream_url: rtsp.url(), ...ACCOUNT, transport: "tcp" }, async (reading) => {
    const { error } = await failed(reading);
    assertMatch(error.message, /does not send its stream this way/);
    assertMatch(error.hint ?? "", /TCP only/);
  });
});

Deno.test("[RTSP-UDP] RTSP: auto goes over to UDP where TCP is answered 461, also when a camera is tried", async () => {
  await using rtsp = await start({ transports: ["udp"] });
  await withPictures({ stream_url: rtsp.url(), ...ACCOUNT }, async (reading) => {
    await failed(reading);
    await becomes(reading, "running");
    await assertPicture(reading);
    assertEquals((await rtsp.sessions()).openedTotal, 1);
  });
  const [check] = await rtspDriver.check!({ stream_url: rtsp.url(), ...ACCOUNT }, stage(), soon());
  assertEquals(check?.state, "ok");
});

Deno.test("[RTSP-UDP] RTSP: over UDP a stall, an end and an unplugged camera are noticed and healed", async () => {
  await using rtsp = await start({ transports: ["udp"] });
  await withPictures({ stream_url: rtsp.url(), ...ACCOUNT, transport: "udp" }, async (reading) => {
    await running(reading);
    await rtsp.stall(true);
    await becomes(reading, "waiting");
    await rtsp.stall(false);
    await becomes(reading, "running");

    await rtsp.drop();
    await until(() => stateOf(reading).state === "waiting", "the end");
    await becomes(reading, "running");

    await rtsp.offline();
    await becomes(reading, "waiting");
    await rtsp.online();
    await becomes(reading, "running");
    assertEquals((await rtsp.sessions()).sessions, 1);
  });
});

Deno.test("[STREAM-TLS] rtsps: a camera's own certificate is taken, and a wrong password sent once", async () => {
  await using rtsp = await start({ tls: await makeCertificate("127.0.0.1", "rsa") });
  assertMatch(rtsp.url(), /^rtsps:/);
  for (const transport of ["auto", "udp"]) {
    await withPictures({ stream_url: rtsp.url(), ...ACCOUNT, transport }, assertPicture);
  }
  await withPictures({ stream_url: rtsp.url(), ...ACCOUNT, password: "wrong" }, async (reading) => {
    assertEquals((await failed(reading)).error.kind, "unauthenticated");
    await reading.clock.advance(600_000);
    await failureOf(reading.lane.video!.spec(soon()));
    assertEquals((await rtsp.sessions()).authFailures, 1);
  });
});

Deno.test("[STREAM-TLS] rtsps: a camera that sends by UDP only, or without TLS, is told in words", async () => {
  await using rtsp = await start({ tls: await makeCertificate("127.0.0.1", "ec"), transports: ["udp"] });
  await withPictures({ stream_url: rtsp.url(), ...ACCOUNT }, async (reading) => {
    assertMatch((await failed(reading)).error.hint ?? "", /by TCP only/);
  });
  await using plain = await start();
  const url = plain.url().replace("rtsp:", "rtsps:");
  await withPictures({ stream_url: url, ...ACCOUNT }, async (reading) => {
    const { error } = await failed(reading);
    assertMatch(error.message, /no common encryption/);
    assert(error.hint);
    assertEquals((await plain.sessions()).authFailures, 0);
  });
});
