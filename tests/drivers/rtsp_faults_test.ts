// Streams of cameras that refuse, crowd, stall, hang and change, read with real ffmpeg.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import type { Video } from "../../src/devices/device.ts";
import { SessionSlots } from "../../src/devices/session_slots.ts";
import { Launcher } from "../../src/process/launcher.ts";
import { RtspEmulator, type RtspMethod, type RtspMount } from "../emulators/rtsp/rtsp_emulator.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { Opened, stage } from "./stage.ts";
import { becomes, failed, running } from "./stream_waits.ts";
import { Reading } from "./whole_camera.ts";

const SMALL: RtspMount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 5, audio: "none" };
const USERS = { eye: "secret" };
const ACCOUNT = { username: "eye", password: "secret" };

interface Parts {
  rtsp: RtspEmulator;
  reading: Reading;
  video: Video;
}

/** A camera with one small stream, and somebody who wants its packets. */
async function withStream(
  work: (parts: Parts) => Promise<void>,
  { options = {}, mounts = [SMALL] }: { options?: Record<string, unknown>; mounts?: RtspMount[] } = {},
): Promise<void> {
  await using rtsp = await RtspEmulator.start({ users: USERS, mounts });
  const clock = new FakeClock();
  const all = { stream_url: rtsp.url(), ...ACCOUNT, ...options };
  await using opened = await Opened.open(rtspDriver, all, stage({ clock }));
  const video = opened.can("video");
  await using reading = new Reading(video, { clock });
  const letGo = reading.lane.packets.acquire();
  await work({ rtsp, reading, video });
  letGo();
}

Deno.test("RTSP: a wrong password is sent once, and waits for a person", () =>
  withStream(async ({ rtsp, reading }) => {
    const { error, nextTryAtMs } = await failed(reading);
    assertEquals([error.kind, nextTryAtMs], ["unauthenticated", undefined]);
    assert(error.hint);
    await reading.clock.advance(3_600_000);
    reading.lane.retryNow();
    await until(() => reading.lane.packets.state.state === "waiting", "the refusal of the guard");
    assertEquals((await rtsp.sessions()).authFailures, 1);
  }, { options: { password: "wrong" } }));

const REFUSALS: readonly [method: RtspMethod, code: number, kind: string, words: RegExp][] = [
  ["PLAY", 453, "unavailable", /too many viewers/],
  ["SETUP", 503, "unavailable", /too many viewers/],
  ["DESCRIBE", 404, "not_found", /no stream of this name/],
];
Deno.test("RTSP: refusals are told in words, and tried again when it is time", () =>
  withStream(async ({ rtsp, reading }) => {
    await running(reading);
    for (const [method, code, kind, words] of REFUSALS) {
      await rtsp.reject(method, code);
      await rtsp.drop();
      await until(() => reading.lane.packets.state.state !== "running", "the end");
      await failed(reading);
      await reading.clock.advance(5000);
      const { error, nextTryAtMs } = await failed(reading);
      assertEquals([code, error.kind], [code, kind]);
      assertMatch(error.message, words);
      assert(error.hint && (nextTryAtMs ?? 0) > reading.clock.now(), `${code} ${nextTryAtMs}`);
      await rtsp.reject(method, null);
      await becomes(reading, "running");
    }
  }));

Deno.test("RTSP: a camera that takes one transport only gets the other; one that was chosen stays", () =>
  withStream(async ({ rtsp, reading, video }) => {
    await running(reading);
    await rtsp.reject("SETUP", 461);
    await rtsp.drop();
    await until(async () => {
      await reading.clock.advance(200);
      const list = (await video.spec(new AbortController().signal)).input?.reveal() ?? "";
      await video.ended?.();
      return list.includes("rtsp_transport udp");
    }, "UDP");
    await rtsp.reject("SETUP", null);
    await becomes(reading, "running");
    const exit = { code: 1, signal: undefined, stderr: ["method SETUP failed: 461 Unsupported Transport"] };
    await using fixed = await Opened.open(
      rtspDriver,
      { stream_url: rtsp.url(), ...ACCOUNT, transport: "tcp" },
      stage(),
    );
    assertMatch(fixed.can("video").explain(exit).hint ?? "", /TCP only/);
  }));

