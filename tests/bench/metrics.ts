// The figures of metrics: how long a scrape of ten cameras takes, and what collecting costs.
import { HubProcess, type HubStart } from "../tools/hub_process.ts";

type Row = (...cells: (string | number)[]) => void;

const CAMERAS = 10;
const SCRAPES = 300;
/** The shortest interval, so that what collecting costs stands out; told for the default. */
const QUICK_S = 5;
const DEFAULT_S = 30;

/** Measures on a hub with ten cameras, each watched by one viewer. */
export async function metricsBench(row: Row, seconds: number, start: HubStart = {}): Promise<void> {
  await withHub(QUICK_S, start, async (hub) => {
    for (const format of ["prometheus", "openmetrics", "json"]) {
      row(`Scrape of ${CAMERAS} cameras`, format, await scrapes(hub, `/metrics?format=${format}`));
    }
  });
  const quick = await share(QUICK_S, seconds, start);
  const resting = await share(3600, seconds, start);
  const cost = Math.max(0, quick - resting) * QUICK_S / DEFAULT_S;
  const told = (value: number) => `${(value * 100).toFixed(2)} %`;
  row(
    `Collecting ${CAMERAS} cameras every ${DEFAULT_S} s`,
    `${told(cost)} of a core`,
    `hub and its commands ${told(quick)} every ${QUICK_S} s, ${told(resting)} without`,
  );
}

async function withHub(interval: number, start: HubStart, work: (hub: HubProcess) => Promise<void>) {
  const cameras = Array.from(
    { length: CAMERAS },
    (_, at) => `  - {id: c${at}, type: testpattern, width: 320, height: 180, fps: 5}\n`,
  ).join("");
  const config = `metrics: {interval_s: ${interval}}\ncameras:\n${cameras}`;
  await using hub = await HubProcess.start({ ...start, config });
  await hub.login();
  const stop = new AbortController();
  const viewers = Array.from({ length: CAMERAS }, (_, at) => watch(hub, at, stop.signal));
  await hub.waitFor(
    async () => (await hub.client.json("/api/status")).streams.running === CAMERAS,
    "the streams",
  );
  await work(hub);
  stop.abort();
  await Promise.all(viewers);
}

/** Reads a stream until the signal aborts. */
async function watch(hub: HubProcess, at: number, signal: AbortSignal): Promise<void> {
  const { body } = await hub.client.fetch(`/api/cameras/c${at}/stream`);
  const reader = body?.getReader();
  const leave = () => void reader?.cancel();
  signal.addEventListener("abort", leave, { once: true });
  while (reader && !(await reader.read()).done);
}

async function scrapes(hub: HubProcess, path: string): Promise<string> {
  const took: number[] = [];
  let bytes = 0;
  for (let scrape = 0; scrape < SCRAPES + 20; scrape++) {
    const begin = performance.now();
    bytes = (await (await hub.client.fetch(path)).text()).length;
    if (scrape >= 20) took.push(performance.now() - begin);
  }
  took.sort((a, b) => a - b);
  const at = (part: number) => (took[Math.floor(SCRAPES * part)] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${Math.round(bytes / 1000)} KB`;
}

/** The part of a core that the hub takes, with the commands that it ran and that are over. */
async function share(interval: number, seconds: number, start: HubStart): Promise<number> {
  let used = NaN;
  await withHub(interval, start, async (hub) => {
    await pause(5);
    const before = await cpuWithCommands(hub.child.pid);
    await pause(seconds);
    used = (await cpuWithCommands(hub.child.pid) - before) / seconds;
  });
  return used;
}

/** Fields 14 to 17 of proc(5): user and system time, of the process and of its children that are over. */
async function cpuWithCommands(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
