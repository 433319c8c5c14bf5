// The part of `make bench` about the hub's motion detector: what it costs, and how soon it tells.
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { largeRoom, largeWalker } from "../emulators/http_mjpeg/scenes.ts";
import { Listening } from "../e2e/network_bench.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { cpuSeconds, rssBytes } from "./proc.ts";

type Row = (...cells: (string | number)[]) => void;

/** Prints the figures. */
export async function motionBench(row: Row, seconds: number): Promise<void> {
  const [room, walking] = [await largeRoom(), await largeWalker()];
  const bytes = room.reduce((sum, each) => sum + each.length, 0) / room.length;
  row("motion clip", "1280x720", `${Math.round(bytes / 1000)} KB a frame`);
  // Few enough pictures that each is looked at: what is measured is the way of the very frame.
  await using camera = await HttpMjpegCamera.start({ pictures: room, everyMs: 250 });
  await withHub(camera, async (hub) => await soon(hub, camera, { room, walking }, row));
  await using fast = await HttpMjpegCamera.start({ pictures: room, everyMs: 66 });
  await withHub(fast, async (hub) => await cost(hub, row, seconds));
}

async function withHub(camera: HttpMjpegCamera, work: (hub: HubProcess) => Promise<void>): Promise<void> {
  const cameras = [{ id: "cam", type: "rtsp", stream_url: camera.url() }];
  const config = JSON.stringify({ network: { allow: ["127.0.0.0/8"] }, webcams: { auto: false }, cameras });
  await using hub = await HubProcess.start({ config });
  await hub.login();
  await looks(hub);
  await work(hub);
}

/** From the first frame with motion, as the camera sends it, to the message on a WebSocket. */
async function soon(
  hub: HubProcess,
  camera: HttpMjpegCamera,
  { room, walking }: Record<"room" | "walking", Uint8Array<ArrayBuffer>[]>,
  row: Row,
): Promise<void> {
  await using live = await Listening.open(hub.client, "/api/events/live?kind=motion");
  const times: number[] = [];
  for (let run = 0; run < 12; run++) {
    await wait(3000);
    const heard = live.texts.length;
    camera.show(walking);
    await until(() => live.texts.length > heard);
    const receivedAtMs = Date.now();
    times.push(receivedAtMs - (camera.shownAtMs ?? NaN));
    camera.show(room);
    await until(() => live.texts.length > heard + 1);
    // Motion that begins within ten seconds is told as the same event.
  }
  const sorted = times.toSorted((a, b) => a - b);
  row(
    "motion: frame to WebSocket message",
    `median ${sorted[Math.floor(sorted.length / 2)]} ms`,
    `worst ${sorted.at(-1)} ms`,
    `${times.length} times`,
  );
}

/** With a viewer all the time, so that what the stream itself costs is in both figures. */
async function cost(hub: HubProcess, row: Row, seconds: number): Promise<void> {
  const leave = new AbortController();
  const watching = read(hub, leave.signal);
  const hubWith = await share(hub.child.pid, seconds);
  const { processes } = await hub.client.json("/api/status");
  const { pid } = processes.find(({ name }: { name: string }) => name === "motion cam");
  const decoder = await share(pid, seconds);
  const rss = await rssBytes(pid);
  await hub.client.operation("set_motion_rules", { camera_id: "cam", detector: "off" });
  await wait(1000);
  const hubWithout = await share(hub.child.pid, seconds);
  leave.abort();
  await watching;
  const own = Math.max(0, hubWith - hubWithout);
  row(
    "motion: 720p MJPEG, 5 pictures a second",
    `${(decoder + own).toFixed(2)} % of a core`,
    `ffmpeg ${decoder.toFixed(2)} %, hub ${own.toFixed(2)} %`,
    `ffmpeg RSS ${Math.round(rss / 1e6)} MB`,
  );
}

async function read(hub: HubProcess, signal: AbortSignal): Promise<void> {
  try {
    const response = await hub.client.fetch("/api/cameras/cam/stream?fps=1", { signal });
    for await (const _ of response.body ?? []) signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Percent of a core that a process uses. */
async function share(pid: number, seconds: number): Promise<number> {
  const [before, beginMs] = [await cpuSeconds(pid), performance.now()];
  await wait(seconds * 1000);
  return (await cpuSeconds(pid) - before) / (performance.now() - beginMs) * 100_000;
}

async function looks(hub: HubProcess): Promise<void> {
  await until(async () => (await hub.client.json("/api/cameras/cam")).motion?.state === "running");
  await wait(4000);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!await isSo()) {
    if (Date.now() > deadline) throw new Error("Waited too long");
    await wait(2);
  }
}
