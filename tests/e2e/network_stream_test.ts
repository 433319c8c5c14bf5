// Streams of network cameras: few sessions at the camera for many viewers, sound, and every failure told and healed.
// deno-lint-ignore-file no-console -- it prints for people
import { assert, assertEquals, assertMatch } from "@std/assert";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { C110 } from "../emulators/tapo/models/index.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import {
  awaitStatus,
  Listening,
  MOUNTS,
  processNames,
  row,
  runOn,
  snapshot,
  startHub,
  Watching,
} from "./network_bench.ts";

const STREAM = "/api/cameras/r/stream";
function optionsOf(camera: RtspEmulator): Record<string, unknown> {
  return {
    id: "r",
    type: "rtsp",
    stream_url: camera.url("/stream1"),
    sub_stream_url: camera.url("/stream2"),
    sub_width: 320,
    ...(camera.options.users ? { username: "viewer", password: camera.options.users.viewer } : {}),
  };
}

async function awaitNoSession(hub: HubProcess, camera: RtspEmulator): Promise<void> {
  await hub.waitFor(
    async () => (await camera.sessions()).clients === 0 && (await processNames(hub)).length === 0,
    "the camera to be left alone",
  );
}

Deno.test("[RTSP-ONE-SESSION] ten viewers are one session at the camera, small ones its small stream; later there is none", async () => {
  await using camera = await RtspEmulator.start({ users: { viewer: "secret" }, mounts: MOUNTS });
  await using hub = await startHub([optionsOf(camera)]);
  await awaitStatus(hub, "r", "online");
  assertEquals((await camera.sessions()).openedTotal, 0, "nobody looks, nothing is read");
  await using viewers = new AsyncDisposableStack();
  for (let time = 0; time < 5; time++) {
    viewers.use(await Watching.start(hub.client, STREAM));
    viewers.use(await Listening.open(hub.client, "/api/live")).say({ op: "subscribe", camera: "r" });
  }
  await hub.waitFor(async () => {
    const { viewers } = await hub.client.json("/api/cameras/r");
    return viewers.length === 10 && viewers.every((viewer: { frames: number }) => viewer.frames > 5);
  }, "ten viewers with pictures");
  const { sessions, peak, openedTotal, media } = await camera.sessions();
  assertEquals([sessions, peak, openedTotal, media], [1, 1, 1, 1]);
  assertEquals(await processNames(hub), ["camera r", "transcode r"]);
  await viewers.disposeAsync();
  await awaitNoSession(hub, camera);
  await using _small = await Watching.start(hub.client, `${STREAM}?width=320`);
  await using _smaller = await Watching.start(hub.client, `${STREAM}?width=160`);
  assertEquals(await processNames(hub), ["camera r (small)", "rescale r", "transcode r (small)"]);
  assertEquals((await camera.sessions()).sessions, 1);
  await using _full = await Watching.start(hub.client, STREAM);
  assertEquals((await camera.sessions()).sessions, 2);
  await Promise.all([_small, _smaller, _full].map((each) => each[Symbol.asyncDispose]()));
  await awaitNoSession(hub, camera);
  assertEquals((await camera.sessions()).authFailures, 0);
});

