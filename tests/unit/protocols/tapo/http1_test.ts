// HTTP/1.1 over a socket that a test plays: every way of framing an answer, in one piece and byte by byte.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { HttpConnection, StaleConnectionError } from "../../../../src/protocols/tapo/http1.ts";
import { type TlsSocket, UnsentError } from "../../../../src/protocols/tapo/tls_socket.ts";
import { settle } from "../../../tools/fake_clock.ts";

/** Plays the other side: what is in the script comes in, then the end, or silence. */
class PlayedSocket implements TlsSocket {
  readonly peerCertificateDer = new Uint8Array([1]);
  readonly sent: string[] = [];
  readonly #script: (Uint8Array | Error)[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  play(text: string, step = text.length): this {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += step) this.#script.push(bytes.subarray(at, at + step));
    this.#wake?.();
    return this;
  }

  end(): this {
    this.#ended = true;
    this.#wake?.();
    return this;
  }

  fail(error: Error): this {
    this.#script.push(error);
    this.#wake?.();
    return this;
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#script.length === 0) {
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const next = this.#script.shift();
    if (next instanceof Error) throw next;
    return next;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.sent.push(new TextDecoder().decode(bytes));
    return Promise.resolve();
  }

  close(): void {
    this.end();
  }
}

const POST = { path: "/stok=1/ds", headers: { Host: "cam:443", Seq: "7" }, body: '{"ü":1}' };
const MAX = 64;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const ANSWERS: [string, string, { status: number; body: string; isReusable: boolean }][] = [
  ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", {
    status: 200,
    body: "hello",
    isReusable: true,
  }],
  ["a length of nothing", "HTTP/1.1 500 \r\ncontent-length:0\r\n\r\n", {
    status: 500,
    body: "",
    isReusable: true,
  }],
  [
    "chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n1;x=y\r\no\r\n0\r\nTrailer: 1\r\n\r\n",
    { status: 200, body: "hello", isReusable: true },
  ],
  ["the end", "HTTP/1.1 200 OK\r\n\r\nhello", { status: 200, body: "hello", isReusable: false }],
  [
    "a length, and a closing connection",
    "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 5\r\n\r\nhello",
    { status: 200, body: "hello", isReusable: false },
  ],
  [
    "a length, from an HTTP/1.0 server",
    "HTTP/1.0 401 No\r\nContent-Length: 5\r\n\r\nhello",
    { status: 401, body: "hello", isReusable: false },
  ],
  [
    "an interim answer before it",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    { status: 200, body: "ok", isReusable: true },
  ],
  ["no body", "HTTP/1.1 204 No Content\r\n\r\n", { status: 204, body: "", isReusable: true }],
];
for (const [how, answer, expected] of ANSWERS) {
  for (const step of [answer.length, 1]) {
    Deno.test(`HttpConnection: reads an answer framed by ${how}, ${step === 1 ? "byte by byte" : "at once"}`, async () => {
      const socket = new PlayedSocket().play(answer, step);
      if (how === "the end") socket.end();
      const connection = new HttpConnection(socket, MAX);
      const { status, body } = await connection.post(POST);
      assertEquals({ status, body: text(body), isReusable: connection.isReusable }, expected);
      connection.close();
      assert(!connection.isReusable);
    });
  }
}

Deno.test("HttpConnection: sends the request in one piece, its length in bytes", async () => {
  const socket = new PlayedSocket().play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const connection = new HttpConnection(socket, MAX);
  await connection.post(POST);
  assertEquals(socket.sent, [
    'POST /stok=1/ds HTTP/1.1\r\nHost: cam:443\r\nSeq: 7\r\nContent-Length: 8\r\n\r\n{"ü":1}',
  ]);
  connection.close();
});

