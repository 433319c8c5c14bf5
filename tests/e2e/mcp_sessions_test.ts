// Fifty clients at once on the hub's real port: each has its own session, and gets its own answers.
import { assertEquals } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { HubProcess } from "../tools/hub_process.ts";
import { clientTest, type Era, MODES } from "../tools/stdio_client.ts";

const CLIENTS = 50;
const ROUNDS = 4;
const cameraOf = (client: number) => `c${client}`;

/** One test pattern for each client; no picture is asked for, so none is drawn. */
const CONFIG = "cameras:\n" +
  Array.from({ length: CLIENTS }, (_, at) => `  - {id: ${cameraOf(at)}, type: testpattern}\n`).join("");

async function connect(hub: HubProcess, era: Era, name: string): Promise<Client> {
  const client = new Client({ name, version: "1" }, { versionNegotiation: { mode: MODES[era] } });
  const requestInit = { headers: { cookie: hub.client.cookie } };
  await client.connect(
    new StreamableHTTPClientTransport(new URL("/mcp", hub.client.origin), { requestInit }),
  );
  return client;
}

/** Asks for one camera of its own in several ways at once; returns the ids that stand in the answers. */
async function askFor(client: Client, id: string): Promise<string[]> {
  const call = async (name: string, input: Record<string, unknown>) =>
    // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
    (await client.callTool({ name, arguments: input })).structuredContent as any;
  const answers = await Promise.all([
    call("get_camera_info", { camera_id: id }).then(({ camera }) => camera.id),
    call("get_stream_url", { camera_id: id }).then(({ camera_id }) => camera_id),
    call("disconnect_camera", { camera_id: id, dry_run: true }).then(({ would }) => /c\d+/.exec(would)?.[0]),
    client.readResource({ uri: `camera://${id}/status` }).then(({ contents }) => contents[0]?.uri),
  ]);
  return answers.map(String);
}

for (const era of ["2025-11-25", "2026-07-28"] as const) {
  clientTest(
    `[MCP-SESSIONS] ${era}: fifty clients on the real port, none gets another's answer`,
    async () => {
      await using hub = await HubProcess.start({ config: CONFIG });
      await hub.login();
      const numbers = Array.from({ length: CLIENTS }, (_, at) => at);
      const clients = await Promise.all(numbers.map((at) => connect(hub, era, `client ${at}`)));
      for (let round = 0; round < ROUNDS; round++) {
        const got = await Promise.all(
          clients.map((client, at) => askFor(client, cameraOf((at + round) % CLIENTS))),
        );
        const wanted = numbers.map((at) => {
          const id = cameraOf((at + round) % CLIENTS);
          return [id, id, id, `camera://${id}/status`];
        });
        assertEquals(got, wanted);
      }
      await Promise.all(clients.map((client) => client.close()));
    },
  );
}
