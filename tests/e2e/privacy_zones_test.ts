// Privacy zones through the compiled program: every way by which a picture leaves the hub, for everybody.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { readParts } from "../tools/http_client.ts";
import { LivePictures } from "../tools/live_pictures.ts";
import { type Look, looksAt, type Region } from "../tools/pixels.ts";

/** Within the zone: the test pattern's chequers, bright and full of detail. */
const INSIDE: Region = { left: 0.64, top: 0.64, right: 0.86, bottom: 0.86 };
/** Red, green and yellow bars. */
const OUTSIDE: Region = { left: 0.02, top: 0.6, right: 0.4, bottom: 0.9 };
const POINTS = [[0.6, 0.6], [0.9, 0.6], [0.9, 0.9], [0.6, 0.9]].map(([x, y]) => ({ x, y }));
const zones = (style: string) => JSON.stringify({ zones: [{ points: POINTS }], style });
const CONFIG = `
streams: {linger_s: 0.5}
webcams: {auto: false}
cameras:
  - {id: mjpeg, type: testpattern, width: 640, height: 360, fps: 15, privacy: ${zones("black")}}
  - {id: h264, type: testpattern, width: 640, height: 360, fps: 15, codec: h264, privacy: ${zones("black")}}
  - {id: blurred, type: testpattern, width: 640, height: 360, fps: 15, privacy: ${zones("blur")}}
  - {id: free, type: testpattern, width: 640, height: 360, fps: 15}
`;

interface Asker {
  name: string;
  hub: HubProcess;
  headers: Record<string, string>;
}

async function askers(hub: HubProcess): Promise<Record<"viewer" | "operator" | "admin", Asker>> {
  const of = async (role: string) => {
    const args = ["token", "create", `t-${role}`, "--role", role, "--data", hub.dataDir];
    const { stdout } = await new Deno.Command(BINARY, { args }).output();
    const token = new TextDecoder().decode(stdout).trim();
    return { name: role, hub, headers: { authorization: `Bearer ${token}` } };
  };
  return { viewer: await of("viewer"), operator: await of("operator"), admin: await of("admin") };
}

function ask({ hub, headers }: Asker, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(hub.client.origin + path, { ...init, headers });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return bytes;
  throw new Error(`${response.status} ${new TextDecoder().decode(bytes)}`);
}

async function firstParts(asker: Asker, path: string, count: number): Promise<Uint8Array[]> {
  const { body } = await ask(asker, path);
  const found: Uint8Array[] = [];
  for await (const { bytes } of readParts(body!)) {
    found.push(bytes);
    if (found.length === count) break;
  }
  return found;
}

async function live(asker: Asker, wish: Record<string, unknown>): Promise<Uint8Array[]> {
  using socket = await LivePictures.open(asker.hub.client.origin, asker.headers, wish);
  await asker.hub.waitFor(() => socket.pictures.length >= 3, "live pictures");
  return socket.pictures.slice(0, 3);
}

// deno-lint-ignore no-explicit-any -- answers of every shape
async function operate(asker: Asker, name: string, input: object): Promise<any> {
  const headers = { ...asker.headers, "content-type": "application/json" };
  const response = await ask({ ...asker, headers }, `/api/operations/${name}`, {
    method: "POST",
    body: JSON.stringify(input),
  });
  return await response.json();
}

async function withMcp<T>(asker: Asker, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: "e2e", version: "1" });
  const url = new URL(`${asker.hub.client.origin}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: asker.headers } }));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function resource(client: Client, uri: string): Promise<Uint8Array> {
  const [content] = (await client.readResource({ uri })).contents;
  return Uint8Array.fromBase64((content as { blob: string }).blob);
}

async function mcpCapture(asker: Asker, camera_id: string): Promise<Uint8Array[]> {
  return await withMcp(asker, async (client) => {
    const result = await client.callTool({ name: "capture_image", arguments: { camera_id, width: 320 } });
    const content = result.content as { type: string; data?: string }[];
    const image = content.find(({ type }) => type === "image")?.data ?? "";
    const { uri } = result.structuredContent as { uri: string };
    return [
      Uint8Array.fromBase64(image),
      await resource(client, uri),
      await resource(client, `camera://${camera_id}/snapshot`),
    ];
  });
}

