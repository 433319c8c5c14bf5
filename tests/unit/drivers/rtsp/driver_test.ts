// Cameras known by an address: what becomes of passwords in it, when two are the same, and what an open one offers.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Logger } from "../../../../src/base/log.ts";
import { NetworkGuard } from "../../../../src/base/network.ts";
import { carryOver, checkOptions, mergeOptions, shownOptions } from "../../../../src/devices/camera_input.ts";
import type { CameraContext } from "../../../../src/devices/driver.ts";
import { LoginTurns } from "../../../../src/devices/login_turns.ts";
import { SessionSlots } from "../../../../src/devices/session_slots.ts";
import { Shared } from "../../../../src/devices/shared.ts";
import { VolatileMemory } from "../../../../src/devices/memory.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { rtspDriver } from "../../../../src/drivers/rtsp/driver.ts";
import { bench } from "../../tools/processes.ts";

const never = new AbortController().signal;
const check = (given: Record<string, unknown>) => checkOptions(rtspDriver, given);
const DEFAULTS = { sub_width: 640, transport: "auto", audio: true };

const NORMALISED: [string, Record<string, unknown>, Record<string, unknown>][] = [
  ["an address alone", { stream_url: "rtsp://10.0.0.5/x" }, { stream_url: "rtsp://10.0.0.5/x" }],
  ["a raw password", { stream_url: "rtsp://susi:p@ss/w#rd@10.0.0.5:554/x" }, {
    stream_url: "rtsp://10.0.0.5:554/x",
    username: "susi",
    password: "p@ss/w#rd",
  }],
  ["an encoded password", { stream_url: "RTSP://susi:p%40ss@CAM.local/x" }, {
    stream_url: "rtsp://cam.local/x",
    username: "susi",
    password: "p@ss",
  }],
  ["a user name alone, the password beside it", { stream_url: "rtsp://susi@10.0.0.5/x", password: "pw" }, {
    stream_url: "rtsp://10.0.0.5/x",
    username: "susi",
    password: "pw",
  }],
  ["both in the address and beside it", {
    stream_url: "rtsp://susi:new@h/x",
    username: "ann",
    password: "old",
  }, {
    stream_url: "rtsp://h/x",
    username: "susi",
    password: "new",
  }],
  [
    "in the smaller stream's address only",
    { stream_url: "rtsp://h/1", sub_stream_url: "rtsp://susi:pw@h/2" },
    {
      stream_url: "rtsp://h/1",
      sub_stream_url: "rtsp://h/2",
      username: "susi",
      password: "pw",
    },
  ],
  ["in both addresses", { stream_url: "rtsp://susi:pw@h/1", sub_stream_url: "rtsp://bob:other@h/2" }, {
    stream_url: "rtsp://h/1",
    sub_stream_url: "rtsp://h/2",
    username: "susi",
    password: "pw",
  }],
  ["MJPEG over HTTP", { stream_url: "http://susi:pw@h:8080/video?fps=5" }, {
    stream_url: "http://h:8080/video?fps=5",
    username: "susi",
    password: "pw",
  }],
];
for (const [name, given, expected] of NORMALISED) {
  Deno.test(`rtspDriver: credentials go where they are kept secret: ${name}`, () => {
    assertEquals(check(given), { ...DEFAULTS, ...expected });
    assertEquals(check(check(given)), { ...DEFAULTS, ...expected });
  });
}

Deno.test("rtspDriver: another address with another password replaces the old one", () => {
  const now = check({ stream_url: "rtsp://susi:old@h/1" });
  const change = { stream_url: "rtsp://bob:new@h/1", username: "susi", password: "[secret]" };
  const { username, password } = check(mergeOptions(now, change));
  assertEquals([username, password], ["bob", "new"]);
});

const WRONG: Record<string, unknown>[] = [
  {},
  { stream_url: "" },
  { stream_url: "file:///etc/passwd" },
  { stream_url: "rtsp://susi:hunter2@" },
  { stream_url: 5 },
  { stream_url: "rtsp://h/1", sub_stream_url: "concat:x" },
  { stream_url: "rtsp://h/1", transport: "multicast" },
  { stream_url: "rtsp://h/1", max_sessions: 0 },
  { stream_url: "rtsp://h/1", host: "h" },
];
for (const given of WRONG) {
  Deno.test(`rtspDriver: ${JSON.stringify(given)} is refused in words, without the password`, async () => {
    const error = await assertRejects(() => Promise.resolve().then(() => check(given)), HubError);
    assertEquals(error.kind, "invalid_input");
    assert(!JSON.stringify([error.message, error.hint, error.details]).includes("hunter2"));
    // Nothing that looks at a camera's options may fail for it.
    await rtspDriver.identify?.(given);
    rtspDriver.addressOf?.(given);
  });
}

