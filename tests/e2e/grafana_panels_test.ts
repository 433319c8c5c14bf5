// Every query of every dashboard against a real Prometheus that scrapes the compiled hub, or, as Infinity does it, by
// jq on what the hub answers.
import { assert, assertEquals } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { Broker } from "../emulators/mqtt/broker.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import { freePort } from "../tools/free_port.ts";
import { allTargets, filledIn, readDashboards, type Target } from "../tools/grafana_dashboards.ts";
import { runJq } from "../tools/gojq.ts";
import { BINARY, type HubProcess } from "../tools/hub_process.ts";
import { PrometheusServer, type Series } from "../tools/prometheus_server.ts";
import { COLUMNS_OF_THE_HOUR, OF_MACHINE, WAITING, WAITING_COLUMNS } from "./grafana_panels_waiting.ts";
import { awaitStatus, Listening, MOUNTS, startHub } from "./network_bench.ts";

const ACCOUNT = { user: "hub", password: "br0ker-Secret-9" };
/** Grafana's own variables and those of the dashboards, as they stand at first. */
const VALUES = {
  job: "tapocam",
  instance: ".+",
  camera: ".+",
  kitchen: "t",
  zone: "kitchen",
  stove_watts: "200",
  price: "0.30",
  window: "30d",
  hub: "http://hub",
  incidents_json: "",
  incidents_csv: "",
  __rate_interval: "4s",
  __range: "1m",
};
const LOOK_EVERY_MS = 200;
/** What Infinity says it takes. */
const ACCEPT = "application/json;q=0.9,text/plain";

/** What the queries are put to. */
interface House {
  hub: HubProcess;
  prometheus: PrometheusServer;
  /** A viewer's token, as a data source has it. */
  token: string;
  /** Does what people and assistants do. */
  use(): Promise<void>;
}

Deno.test({
  name:
    "dashboards: every query gives data, and those that wait are named with a reason [DASH-PANELS] [DASH-EVENTS]",
  // The SDK's client leaves timers of its own running for two seconds after its end.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withHouse(async (house) => {
      const targets = [...(await readDashboards()).values()].flatMap(allTargets);
      const exposed = await (await ask(house, "/metrics/prometheus")).text();
      const waits = (name: string) =>
        Object.hasOwn(WAITING, name) ||
        (Object.hasOwn(OF_MACHINE, name) && !exposed.includes(`\n${OF_MACHINE[name]} `));
      await awaitData(house, targets.filter(([name]) => !waits(name)));
      const names = new Set(targets.map(([name]) => name));
      for (const name of [...Object.keys(WAITING), ...Object.keys(OF_MACHINE)]) {
        assert(names.has(name), `There is no query "${name}"`);
      }
      const waitNoLonger: string[] = [];
      for (const [name, target] of targets) {
        // A feed that nobody named has no address that could be asked.
        if (!waits(name) || target.url?.startsWith("${incidents")) continue;
        if (await missingOf(house, target, name) !== "data") waitNoLonger.push(name);
      }
      assertEquals(waitNoLonger, [], "they have data: take them off the list of those that wait");
      await checkVariables(house);
    }),
});

/** Waits until all have data; fails with the names of those that have none. */
async function awaitData(house: House, targets: readonly [name: string, target: Target][]): Promise<void> {
  let left = targets;
  let missing: string[] = [];
  const deadline = Date.now() + 60_000;
  while (left.length > 0) {
    assert(Date.now() < deadline, `Not there: ${missing.join("; ")}`);
    await house.use();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const looked = await Promise.all(left.map(async (each) => {
      const [name, target] = each;
      return { each, what: await missingOf(house, target, name) };
    }));
    left = looked.filter(({ what }) => what !== undefined).map(({ each }) => each);
    missing = looked.flatMap(({ each: [name], what }) => what === undefined ? [] : [`${what} of ${name}`]);
  }
}

/**
 * What a query does not give: `data`, for want of a number or a row, or a column; undefined when it gives all.
 * @throws what its source says is wrong with it.
 */
async function missingOf(house: House, target: Target, name: string): Promise<string | undefined> {
  if (target.expr === undefined) return await missingOfRows(house, target, name);
  const expr = filledIn(target.expr, VALUES);
  const { prometheus } = house;
  const series: Series[] = target.instant
    ? await prometheus.query(expr)
    : await prometheus.queryRange(expr, 10);
  return series.some(({ value }) => Number.isFinite(value)) ? undefined : "data";
}

/** The same of what Infinity would make of the hub's answer. */
async function missingOfRows(house: House, target: Target, name: string): Promise<string | undefined> {
  const { url = "", root_selector = "", columns = [], format } = target;
  const now = Date.now();
  const times = { __timeFrom: String(now - 3_600_000), __timeTo: String(now + 1000) };
  const answer = await ask(house, filledIn(url, { ...VALUES, ...times }));
  const text = await answer.text();
  if (answer.status === 404 && Object.hasOwn(WAITING, name)) return "data";
  assertEquals(answer.status, 200, `${name}: ${text}`);
  const rows = await runJq(root_selector, text) as Record<string, unknown>[];
  assert(Array.isArray(rows), `${name}: the selector gives no list`);
  if (format === "logs") {
    assertEquals(columns.slice(0, 4).map(({ text }) => text), ["timestamp", "body", "level", "id"], name);
  }
  return rows.length === 0
    ? "data"
    : columns.map((column) => missingColumn(rows, column, name)).find(Boolean);
}

