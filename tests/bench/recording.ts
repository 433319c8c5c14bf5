// The part of `make bench` about recording: ten cameras copied at once, how often the disk is written, and how long the
// start takes with ten thousand files.
import { Logger } from "../../src/base/log.ts";
import { pathOf, RecordingFiles } from "../../src/recordings/files.ts";
import { repair } from "../../src/recordings/repair.ts";
import { Database } from "../../src/store/database.ts";
import { RecordingsTable } from "../../src/store/recordings_table.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { cpuSeconds } from "./proc.ts";

type Row = (...cells: (string | number)[]) => void;

const CAMERAS = 10;
const GOP_S = 2;
const FILES = 10_000;

/** Prints the figures. */
export async function recordingBench(row: Row, seconds: number): Promise<void> {
  await tenCameras(row, seconds);
  await startUpCheck(row);
}

async function tenCameras(row: Row, seconds: number): Promise<void> {
  const mounts = [{
    path: "/stream1",
    width: 1280,
    height: 720,
    fps: 15,
    gop: 15 * GOP_S,
    bitrateKbps: 1500,
  }];
  await using camera = await RtspEmulator.start({ mounts });
  const cameras = Array.from({ length: CAMERAS }, (_, index) => ({
    id: `cam-${index}`,
    type: "rtsp",
    stream_url: camera.url(),
    recording: { mode: "continuous" },
  }));
  // What looking for motion costs is measured apart.
  const motion = { detector: "off" };
  const config = JSON.stringify({
    network: { allow: ["127.0.0.0/8"] },
    webcams: { auto: false },
    motion,
    cameras,
  });
  await using hub = await HubProcess.start({ config });
  await hub.login();
  const recorded = async () => {
    const { cameras: states } = await hub.client.operation("get_recording_status", {});
    return states.filter(({ state }: { state: string }) => state === "recording").length === CAMERAS;
  };
  await hub.waitFor(recorded, "ten recordings");
  await wait(3000);
  const children = await ffmpegs(hub.child.pid);
  const readers = children.filter(({ args }) => !args.includes(".mp4.part"));
  const writers = children.filter(({ args }) => args.includes(".mp4.part"));
  const of = async (list: { pid: number }[]) =>
    (await Promise.all(list.map(({ pid }) => cpuSeconds(pid)))).reduce((sum, each) => sum + each, 0);
  const state = async () => ({
    hub: await cpuSeconds(hub.child.pid),
    readers: await of(readers),
    writers: await of(writers),
    writes: (await Promise.all(writers.map(({ pid }) => writesOf(pid)))).reduce((sum, each) => sum + each, 0),
  });
  const before = await state();
  await wait(seconds * 1000);
  const after = await state();
  const percent = (part: "hub" | "readers" | "writers") => (after[part] - before[part]) / seconds * 100;
  const all = percent("hub") + percent("readers") + percent("writers");
  row(
    `${CAMERAS} cameras recorded by copy, 720p15, H.264 and sound`,
    `${all.toFixed(1)} % of a core in all`,
    `hub ${percent("hub").toFixed(1)} %`,
    `reading ${percent("readers").toFixed(1)} %`,
    `writing ${percent("writers").toFixed(1)} % (${writers.length} ffmpegs)`,
  );
  const groups = CAMERAS * seconds / GOP_S;
  row("writes to files a group of pictures", ((after.writes - before.writes) / groups).toFixed(2));
}

async function startUpCheck(row: Row): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "bench-" });
  const database = await Database.open(`${root}/hub.sqlite`);
  try {
    const table = new RecordingsTable(database);
    const files = new RecordingFiles(`${root}/recordings`);
    const begin = Date.UTC(2026, 4, 1);
    const facts = {
      preRollMs: 0,
      hasSound: false,
      gaps: [],
      hasEvent: false,
      isLocked: false,
      sizeBytes: 1000,
    };
    for (let index = 0; index < FILES; index++) {
      const camera = `cam-${index % CAMERAS}`;
      const id = `a${String(index).padStart(11, "b")}`;
      const startedAtMs = begin + Math.floor(index / CAMERAS) * 600_000;
      const path = pathOf(camera, startedAtMs, id);
      const full = await files.prepare(path);
      await Deno.writeFile(full.replace(/\.part$/, ""), new Uint8Array(1000));
      const times = { startedAtMs, endedAtMs: startedAtMs + 600_000, durationMs: 600_000 };
      const ended = { endedBecause: "segment", cause: "continuous" };
      await table.insert({ id, recording: id, part: 1, camera, path, ...times, ...facts, ...ended });
    }
    const context = { files, table, log: new Logger(() => {}, "error"), isActive: () => false };
    const from = performance.now();
    await repair(context, new AbortController().signal);
    row(`start-up check of ${FILES} files`, `${Math.round(performance.now() - from)} ms`);
  } finally {
    await database.close();
    await Deno.remove(root, { recursive: true });
  }
}

/** The ffmpegs of the hub, with their arguments. */
async function ffmpegs(parent: number): Promise<{ pid: number; args: string }[]> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-a", "-P", String(parent), "ffmpeg"] })
    .output();
  return new TextDecoder().decode(stdout).trim().split("\n").filter(Boolean).map((line) => ({
    pid: parseInt(line),
    args: line,
  }));
}

/** System calls that wrote something: such a process writes nothing but its file. */
async function writesOf(pid: number): Promise<number> {
  return Number(/syscw: (\d+)/.exec(await Deno.readTextFile(`/proc/${pid}/io`))?.[1]);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
