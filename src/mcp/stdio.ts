// MCP on stdin and stdout of the hub's own process, in both eras, by the same factory as over HTTP.
import { Readable, Writable } from "node:stream";
import type { WritableStream as NodeWritable } from "node:stream/web";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { abortable } from "../base/scope.ts";
import { OpenRequests } from "./relay/open_requests.ts";
import type { Message } from "./relay/message.ts";
import { pause } from "./relay/pause.ts";
import type { Ends } from "./relay/relay.ts";
import type { McpFactory } from "./server.ts";

const MAX_BUFFER_BYTES = 8_000_000;
/** What is still to be written when the client reads no more is dropped after this time. */
const FLUSH_MS = 1500;

/** Serves one client until it leaves and has its answers, or the signal aborts. */
export async function mcpOnStdio(
  make: McpFactory,
  { input, output }: Ends,
  options: { onError: (error: unknown) => void; signal: AbortSignal },
): Promise<void> {
  // Fed by hand: the SDK's transport drops what is unanswered when its stdin ends.
  const stdin = new Readable({ read() {} });
  const stdout = Writable.fromWeb(output as NodeWritable);
  using gone = new LinkedSignal(options.signal);
  stdout.once("error", () => gone.abort());
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: MAX_BUFFER_BYTES });
  const handle = serveStdio(make, { transport, onerror: options.onError });
  const requests = watch(transport, gone);
  await feed(stdin, input, gone.signal);
  // The streams of Node hand on what they hold before the next turn of the loop.
  await pause(0, gone.signal);
  await requests.settled(gone.signal);
  await handle.close();
  await flush(stdout, options.signal);
}

/** Notes what passes the transport, which serveStdio has made its own before. */
function watch(transport: StdioServerTransport, gone: LinkedSignal): OpenRequests {
  const requests = new OpenRequests();
  const { onmessage, onclose } = transport;
  const send = transport.send.bind(transport);
  transport.onmessage = (message) => {
    requests.received(message as Message);
    onmessage?.(message);
  };
  transport.send = async (message) => {
    await send(message);
    requests.sent(message as Message);
  };
  transport.onclose = () => {
    gone.abort();
    onclose?.();
  };
  return requests;
}

/** Passes on what the client says until it says no more, or the signal aborts. */
async function feed(stdin: Readable, input: Ends["input"], signal: AbortSignal): Promise<void> {
  const reader = input.getReader();
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) return;
      stdin.push(value);
    }
  } catch (error) {
    // A client that is gone, however that shows, has left.
    if (!isAbort(error)) return;
    reader.cancel().catch(() => {/* nobody reads it any more */});
  }
}

/** Waits until what was written has left; the process may end right after. */
async function flush(stdout: Writable, signal: AbortSignal): Promise<void> {
  using flushed = new LinkedSignal(signal);
  stdout.write("", () => flushed.abort());
  await pause(FLUSH_MS, flushed.signal);
}
