// `tapo-camera-mcp mcp`: MCP on stdin and stdout. Asks a running hub; only where there is none opens the cameras itself.
import type { Layout } from "../base/layout.ts";
import { aborted } from "../base/scope.ts";
import { HubLink } from "../mcp/relay/hub_link.ts";
import { relay } from "../mcp/relay/relay.ts";
import { awaitFirst } from "./first_message.ts";
import type { CommandLine } from "./flags.ts";
import { localHub, namedHub } from "./hub_address.ts";
import { StandIn } from "./stand_in.ts";

/** Serves until stdin ends. Nothing is opened before the client has spoken: some start a server only to look at it. */
export async function mcp(line: CommandLine, layout: Layout): Promise<void> {
  const named = namedHub(line, (name) => Deno.env.get(name));
  const input = await awaitFirst(Deno.stdin.readable);
  if (!input) return;
  const ends = { input, output: Deno.stdout.writable };
  if (named) return await relay(new HubLink(named), ends);
  const standIn = new StandIn(line, layout, ends);
  try {
    const address = await localHub(line) ?? await standIn.begin();
    // The hub here is asked by its socket like any other: when it gives way to another, that is asked instead.
    if (!address) await aborted(standIn.gone);
    else {
      const link = new HubLink(address, { whenAway: () => standIn.takeOver(address) });
      await relay(link, ends, standIn.gone);
    }
  } finally {
    await standIn.close();
  }
}