Deno.test("rtspDriver: the same stream is the same device, however its address is written", async () => {
  const identity = (stream_url: unknown) => rtspDriver.identify?.({ stream_url });
  const same = ["rtsp://cam/x", "rtsp://cam:554/x", "RTSP://CAM/x", "rtsp://susi:pw@cam/x"];
  const identities = await Promise.all(same.map(identity));
  assertEquals(new Set(identities).size, 1);
  for (const other of ["rtsp://cam/y", "rtsp://cam:555/x", "rtsps://cam/x", "rtsp://cam2/x"]) {
    assert(await identity(other) !== identities[0], other);
  }
  assert(!identities[0]?.includes("pw"));
  assertEquals([await identity(undefined), await identity("nonsense")], ["", ""]);
  assertEquals(rtspDriver.addressOf?.({ stream_url: "rtsp://susi:pw@[FD12::5]:99/x" }), "fd12::5");
});

/** Something that takes connections at a port of loopback, and a driver's context that allows it. */
async function withPort(work: (port: number, context: CameraContext) => Promise<void>): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) connection.close();
  })();
  const context = {
    ...bench(),
    network: new NetworkGuard(["127.0.0.0/8"]),
    memory: new VolatileMemory(),
    logins: new LoginTurns(new FakeClock()),
    slots: new SessionSlots(),
    shared: new Shared(),
    log: new Logger(() => {}, "error"),
    cameraId: "front",
    isAsked: false,
  };
  await work(listener.addr.port, context);
  listener.close();
  await serving;
}

Deno.test("rtspDriver: an open camera offers its streams, and shows its address without credentials", async () => {
  await withPort(async (port, context) => {
    const options = check({
      stream_url: `rtsp://susi:hunter2@127.0.0.1:${port}/1?user=susi&password=hunter2`,
      sub_stream_url: `rtsp://127.0.0.1:${port}/2`,
      sub_width: 320,
      max_sessions: 2,
    });
    const device = await rtspDriver.open(options, context, never);
    assertEquals(device.info, { address: `rtsp://127.0.0.1:${port}/1?user=susi&password=[secret]` });
    const { video } = device.capabilities;
    assertEquals(Object.keys(device.capabilities), ["video"]);
    assertEquals(video?.limit, { device: `rtsp 127.0.0.1:${port}`, max: 2 });
    assertEquals([video?.sub?.limit, video?.sub?.modes?.[0]?.width], [video?.limit, 320]);
    const main = await video?.spec(never);
    await video?.ended?.();
    const small = await video?.sub?.spec(never);
    assertEquals([main?.name, small?.name], ["camera front", "camera front (small)"]);
    for (const [spec, path] of [[main, "1?user=susi&password=hunter2"], [small, "2"]] as const) {
      assert(spec?.input?.reveal().includes(`'rtsp://susi:hunter2@127.0.0.1:${port}/${path}'`));
    }
    assert(main?.args.includes("0:a:0?") && !small?.args.includes("0:a:0?"));
    const stop = new AbortController();
    const running = device.run(stop.signal);
    stop.abort();
    await running;
  });
});

Deno.test("rtspDriver: a password that one stream was refused with is not sent for the other, nor after a restart", async () => {
  await withPort(async (port, context) => {
    const options = check({
      stream_url: `rtsp://susi:wrong@127.0.0.1:${port}/1`,
      sub_stream_url: `rtsp://127.0.0.1:${port}/2`,
    });
    const { video } = (await rtspDriver.open(options, context, never)).capabilities;
    video?.explain({ code: 1, signal: undefined, stderr: ["method DESCRIBE failed: 401 Unauthorized"] });
    for (const stream of [video?.sub, video]) {
      assertEquals((await assertRejects(() => stream!.spec(never), HubError)).kind, "unauthenticated");
    }
    const again = async (isAsked: boolean, change = {}) =>
      (await rtspDriver.open({ ...options, ...change }, { ...context, isAsked }, never)).capabilities.video!;
    const restarted = await again(false);
    assertEquals((await assertRejects(() => restarted.spec(never), HubError)).retryAtMs, Infinity);
    await (await again(false, { password: "right" })).spec(never);
  });
});

const REFUSED = { code: 1, signal: undefined, stderr: ["HTTP error 401 Unauthorized"] };

