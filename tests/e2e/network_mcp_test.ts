// MCP over HTTP with the compiled program and an emulated Tapo camera: what is called happens in the camera.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, MOUNTS, startHub } from "./network_bench.ts";

const ERAS = { "2025-11-25": "legacy", "2026-07-28": "auto" } as const;

async function connect(hub: HubProcess, era: keyof typeof ERAS): Promise<Client> {
  const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode: ERAS[era] } });
  const requestInit = { headers: { cookie: hub.client.cookie } };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${hub.client.origin}/mcp`), { requestInit }),
  );
  return client;
}

// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
async function call(client: Client, name: string, input: object = {}): Promise<any> {
  const result = await client.callTool({ name, arguments: { camera_id: "t", ...input } });
  const { text } = (result.content as { text: string }[])[0]!;
  return result.isError ? JSON.parse(text) : result.structuredContent;
}

for (const era of Object.keys(ERAS) as (keyof typeof ERAS)[]) {
  Deno.test(`[MCP-FOUR-WAYS] ${era} over HTTP, compiled: tools act on the camera, resources show it`, async () => {
    await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
    rig.tapo.device.motor!.speedDegreesPerS = Infinity;
    await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
    await awaitStatus(hub, "t", "online");
    const client = await connect(hub, era);
    const moved = await call(client, "move_ptz", { pan: -1 });
    assertEquals([moved.verified, moved.position.pan, rig.tapo.view.panDegrees], ["readback", -1, -180]);
    const saved = await call(client, "save_ptz_preset", { name: "Left" });
    await call(client, "move_ptz", { pan: 1 });
    assertEquals(
      (await call(client, "recall_ptz_preset", { name: "Left" })).success,
      true,
      JSON.stringify(saved),
    );
    assertEquals(rig.tapo.view.panDegrees, -180);
    assertEquals((await call(client, "set_privacy_mode", { enabled: true })).enabled, true);
    assertEquals((await call(client, "move_ptz", { pan: 0.5 })).recovery_options.length, 1);
    assertEquals((await call(client, "set_privacy_mode", { enabled: false })).enabled, false);
    assertEquals((await call(client, "reboot_camera")).needs, "confirm");
    const [picture] = (await client.readResource({ uri: "camera://t/snapshot" })).contents;
    const bytes = Uint8Array.fromBase64((picture as { blob: string }).blob);
    assertEquals([...bytes.subarray(0, 2), bytes.length > 1000], [0xff, 0xd8, true]);
    const [page] = (await client.readResource({ uri: "hub://docs/mcp" })).contents;
    assertMatch((page as { text: string }).text, /^# MCP/);
    const [app] = (await client.readResource({ uri: "ui://tapo-camera-mcp/cameras.html" })).contents;
    assertMatch((app as { text: string }).text, /<script type="module">/);
    await client.close();
  });
}

Deno.test("[MCP-TURNS] two clients that move one camera are served in turn; no move is lost", async () => {
  await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
  rig.tapo.device.motor!.speedDegreesPerS = Infinity;
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  const clients = [await connect(hub, "2025-11-25"), await connect(hub, "2026-07-28")];
  const moves = clients.flatMap((client) =>
    Array.from({ length: 4 }, () => call(client, "move_ptz", { pan: 0.1 }))
  );
  const answers = await Promise.all(moves);
  for (const answer of answers) assert(answer.success, JSON.stringify(answer));
  const position = await call(clients[0]!, "get_ptz_position");
  assert(Math.abs(position.position.pan - 0.8) < 0.01, JSON.stringify(position));
  for (const client of clients) await client.close();
});