Deno.test("RTSP: a stream that stalls, hangs or ends is noticed and read again", () =>
  withStream(async ({ rtsp, reading }) => {
    const { packets } = reading.lane;
    const restarts = () => packets.figures.restartsTotal;
    await running(reading);

    await rtsp.stall(true);
    await becomes(reading, "waiting");
    assertEquals([(await failed(reading)).error.kind], ["timeout"]);
    await rtsp.stall(false);
    await becomes(reading, "running");

    await rtsp.drop();
    await until(() => packets.state.state === "waiting", "the end");
    await becomes(reading, "running");

    rtsp.freeze(true);
    await becomes(reading, "waiting");
    rtsp.freeze(false);
    await becomes(reading, "running");
    assert(restarts() >= 3, `${restarts()} restarts`);
    assertEquals((await rtsp.sessions()).sessions, 1);
  }));

Deno.test("[RTSP-PASSWORDS] RTSP: any password can be given, also inside of the address as people write it", async () => {
  const password = "a@b#c%d:e/f g\nh?ü'\"";
  await using rtsp = await RtspEmulator.start({ users: { "Größe @1": password }, mounts: [SMALL] });
  const raw = { stream_url: `rtsp://eye:${password}@${rtsp.host}:${rtsp.port}/stream1` };
  const moved = rtspDriver.normalise!(raw);
  assertEquals(moved, { stream_url: rtsp.url(), username: "eye", password });
  const options = { ...moved, username: "Größe @1" };
  await using opened = await Opened.open(rtspDriver, options, stage());
  await using reading = new Reading(opened.can("video"));
  const letGo = reading.lane.packets.acquire();
  await running(reading);
  await assertHidden(password, encodeURIComponent(password), "a%40b");
  assertEquals((await rtsp.sessions()).authFailures, 0);
  letGo();
});

/** Fails when a secret stands in the arguments or the environment of any process. */
async function assertHidden(...secrets: string[]): Promise<void> {
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    for (const file of ["cmdline", "environ"]) {
      const text = await Deno.readTextFile(`/proc/${name}/${file}`).catch(() => "");
      for (const secret of secrets) assert(!text.includes(secret), `${name}/${file} holds a secret`);
    }
  }
}

Deno.test("RTSP: ten consumers of packets and pictures share one session", () =>
  withStream(async ({ rtsp, reading }) => {
    const { packets, frames } = reading.lane;
    const letGo = Array.from({ length: 10 }, (_, at) => (at % 2 ? packets : frames).acquire());
    const limit = AbortSignal.timeout(20_000);
    const got = await Promise.all([packets.hub.next(0, limit), frames.hub.next(0, limit)]);
    assertEquals([got[0].packets[0]?.isKey, got[1].bytes[0]], [true, 0xff]);
    const { openedTotal, peak, clients } = await rtsp.sessions();
    assertEquals({ openedTotal, peak, clients }, { openedTotal: 1, peak: 1, clients: 1 });
    for (const each of letGo) each();
  }));

Deno.test("RTSP: both streams of a camera together never open more than it serves", async () => {
  await using rtsp = await RtspEmulator.start({
    mounts: [SMALL, { ...SMALL, path: "/stream2" }],
    maxSessions: 1,
  });
  const options = { stream_url: rtsp.url(), sub_stream_url: rtsp.url("/stream2"), max_sessions: 1 };
  await using opened = await Opened.open(rtspDriver, options, stage());
  const video = opened.can("video");
  const clock = new FakeClock();
  const shared = { slots: new SessionSlots(), clock, launcher: new Launcher({ clock }) };
  await using main = new Reading(video, { ...shared, name: "front" });
  {
    await using sub = new Reading(video.sub!, { ...shared, name: "front (small)" });
    const letGo = main.lane.packets.acquire();
    await running(main);
    const letGoOfSub = sub.lane.packets.acquire();
    const { error } = await failed(sub);
    assertMatch(error.message, /serves 1 streams at once.*front/);
    await clock.advance(1000);
    letGo();
    await until(() => main.lane.packets.state.state === "idle", "rest");
    await becomes(sub, "running");
    letGoOfSub();
    const { peak, openedTotal } = await rtsp.sessions();
    assertEquals([peak, openedTotal], [1, 2]);
  }
});