Deno.test("[SECRETS] rtspDriver: a password in the address is not shown, and not sent again once refused", async () => {
  await withPort(async (port, context) => {
    const options = check({
      stream_url: `http://127.0.0.1:${port}/video?user=a&pwd=hunter2`,
      sub_stream_url: `http://127.0.0.1:${port}/small?user=a&pwd=hunter2`,
    });
    const open = async (change = {}, isAsked = false) =>
      await rtspDriver.open({ ...options, ...change }, { ...context, isAsked }, never);
    const device = await open();
    assertEquals(device.info, { address: `http://127.0.0.1:${port}/video?user=a&pwd=[secret]` });
    assert(!JSON.stringify(shownOptions(rtspDriver, options)).includes("hunter2"));
    assertEquals(check(carryOver(rtspDriver, options, shownOptions(rtspDriver, options))), options);
    const { video } = device.capabilities;
    assert((await video!.spec(never)).input?.reveal().includes("pwd=hunter2"));
    video!.explain(REFUSED);
    await video!.ended?.();
    for (const stream of [video, video?.sub, (await open()).capabilities.video]) {
      const error = await assertRejects(() => stream!.spec(never), HubError);
      assertEquals([error.kind, error.retryAtMs], ["unauthenticated", Infinity]);
    }
    const mended = await open({ stream_url: String(options.stream_url).replace("hunter2", "right") });
    await mended.capabilities.video!.spec(never);
  });
});

Deno.test("[SECRETS] rtspDriver: streams with passwords of their own are guarded each for itself", async () => {
  await withPort(async (port, context) => {
    const options = check({
      stream_url: `http://127.0.0.1:${port}/video?pwd=right`,
      sub_stream_url: `http://127.0.0.1:${port}/small?pwd=wrong`,
    });
    const { video } = (await rtspDriver.open(options, context, never)).capabilities;
    await video!.sub!.spec(never);
    video!.sub!.explain(REFUSED);
    await video!.sub!.ended?.();
    await assertRejects(() => video!.sub!.spec(never), HubError);
    await video!.spec(never);
    const again = (await rtspDriver.open(options, context, never)).capabilities.video;
    assertEquals((await assertRejects(() => again!.sub!.spec(never), HubError)).kind, "unauthenticated");
  });
});

const SAME: [string, string][] = [
  ["http://cam/video?pwd=hunter2", "http://cam/video?pwd=other"],
  ["http://cam/video?user=a&password1=hunter2", "http://cam/video?user=a&password1=other"],
  ["http://cam/video?loginuse=a&loginpas=hunter2", "http://cam/video?loginuse=a&loginpas=other"],
  ["rtsp://cam/user=a_password=hunter2_channel=1", "rtsp://cam:554/user=a_password=other_channel=1"],
  ["http://cam/?token=hunter2&psw=a", "http://cam/?token=hunter2&psw=b"],
];
const DISTINCT: [string, string][] = [
  ["http://nvr/live?token=hunter2", "http://nvr/live?token=hunter3"],
  ["http://nvr/live?api_key=hunter2", "http://nvr/live?api_key=hunter3"],
  ["rtsp://nvr/channel:hunter2/main", "rtsp://nvr/channel:hunter3/main"],
  ["rtsp://nvr/ch:1/main", "rtsp://nvr/ch:2/main"],
  ["rtsp://nvr/user=a_password=hunter2_channel=1", "rtsp://nvr/user=a_password=hunter2_channel=2"],
];
for (const [pairs, isSame] of [[SAME, true], [DISTINCT, false]] as const) {
  for (const [one, other] of pairs) {
    Deno.test(`[SECRETS] rtspDriver: ${one} and ${other} are ${isSame ? "one device" : "two"}`, async () => {
      const identity = async (stream_url: string) => await rtspDriver.identify!({ stream_url });
      const both = [await identity(one), await identity(other)];
      assertEquals(both[0] === both[1], isSame);
      assert(!both.join().includes("hunter"), both.join());
      assertEquals(await identity(one), both[0]);
    });
  }
}

Deno.test("rtspDriver: refused addresses and closed ports are told before anything is started", async () => {
  await withPort(async (port, context) => {
    const open = (stream_url: string, network = context.network) =>
      assertRejects(() => rtspDriver.open(check({ stream_url }), { ...context, network }, never), HubError);
    const strict = new NetworkGuard([]);
    assertEquals((await open(`rtsp://127.0.0.1:${port}/1`, strict)).kind, "forbidden");
    assertEquals((await open("rtsp://169.254.169.254/latest")).kind, "forbidden");
    const closed = await open("rtsp://127.0.0.1:1/1");
    assertEquals([closed.kind, closed.details?.unreachable], ["unavailable", true]);
    assertEquals(context.launcher.living, []);
  });
});
