// The official Inspector's command line, which starts the compiled program on stdio, beside a hub that runs.
import { assert, assertEquals } from "@std/assert";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { runProgram } from "./official_programs.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}]";

Deno.test("[MCP-INSPECTOR] over stdio: lists tools, and a call acts on the running hub", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const inspect = async (...args: string[]) => {
    const started = [BINARY, "mcp", "--data", hub.dataDir];
    const { code, stdout, all } = await runProgram("inspector", [...started, ...args]);
    assertEquals(code, 0, all);
    return JSON.parse(stdout);
  };
  const { tools } = await inspect("--method", "tools/list");
  assert(tools.some(({ name }: { name: string }) => name === "move_ptz"));
  const call = ["--method", "tools/call", "--tool-name", "disconnect_camera", "--tool-arg", "camera_id=a"];
  assertEquals((await inspect(...call)).structuredContent.camera.status, "disabled");
  assertEquals((await hub.client.json("/api/cameras/a")).status, "disabled");
});
