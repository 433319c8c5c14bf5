// The configurations that docs/mcp.md gives for clients, used as they stand: only addresses, the token and the place of
// the program are those of the test.
import { assertEquals } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { BINARY } from "../tools/hub_process.ts";
import { clientTest } from "../tools/stdio_client.ts";
import { codeBlocks } from "../unit/tools/markdown.ts";
import { OFFERED_HERE, OFFERED_OPERATOR, type Running, withHub } from "./running_hub.ts";

const PAGE = new URL("../../docs/mcp.md", import.meta.url);

/** A client's entry for the hub. */
interface Entry {
  url?: string;
  headers?: Record<string, string>;
  command?: string;
  args?: string[];
  env?: Record<string, string>;
}

/** The entries of the page in its order, for a running hub. */
async function entries({ hub, token }: Running): Promise<Entry[]> {
  const json = codeBlocks(await Deno.readTextFile(PAGE)).filter(({ language }) => language === "json");
  return json.map(({ text }) => {
    const here = text.replaceAll("http://raspberrypi.local:7777", hub.client.origin)
      .replaceAll("/usr/local/bin/tapo-camera-mcp", BINARY)
      .replaceAll(/tapocam_…|\$?\{(?:input:hub-token|env:TAPO_CAMERA_MCP_TOKEN)\}/g, token);
    const { servers, mcpServers, mcp } = JSON.parse(here);
    return (servers ?? mcpServers ?? mcp).cameras;
  });
}

function transportOf({ url, headers = {}, command = "", args = [], env = {} }: Entry, home: string) {
  if (url !== undefined) return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  const login = { PATH: Deno.env.get("PATH") ?? "", HOME: home };
  return new StdioClientTransport({ command, args, env: { ...login, ...env }, stderr: "ignore" });
}

/** What each is offered; over ssh the command of the far end is run here in place of there. */
const EXPECTED: [string, string[]][] = [
  ["OpenCode", OFFERED_OPERATOR],
  ["VS Code", OFFERED_OPERATOR],
  ["Cursor", OFFERED_OPERATOR],
  ["Claude Desktop on the hub's machine", OFFERED_HERE],
  ["over ssh", OFFERED_HERE],
  ["Claude Desktop and a hub on another machine", OFFERED_OPERATOR],
];

clientTest("[MCP-DOCUMENTED] each configuration of docs/mcp.md reaches the hub with its tools", async () => {
  await withHub(async (running) => {
    const found = await entries(running);
    assertEquals(found.length, EXPECTED.length);
    const home = await Deno.makeTempDir();
    // The usual place of the data is where the hub has them.
    await Deno.mkdir(`${home}/.local/share`, { recursive: true });
    await Deno.symlink(running.hub.dataDir, `${home}/.local/share/tapo-camera-mcp`);
    for (const [index, [name, offered]] of EXPECTED.entries()) {
      const client = new Client({ name: "test", version: "1" });
      await client.connect(transportOf(atHome(found[index] ?? {}), home));
      const { tools } = await client.listTools();
      await client.close();
      assertEquals([name, tools.map((tool) => tool.name).sort()], [name, offered]);
    }
    await Deno.remove(home, { recursive: true });
  });
});

/** Takes ssh and sudo away from a command. */
function atHome(entry: Entry): Entry {
  if (entry.command !== "ssh") return entry;
  const [, args = ""] = /^sudo -n -u \w+ tapo-camera-mcp (.*)$/.exec(entry.args?.at(-1) ?? "") ?? [];
  return { command: BINARY, args: args.split(" ") };
}
