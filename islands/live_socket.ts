// Ties the live client to the browser: its WebSocket, its timers, and its news of network and visibility.
import { createContext } from "preact";
import { LiveClient, type LiveSocketEvents } from "./live_client.ts";

const LIVE_PATH = "/api/live";

/** The page's one live client; undefined on the server and in a browser without WebSocket. */
export const LiveContext = createContext<LiveClient | undefined>(undefined);

/** Makes the page's live client; it connects when the first picture is subscribed. */
export function createLiveClient(): LiveClient | undefined {
  if (typeof WebSocket === "undefined" || typeof createImageBitmap === "undefined") return undefined;
  const client = new LiveClient(openSocket, { after, random: Math.random });
  globalThis.addEventListener("online", () => client.retryNow());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") client.retryNow();
  });
  return client;
}

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function openSocket(events: LiveSocketEvents) {
  const url = new URL(LIVE_PATH, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => events.opened();
  socket.onclose = () => events.closed();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    typeof data === "string" ? events.text(data) : events.binary(data);
  return socket;
}
