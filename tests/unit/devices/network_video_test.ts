// The stream of a network camera: what is started, where the password stands, and what a failure teaches for the next start.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccountGuard } from "../../../src/devices/account_guard.ts";
import { LoginTurns } from "../../../src/devices/login_turns.ts";
import { VolatileMemory } from "../../../src/devices/memory.ts";
import { networkVideo, type NetworkVideoOptions } from "../../../src/devices/network_video.ts";
import { ingestArgs, mjpegIngestArgs } from "../../../src/process/ingest_args.ts";
import type { ProcessExit } from "../../../src/process/launcher.ts";
import { parseCameraUrl } from "../../../src/protocols/rtsp/camera_url.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

const never = new AbortController().signal;
const PASSWORD = "p@ss: /w'ord\n#1";
const ENCODED = "p%40ss%3A%20%2Fw%27ord%0A%231";
const NAMES: Record<string, string> = { "cam.local": "192.168.1.20", "evil.local": "127.0.0.1" };

function setup(change: Partial<NetworkVideoOptions> & { url?: never; address?: string } = {}) {
  const { address = "rtsp://cam.local:8554/stream1", ...options } = change;
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const lookups: string[] = [];
  const network = new NetworkGuard([], {
    lookup: (name) => {
      lookups.push(name);
      return NAMES[name] ? Promise.resolve(NAMES[name]) : Promise.reject(new Error("ENOTFOUND"));
    },
  });
  const memory = new VolatileMemory();
  const clock = new FakeClock();
  const logins = new LoginTurns(clock);
  const account = { device: "x", account: "stream", username: "susi", password: new Secret(PASSWORD) };
  const newGuard = () => new AccountGuard(account, { memory, clock, logins, isAsked: false });
  const guard = newGuard();
  const url = parseCameraUrl(address, ["rtsp", "rtsps", "rtmp", "http", "https"]);
  const video = networkVideo({ name: "camera a", transport: "auto", audio: true, ...options, url }, {
    network,
    log,
    guard,
  });
  const start = async () => {
    const spec = await video.spec(never);
    await video.ended?.();
    const list = spec.input?.reveal() ?? "";
    return { ...spec, list, transport: /rtsp_transport (\w+)/.exec(list)?.[1] };
  };
  return { video, start, guard, newGuard, memory, lines, lookups };
}

const ended = (...stderr: string[]): ProcessExit => ({ code: 1, signal: undefined, stderr });
const UNSUPPORTED = ended("[rtsp @ 0x1] method SETUP failed: 461 Unsupported Transport");
const OPUS = ended("[mov @ 0x1] opus only supported in MP4.");
const REFUSED = ended("[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized");
const LOST = ended();

Deno.test("networkVideo: the password is in the list for stdin, percent-encoded, and nowhere else", async () => {
  const { start } = setup({ username: "susi", password: new Secret(PASSWORD) });
  const { list, input: _, ...spec } = await start();
  assertStringIncludes(list, `\nfile 'rtsp://susi:${ENCODED}@192.168.1.20:8554/stream1'\n`);
  assertEquals([spec.name, spec.program], ["camera a", "ffmpeg"]);
  for (const trace of [PASSWORD, ENCODED, "susi"]) assert(!JSON.stringify(spec).includes(trace), trace);
  assert(!Deno.inspect(await start()).replace(list, "").includes("w'ord"));
});

Deno.test("networkVideo: the address is looked up and checked before every start, and ffmpeg gets no name", async () => {
  const { start, lookups } = setup();
  assertStringIncludes((await start()).list, "'rtsp://192.168.1.20:8554/stream1'");
  await start();
  assertEquals(lookups, ["cam.local", "cam.local"]);
});

const FORBIDDEN = [
  "rtsp://evil.local/x",
  "rtsp://127.0.0.1/x",
  "http://[::1]:9090/",
  "rtsp://169.254.169.254/latest",
];
for (const address of FORBIDDEN) {
  Deno.test(`networkVideo: ${address} is not started`, async () => {
    const { video } = setup({ address });
    assertEquals((await assertRejects(() => video.spec(never), HubError)).kind, "forbidden");
  });
}

Deno.test("networkVideo: an account that ffmpeg would cut off is refused before anything is sent", async () => {
  const { video, lookups } = setup({ username: "susi", password: new Secret("x".repeat(124)) });
  assertEquals((await assertRejects(() => video.spec(never), HubError)).kind, "invalid_input");
  assertEquals(lookups, []);
});

