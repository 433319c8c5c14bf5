// A million events: how long pages take, through the API of the compiled hub, and what one more event costs.
import { DatabaseSync } from "node:sqlite";
import { HubProcess } from "../tools/hub_process.ts";

const EVENTS = 1_000_000;
const TIMES = 50;
const CAMERAS = ["front-door", "yard", "garage", "living-room", "gate", "shed"];
const KINDS = ["motion", "motion", "motion", "person", "vehicle", "sound", "camera_state"];
const CONFIG = JSON.stringify({
  webcams: { auto: false },
  cameras: [],
  events: { max_mb: 2000, keep_days: 36_500 },
});

/** Fills the journal of a data folder, one event in a thousand being of a rare kind. */
function fill(dataDir: string): void {
  const database = new DatabaseSync(`${dataDir}/hub.sqlite`);
  database.exec("PRAGMA synchronous = OFF; BEGIN");
  const insert = database.prepare(
    "INSERT INTO events (change, camera, kind, source, started_at, last_at, ended_at, count, details) " +
      "VALUES (?, ?, ?, 'onvif', ?, ?, ?, 1, ?)",
  );
  const first = Number(database.prepare("SELECT change FROM journal").get()?.change);
  const endMs = Date.now();
  for (let n = 0; n < EVENTS; n++) {
    const startedAtMs = endMs - (EVENTS - n) * 7000;
    const details = n % 3 === 0 ? JSON.stringify({ score: 0.8, snapshot: `20260101T000000-${n}` }) : null;
    insert.run(
      first + 1 + n,
      CAMERAS[n % CAMERAS.length] ?? "",
      n % 1000 === 0 ? "package" : KINDS[n % KINDS.length] ?? "",
      startedAtMs,
      startedAtMs + 5000,
      startedAtMs + 5000,
      details,
    );
  }
  database.exec(`UPDATE journal SET change = ${first + EVENTS}; COMMIT`);
  database.close();
}

function milliseconds(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
  return `median ${at(0.5)} ms, worst ${at(1)} ms`;
}

async function page(hub: HubProcess, query: string): Promise<{ times: number[]; count: number }> {
  const times: number[] = [];
  let count = 0;
  for (let n = 0; n < TIMES; n++) {
    const begin = performance.now();
    const { events } = await hub.client.json(`/api/events?${query}`);
    times.push(performance.now() - begin);
    count = events.length;
  }
  return { times, count };
}

/** How long a change takes until its event was told: written, brought to the disk, sent. */
async function tellTimes(hub: HubProcess): Promise<number[]> {
  const { cookie, origin } = hub.client;
  const socket = new WebSocket(origin.replace("http", "ws") + "/api/events/live", {
    headers: { cookie, origin },
  } as unknown as string[]);
  const queue: ((message: unknown) => void)[] = [];
  socket.onmessage = ({ data }) => queue.shift()?.(JSON.parse(data));
  const next = () => new Promise((resolve) => queue.push(resolve));
  await next();
  await hub.client.operation("add_camera", {
    id: "drawn",
    name: "Drawn",
    type: "testpattern",
  });
  const times: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    // The camera's first state is told at some time, too: what was told late is let go.
    queue.length = 0;
    const begin = performance.now();
    const told = next();
    const { status } = await hub.client.send("PATCH", "/api/cameras/drawn", { name: `Name ${n}` });
    if (status !== 200) throw new Error(`The change was answered with ${status}`);
    await told;
    times.push(performance.now() - begin);
  }
  socket.close();
  return times;
}

/** Measures, a row each. */
export async function journalBench(row: (...cells: (string | number)[]) => void): Promise<void> {
  const first = await HubProcess.start({ config: CONFIG });
  await first.stop();
  fill(first.dataDir);
  await using hub = await HubProcess.start({ config: CONFIG, dataDir: first.dataDir });
  await hub.login();
  const { events, hub: { rss_bytes } } = await hub.client.json("/api/status");
  const file = (await Deno.stat(`${hub.dataDir}/hub.sqlite`)).size;
  row(
    "events",
    events.count,
    `${Math.round(events.bytes / 1e6)} MB told`,
    `${Math.round(file / 1e6)} MB file`,
  );
  row("hub with them", `${Math.round(rss_bytes / 1e6)} MB RSS`);
  const day = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const dayEnd = new Date(Date.now() - 39 * 86_400_000).toISOString();
  const questions = [
    ["newest page of 100", "limit=100"],
    ["of one camera", "limit=100&camera=yard"],
    ["of one kind", "limit=100&kind=person"],
    ["of a rare kind", "limit=100&kind=package"],
    ["of camera and rare kind", "limit=100&camera=front-door&kind=package"],
    ["a page in the middle", "limit=100&before=500000"],
    ["after=, from the middle", "limit=100&after=500000"],
    ["after=, newest", `limit=100&after=${EVENTS - 50}`],
    ["after=, of a rare kind", "limit=100&after=500000&kind=package"],
    ["a day forty days ago", `limit=100&from=${day}&to=${dayEnd}`],
    ["the same of one camera", `limit=100&from=${day}&to=${dayEnd}&camera=yard`],
  ] as const;
  for (const [name, query] of questions) {
    const { times, count } = await page(hub, query);
    row(name, milliseconds(times), `${count} events`);
  }
  row("a change until its event is told", milliseconds(await tellTimes(hub)), "with fsync");
  if (first.configPath) await Deno.remove(first.configPath);
}