type Way = (asker: Asker, camera: string) => Promise<Uint8Array[]>;

/** Ways on which an administrator sees all. */
const OPEN_WAYS: Record<string, Way> = {
  "the stream": (asker, id) => firstParts(asker, `/api/cameras/${id}/stream`, 3),
  "the stream, smaller": (asker, id) => firstParts(asker, `/api/cameras/${id}/stream?width=320`, 3),
  "the stream, of another quality": (asker, id) =>
    firstParts(asker, `/api/cameras/${id}/stream?quality=95`, 3),
  "the live socket": (asker, camera) => live(asker, { camera }),
  "the live socket, smaller": (asker, camera) => live(asker, { camera, width: 320 }),
  "the live socket of a tile": (asker, camera) => live(asker, { camera, enough_width: 100 }),
  "a snapshot": async (asker, id) => [await bytesOf(await ask(asker, `/api/cameras/${id}/snapshot`))],
  "a snapshot, smaller": async (asker, id) => [
    await bytesOf(await ask(asker, `/api/cameras/${id}/snapshot?width=320&quality=95`)),
  ],
  "a view link": async (asker, id) => {
    const { stream_url, snapshot_url } = await (await ask(asker, `/api/cameras/${id}/view-link`)).json();
    const stranger = { ...asker, headers: {} };
    const pathOf = (url: string) => url.slice(new URL(url).origin.length);
    return [
      ...await firstParts(stranger, pathOf(stream_url), 2),
      await bytesOf(await ask(stranger, pathOf(snapshot_url))),
      // It asks for nothing that its asker may not see.
      await bytesOf(await ask(stranger, `${pathOf(snapshot_url)}&masked=false&width=320`)),
    ];
  },
  "capture_image over the API": async (asker, camera_id) => {
    const { image_base64 } = await operate(asker, "capture_image", { camera_id });
    return [Uint8Array.fromBase64(image_base64)];
  },
};

const isBare = ({ mean, detail }: Look) => mean > 60 && detail > 4;
const isCovered = (style: "black" | "blur") => ({ mean, detail }: Look) =>
  style === "black" ? mean < 24 && detail < 2 : mean > 40 && detail < 2.5;

async function expectLooks(
  pictures: readonly Uint8Array[],
  expected: (look: Look) => boolean,
  what: string,
): Promise<void> {
  assert(pictures.length > 0, what);
  for (const [at, picture] of pictures.entries()) {
    const [inside, outside] = await looksAt(picture, [INSIDE, OUTSIDE]);
    assert(inside && outside);
    assert(expected(inside), `${what}, picture ${at}: ${JSON.stringify(inside)}`);
    assert(outside.mean > 60, `${what}, picture ${at}, outside: ${JSON.stringify(outside)}`);
  }
}

const STYLES = { mjpeg: "black", h264: "black", blurred: "blur" } as const;

for (const [camera, style] of Object.entries(STYLES)) {
  Deno.test(`[PRIVACY-ZONES] ${camera}: every way on which a picture leaves the hub is covered below admin, and open to admins`, async () => {
    await using hub = await HubProcess.start({ config: CONFIG });
    const { viewer, operator, admin } = await askers(hub);
    for (const [way, look] of Object.entries(OPEN_WAYS)) {
      await expectLooks(await look(viewer, camera), isCovered(style), `viewer, ${way}`);
    }
    for (const way of ["the live socket, smaller", "a snapshot", "capture_image over the API"]) {
      await expectLooks(await OPEN_WAYS[way]!(operator, camera), isCovered(style), `operator, ${way}`);
    }
    for (const [way, look] of Object.entries(OPEN_WAYS)) {
      await expectLooks(await look(admin, camera), isBare, `admin, ${way}`);
    }
  });
}

