// Looks at the RTSP camera with ffmpeg and ffprobe, so that a fault in it is not taken for one of the hub.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { codecsOf, type Colour, meanColour, Player, tryProbe } from "./players.ts";
import { RtspEmulator, type RtspMount, type RtspView } from "./rtsp_emulator.ts";

const SMALL: RtspMount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 10, bitrateKbps: 200 };
const USERS = { user: "pa@ss: /w'ord" };

Deno.test("RtspEmulator serves H.264 and PCMA to who logs in by digest, and counts a wrong password once", async () => {
  await using camera = await RtspEmulator.start({ users: USERS, mounts: [SMALL] });
  assertEquals(await codecsOf(camera.url("/stream1", "user")), ["h264", "pcm_alaw"]);
  assertEquals((await camera.sessions()).authFailures, 0);

  const refused = await tryProbe(`rtsp://user:wrong@127.0.0.1:${camera.port}/stream1`);
  assertStringIncludes(refused.stderr, "401 Unauthorized");
  assertEquals((await camera.sessions()).authFailures, 1);

  const anonymous = await tryProbe(camera.url("/stream1"));
  assertStringIncludes(anonymous.stderr, "401 Unauthorized");
  assertEquals((await camera.sessions()).authFailures, 1);
});

Deno.test("RtspEmulator takes basic authentication, or none", async () => {
  await using basic = await RtspEmulator.start({ users: USERS, auth: "basic", mounts: [SMALL] });
  assertEquals(await codecsOf(basic.url("/stream1", "user")), ["h264", "pcm_alaw"]);
  await using open = await RtspEmulator.start({ mounts: [{ ...SMALL, audio: "none" }] });
  assertEquals(await codecsOf(open.url("/stream1")), ["h264"]);
});

Deno.test("RtspEmulator answers with the status that a test asks for, until it asks no more", async () => {
  await using camera = await RtspEmulator.start({ mounts: [SMALL] });
  const statuses = [
    ["DESCRIBE", 401, "401 Unauthorized"],
    ["DESCRIBE", 404, "404 Not Found"],
    ["SETUP", 453, "453 Not Enough Bandwidth"],
    ["SETUP", 461, "461 Unsupported"],
    ["PLAY", 503, "503 Service Unavailable"],
  ] as const;
  for (const [method, code, text] of statuses) {
    await camera.reject(method, code);
    assertStringIncludes((await tryProbe(camera.url())).stderr, `method ${method} failed: ${text}`);
    await camera.reject(method, null);
  }
  assertEquals(await codecsOf(camera.url()), ["h264", "pcm_alaw"]);
  assertStringIncludes((await tryProbe(camera.url("/other"))).stderr, "404 Not Found");
});

Deno.test("RtspEmulator shares one encoder, counts sessions, and refuses one too many with 453", async () => {
  await using camera = await RtspEmulator.start({ mounts: [SMALL], maxSessions: 2 });
  await using first = new Player(camera.url());
  await first.more();
  await using second = new Player(camera.url());
  await second.more();
  const third = await tryProbe(camera.url());
  assertStringIncludes(third.stderr, "method PLAY failed: 453 Not Enough Bandwidth");
  const { sessions, peak, openedTotal, media } = await camera.sessions();
  assertEquals({ sessions, peak, openedTotal, media }, { sessions: 2, peak: 2, openedTotal: 2, media: 1 });
});

Deno.test("RtspEmulator stalls: bytes stop, the connection stays; then it goes on", async () => {
  await using camera = await RtspEmulator.start({ mounts: [SMALL] });
  await using player = new Player(camera.url());
  await player.more();
  await camera.stall(true);
  const heard = await bytesWithin(player, 1500, 500);
  assertEquals(heard, 0);
  assertEquals((await camera.sessions()).sessions, 1);
  await camera.stall(false);
  await player.more();
});

Deno.test("RtspEmulator drops its connections, goes off, and comes back on the same port", async () => {
  await using camera = await RtspEmulator.start({ mounts: [SMALL] });
  await using dropped = new Player(camera.url());
  await dropped.more();
  await camera.drop();
  await dropped.ended();

  const { port } = camera;
  await using cut = new Player(camera.url());
  await cut.more();
  await camera.offline();
  await cut.ended();
  assertStringIncludes((await tryProbe(camera.url())).stderr, "Connection refused");
  await assertRejects(() => camera.sessions(), Error);

  await camera.online();
  assertEquals(camera.port, port);
  assertEquals(await codecsOf(camera.url()), ["h264", "pcm_alaw"]);
});

Deno.test("RtspEmulator hangs when frozen: it takes a connection and never answers", async () => {
  await using camera = await RtspEmulator.start({ mounts: [SMALL] });
  camera.freeze(true);
  using socket = await Deno.connect({ hostname: "127.0.0.1", port: camera.port });
  await socket.write(new TextEncoder().encode(`OPTIONS ${camera.url()} RTSP/1.0\r\nCSeq: 1\r\n\r\n`));
  const answer = socket.read(new Uint8Array(512));
  assertEquals(await Promise.race([answer, pause(300).then(() => "nothing")]), "nothing");
  camera.freeze(false);
  assert((await answer ?? 0) > 0);
});

Deno.test("RtspEmulator shows where it looks, its privacy card, and no colour at night", async () => {
  await using camera = await RtspEmulator.start({ mounts: [{ ...SMALL, audio: "none" }] });
  const look = async (view: RtspView): Promise<Colour> => {
    await camera.view(view);
    return await meanColour(camera.url());
  };
  const left = await look({ pan: -1 });
  assert(left.red > left.blue + 30, JSON.stringify(left));
  const right = await look({ pan: 1 });
  assert(right.blue > right.red + 30, JSON.stringify(right));
  const up = await look({ pan: 0, tilt: 1 });
  const down = await look({ tilt: -1 });
  assert(up.red > down.red + 20 && up.blue > down.blue + 20, JSON.stringify({ up, down }));
  const turned = await look({ pan: -1, tilt: 0, zoom: 1, flip: true });
  assert(turned.red > left.red, JSON.stringify(turned));
  const night = await look({ night: true });
  assert(Math.abs(night.red - night.blue) < 6, JSON.stringify(night));
  const card = await look({ privacy: true });
  assert(card.red < 40 && card.green < 40 && card.blue < 40, JSON.stringify(card));
});

Deno.test("RtspEmulator changes its codec for new sessions: H.265, MJPEG, AAC", async () => {
  await using camera = await RtspEmulator.start({ mounts: [SMALL] });
  await camera.change("/stream1", { codec: "h265" });
  assertEquals(await codecsOf(camera.url()), ["hevc", "pcm_alaw"]);
  await camera.change("/stream1", { codec: "mjpeg", audio: "aac" });
  assertEquals(await codecsOf(camera.url()), ["aac", "mjpeg"]);
  await assertRejects(() => camera.change("/stream1", { height: 180 }), Error);
});

Deno.test("RtspEmulator.start throws what the camera says of its options", async () => {
  const error = await assertRejects(() => RtspEmulator.start({ mounts: [{ width: 101 }] }), Error);
  assertStringIncludes(error.message, "101");
});

/** Bytes that came in the second part of a wait; the first is for what was on its way. */
async function bytesWithin(player: Player, settleMs: number, listenMs: number): Promise<number> {
  await pause(settleMs);
  const before = player.bytes;
  await pause(listenMs);
  return player.bytes - before;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
