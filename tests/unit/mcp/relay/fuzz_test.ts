// The relay's parsers with random input: bounded, no crash, and what is whole comes through whole.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { readLines } from "../../../../src/mcp/relay/lines.ts";
import { readMessage } from "../../../../src/mcp/relay/message.ts";
import { readEvents } from "../../../../src/mcp/relay/sse.ts";
import { of, withRelay } from "./stage.ts";

/** A small generator, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

/** The text in pieces that are cut anywhere, within characters too. */
function inPieces(text: string, below: (n: number) => number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const next = Math.min(bytes.length, at + 1 + below(7));
      if (at < bytes.length) controller.enqueue(bytes.slice(at, next));
      at = next;
      if (at >= bytes.length) controller.close();
    },
  });
}

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of from) found.push(each);
  return found;
}

Deno.test("readLines: lines come whole however they are cut; empty ones are left out, too long ones marked", async () => {
  const below = random(1);
  for (let round = 0; round < 50; round++) {
    const lines = Array.from({ length: below(20) }, () => "aä€😀".repeat(below(12)));
    const expected = lines.filter((line) => line !== "").map((line) => line.length > 30 ? undefined : line);
    const text = lines.join(below(2) ? "\n" : "\r\n").replaceAll("\r\n", "\n");
    assertEquals(await all(readLines(inPieces(text, below), 30)), expected, `round ${round}`);
  }
});

Deno.test("readEvents: events come whole however they are cut, with any line ends; endless ones are refused", async () => {
  const below = random(2);
  for (let round = 0; round < 50; round++) {
    const end = below(2) ? "\n" : "\r\n";
    const events = Array.from(
      { length: below(10) },
      (_, id) => ({ id: String(id), data: "{ä€😀}".repeat(1 + below(5)) }),
    );
    const text = events.map(({ id, data }) =>
      [": comment", "event: message", `id: ${id}`, `data: ${data}`, "", ""].join(end)
    );
    assertEquals(await all(readEvents(inPieces(text.join(""), below), 1000)), events, `round ${round}`);
  }
  const endless = inPieces(`data: ${"x".repeat(2000)}`, () => 200);
  await assertRejects(() => all(readEvents(endless, 1000)), Error);
});

Deno.test("readMessage: whatever JSON comes is a message or is not, and never throws", () => {
  const below = random(3);
  const value = (depth: number): unknown => {
    const kind = below(depth > 3 ? 5 : 8);
    if (kind === 0) return null;
    if (kind === 1) return below(1000);
    if (kind === 2) return "ping";
    if (kind === 3) return below(2) === 0;
    if (kind === 4) return "";
    if (kind === 5) return Array.from({ length: below(4) }, () => value(depth + 1));
    const keys = ["jsonrpc", "id", "method", "params", "_meta", "result", "error"];
    return Object.fromEntries(keys.filter(() => below(2)).map((key) => [key, value(depth + 1)]));
  };
  for (let round = 0; round < 5000; round++) {
    const read = readMessage(JSON.stringify(value(0)));
    assert(read === "strange" || typeof read === "object", `round ${round}`);
  }
});

Deno.test("relay: ten thousand lines of nonsense neither end nor stop it", async () => {
  await withRelay("socket", async ({ peer }) => {
    const below = random(4);
    const pieces = [
      "{",
      "}",
      '"id"',
      ":",
      ",",
      "[",
      "]",
      "null",
      "1e999",
      "\\u0000",
      '"method"',
      "\u0000",
      "ä",
      " ",
    ];
    for (let round = 0; round < 100; round++) {
      const lines = Array.from(
        { length: 100 },
        () => "x" + Array.from({ length: below(8) }, () => pieces[below(pieces.length)]).join(""),
      );
      await peer.raw(`${lines.join("\n")}\n`);
    }
    assert((await peer.request("tools/list", of("2026-07-28"))).result);
    assertEquals(peer.got.filter(({ error }) => error?.code === -32700).length, 10_000);
  });
});