Deno.test("[PRIVACY-ZONES] MCP never shows a zone, whatever the role: pictures, whole pictures, snapshots, kept ones", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  const { viewer, operator, admin } = await askers(hub);
  for (const [camera, style] of Object.entries(STYLES)) {
    for (const asker of [viewer, admin]) {
      await expectLooks(await mcpCapture(asker, camera), isCovered(style), `MCP, ${asker.name}, ${camera}`);
    }
  }
  const kept = await operate(operator, "capture_image", { camera_id: "mjpeg", save: true });
  await expectLooks(
    [await Deno.readFile(`${hub.dataDir}/${kept.saved.path}`)],
    isCovered("black"),
    "kept by an operator",
  );
  // What an administrator was handed out bare over the API is not had over MCP.
  const { uri } = await operate(admin, "capture_image", { camera_id: "mjpeg" });
  const refused = await withMcp(admin, (client) => client.readResource({ uri }).then(() => "", String));
  assertMatch(refused, /is not there any more/);
  await expectLooks(await mcpCapture(viewer, "free"), isBare, "MCP, without zones");
});

Deno.test("[PRIVACY-ZONES] an administrator may look at what others see", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  const { admin, viewer } = await askers(hub);
  const covered = isCovered("black");
  await expectLooks(await firstParts(admin, "/api/cameras/mjpeg/stream?masked=true", 2), covered, "stream");
  await expectLooks(await live(admin, { camera: "mjpeg", masked: true }), covered, "live");
  await expectLooks(
    await live(viewer, { camera: "mjpeg", masked: false }),
    covered,
    "a viewer cannot ask for less",
  );
  await expectLooks(
    await firstParts(viewer, "/api/cameras/mjpeg/stream?masked=false", 2),
    covered,
    "nor here",
  );
  const wrong = await ask(admin, "/api/cameras/mjpeg/stream?masked=maybe");
  assertEquals([wrong.status, (await wrong.json()).error_code], [400, "invalid_input"]);
  const info = await (await ask(viewer, "/api/cameras/mjpeg")).json();
  assertEquals([info.privacy_zones, info.privacy.covered_for_you, info.privacy.zones.length], [
    true,
    true,
    1,
  ]);
  assertEquals((await (await ask(admin, "/api/cameras/mjpeg")).json()).privacy.covered_for_you, false);
});

Deno.test("[PRIVACY-RECORDINGS] recordings are covered while they are played, for those below admin", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  const { viewer, operator, admin } = await askers(hub);
  for (const camera_id of ["mjpeg", "h264"]) {
    const { recordings: [part] } = await operate(operator, "start_recording", {
      camera_id,
      duration_s: 3,
      wait: true,
    });
    for (const path of [part.links.video, `${part.links.video}?download`]) {
      const covered = await ask(viewer, path, { headers: { range: "bytes=0-99" } });
      assertEquals([covered.status, covered.headers.get("accept-ranges")], [200, "none"]);
      await expectLooks([await bytesOf(covered)], isCovered("black"), `${camera_id}, viewer`);
    }
    await expectLooks([await bytesOf(await ask(admin, part.links.video))], isBare, `${camera_id}, admin`);
    const moment = Date.parse(part.started_at) + 1000;
    for (const path of [`${part.id}/thumbnail`, `at?camera=${camera_id}&t=${moment}&width=640`]) {
      const covered = await ask(viewer, `/api/recordings/${path}`);
      assertEquals(covered.headers.get("cache-control"), "private, no-store");
      await expectLooks([await bytesOf(covered)], isCovered("black"), `${camera_id}, viewer, ${path}`);
      await expectLooks(
        [await bytesOf(await ask(admin, `/api/recordings/${path}`))],
        isBare,
        `admin, ${path}`,
      );
    }
    const range = { from: Date.parse(part.started_at), to: Date.parse(part.ended_at), wait: true };
    const made = await operate(operator, "export_recording", { camera_id, ...range });
    const exported = `/api/exports/${made.id ?? made.export_id}/video`;
    await expectLooks([await bytesOf(await ask(viewer, exported))], isCovered("black"), "an export, viewer");
    await expectLooks([await bytesOf(await ask(admin, exported))], isBare, "an export, admin");
    const head = await ask(viewer, part.links.video, { method: "HEAD" });
    assertEquals([head.status, head.headers.get("content-type")], [200, "video/mp4"]);
  }
});

