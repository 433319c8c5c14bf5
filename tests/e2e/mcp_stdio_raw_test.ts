// What the compiled program writes to stdout, and when, seen without an MCP client between.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { talkOnStdio } from "../tools/stdio_client.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}, {id: b, type: testpattern}]";
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const lines = (...messages: unknown[]) => messages.map((each) => `${JSON.stringify(each)}\n`).join("");

/** What the program has open: the inodes of its TCP sockets that listen. */
async function listeningPorts(pid: number): Promise<number[]> {
  const own = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    own.add(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "");
  }
  const rows = ["tcp", "tcp6"].map((file) => Deno.readTextFileSync(`/proc/${pid}/net/${file}`)).join("\n")
    .split("\n");
  return rows.map((row) => row.trim().split(/\s+/)).filter((row) => row[3] === "0A" && own.has(row[9] ?? ""))
    .map((row) => parseInt(row[1]?.split(":")[1] ?? "", 16));
}

Deno.test("[MCP-STDIO-QUIET] nothing is opened before the first message, and stdout carries only protocol", async () => {
  const dataDir = await Deno.makeTempDir();
  const empty = await talkOnStdio(["mcp", "--data", dataDir], "");
  assertEquals([empty.stdout, empty.stderr, empty.code, [...Deno.readDirSync(dataDir)]], ["", "", 0, []]);
  const call = {
    jsonrpc: "2.0",
    id: 2,
    method: "tools/call",
    params: { name: "list_cameras", arguments: {} },
  };
  const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
  const talked = await talkOnStdio(
    ["mcp", "--debug", "--data", dataDir],
    lines(INITIALIZE, initialized, call),
    {
      answers: 2,
    },
  );
  const answers = talked.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(answers.every(({ jsonrpc }) => jsonrpc === "2.0"), true);
  assertEquals(answers.filter(({ id }) => id !== undefined).map(({ id }) => id), [1, 2]);
  assertMatch(talked.stderr, /"message":"The hub has stopped"/);
  assertEquals(talked.code, 0);
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("[MCP-STDIO-LAST] at the end of stdin what was asked is answered first, also a picture", async () => {
  const dataDir = await Deno.makeTempDir();
  const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
  const call = (id: number, name: string, input: Record<string, unknown>) => ({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name, arguments: input },
  });
  const asked = [call(2, "list_cameras", {}), call(3, "capture_image", { camera_id: "test-pattern" })];
  const { stdout, code } = await talkOnStdio(
    ["mcp", "--data", dataDir],
    lines(INITIALIZE, initialized, ...asked),
  );
  const answers = stdout.trimEnd().split("\n").map((line) => JSON.parse(line))
    .filter(({ id }) => id !== undefined).sort((a, b) => a.id - b.id);
  assertEquals(answers.map(({ id, result }) => [id, result?.isError ?? false]), [[1, false], [2, false], [
    3,
    false,
  ]]);
  assert(
    answers[2].result.content.some(({ type }: { type: string }) => type === "image"),
    stdout.slice(0, 2000),
  );
  assertEquals(code, 0);
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("[MCP-STDIO-BOTH] serve offers MCP on stdio, over HTTP, on both, or nowhere", async () => {
  const offered = async (way: string) => {
    const dataDir = await Deno.makeTempDir();
    const child = new Deno.Command(BINARY, {
      args: [
        "serve",
        "--mcp",
        way,
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--metrics-port",
        "0",
        "--data",
        dataDir,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let log = "";
    const logging = (async () => {
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) log += text;
    })();
    const stdout = new Response(child.stdout).text();
    for (const end = Date.now() + 20_000; !/"port":(\d+)/.test(log) && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const port = Number(/"port":(\d+)/.exec(log)?.[1]);
    assertEquals(await listeningPorts(child.pid), [port]);
    using local = Deno.createHttpClient({ proxy: { transport: "unix", path: `${dataDir}/hub.sock` } });
    const { status } = await fetch("http://localhost/mcp", {
      client: local,
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify(INITIALIZE),
    }).then(async (response) => (await response.body?.cancel(), response));
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(lines(INITIALIZE)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await writer.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const isRunning = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      async (r) => (await r.text()) === "ok",
      () => false,
    );
    if (isRunning) child.kill("SIGTERM");
    await child.status;
    await logging;
    await Deno.remove(dataDir, { recursive: true });
    const first = (await stdout).split("\n")[0] ?? "";
    return [status, first.startsWith('{"') && JSON.parse(first).id === 1, isRunning];
  };
  assertEquals(await offered("http"), [200, false, true]);
  assertEquals(await offered("off"), [404, false, true]);
  assertEquals(await offered("both"), [200, true, false], "the hub ends when the client that spoke leaves");
  assertEquals(await offered("stdio"), [404, true, false]);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`[MCP-STDIO-BOTH] ${signal} stops a hub whose client on stdio has not spoken yet`, async () => {
    const dataDir = await Deno.makeTempDir();
    const where = ["--host", "127.0.0.1", "--port", "0", "--metrics-port", "0", "--data", dataDir];
    const child = new Deno.Command(BINARY, {
      args: ["serve", "--mcp", "both", ...where],
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let log = "";
    const giveUp = setTimeout(() => child.kill("SIGKILL"), 20_000);
    let stoppedAt: number | undefined;
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      log += text;
      if (stoppedAt !== undefined || !log.includes("The hub serves")) continue;
      stoppedAt = performance.now();
      child.kill(signal);
    }
    const { code } = await child.status;
    clearTimeout(giveUp);
    assertEquals(code, 0, log);
    assert(performance.now() - (stoppedAt ?? 0) < 5000, log);
    await child.stdin.close();
    await Deno.remove(dataDir, { recursive: true });
  });
}

Deno.test("[MCP-STDIO-TOLD] a hub that is away and a token that is refused are told with what to do", async () => {
  const message = lines(INITIALIZE);
  await using hub = await HubProcess.start({ config: PATTERN });
  const env = { TAPO_CAMERA_MCP_URL: hub.client.origin, TAPO_CAMERA_MCP_TOKEN: "tapocam_wrong" };
  const refused = await talkOnStdio(["mcp"], message, { env, answers: 1 });
  const { error } = JSON.parse(refused.stdout);
  assertMatch(error.message, /refuses the token: The hub does not know this token.*token create/);
  assert(!refused.stdout.includes("tapocam_wrong") && !refused.stderr.includes("tapocam_wrong"));
  const wrong = await talkOnStdio(["mcp", "--url", "ftp://pi"], "");
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertMatch(wrong.stderr, /http:\/\/raspberrypi\.local:7777/);
});
