// `tapo-camera-mcp mcp`: MCP on stdin and stdout. Asks a running hub; only where there is none opens the cameras itself.
import type { Layout } from "../base/layout.ts";
import { HubLink } from "../mcp/relay/hub_link.ts";
import { type Ends, relay } from "../mcp/relay/relay.ts";
import type { Holder } from "../store/folder_lock.ts";
import { awaitFirst } from "./first_message.ts";
import type { CommandLine } from "./flags.ts";
import { localHub, namedHub } from "./hub_address.ts";

/** A hub that holds the data folder starts, or ends, within this time. */
const HUB_COMES_MS = 10_000;
const LOOK_EVERY_MS = 200;

/** Serves until stdin ends. Nothing is opened before the client has spoken: some start a server only to look at it. */
export async function mcp(line: CommandLine, layout: Layout): Promise<void> {
  const named = namedHub(line, (name) => Deno.env.get(name));
  const input = await awaitFirst(Deno.stdin.readable);
  if (!input) return;
  const ends = { input, output: Deno.stdout.writable };
  const address = named ?? await localHub(line);
  if (address) return await relay(new HubLink(address), ends);
  await serveOrWait(line, layout, ends);
}

/**
 * Opens the cameras, unless a hub that cannot be asked yet holds the data folder: then waits for that.
 * @throws HubError `conflict` when it neither listens nor ends.
 */
async function serveOrWait(line: CommandLine, layout: Layout, ends: Ends): Promise<void> {
  const { holderOf } = await import("../store/folder_lock.ts");
  const { serveClient } = await import("./serve.ts");
  const until = performance.now() + HUB_COMES_MS;
  for (let holder: Holder | undefined;;) {
    const isLast = performance.now() > until;
    // A hub that is restarted has ended before it begins: its folder is not taken from it meanwhile.
    if (holder?.kind !== "serve" || isLast) {
      try {
        return await serveClient(line, layout, ends);
      } catch (error) {
        holder = holderOf(error);
        if (!holder || isLast) throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const address = await localHub(line);
    if (address) return await relay(new HubLink(address), ends);
  }
}
