// The part of `make bench` about network cameras: reading H.264 without decoding it, and how soon things happen.
import { systemClock } from "../../src/base/clock.ts";
import { Logger } from "../../src/base/log.ts";
import { NetworkGuard } from "../../src/base/network.ts";
import { networkVideo } from "../../src/devices/network_video.ts";
import { Lane } from "../../src/media/lane.ts";
import { SessionSlots } from "../../src/devices/session_slots.ts";
import { Launcher } from "../../src/process/launcher.ts";
import { parseCameraUrl } from "../../src/protocols/rtsp/camera_url.ts";
import { CAMERA_ACCOUNT, TapoRig } from "../emulators/rig/tapo_rig.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { Player } from "../emulators/rtsp/players.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { anonymousBytes, cpuSeconds, rssBytes } from "./proc.ts";

const GOP_MS = 2000;
const TUNING = {
  lingerMs: 0,
  startTimeoutMs: 10_000,
  stallTimeoutMs: 5000,
  backoff: { firstMs: 500, maxMs: 4000 },
};

type Row = (...cells: (string | number)[]) => void;

/** Prints the figures. */
export async function networkBench(row: Row, seconds: number): Promise<void> {
  await ingest(row, seconds);
  await using rig = await TapoRig.start({
    model: C220,
    mounts: [{ path: "/stream1", width: 1280, height: 720, fps: 15, gop: 30, bitrateKbps: 2000 }, {
      path: "/stream2",
      width: 640,
      height: 360,
      fps: 15,
      gop: 30,
      audio: "none",
    }],
  });
  rig.tapo.gateway.latencyMs = 0;
  const cameras = [{ id: "cam", type: "tapo", ...rig.options }];
  const config = JSON.stringify({ network: { allow: ["127.0.0.0/8"] }, streams: { linger_s: 0 }, cameras });
  await using hub = await HubProcess.start({ config });
  await hub.login();
  await online(hub);
  await firstPicture(hub, rig, row);
  await ptz(hub, rig, row);
  await viewers(hub, rig, row);
  await away(hub, rig, row);
}

/** Reads a 1080p15 stream without a decoder: what recording and video viewers will cost. */
async function ingest(row: Row, seconds: number): Promise<void> {
  const mounts = [{ path: "/stream1", width: 1920, height: 1080, fps: 15, gop: 30, bitrateKbps: 4000 }];
  const { username, password } = CAMERA_ACCOUNT;
  await using camera = await RtspEmulator.start({ users: { [username]: password }, mounts });
  const launcher = new Launcher({ clock: systemClock });
  const lane = new Lane("cam", { launcher, clock: systemClock, tuning: TUNING }, new SessionSlots());
  const { username: user, password: _, ...url } = parseCameraUrl(camera.url("/stream1", username), ["rtsp"]);
  const { Secret } = await import("../../src/base/secret.ts");
  const network = new NetworkGuard(["127.0.0.0/8"]);
  const log = new Logger(() => {}, "error");
  lane.setVideo(networkVideo({
    name: "cam",
    url,
    username: user,
    password: new Secret(password),
    transport: "tcp",
    audio: true,
  }, { network, log, guard: undefined }));
  const stop = new AbortController();
  const running = lane.run(stop.signal);
  const release = lane.packets.acquire();
  await until(() => lane.packets.figures.packetsTotal > 60);
  const pid = launcher.living[0]?.pid ?? 0;
  const [before, hubBefore] = [await cpuSeconds(pid), await cpuSeconds(Deno.pid)];
  const packetsBefore = lane.packets.figures.bytesTotal;
  await wait(seconds * 1000);
  const used = (await cpuSeconds(pid) - before) / seconds * 100;
  const hubUsed = (await cpuSeconds(Deno.pid) - hubBefore) / seconds * 100;
  const rate = (lane.packets.figures.bytesTotal - packetsBefore) / seconds / 1000;
  row(
    "H.264 1080p15 copy, G.711 sound",
    `${rate.toFixed(0)} KB/s`,
    `ffmpeg ${used.toFixed(1)} %, hub's loop ${hubUsed.toFixed(1)} %`,
    `ffmpeg RSS ${mb(await rssBytes(pid))}, of it its own ${mb(await anonymousBytes(pid))}`,
  );
  release();
  await until(() => lane.packets.state.state === "idle");
  stop.abort();
  await running;
}

/** Somebody else watches meanwhile, so that the encoder runs and the hub joins between two key frames. */
async function firstPicture(hub: HubProcess, rig: TapoRig, row: Row): Promise<void> {
  await using other = new Player(rig.rtsp.url("/stream1", CAMERA_ACCOUNT.username));
  await other.more();
  const times: number[] = [];
  for (let run = 0; run < 8; run++) {
    const begin = performance.now();
    await hub.client.parts("/api/cameras/cam/stream", 1);
    times.push(performance.now() - begin);
    await until(async () => !(await camera(hub)).stream.running);
    await wait(300 + run * 100);
  }
  row(
    "first picture after a click",
    `median ${median(times)} ms`,
    `worst ${Math.max(...times).toFixed(0)} ms`,
    `GOP ${GOP_MS} ms`,
  );
}

async function ptz(hub: HubProcess, rig: TapoRig, row: Row): Promise<void> {
  const toMotor: number[] = [];
  const whole: number[] = [];
  for (let run = 0; run < 40; run++) {
    const [begin, at] = [performance.now(), Date.now()];
    await hub.client.operation("move_ptz", { camera_id: "cam", pan: run % 2 ? 0.05 : -0.05 });
    whole.push(performance.now() - begin);
    toMotor.push((rig.tapo.moves.at(-1)?.at ?? NaN) - at);
  }
  row(
    "PTZ request to motor",
    `median ${median(toMotor)} ms`,
    `worst ${Math.max(...toMotor)} ms`,
    `answer ${median(whole)} ms`,
  );
}

async function viewers(hub: HubProcess, rig: TapoRig, row: Row): Promise<void> {
  const before = (await rig.rtsp.sessions()).openedTotal;
  await Promise.all(Array.from({ length: 10 }, () => hub.client.parts("/api/cameras/cam/stream", 20)));
  const { openedTotal, peak } = await rig.rtsp.sessions();
  row("ten viewers of one camera", `${openedTotal - before} RTSP session`, `at most ${peak} at once`);
}

async function away(hub: HubProcess, rig: TapoRig, row: Row): Promise<void> {
  const [gone, back]: [number[], number[]] = [[], []];
  for (let run = 0; run < 3; run++) {
    await wait(run * 700);
    let begin = performance.now();
    await rig.offline();
    await until(async () => (await camera(hub)).status === "offline");
    gone.push(performance.now() - begin);
    await wait(4000);
    await rig.online();
    begin = performance.now();
    await online(hub);
    back.push(performance.now() - begin);
  }
  row("camera unplugged", `told after ${seconds(gone)}`, `online ${seconds(back)} after it is back`);
}

async function camera(hub: HubProcess) {
  return await hub.client.json("/api/cameras/cam");
}

async function online(hub: HubProcess): Promise<void> {
  await until(async () => (await camera(hub)).status === "online");
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isSo()) await wait(20);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function median(list: number[]): number {
  return Math.round(list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN);
}

function seconds(list: number[]): string {
  return list.map((ms) => (ms / 1000).toFixed(1)).join(", ") + " s";
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
