// `make bench`: the figures of docs/performance.md, measured on the compiled hub from outside.
// deno-lint-ignore-file no-console -- it prints for people
// Figures depend on the machine; compare them within one run.
import { StandInBus, type StandInWebcam } from "../emulators/v4l2/stand_in.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { cpuSeconds, rssBytes } from "./proc.ts";
import { liveViewer } from "./live_viewer.ts";
import { historyBench } from "./history.ts";
import { journalBench } from "./journal.ts";
import { mcpBench } from "./mcp.ts";
import { metricsBench } from "./metrics.ts";
import { motionBench } from "./motion.ts";
import { networkBench } from "./network.ts";
import { recordingBench } from "./recording.ts";
import { timelineBench } from "./timeline.ts";
import { privacyBench } from "./privacy.ts";

/**
 * `network`, `mcp`, `metrics`, `history`, `motion`, `journal`, `recording`, `timeline` or `privacy` as the second argument measures these
 * only.
 */
const SECONDS = Number(Deno.args[0] ?? 10);
const ONLY = Deno.args[1];
const rows: string[][] = [];

function row(...cells: (string | number)[]): void {
  rows.push(cells.map(String));
  console.log(cells.join(" | "));
}

interface Figures {
  p50: number;
  p95: number;
  p99: number;
  fpsMean: number;
  fpsMin: number;
}

interface Scene {
  hub: HubProcess;
  id: string;
  webcam: StandInWebcam;
}

/** A webcam that plays a clip of noisy pictures, so that a 720p frame has about 160 KB as from a real sensor. */
async function scene(bus: StandInBus, size: string, noise: number): Promise<StandInWebcam> {
  const picture = `testsrc2=size={size}:rate=30,noise=alls=${noise}:allf=t`;
  const webcam = await bus.webcam({ number: 0, mjpeg: [size], fps: [30], picture, clipQuality: 8 });
  const frames = 60;
  const bytes = (await webcam.clip(size)).length / frames;
  row("clip", size, `${Math.round(bytes / 1000)} KB a frame`);
  await webcam.plug();
  return webcam;
}

async function start(): Promise<void> {
  const times: number[] = [];
  const firstFrames: number[] = [];
  for (let run = 0; run < 5; run++) {
    const dataDir = await Deno.makeTempDir();
    const probe = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = probe.addr as Deno.NetAddr;
    probe.close();
    const begin = performance.now();
    const hub = await HubProcess.launch({ args: ["--port", String(port)], dataDir });
    for (;;) {
      try {
        await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    times.push(performance.now() - begin);
    await hub.waitFor(() => hub.text.includes("The hub serves"));
    const { HttpClient } = await import("../tools/http_client.ts");
    hub.client = new HttpClient(`http://127.0.0.1:${port}`);
    hub.link = /http:\/\/\S+/.exec(hub.text)?.[0] ?? "";
    await hub.login();
    await hub.client.parts("/api/cameras/test-pattern/stream", 1);
    firstFrames.push(performance.now() - begin);
    await hub.stop();
    await Deno.remove(dataDir, { recursive: true });
  }
  const median = (list: number[]) => Math.round(list.sort((a, b) => a - b)[2] ?? NaN);
  row(
    "start to first 200",
    `${median(times)} ms`,
    `to first picture ${median(firstFrames)} ms`,
    "median of 5",
  );
}

async function idle({ hub }: Scene): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const before = await cpuSeconds(hub.child.pid);
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const used = (await cpuSeconds(hub.child.pid) - before) / SECONDS * 100;
  row("idle, no viewer", `${used.toFixed(2)} % of a core`, `RSS ${mb(await rssBytes(hub.child.pid))}`);
}

async function viewers(name: string, { hub, id }: Scene, count: number): Promise<void> {
  const path = `/api/cameras/${id}/stream`;
  const client = startViewers(hub, path, count);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const ffmpeg = (await hub.client.json("/api/status")).processes[0]?.pid;
  const children = await childrenOf(ffmpeg);
  const before = await cpuSeconds(hub.child.pid);
  const ffmpegBefore = await sum(children, cpuSeconds);
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000 - 500));
  const span = SECONDS - 0.5;
  const used = (await cpuSeconds(hub.child.pid) - before) / span * 100;
  const ffmpegUsed = (await sum(children, cpuSeconds) - ffmpegBefore) / span * 100;
  const rss = await rssBytes(hub.child.pid);
  const figures = await finish(client);
  row(
    name,
    `${count} viewers`,
    `hub ${used.toFixed(1)} %`,
    `ffmpeg ${ffmpegUsed.toFixed(1)} %`,
    `age p50 ${figures.p50.toFixed(1)} p99 ${figures.p99.toFixed(1)} ms`,
    `${figures.fpsMean.toFixed(1)} fps (min ${figures.fpsMin.toFixed(1)})`,
    `RSS ${mb(rss)}`,
  );
}

