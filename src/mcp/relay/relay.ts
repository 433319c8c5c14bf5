// MCP on stdin and stdout, carried to a running hub. Knows nothing of tools: what the hub can do, it passes on.
import { LinkedSignal } from "../../base/linked_signal.ts";
import { aborted } from "../../base/scope.ts";
import type { HubLink } from "./hub_link.ts";
import { LegacyRelay } from "./legacy.ts";
import { readLines } from "./lines.ts";
import {
  claimedVersion,
  failure,
  INVALID_REQUEST,
  type Message,
  PARSE_ERROR,
  readMessage,
} from "./message.ts";
import { ModernRelay } from "./modern.ts";
import { OpenRequests } from "./open_requests.ts";
import { pause } from "./pause.ts";

/** The two ends that the client holds. */
export interface Ends {
  input: ReadableStream<Uint8Array<ArrayBuffer>>;
  output: WritableStream<Uint8Array>;
}

const MAX_LINE_CHARS = 8_000_000;
/** What needs no answer is still delivered after the end of stdin when that takes no longer. */
const LAST_NOTICES_MS = 1500;

/** Carries messages until stdin ends, stdout is closed or the signal aborts. */
export async function relay(
  hub: HubLink,
  { input, output }: Ends,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const writer = output.getWriter();
  const encoder = new TextEncoder();
  using gone = new LinkedSignal(signal);
  const requests = new OpenRequests();
  const write = async (message: Message): Promise<void> => {
    try {
      await writer.write(encoder.encode(`${JSON.stringify(message)}\n`));
    } catch {
      gone.abort(); // nobody reads any more: there is no one left to tell
    }
    requests.sent(message);
  };
  const modern = new ModernRelay(hub, write);
  const legacy = new LegacyRelay(hub, write);
  const running = new Set<Promise<void>>();
  const reading = (async () => {
    for await (const line of readLines(input, MAX_LINE_CHARS)) {
      const work = take(line, { modern, legacy, write, requests });
      running.add(work);
      work.finally(() => running.delete(work));
    }
  })();
  await Promise.race([reading, aborted(gone.signal)]);
  modern.closeSubscriptions();
  await requests.settled(gone.signal);
  await lastNotices(running, gone.signal);
  modern.close();
  await legacy.close();
  await Promise.allSettled(running);
  hub.close();
}

/** Gives what is on its way a moment. */
async function lastNotices(running: Iterable<Promise<void>>, gone: AbortSignal): Promise<void> {
  using grace = new LinkedSignal(gone);
  await Promise.race([Promise.allSettled(running), pause(LAST_NOTICES_MS, grace.signal)]);
  grace.abort();
}

interface Ways {
  modern: ModernRelay;
  legacy: LegacyRelay;
  write: (message: Message) => Promise<void>;
  requests: OpenRequests;
}

/** Hands one line to the era it belongs to. */
async function take(line: string | undefined, { modern, legacy, write, requests }: Ways): Promise<void> {
  if (line === undefined) {
    const message = `A message may have at most ${MAX_LINE_CHARS} characters`;
    return await write(failure(null, { code: INVALID_REQUEST, message }));
  }
  const message = readMessage(line);
  if (message === undefined) {
    return await write(failure(null, { code: PARSE_ERROR, message: "This is not JSON" }));
  }
  if (message === "strange") {
    return await write(failure(null, { code: INVALID_REQUEST, message: "This is no JSON-RPC message" }));
  }
  requests.received(message);
  const isCancel = message.method === "notifications/cancelled";
  if (isCancel && modern.cancel(message.params?.["requestId"])) return;
  const version = claimedVersion(message);
  if (version === undefined) await legacy.handle(message);
  else await modern.handle(message, version);
}
