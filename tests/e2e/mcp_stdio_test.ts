// MCP on stdio with the compiled program: beside a hub, across its restarts, and alone.
import { assert, assertEquals } from "@std/assert";
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { clientTest, follow, withStdioClient } from "../tools/stdio_client.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}, {id: b, type: testpattern}]";
const ERAS = ["2025-11-25", "2026-07-28"] as const;

// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
const ids = (answer: any) => answer.cameras.map(({ id }: { id: string }) => id).sort();

for (const era of ERAS) {
  clientTest(
    `[MCP-STDIO-ATTACH] ${era}: beside a running hub that hub's cameras are served`,
    async () => {
      await using hub = await HubProcess.start({ config: PATTERN });
      await hub.login();
      await withStdioClient(
        { args: ["mcp", "--data", hub.dataDir], era },
        async ({ call, client }) => {
          assertEquals(ids(await call("list_cameras")), ["a", "b"]);
          assert((await call("disconnect_camera", { camera_id: "b" })).success);
          assertEquals((await hub.client.json("/api/cameras/b")).status, "disabled", "the hub itself did it");
          assertEquals((await client.listTools()).tools.some(({ name }) => name === "remove_camera"), true);
        },
      );
    },
  );

  clientTest(
    `[MCP-STDIO-RESTART] ${era}: a hub that is restarted is followed, with its notifications`,
    async () => {
      const first = await HubProcess.start({ config: PATTERN });
      const args = ["mcp", "--data", first.dataDir];
      await withStdioClient({ args, era }, async ({ call, client }) => {
        const updated = await follow(client, era, "camera://a/status");
        assertEquals(ids(await call("list_cameras")), ["a", "b"]);
        await first.stop("SIGKILL");
        const waiting = call("list_cameras");
        await using second = await HubProcess.start({ config: PATTERN, dataDir: first.dataDir });
        assertEquals(ids(await waiting), ["a", "b"], "what was asked meanwhile is answered");
        await second.waitFor(() => updated.length > 0, "to be told to look again");
        const before = updated.length;
        await call("disconnect_camera", { camera_id: "a" });
        await second.waitFor(() => updated.length > before, "a notification of the new hub");
      });
    },
  );

  clientTest(
    `[MCP-STDIO-OWN] ${era}: without a hub the cameras are opened here, without a port; a second client shares`,
    async () => {
      const dataDir = await Deno.makeTempDir();
      const config = await Deno.makeTempFile({ suffix: ".yaml" });
      await Deno.writeTextFile(config, PATTERN);
      const args = ["mcp", "--data", dataDir, "--config", config];
      await withStdioClient({ args, era }, async ({ call }) => {
        assertEquals(ids(await call("list_cameras")), ["a", "b"]);
        await withStdioClient({ args, era }, async (second) => {
          await second.call("disconnect_camera", { camera_id: "a" });
          const { cameras } = await call("list_cameras", { status: "disabled" });
          assertEquals(cameras.map(({ id }: { id: string }) => id), ["a"], "both ask one hub");
        });
      });
      assertEquals([...Deno.readDirSync(dataDir)].map(({ name }) => name).sort(), [
        "history.sqlite",
        "hub.lock",
        "hub.sqlite",
        "recordings",
      ]);
      await Deno.remove(dataDir, { recursive: true });
      await Deno.remove(config);
    },
  );
}

clientTest(
  "[MCP-STDIO-NARROW] --tools and --read-only narrow what a client is offered, beside a hub and alone",
  async () => {
    await using hub = await HubProcess.start({ config: PATTERN });
    const dataDir = await Deno.makeTempDir();
    for (const data of [hub.dataDir, dataDir]) {
      const args = ["mcp", "--data", data, "--tools", "ptz", "--read-only"];
      await withStdioClient({ args, era: "2025-11-25" }, async ({ client }) => {
        const names = (await client.listTools()).tools.map(({ name }) => name).sort();
        assertEquals(names, ["get_ptz_position", "get_ptz_presets"]);
        await withStdioClient({ args: ["mcp", "--data", data], era: "2025-11-25" }, async (other) => {
          const { tools } = await other.client.listTools();
          assert(tools.some((tool) => tool.name === "remove_camera"), "another client is offered everything");
        });
      });
    }
    await Deno.remove(dataDir, { recursive: true });
  },
);

clientTest("[MCP-STDIO-REMOTE] stdio by address and token, with the token's role", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const made = await new Deno.Command(BINARY, { args: ["token", "create", "far", "--data", hub.dataDir] })
    .output();
  const value = new TextDecoder().decode(made.stdout).trimEnd();
  const env = { TAPO_CAMERA_MCP_URL: hub.client.origin, TAPO_CAMERA_MCP_TOKEN: value };
  for (const era of ERAS) {
    await withStdioClient({ args: ["mcp"], env, era }, async ({ client, call }) => {
      assertEquals((await call("list_cameras")).cameras[0].id, "a");
      const { tools } = await client.listTools();
      assert(!tools.some(({ name }) => name === "remove_camera"), "a viewer is offered what a viewer may do");
    });
  }
});
