// Clients that others made, against the compiled program beside a running hub.
import { assertEquals } from "@std/assert";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { BINARY } from "../tools/hub_process.ts";
import { clientTest } from "../tools/stdio_client.ts";
import { argsOf, runProgram } from "./official_programs.ts";
import { OFFERED_HERE, OFFERED_OPERATOR, type Running, withHub } from "./running_hub.ts";

/** Where the AI SDK's client connects, and what it is offered. */
const WAYS: Record<string, (running: Running) => { where: object; offered: string[] }> = {
  "HTTP with a token": ({ url, token }) => ({
    where: { url, headers: { authorization: `Bearer ${token}` } },
    offered: OFFERED_OPERATOR,
  }),
  stdio: ({ hub }) => ({
    where: { command: BINARY, args: ["mcp", "--data", hub.dataDir] },
    offered: OFFERED_HERE,
  }),
};
for (const [way, to] of Object.entries(WAYS)) {
  Deno.test(`[MCP-PEERS] the AI SDK's client over ${way}: lists, and a call acts on the running hub`, async () => {
    await withHub(async (running) => {
      const { where, offered } = to(running);
      const call = ["disconnect_camera", JSON.stringify({ camera_id: "a" })];
      const { stdout, code, all } = await runProgram("ai-sdk", [JSON.stringify(where), ...call]);
      assertEquals(code, 0, all);
      const { server, tools, result } = JSON.parse(stdout);
      assertEquals([server, tools.sort()], ["tapo-camera-mcp", offered]);
      assertEquals(result.structuredContent.camera.status, "disabled");
      assertEquals((await running.hub.client.json("/api/cameras/a")).status, "disabled");
    });
  });
}

clientTest("[MCP-PEERS] mcp-remote carries a client on stdio to the hub, with a token", async () => {
  await withHub(async ({ hub, url, token }) => {
    const transport = new StdioClientTransport({
      command: Deno.execPath(),
      // As its makers advise for clients that cut arguments at spaces: the value comes from the environment.
      args: [...await argsOf("mcp-remote"), url, "--header", "Authorization:${LOGIN}"],
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: hub.dataDir,
        DENO_DIR: await denoDir(),
        LOGIN: `Bearer ${token}`,
      },
      stderr: "ignore",
    });
    const client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
    try {
      const { tools } = await client.listTools();
      assertEquals(tools.map(({ name }) => name).sort(), OFFERED_OPERATOR);
      await client.callTool({ name: "disconnect_camera", arguments: { camera_id: "a" } });
      assertEquals((await hub.client.json("/api/cameras/a")).status, "disabled");
    } finally {
      await client.close();
    }
  });
});

/** Where Deno keeps what it fetched, also for a program with another home. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
