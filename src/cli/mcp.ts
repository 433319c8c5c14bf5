// `tapo-camera-mcp mcp`: MCP on stdin and stdout. Asks a running hub; only where there is none opens the cameras itself.
import type { Layout } from "../base/layout.ts";
import { HubLink } from "../mcp/relay/hub_link.ts";
import { relay } from "../mcp/relay/relay.ts";
import { awaitFirst } from "./first_message.ts";
import type { CommandLine } from "./flags.ts";
import { localHub, namedHub } from "./hub_address.ts";

/** Serves until stdin ends. Nothing is opened before the client has spoken: some start a server only to look at it. */
export async function mcp(line: CommandLine, layout: Layout): Promise<void> {
  const named = namedHub(line, (name) => Deno.env.get(name));
  const input = await awaitFirst(Deno.stdin.readable);
  if (!input) return;
  const address = named ?? await localHub(line);
  if (address) return await relay(new HubLink(address), { input, output: Deno.stdout.writable });
  const { serveClient } = await import("./serve.ts");
  await serveClient(line, layout, { input, output: Deno.stdout.writable });
}
