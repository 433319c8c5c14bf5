// The figures of MCP: its answers' times while ten cameras stream, what fifty sessions take, how soon stdio is ready.
import { HubProcess, type HubStart } from "../tools/hub_process.ts";
import { type Era, withStdioClient } from "../tools/stdio_client.ts";
import { rssBytes } from "./proc.ts";

type Row = (...cells: (string | number)[]) => void;

const CAMERAS = 10;
const CALLS = 300;
const SESSIONS = 50;
const STARTS = 11;
const ERAS = ["2026-07-28", "2025-11-25"] as const;
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const JSON_HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

interface Ask {
  method: string;
  params: Record<string, unknown>;
}

const ASKS: Record<string, Ask> = {
  "tools/list": { method: "tools/list", params: {} },
  "list_cameras": { method: "tools/call", params: { name: "list_cameras", arguments: {} } },
};

/** Measures on a hub with ten cameras, each watched by one viewer. */
export async function mcpBench(row: Row, start: HubStart = {}): Promise<void> {
  const cameras = Array.from(
    { length: CAMERAS },
    (_, at) => `  - {id: c${at}, type: testpattern, width: 640, height: 360, fps: 10}\n`,
  ).join("");
  await using hub = await HubProcess.start({ ...start, config: `cameras:\n${cameras}` });
  await hub.login();
  const paths = Array.from({ length: CAMERAS }, (_, at) => `/api/cameras/c${at}/stream`);
  const leaving = await Promise.all(paths.map((path) => watch(hub, path)));
  await hub.waitFor(
    async () => (await hub.client.json("/api/status")).streams.running === CAMERAS,
    "the streams",
  );
  const session = await open(hub);
  for (const [name, ask] of Object.entries(ASKS)) {
    row(`MCP ${name}`, "2026-07-28", await times(() => modern(hub, ask)));
    row(`MCP ${name}`, "2025-11-25", await times(() => legacy(hub, ask, session)));
  }
  const before = await rssBytes(hub.child.pid);
  for (let opened = 0; opened < SESSIONS; opened++) await open(hub);
  const grown = (await rssBytes(hub.child.pid) - before) / SESSIONS / 1000;
  row(
    `MCP ${SESSIONS} sessions`,
    `${grown.toFixed(0)} KB each`,
    `hub ${(before / 1e6).toFixed(0)} MB before`,
  );
  for (const era of ERAS) {
    const beside = () => ["mcp", "--data", hub.dataDir];
    row("MCP stdio ready, beside that hub", era, await readiness(era, beside));
  }
  await Promise.all(leaving.map((leave) => leave()));
  const folder = await Deno.makeTempDir();
  for (const era of ERAS) {
    const alone = (run: number) => ["mcp", "--data", `${folder}/${era}-${run}`];
    row("MCP stdio ready, opening the cameras itself", era, await readiness(era, alone));
  }
  await Deno.remove(folder, { recursive: true });
}

/** From the start of the compiled program until the client's handshake is answered. */
async function readiness(era: Era, argsOf: (run: number) => string[]): Promise<string> {
  const took: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    await withStdioClient({ args: argsOf(run), era }, ({ readyMs }) => {
      took.push(readyMs);
      return Promise.resolve();
    });
  }
  took.sort((a, b) => a - b);
  const [median = NaN, slowest = NaN] = [took[STARTS >> 1], took.at(-1)];
  return `median ${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms of ${STARTS}`;
}

/** Reads a stream as fast as it comes; returns the way to leave. */
async function watch(hub: HubProcess, path: string): Promise<() => Promise<void>> {
  const { body } = await hub.client.fetch(path);
  const reader = body?.getReader();
  let isWatching = true;
  const reading = (async () => {
    while (isWatching) await reader?.read();
  })();
  return async () => {
    isWatching = false;
    await reader?.cancel();
    await reading;
  };
}

async function times(ask: () => Promise<string>): Promise<string> {
  const took: number[] = [];
  let sizeBytes = 0;
  for (let call = 0; call < CALLS + 20; call++) {
    const begin = performance.now();
    sizeBytes = (await ask()).length;
    if (call >= 20) took.push(performance.now() - begin);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => (took[Math.floor(CALLS * share)] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${Math.round(sizeBytes / 1000)} KB`;
}

async function modern(hub: HubProcess, { method, params }: Ask): Promise<string> {
  const headers = {
    ...JSON_HEADERS,
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof params.name === "string" ? { "mcp-name": params.name } : {}),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } });
  return await text(await hub.client.fetch("/mcp", { method: "POST", headers, body }));
}

async function legacy(hub: HubProcess, ask: Ask, session: string): Promise<string> {
  const headers = { ...JSON_HEADERS, "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...ask });
  return await text(await hub.client.fetch("/mcp", { method: "POST", headers, body }));
}

async function open(hub: HubProcess): Promise<string> {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "bench", version: "1" },
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  const response = await hub.client.fetch("/mcp", { method: "POST", headers: JSON_HEADERS, body });
  await text(response);
  return response.headers.get("mcp-session-id") ?? "";
}

async function text(response: Response): Promise<string> {
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${body}`);
  return body;
}
