// The browser's WebSocket to the hub's journal, and its timers.
import type { LiveSocket, LiveSocketEvents } from "./live_client.ts";

/** Runs after a while, unless the returned function is called. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** Opens the path on this page's host. */
export function openEventSocket(path: string, events: LiveSocketEvents): LiveSocket {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.onclose = () => events.closed();
  socket.onmessage = ({ data }: MessageEvent<string>) => events.text(data);
  return socket;
}
