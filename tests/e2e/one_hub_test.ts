// Two hubs on one data folder, as real processes: the second opens nothing and harms nothing.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { probe } from "../drivers/studio.ts";
import { lockFolder } from "../../src/store/folder_lock.ts";
import { HubProcess, processesWith } from "../tools/hub_process.ts";
import { clientTest, talkOnStdio, withStdioClient } from "../tools/stdio_client.ts";

const CAMERAS = "cameras: [{id: a, type: testpattern, width: 320, height: 180, codec: h264}]";

/** Starts a hub that must not come up; returns its exit code, what it printed and how long that took. */
async function refused(dataDir: string): Promise<{ code: number; text: string; tookMs: number }> {
  const begin = performance.now();
  const second = await HubProcess.launch({ config: CAMERAS, dataDir });
  const code = await second.ended();
  return { code, text: second.text, tookMs: performance.now() - begin };
}

Deno.test("[ONE-HUB] a second hub is refused while the first records, and the recording stays whole", async () => {
  await using first = await HubProcess.start({ config: CAMERAS });
  await first.login();
  const { recording_id } = await first.client.operation("start_recording", {
    camera_id: "a",
    duration_s: 5,
  });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const folder = `${first.dataDir}/recordings`;
  const open = (await processesWith(folder)).sort();
  const { code, text, tookMs } = await refused(first.dataDir);
  assertEquals(code, 1);
  assertMatch(text, new RegExp(`Another hub \\(process ${first.child.pid}\\) runs with the data folder`));
  assertMatch(text, /Stop it, or give this one a folder of its own with --data/);
  assert(tookMs < 5000, `${tookMs} ms`);
  assertEquals((await processesWith(folder)).sort(), open, "no process came or went");

  const ended = async () => {
    const { recordings } = await first.client.json("/api/recordings");
    return recordings.find(({ id, state }: { id: string; state?: string }) =>
      id === recording_id && state !== "recording"
    );
  };
  await first.waitFor(async () => await ended() !== undefined, "the recording to end");
  const { ended_because, links } = await ended();
  assertEquals(ended_because, "duration");
  const answer = await first.client.fetch(links.video);
  const copy = await Deno.makeTempFile({ suffix: ".mp4" });
  await Deno.writeFile(copy, new Uint8Array(await answer.arrayBuffer()));
  const { duration } = await probe(copy);
  await Deno.remove(copy);
  assert(duration >= 4, `${duration} s`);
});

Deno.test("[ONE-HUB] the folder is free as soon as a hub has ended, was killed, or never had it", async () => {
  const first = await HubProcess.start({ config: CAMERAS });
  const { dataDir } = first;
  assertEquals((await refused(dataDir)).code, 1);
  await first.stop("SIGKILL");
  const second = await HubProcess.start({ config: CAMERAS, dataDir });
  assertEquals((await refused(dataDir)).code, 1);
  assertEquals(await second.stop(), 0);
  await using third = await HubProcess.start({ config: CAMERAS, dataDir });
  assertEquals(((await Deno.stat(`${dataDir}/hub.lock`)).mode ?? 0) & 0o777, 0o600);
  assertEquals((await third.client.fetch("/healthz").then((answer) => answer.text())).trim(), "ok");
});

Deno.test("[MCP-STDIO-WAITS] the end of another client's hub is waited for; one that stays is told", async () => {
  const dataDir = await Deno.makeTempDir();
  const initialize = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "t", version: "1" },
  };
  const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: initialize }) + "\n";
  const talk = () => talkOnStdio(["mcp", "--data", dataDir], message, { answers: 1 });
  const ending = await lockFolder(dataDir, "mcp");
  const begin = performance.now();
  setTimeout(() => ending?.[Symbol.dispose](), 1000);
  assertEquals(JSON.parse((await talk()).stdout).id, 1);
  assert(performance.now() - begin < 6000, `${performance.now() - begin} ms`);
  using _staying = await lockFolder(dataDir, "mcp");
  const { code, stdout, stderr } = await talk();
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /started by an MCP client for itself\) runs with the data folder/);
  await Deno.remove(dataDir, { recursive: true });
});

clientTest(
  "[MCP-STDIO-WAITS] mcp beside a hub that is restarted waits for its socket and asks it",
  async () => {
    const dataDir = await Deno.makeTempDir();
    const ending = await lockFolder(dataDir, "serve");
    const ids: string[] = [];
    const working = withStdioClient(
      { args: ["mcp", "--data", dataDir], era: "2025-11-25" },
      async ({ call }) => {
        for (const { id } of (await call("list_cameras")).cameras) ids.push(id);
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    ending?.[Symbol.dispose]();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await using _hub = await HubProcess.start({ config: CAMERAS, dataDir });
    await working;
    assertEquals(ids, ["a"], "the hub's camera, not the built-in one of a hub without configuration");
  },
);

clientTest(
  "[MCP-STDIO-WAITS] of two that start at once one opens the cameras, and both are served",
  async () => {
    const dataDir = await Deno.makeTempDir();
    const one = () =>
      withStdioClient({ args: ["mcp", "--data", dataDir], era: "2025-11-25" }, async ({ call }) => {
        assertEquals((await call("list_cameras")).cameras.length, 1);
        await new Promise((resolve) => setTimeout(resolve, 1500));
      });
    await Promise.all([one(), one()]);
    await Deno.remove(dataDir, { recursive: true });
  },
);
