// MCP on stdin and stdout of the hub's own process, in both eras, by the same factory as over HTTP.
import { Readable, Writable } from "node:stream";
import type { ReadableStream as NodeReadable, WritableStream as NodeWritable } from "node:stream/web";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { aborted } from "../base/scope.ts";
import type { Ends } from "./relay/relay.ts";
import type { McpFactory } from "./server.ts";

const MAX_BUFFER_BYTES = 8_000_000;

/** Serves one client until it leaves or the signal aborts. */
export async function mcpOnStdio(
  make: McpFactory,
  { input, output }: Ends,
  options: { onError: (error: unknown) => void; signal: AbortSignal },
): Promise<void> {
  const stdin = Readable.fromWeb(input as NodeReadable);
  const stdout = Writable.fromWeb(output as NodeWritable);
  const left = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) stdin.once(event, () => resolve());
    stdout.once("error", () => resolve());
  });
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: MAX_BUFFER_BYTES });
  const handle = serveStdio(make, { transport, onerror: options.onError });
  await Promise.race([left, aborted(options.signal)]);
  await handle.close();
}