Deno.test("[RTSP-ONE-SESSION] pictures taken one after the other are one session; one taken while it ends is there too", async () => {
  await using camera = await RtspEmulator.start({ mounts: MOUNTS });
  await using hub = await startHub([optionsOf(camera)], { streams: { linger_s: 0.4 } });
  await awaitStatus(hub, "r", "online");
  for (let time = 0; time < 10; time++) {
    await snapshot(hub, "r");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals((await camera.sessions()).openedTotal, 1);
  for (let pauseMs = 396; pauseMs <= 436; pauseMs += 10) {
    await snapshot(hub, "r");
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await awaitNoSession(hub, camera);
});

interface Fault {
  name: string;
  begin: (camera: RtspEmulator) => Promise<void>;
  end: (camera: RtspEmulator) => Promise<void>;
  status: string;
  reason: RegExp;
  hint: RegExp;
  /** True: the hub waits for a person. */
  isAsked?: boolean;
}

function rejecting(code: number): Pick<Fault, "name" | "begin" | "end"> {
  return {
    name: String(code),
    begin: async (camera) => {
      await camera.reject("DESCRIBE", code);
      await camera.drop();
    },
    end: (camera) => camera.reject("DESCRIBE", null),
  };
}

const FAULTS: readonly Fault[] = [
  {
    name: "a broken connection",
    begin: (camera) => camera.drop(),
    end: () => Promise.resolve(),
    status: "offline",
    reason: /ended its stream/,
    hint: /tries again by itself/,
  },
  { ...rejecting(404), status: "offline", reason: /no stream of this name/, hint: /path/ },
  {
    ...rejecting(453),
    status: "offline",
    reason: /too many viewers/,
    hint: /Tapo app, a recorder/,
    isAsked: true,
  },
  {
    name: "silence",
    begin: (camera) => camera.stall(true),
    end: (camera) => camera.stall(false),
    status: "offline",
    reason: /No picture came for|stopped sending/,
    hint: /./,
  },
  {
    ...rejecting(401),
    status: "auth_required",
    reason: /refused the account/,
    hint: /user name and password/,
    isAsked: true,
  },
];

Deno.test("[RTSP-REASONS] a break, 404, 453, silence and 401 at a running viewer are told, and its picture goes on after them", async () => {
  await using camera = await RtspEmulator.start({ users: { viewer: "secret" }, mounts: MOUNTS });
  await using hub = await startHub([optionsOf(camera)], { streams: { stall_timeout_s: 1.5 } });
  await using viewer = await Watching.start(hub.client, STREAM);
  for (const { name, begin, end, status, reason, hint, isAsked } of FAULTS) {
    await begin(camera);
    let told = await row(hub, "r");
    await hub.waitFor(async () => reason.test((told = await row(hub, "r")).reason), `${name} to be told`);
    assertEquals(told.status, status);
    assertMatch(told.hint, hint);
    if (name === "401") assertEquals(told.next_try_at, undefined, "nothing is tried again by itself");
    const { bytes } = viewer;
    await end(camera);
    if (isAsked) await hub.client.operation("connect_camera", { camera_id: "r" });
    await awaitStatus(hub, "r", "online");
    await hub.waitFor(() => viewer.bytes > bytes + 20_000, `pictures after ${name}`);
    assertEquals(viewer.isOver, false, "the viewer's own connection held");
  }
});

Deno.test("[RTSP-REASONS] a wrong password is sent once, however many look and however long", async () => {
  await using camera = await RtspEmulator.start({ users: { viewer: "secret" }, mounts: MOUNTS });
  await using hub = await startHub([{ ...optionsOf(camera), password: "not the password" }]);
  await awaitStatus(hub, "r", "online");
  const first = await hub.client.send("GET", STREAM);
  assertEquals([first.status, first.body.error_code], [502, "device_rejected"]);
  assertMatch(first.body.message, /refused the account/);
  const others = await Promise.all(
    [STREAM, `${STREAM}?width=160`, "/api/cameras/r/snapshot", "/api/cameras/r/audio"].map((path) =>
      hub.client.send("GET", path)
    ),
  );
  assertEquals(others.map(({ body }) => body.error_code), Array(4).fill("device_rejected"));
  await hub.waitFor(async () => (await hub.client.json("/api/status")).processes.length === 0);
  assertEquals((await camera.sessions()).authFailures, 1);
});

Deno.test("[CAMERA-GONE] an unplugged camera is offline with the reason, watched or not; plugged in, its viewer goes on", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using hub = await startHub([{ id: "r", type: "tapo", ...rig.options }]);
  for (const isWatched of [false, true]) {
    await awaitStatus(hub, "r", "online");
    await using viewer = isWatched ? await Watching.start(hub.client, STREAM) : undefined;
    const pulledMs = Date.now();
    await rig.offline();
    const told = await awaitStatus(hub, "r", "offline");
    const toldMs = Date.now() - pulledMs;
    assertMatch(told.reason, /refuses connections|cannot be reached|ended its stream/);
    assertMatch(told.hint, /./);
    assert(told.next_try_at);
    const bytes = viewer?.bytes ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const pluggedMs = Date.now();
    await rig.online();
    await awaitStatus(hub, "r", "online");
    const backMs = Date.now() - pluggedMs;
    await hub.waitFor(() => !viewer || viewer.bytes > bytes + 20_000, "pictures again");
    const pictures = viewer ? `; pictures ${Date.now() - pluggedMs} ms after it was plugged in` : "";
    console.log(
      `    ${isWatched ? "" : "not "}watched: told after ${toldMs} ms, back after ${backMs} ms${pictures}`,
    );
    if (viewer) assertEquals([viewer.isOver, (await row(hub, "r")).stream.viewers], [false, 1]);
  }
});

Deno.test("[AUDIO] the sound of a camera is AAC, and is made only while somebody listens", async () => {
  await using camera = await RtspEmulator.start({ mounts: MOUNTS });
  await using hub = await startHub([optionsOf(camera)]);
  await using viewer = await Watching.start(hub.client, STREAM);
  assertEquals(await processNames(hub), ["camera r", "transcode r"]);
  const leave = new AbortController();
  const response = await hub.client.fetch("/api/cameras/r/audio", { signal: leave.signal });
  assertEquals([response.status, response.headers.get("content-type")], [200, "audio/aac"]);
  const sound: number[] = [];
  for await (const chunk of response.body ?? []) {
    sound.push(...chunk);
    if (sound.length > 8000) break;
  }
  assertEquals(await processNames(hub), ["camera r", "sound r", "transcode r"]);
  assertEquals((await camera.sessions()).sessions, 1, "picture and sound come in one session");
  leave.abort();
  const entries = ["-show_entries", "stream=codec_name,channels,sample_rate", "-of", "csv=p=0", "-"];
  const told = await runOn(["ffprobe", "-v", "error", ...entries], new Uint8Array(sound));
  assertMatch(new TextDecoder().decode(told), /^aac,16000,1\s*$/);
  await hub.waitFor(async () => !(await processNames(hub)).includes("sound r"), "the sound to end");
  assertEquals(await processNames(hub), ["camera r", "transcode r"]);
  const { bytes } = viewer;
  await hub.waitFor(() => viewer.bytes > bytes, "the picture to go on");
});

Deno.test("[AUDIO] a camera without a microphone says so", async () => {
  const mounts = [{ ...MOUNTS[0], audio: "none" as const }];
  await using camera = await RtspEmulator.start({ mounts });
  await using hub = await startHub([{ id: "r", type: "rtsp", stream_url: camera.url("/stream1") }]);
  await awaitStatus(hub, "r", "online");
  const answer = await hub.client.send("GET", "/api/cameras/r/audio");
  assertEquals([answer.status, answer.body.error_code], [422, "unsupported"]);
  assertMatch(answer.body.message, /sends no sound/);
  assertEquals((await row(hub, "r")).status, "online");
});
