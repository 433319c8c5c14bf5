// The client of the SDK's first generation, which most programs still have.
import { assertEquals, assertMatch } from "@std/assert";
// @ts-types="@modelcontextprotocol/sdk/client"
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { dataOf, problemIn, tokenOf, withStage } from "./stage.ts";

Deno.test("[MCP-OLDER-CLIENT] the v1 SDK's client lists, calls, reads, and takes errors as results", async () => {
  await withStage(async ({ url, state }) => {
    const client = new Client({ name: "v1", version: "1" });
    const requestInit = { headers: { authorization: `Bearer ${tokenOf("anna")}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    const { tools } = await client.listTools();
    // It holds every structured answer against the output's schema, previews included.
    for (
      const [name, input] of [
        ["list_cameras", {}],
        ["get_camera_info", { camera_id: "a" }],
        ["get_system_info", {}],
        ["move_ptz", { camera_id: "a", pan: 0.5 }],
        ["move_ptz", { camera_id: "a", pan: 0.5, dry_run: true }],
        ["reboot_camera", { camera_id: "a" }],
        ["set_privacy_mode", { camera_id: "a", enabled: true }],
        ["get_ptz_presets", { camera_id: "a" }],
        ["toy_picture", { camera_id: "a" }],
      ] as const
    ) {
      const result = await client.callTool({ name, arguments: input });
      assertEquals([name, result.isError ?? false, typeof dataOf(result)], [name, false, "object"]);
    }
    assertEquals([state.position.pan, state.privacy], [0.5, true]);
    const wrong = await client.callTool({ name: "get_camera_info", arguments: { camera_id: "zzz" } });
    assertEquals(problemIn(wrong).error_code, "not_found");
    assertEquals(tools.every(({ outputSchema }) => outputSchema?.type === "object"), true);
    const { contents } = await client.readResource({ uri: "hub://status" });
    assertMatch((contents[0] as { text: string }).text, /"version"/);
    await client.close();
  });
});