function missingColumn(
  rows: readonly Record<string, unknown>[],
  { selector, type }: { selector: string; type: string },
  name: string,
): string | undefined {
  const values = rows.map((row) => row[selector]).filter((value) => value !== undefined && value !== null);
  for (const value of values) {
    const own: string = typeof value;
    const isOfType = type === "timestamp" ? !Number.isNaN(Date.parse(String(value))) : own === type;
    assert(isOfType, `${name}: ${selector} is ${value}, not a ${type}`);
  }
  const isAbsent = Object.hasOwn(WAITING_COLUMNS, `${name}: ${selector}`);
  assert(!isAbsent || values.length === 0, `${name}: the column ${selector} waits no longer`);
  const isOfHour = COLUMNS_OF_THE_HOUR[name]?.test(selector);
  return isAbsent || isOfHour || values.length > 0 ? undefined : `column ${selector}`;
}

/** The lists from which people choose hubs and cameras. */
async function checkVariables({ prometheus }: House): Promise<void> {
  for (const [file, { templating }] of await readDashboards()) {
    for (const { name, type, query } of templating.list) {
      if (type !== "query" || typeof query !== "object") continue;
      const [, match = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? [];
      const values = await prometheus.labelValues(label, filledIn(match, VALUES));
      assert(values.length > 0, `${file}: nothing to choose for ${name}`);
    }
  }
}

function ask({ hub, token }: Pick<House, "hub" | "token">, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, accept: ACCEPT };
  return fetch(hub.client.origin + path, { headers });
}

/** A camera with motion, a doorbell, a parcel and a viewer; one that went away; one that never came. */
async function withHouse(work: (house: House) => Promise<void>): Promise<void> {
  const port = freePort();
  await using prometheus = await PrometheusServer.start(`127.0.0.1:${port}`);
  await using broker = await Broker.start({ account: ACCOUNT });
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  await using gone = await HttpMjpegCamera.start();
  await using hub = await startHub([
    { id: "t", type: "tapo", name: "Kitchen", ...rig.options },
    { id: "gone", type: "rtsp", name: "Yard", stream_url: gone.url() },
    { id: "never", type: "rtsp", name: "Cellar", stream_url: "rtsp://127.0.0.1:1/none" },
  ], {
    args: ["--metrics-port", String(port)],
    sections: {
      motion: { detector: "auto" },
      // A store that is away: what is not taken is counted, too.
      metrics: {
        interval_s: 5,
        push: { allow: ["127.0.0.0/8"], influx: [{ url: "http://127.0.0.1:1", database: "cameras" }] },
      },
      grafana: { anonymous: true, networks: ["127.0.0.0/8"] },
      mqtt: { url: broker.url, username: ACCOUNT.user, password: ACCOUNT.password },
    },
  });
  const token = await makeToken(hub);
  await Promise.all(["t", "gone"].map((id) => awaitStatus(hub, id, "online")));
  await gone.offline();
  await hub.waitFor(() => (rig.onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0, "the hub to listen");
  await hub.client.operation("set_timer", { name: "Eggs", duration_s: 600 });
  // What is counted from here on grows from one scrape to the next.
  await hub.waitFor(
    async () => (await prometheus.query("process_start_time_seconds")).length > 0,
    "a scrape",
  );
  await using live = await Listening.open(hub.client, "/api/live");
  live.say({ op: "subscribe", camera: "t" });
  rig.motion(true);
  // No person: while one is in the kitchen there is no hint at steam.
  rig.onvif?.emit("tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent", "IsDoorbell", true);
  rig.onvif?.emit("tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent", "IsPackage", true);
  const siren = await hub.client.operation("sound_siren", { camera_id: "t", confirm: true });
  assertEquals(siren.success, true, JSON.stringify(siren));
  const client = new Client({ name: "test", version: "1" });
  const authProvider = { token: () => Promise.resolve(token) };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${hub.client.origin}/mcp`), { authProvider }),
  );
  const use = async () => {
    await hub.client.json("/api/status");
    await client.callTool({ name: "list_cameras", arguments: {} });
    const refused = await client.callTool({ name: "get_camera_info", arguments: { camera_id: "nobody" } });
    assert(refused.isError);
  };
  try {
    await work({ hub, prometheus, token, use });
  } finally {
    await client.close();
  }
}

async function makeToken(hub: HubProcess): Promise<string> {
  const args = ["token", "create", "grafana", "--data", hub.dataDir];
  const { stdout, success, stderr } = await new Deno.Command(BINARY, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd();
}
