// The hub's HTTP with cameras, against servers that answer in every way RFC 9112 allows, and in others.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { exchangeHttp, type HttpRequest, type HttpResponse } from "../../../src/protocols/http/exchange.ts";
import { forever } from "./client.ts";

interface Served {
  /** What the server heard. */
  heard: string[];
  result: HttpResponse;
}

/**
 * Sends one request to a server that answers with these pieces, each written by itself, and then hangs up.
 */
async function served(
  pieces: readonly (string | Uint8Array)[],
  change: Partial<HttpRequest> = {},
  maxBytes = 100_000,
  isBodyOptional = false,
): Promise<Served> {
  const heard: string[] = [];
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.setNoDelay?.();
    const bytes = new Uint8Array(65536);
    const got = await connection.read(bytes);
    heard.push(new TextDecoder().decode(bytes.subarray(0, got ?? 0)));
    for (const piece of pieces) {
      await connection.write(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  const url = `http://127.0.0.1:${listener.addr.port}/onvif/x?y=1`;
  const request = { url, method: "POST", headers: { "Content-Type": "a/b" }, body: "ä", ...change } as const;
  try {
    return { heard, result: await exchangeHttp(request, { signal: forever, maxBytes, isBodyOptional }) };
  } finally {
    await serving.catch(() => {/* the client may hang up first */});
  }
}

Deno.test("exchangeHttp: where the status says all, a body that is too long or breaks off is left out", async () => {
  const bodies = [
    ["Content-Length: 5\r\n\r\n", "hello"],
    ["Content-Length: 5000\r\n\r\n", "x".repeat(5000)],
    ["\r\n", "x".repeat(5000)],
    ["Content-Length: 50\r\n\r\n", "half"],
  ];
  const told = [];
  for (const [head, body] of bodies) {
    const { result } = await served([`HTTP/1.1 201 Created\r\n${head}`, body ?? ""], {}, 100, true);
    told.push([result.status, new TextDecoder().decode(result.bytes)]);
  }
  assertEquals(told, [[201, "hello"], [201, ""], [201, ""], [201, ""]]);
});

Deno.test("exchangeHttp sends one well-formed request", async () => {
  const { heard } = await served(["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], {
    headers: { A: "b\r\nInjected: 1" },
  });
  assertEquals(heard.length, 1);
  assertMatch(
    heard[0] ?? "",
    /^POST \/onvif\/x\?y=1 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nA: b {2}Injected: 1\r\n/,
  );
  assertMatch(heard[0] ?? "", /\r\nContent-Length: 2\r\nConnection: close\r\n\r\nä$/);
});

const ANSWERS: Record<string, readonly [readonly string[], number, string]> = {
  "a length": [["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hello"], 200, "hello"],
  "a length and more than that": [["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello, world"], 200, "hello"],
  "an end by hanging up": [["HTTP/1.0 200 OK\r\n\r\nhel", "lo"], 200, "hello"],
  "chunks": [
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n",
      "3;x=y\r",
      "\nllo\r\n0\r\n\r\n",
    ],
    200,
    "hello",
  ],
  "one byte at a time": [[..."HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"], 200, "ok"],
  "100 Continue before": [
    ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\nx"],
    500,
    "x",
  ],
  "nothing to say": [["HTTP/1.1 204 No Content\r\n\r\n"], 204, ""],
  "no reason": [["HTTP/1.1 401\r\nContent-Length: 0\r\n\r\n"], 401, ""],
};
for (const [name, [pieces, status, body]] of Object.entries(ANSWERS)) {
  Deno.test(`exchangeHttp reads an answer with ${name}`, async () => {
    const { result } = await served(pieces);
    assertEquals([result.status, new TextDecoder().decode(result.bytes)], [status, body]);
  });
}

Deno.test("exchangeHttp keeps headers that come several times", async () => {
  const { result } = await served([
    "HTTP/1.1 401 X\r\nWWW-Authenticate: one\r\nwww-authenticate:two\r\nContent-Length: 0\r\n\r\n",
  ]);
  assertEquals(result.headers.filter(([name]) => name === "www-authenticate").map(([, value]) => value), [
    "one",
    "two",
  ]);
});

const BROKEN: Record<string, readonly string[]> = {
  "nothing": [],
  "half a head": ["HTTP/1.1 200 OK\r\nContent-"],
  "less than its length": ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"],
  "chunks without end": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"],
  "a chunk without size": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhel"],
  "a length that is none": ["HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"],
  "no HTTP": ["SSH-2.0-dropbear\r\n\r\n"],
  "a head without end": [`HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(10_000)}`],
};
for (const [name, pieces] of Object.entries(BROKEN)) {
  Deno.test(`exchangeHttp tells of a connection broken off after ${name}`, async () => {
    const error = await assertRejects(() => served(pieces), HubError);
    assertEquals([error.kind, error.message], ["unavailable", "The camera broke the connection off"]);
  });
}

const LARGE: Record<string, readonly string[]> = {
  "by its length": ["HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"],
  "by its chunks": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"],
  "without saying": [`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(101)}`],
};
for (const [name, pieces] of Object.entries(LARGE)) {
  Deno.test(`exchangeHttp refuses an answer that is too large ${name}`, async () => {
    const error = await assertRejects(() => served(pieces, {}, 100), HubError);
    assertEquals([error.kind, error.message], [
      "device_rejected",
      "The camera gives an answer larger than 100 bytes",
    ]);
  });
}

Deno.test("exchangeHttp: a name that nobody knows is unreachable", async () => {
  const request = { url: "http://no-such-camera.invalid/", method: "GET", headers: {} } as const;
  const error = await assertRejects(
    () => exchangeHttp(request, { signal: forever, maxBytes: 1 }),
    HubError,
  );
  assertEquals([error.kind, error.details], ["unavailable", { unreachable: true }]);
});

Deno.test("exchangeHttp leaves no connection behind, whenever it is aborted", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const silent = (async () => {
    for await (const connection of listener) {
      connection.read(new Uint8Array(4096)).catch(() => null).finally(() => connection.close());
    }
  })();
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  for (let steps = 0; steps < 60; steps++) {
    const controller = new AbortController();
    const exchange = exchangeHttp({ url, method: "GET", headers: {} }, {
      signal: controller.signal,
      maxBytes: 1,
    });
    exchange.catch(() => {/* looked at below */});
    for (let step = 0; step < steps; step++) await Promise.resolve();
    if (steps % 3 === 2) await new Promise((resolve) => setTimeout(resolve, steps % 2));
    controller.abort();
    await assertRejects(() => exchange, Error);
  }
  listener.close();
  await silent;
});