const KINDS: [string, string, string][] = [
  ["rtsp://cam.local/x", "mp4", "h264"],
  ["rtmp://cam.local/live/x", "mp4", "h264"],
  ["http://cam.local/video", "mpjpeg", "mjpeg"],
  ["https://cam.local/video", "mpjpeg", "mjpeg"],
];
for (const [address, framing, codec] of KINDS) {
  Deno.test(`networkVideo: ${address} is read as ${framing}`, async () => {
    const { video, start } = setup({ address });
    assertEquals([video.framing, video.codec], [
      framing as typeof video.framing,
      codec as typeof video.codec,
    ]);
    const args = framing === "mpjpeg" ? mjpegIngestArgs() : ingestArgs({ audio: true });
    assertEquals((await start()).args, args);
  });
}

Deno.test("networkVideo: what is known of it is announced, what is not is absent", () => {
  assertEquals(Object.keys(setup().video).sort(), ["begun", "codec", "ended", "explain", "framing", "spec"]);
  const sub = setup().video;
  const limit = { device: "x", max: 2 };
  const modes = [{ format: "H265", width: 2560, height: 1440, fps: [15] }];
  const { video } = setup({ codec: "h265", sub, limit, modes });
  assertEquals([video.codec, video.sub === sub, video.limit, video.modes], ["h265", true, limit, modes]);
});

Deno.test("networkVideo: on auto it begins with TCP, and 461 makes it change to the other and back", async () => {
  const { video, start } = setup();
  const seen = [(await start()).transport];
  for (const exit of [LOST, UNSUPPORTED, LOST, UNSUPPORTED]) {
    video.explain(exit);
    seen.push((await start()).transport);
  }
  assertEquals(seen, ["tcp", "tcp", "udp", "udp", "tcp"]);
});

for (const transport of ["tcp", "udp"] as const) {
  Deno.test(`networkVideo: ${transport} that was chosen stays, whatever the camera says`, async () => {
    const { video, start } = setup({ transport });
    assertEquals((await start()).transport, transport);
    assertEquals(video.explain(UNSUPPORTED).kind, "unavailable");
    assertEquals((await start()).transport, transport);
  });
}

for (const transport of ["auto", "tcp", "udp"] as const) {
  Deno.test(`networkVideo: rtsps with ${transport} is read by TCP, which is all that ffmpeg has for it`, async () => {
    const { video, start } = setup({ address: "rtsps://cam.local/x", transport });
    assertEquals((await start()).transport, "tcp");
    assertStringIncludes(video.explain(UNSUPPORTED).hint ?? "", "by TCP only");
    assertEquals((await start()).transport, "tcp");
  });
}

Deno.test("networkVideo: sound that cannot be carried is left out from then on", async () => {
  const { video, start } = setup();
  video.explain(LOST);
  assertEquals((await start()).args, ingestArgs({ audio: true }));
  assertEquals([video.explain(OPUS).kind, video.explain(OPUS).retryable], ["unavailable", true]);
  for (const exit of [LOST, UNSUPPORTED]) {
    video.explain(exit);
    assertEquals((await start()).args, ingestArgs({ audio: false }));
  }
  assertEquals((await setup({ audio: false }).start()).args, ingestArgs({ audio: false }));
});

Deno.test("networkVideo: a refused password is noted and not sent again, not even at once", async () => {
  const { video, newGuard, start } = setup({ username: "susi", password: new Secret(PASSWORD) });
  await start();
  const error = video.explain(REFUSED);
  assertEquals([error.kind, error.retryAtMs], ["unauthenticated", Infinity]);
  const again = await assertRejects(() => video.spec(never), HubError);
  assertEquals([again.kind, again.retryAtMs], ["unauthenticated", Infinity]);
  await until(
    () => newGuard().assertAllowed("stream").then(() => false, () => true),
    "the refusal to be noted",
  );
});

Deno.test("networkVideo: a refusal that cannot be noted is told in the log, without the password", async () => {
  const { video, memory, lines } = setup({ username: "susi", password: new Secret(PASSWORD) });
  memory.write = () => Promise.reject(new Error("disk on fire"));
  assertEquals(video.explain(REFUSED).kind, "unauthenticated");
  await until(() => lines.length > 0, "the log");
  assertStringIncludes(lines[0] ?? "", "disk on fire");
  assert(!lines.join().includes("w'ord"));
});

Deno.test("networkVideo: without a guard a refusal is told all the same", () => {
  const video = networkVideo({
    name: "x",
    transport: "auto",
    audio: true,
    url: parseCameraUrl("rtsp://cam.local/x", ["rtsp"]),
  }, { network: new NetworkGuard([]), log: new Logger(() => {}, "error"), guard: undefined });
  assertEquals(video.explain(REFUSED).kind, "unauthenticated");
});

Deno.test("networkVideo: a lockout of the account lets nothing be started", async () => {
  const { guard, video, lookups } = setup();
  const clock = new FakeClock();
  await guard.lockedOut(clock.now() + 60_000);
  assertEquals((await assertRejects(() => video.spec(never), HubError)).kind, "locked_out");
  assertEquals(lookups, []);
});