Deno.test("[PRIVACY-AT-ONCE] zones that change while they are watched count for everybody before it is said so", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  const { viewer, admin } = await askers(hub);
  using small = await LivePictures.open(hub.client.origin, viewer.headers, { camera: "free", width: 320 });
  using full = await LivePictures.open(hub.client.origin, viewer.headers, { camera: "free" });
  const parts: Uint8Array[] = [];
  let isLeaving = false;
  const { body } = await ask(viewer, "/api/cameras/free/stream");
  const reading = (async () => {
    for await (const { bytes } of readParts(body!)) {
      parts.push(bytes);
      if (isLeaving) break;
    }
  })();
  const watched = [small.pictures, full.pictures, parts];
  await hub.waitFor(() => watched.every(({ length }) => length > 3), "all of them to be watched");
  for (const pictures of watched) await expectLooks(pictures.slice(-1), isBare, "before");
  const set = async (zones: unknown[], style: string) => {
    const input = { camera_id: "free", zones, style, confirm: true };
    const done = await operate(admin, "set_privacy_zones", input);
    assertEquals([done.success, done.verified, done.zones.length], [true, "readback", zones.length]);
    // What was sent before stands in buffers of the connection: two pictures with credit, and what a socket holds.
    return watched.map(({ length }) => length);
  };
  const expectSoon = async (from: number[], expected: (look: Look) => boolean, what: string) => {
    await hub.waitFor(() => watched.every(({ length }, i) => length > (from[i] ?? 0) + 12), what);
    for (const [i, pictures] of watched.entries()) {
      await expectLooks(pictures.slice((from[i] ?? 0) + 3, (from[i] ?? 0) + 12), expected, `${what}, ${i}`);
    }
  };
  await expectSoon(await set([{ points: POINTS }], "black"), isCovered("black"), "black");
  await expectSoon(await set([{ points: POINTS }], "blur"), isCovered("blur"), "blurred");
  await expectSoon(await set([], "black"), isBare, "taken away");
  isLeaving = true;
  await reading;
  const shown = (await (await ask(admin, "/api/cameras/free")).json()).privacy;
  assertEquals([shown.zones, shown.style], [[], "black"]);
});

Deno.test("[PRIVACY-SHARED] work does not grow with viewers: one process covers for all of them", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  const { viewer, admin } = await askers(hub);
  const watching = await Promise.all(
    Array.from(
      { length: 6 },
      () => LivePictures.open(hub.client.origin, viewer.headers, { camera: "mjpeg" }),
    ),
  );
  await hub.waitFor(() => watching.every(({ pictures }) => pictures.length > 2), "six viewers");
  const { processes } = await (await ask(admin, "/api/status")).json();
  assertEquals(
    processes.map(({ name }: { name: string }) => name).filter((name: string) => /privacy zones/.test(name)),
    ["privacy zones mjpeg"],
  );
  for (const each of watching) each[Symbol.dispose]();
});

Deno.test("[PRIVACY-CLOSED] while the zones cannot be covered no picture comes, with the reason; then it goes on", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  const { viewer, admin } = await askers(hub);
  using socket = await LivePictures.open(hub.client.origin, viewer.headers, { camera: "mjpeg" });
  await hub.waitFor(() => socket.pictures.length > 2, "the picture");
  const kill = async () => {
    const { processes } = await (await ask(admin, "/api/status")).json();
    const found = processes.find(({ name }: { name: string }) => name === "privacy zones mjpeg");
    if (found) Deno.kill(found.pid, "SIGKILL");
    return found !== undefined;
  };
  for (let round = 0; round < 3; round++) {
    await hub.waitFor(kill, "a process to kill");
    const before = socket.pictures.length;
    await hub.waitFor(() => socket.pictures.length > before + 3, "the picture to come back");
  }
  await expectLooks(socket.pictures.slice(0, 60), isCovered("black"), "pictures around the kills");
  const told = socket.texts.filter(({ op }) => op === "error");
  assertMatch(told[0]?.message ?? "", /^The privacy zones of camera "mjpeg" cannot be covered/);
});
