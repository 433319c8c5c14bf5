// A viewer of /api/live that reads no faster than it is told: a WebSocket client on a raw socket (RFC 6455).
import type { HubProcess } from "../tools/hub_process.ts";

/** Watches one camera for so many seconds; returns the frames' ages when they had arrived whole. */
export async function liveViewer(
  hub: HubProcess,
  camera: string,
  bytesPerSecond: number,
  seconds: number,
): Promise<{ p50: number; p95: number; frames: number }> {
  const { host, port, hostname } = new URL(hub.client.origin);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const encoder = new TextEncoder();
  await connection.write(encoder.encode(
    `GET /api/live HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${hub.client.origin}\r\nCookie: ${hub.client.cookie}\r\n` +
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  ));
  const send = (body: unknown) => connection.write(textFrame(JSON.stringify(body)));
  const ages: number[] = [];
  let held = new Uint8Array(0);
  let isOpen = false;
  let facts = { seq: 0, captured_at_ms: 0 };
  const buffer = new Uint8Array(1 << 14);
  const startMs = performance.now();
  let taken = 0;
  while (performance.now() - startMs < seconds * 1000) {
    const size = await connection.read(buffer);
    if (size === null) break;
    taken += size;
    held = concat(held, buffer.subarray(0, size));
    if (!isOpen) {
      const end = new TextDecoder("latin1").decode(held).indexOf("\r\n\r\n");
      if (end < 0) continue;
      isOpen = true;
      held = held.slice(end + 4);
      await send({ op: "subscribe", camera });
    }
    for (let message = takeMessage(held); message; message = takeMessage(held)) {
      held = held.slice(message.end);
      if (message.opcode === 1) {
        const body = JSON.parse(new TextDecoder().decode(message.payload));
        if (body.op === "frame") facts = body;
      } else if (message.opcode === 2) {
        ages.push(Date.now() - facts.captured_at_ms);
        await send({ op: "ack", camera, seq: facts.seq });
      }
    }
    const aheadMs = taken / bytesPerSecond * 1000 - (performance.now() - startMs);
    if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  }
  connection.close();
  const sorted = ages.slice(3).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), frames: ages.length };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function textFrame(text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  // A client masks what it sends; a mask of zeros leaves it as it is.
  return concat(new Uint8Array([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload);
}

function takeMessage(bytes: Uint8Array): { opcode: number; payload: Uint8Array; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const short = (bytes[1] ?? 0) & 127;
  const head = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < head) return undefined;
  const length = short === 127 ? Number(view.getBigUint64(2)) : short === 126 ? view.getUint16(2) : short;
  if (bytes.length < head + length) return undefined;
  return { opcode: (bytes[0] ?? 0) & 15, payload: bytes.subarray(head, head + length), end: head + length };
}