const BROKEN: [string, string, string][] = [
  ["no HTTP", "SSH-2.0-x\r\n\r\n", "no HTTP"],
  ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "no number"],
  ["too long a body", "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n", "longer than 64 bytes"],
  [
    "too many chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ("20\r\n" + "x".repeat(32) + "\r\n").repeat(3),
    "longer than 64 bytes",
  ],
  ["too long a body without length", `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(65)}`, "longer than 64 bytes"],
  ["a chunk without length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "no length"],
  [
    "a chunk longer than announced",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    "longer",
  ],
  ["too long a head", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(17_000)}`, "too long"],
  ["interim answers without end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(9), "point"],
];
for (const [how, answer, why] of BROKEN) {
  Deno.test(`HttpConnection: refuses ${how}`, async () => {
    const connection = new HttpConnection(new PlayedSocket().play(answer), MAX);
    const error = await assertRejects(() => connection.post(POST), HubError);
    assertEquals(error.kind, "device_rejected");
    assertStringIncludes(error.message, why);
    assert(!connection.isReusable);
  });
}

const CUT: [string, string, string][] = [
  ["before the answer", "", "unavailable"],
  ["in the head", "HTTP/1.1 200 OK\r\nConte", "device_rejected"],
  ["in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "device_rejected"],
  ["in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "device_rejected"],
];
for (const [where, answer, kind] of CUT) {
  Deno.test(`HttpConnection: a first answer that ends ${where} is ${kind}, and may be tried again`, async () => {
    const connection = new HttpConnection(new PlayedSocket().play(answer).end(), MAX);
    const error = await assertRejects(() => connection.post(POST), HubError);
    assertEquals([error.kind, error.retryable], [kind, true]);
  });
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
Deno.test("HttpConnection: knows when the other side closes between two requests", async () => {
  const socket = new PlayedSocket().play(OK);
  const connection = new HttpConnection(socket, MAX);
  await connection.post(POST);
  assert(connection.isReusable);
  socket.end();
  await settle();
  assert(!connection.isReusable);
  await assertRejects(() => connection.post(POST), StaleConnectionError);
  assertEquals(socket.sent.length, 1);
});

for (const how of ["ends", "breaks"] as const) {
  Deno.test(`HttpConnection: a kept connection that ${how} before the answer leaves open what was done`, async () => {
    const socket = new PlayedSocket().play(OK);
    const connection = new HttpConnection(socket, MAX);
    await connection.post(POST);
    const second = assertRejects(() => connection.post(POST), HubError);
    await settle();
    if (how === "ends") socket.end();
    else socket.fail(new Error("ECONNRESET"));
    const error = await second;
    assertEquals([error.kind, error.retryable, error.details], ["unavailable", true, { unanswered: true }]);
  });
}

Deno.test("HttpConnection: what was not sent as a whole may be sent on another connection", async () => {
  const socket = new PlayedSocket();
  socket.write = () => Promise.reject(new UnsentError("EPIPE"));
  await assertRejects(() => new HttpConnection(socket, MAX).post(POST), StaleConnectionError);
});

Deno.test("HttpConnection: bytes that nobody asked for make the connection unusable", async () => {
  for (const early of [OK + "HTTP", OK + OK]) {
    const connection = new HttpConnection(new PlayedSocket().play(early), MAX);
    assertEquals(text((await connection.post(POST)).body), "ok");
    assert(!connection.isReusable);
  }
  const socket = new PlayedSocket().play(OK);
  const connection = new HttpConnection(socket, MAX);
  await connection.post(POST);
  socket.play(OK);
  await settle();
  assert(!connection.isReusable);
});

Deno.test("HttpConnection: one request after the other on one connection", async () => {
  const socket = new PlayedSocket();
  const connection = new HttpConnection(socket, MAX);
  for (let n = 0; n < 3; n++) {
    const answer = connection.post(POST);
    await settle();
    socket.play(OK);
    assertEquals(text((await answer).body), "ok");
    assert(connection.isReusable);
  }
  assertEquals(socket.sent.length, 3);
  connection.close();
});

for (const headers of [{ Seq: "1\r\nX: y" }, { Seq: "ü" }]) {
  Deno.test(`HttpConnection: sends no header ${JSON.stringify(headers.Seq)}`, async () => {
    const socket = new PlayedSocket();
    const error = await assertRejects(
      () => new HttpConnection(socket, MAX).post({ ...POST, headers }),
      HubError,
    );
    assertEquals([error.kind, socket.sent.length], ["internal", 0]);
  });
}

Deno.test("HttpConnection: whatever is cut or garbled ends in an answer or a HubError", async () => {
  let seed = 12345;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let round = 0; round < 300; round++) {
    const [, answer = ""] = ANSWERS[random(ANSWERS.length)] ?? [];
    const garbled = [...answer].map((each) => random(30) === 0 ? String.fromCharCode(random(128)) : each)
      .join("");
    const connection = new HttpConnection(
      new PlayedSocket().play(garbled.slice(0, random(garbled.length + 1)), 1 + random(9)).end(),
      MAX,
    );
    await connection.post(POST).then(
      ({ status }) => assert(status >= 200 && status < 600),
      (error) => assert(error instanceof HubError, String(error)),
    );
  }
});