async function slowBesideFast({ hub, id }: Scene): Promise<void> {
  const path = `/api/cameras/${id}/stream`;
  const fast = startViewers(hub, path, 10);
  const slow = startViewers(hub, path, 1, 500_000);
  const live = liveViewer(hub, id, 500_000, SECONDS);
  const [a, b, c] = [await finish(fast), await finish(slow), await live];
  row("0.5 MB/s beside ten fast", `multipart: age p50 ${b.p50.toFixed(0)} p95 ${b.p95.toFixed(0)} ms`);
  row("0.5 MB/s beside ten fast", `/api/live: age p50 ${c.p50.toFixed(0)} p95 ${c.p95.toFixed(0)} ms`);
  row(
    "the ten fast beside it",
    `age p50 ${a.p50.toFixed(1)} p99 ${a.p99.toFixed(1)} ms`,
    `${a.fpsMean.toFixed(1)} fps`,
  );
}

function startViewers(hub: HubProcess, path: string, count: number, rate?: number): Deno.ChildProcess {
  const port = new URL(hub.client.origin).port;
  const script = new URL("./viewers.ts", import.meta.url).pathname;
  const args = [port, path, hub.client.cookie, String(count), String(SECONDS)];
  if (rate !== undefined) args.push(String(rate));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", "-A", script, ...args],
    stdout: "piped",
  }).spawn();
}

async function finish(client: Deno.ChildProcess): Promise<Figures> {
  const { stdout } = await client.output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(pid), "ffmpeg"] }).output();
  const inner = new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean).map(Number);
  return inner.length > 0 ? inner : [pid];
}

async function sum(pids: number[], read: (pid: number) => Promise<number>): Promise<number> {
  return (await Promise.all(pids.map(read))).reduce((total, each) => total + each, 0);
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

if (ONLY === undefined) await start();
const isAsked = (part: string) => ONLY === undefined || ONLY === part;
if (isAsked("mcp")) await mcpBench(row);
if (isAsked("metrics")) await metricsBench(row, SECONDS);
if (isAsked("history")) await historyBench(row);
if (isAsked("network")) await networkBench(row, SECONDS);
if (isAsked("motion")) await motionBench(row, SECONDS);
if (isAsked("journal")) await journalBench(row);
if (isAsked("recording")) await recordingBench(row, SECONDS);
if (isAsked("timeline")) await timelineBench(row);
if (isAsked("privacy")) await privacyBench(row, SECONDS);
for (const [name, size, noise] of [["720p30", "1280x720", 15], ["1080p30", "1920x1080", 15]] as const) {
  if (ONLY !== undefined) break;
  await using bus = await StandInBus.create();
  const webcam = await scene(bus, size, noise);
  const config = `streams: {linger_s: 1}\ncameras: [{id: cam, type: webcam, device: ${webcam.node}, width: ${
    size.split("x")[0]
  }, motion: {detector: "off"}}]\n`;
  await using hub = await HubProcess.start({ prefix: bus.prefix, config });
  await hub.login();
  const here = { hub, id: "cam", webcam };
  await hub.waitFor(async () => (await hub.client.json("/api/cameras/cam")).status === "online");
  if (name === "720p30") await idle(here);
  for (const count of [1, 10, 50]) await viewers(name, here, count);
  if (name === "720p30") await slowBesideFast(here);
}
