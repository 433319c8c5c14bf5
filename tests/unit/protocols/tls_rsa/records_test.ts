// Records and handshake messages are cut and put together however the bytes arrive; anything else is refused.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { TlsFault } from "../../../../src/protocols/tls_rsa/alerts.ts";
import { HandshakeInput } from "../../../../src/protocols/tls_rsa/handshake_input.ts";
import { CONTENT } from "../../../../src/protocols/tls_rsa/protection.ts";
import { RecordEncoder, RecordReader } from "../../../../src/protocols/tls_rsa/records.ts";
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";
import { BytePipe } from "./byte_pipe.ts";

const DATA = CONTENT.applicationData;

function content(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: sizeBytes }, (_, i) => i * 3 % 253);
}

/** A reader on bytes that arrive in pieces of a size, and then end. */
function readerOf(bytes: Uint8Array, pieceBytes = bytes.length): RecordReader {
  const pipe = new BytePipe();
  for (let at = 0; at < bytes.length; at += pieceBytes) pipe.push(bytes.subarray(at, at + pieceBytes));
  pipe.end();
  return new RecordReader(pipe);
}

/** Takes every record for protected and leaves it as it is. */
const openAnything = { open: (_type: number, body: Uint8Array) => body.slice() };

Deno.test("RecordEncoder: cuts at 16 KB; only the first call names the old version", () => {
  const encoder = new RecordEncoder();
  assertEquals(encoder.encode(CONTENT.handshake, content(3)).toHex(), "1603010003" + content(3).toHex());
  const long = encoder.encode(DATA, content(40_000));
  const headerAt = (offset: number) => long.subarray(offset, offset + 5).toHex();
  assertEquals(headerAt(0), "1703034000");
  assertEquals(headerAt(5 + 16_384), "1703034000");
  assertEquals(headerAt(2 * (5 + 16_384)), "1703031c40");
  assertEquals(long.length, 40_000 + 15);
  assertEquals(encoder.encode(DATA, new Uint8Array()).length, 0);
});

Deno.test("RecordReader: gives the same records however the bytes are cut", async () => {
  const encoder = new RecordEncoder();
  const sizes = [1, 16_384, 5, 300, 16_384, 16_384];
  const bytes = joinBytes(...sizes.map((size) => encoder.encode(DATA, content(size))));
  for (const pieceBytes of [1, 2, 5, 1000, 16_389, bytes.length]) {
    const reader = readerOf(bytes, pieceBytes);
    for (const size of sizes) assertEquals(await reader.read(), { type: DATA, body: content(size) });
    assertEquals(await reader.read(), undefined);
    assertEquals(await reader.read(), undefined);
  }
});

Deno.test("RecordReader: an end in the middle of a record is told as truncated", async () => {
  const record = new RecordEncoder().encode(DATA, content(10));
  for (let sizeBytes = 1; sizeBytes < record.length; sizeBytes++) {
    const reader = readerOf(record.subarray(0, sizeBytes));
    const error = await assertRejects(() => reader.read(), HubError);
    assertEquals([error.kind, error.details], ["unavailable", { truncated: true }]);
  }
});

const REFUSED: readonly { what: string; header: string; alert: string; isProtected?: boolean }[] = [
  { what: "HTTP", header: "485454502f", alert: "unexpected_message" },
  { what: "an unknown type of record", header: "1803030001", alert: "unexpected_message" },
  { what: "another major version", header: "1602000001", alert: "unexpected_message" },
  { what: "more than 16 KB in the clear", header: "1603034001", alert: "record_overflow" },
  { what: "more than 18 KB protected", header: "1703034801", alert: "record_overflow", isProtected: true },
  {
    what: "another version once protected",
    header: "1703020001",
    alert: "protocol_version",
    isProtected: true,
  },
];

for (const { what, header, alert, isProtected } of REFUSED) {
  Deno.test(`RecordReader: refuses ${what} as soon as the header is there`, async () => {
    const pipe = new BytePipe();
    const reader = new RecordReader(pipe);
    if (isProtected) reader.protect(openAnything);
    pipe.push(Uint8Array.fromHex(header));
    assertEquals((await assertRejects(() => reader.read(), TlsFault)).alert, alert);
  });
}

Deno.test("RecordReader: refuses a record that opens to more than 16 KB", async () => {
  const reader = readerOf(joinBytes(Uint8Array.fromHex("1703034001"), new Uint8Array(16_385)));
  reader.protect(openAnything);
  assertEquals((await assertRejects(() => reader.read(), TlsFault)).alert, "record_overflow");
});

/** Handshake messages of some types, the body of each as long as its type is high. */
function messages(...types: readonly number[]): Uint8Array {
  return joinBytes(...types.map((type) => joinBytes(Uint8Array.of(type, 0, 0, type), content(type))));
}

Deno.test("HandshakeInput: gives the same messages however they are split over records", () => {
  const bytes = messages(2, 11, 0, 14, 200);
  for (const pieceBytes of [1, 3, 4, 5, 50, bytes.length]) {
    const input = new HandshakeInput();
    const types: number[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      input.push(bytes.subarray(at, at + pieceBytes));
      for (let message = input.next(); message; message = input.next()) {
        types.push(message.type);
        assertEquals(message.body, content(message.type));
        assertEquals(message.raw, messages(message.type));
      }
    }
    assertEquals([types, input.isEmpty], [[2, 11, 0, 14, 200], true]);
  }
});

Deno.test("HandshakeInput: knows that a message is incomplete; refuses empty records and overlong messages", () => {
  const input = new HandshakeInput();
  input.push(messages(20).subarray(0, 7));
  assertEquals([input.next(), input.isEmpty], [undefined, false]);
  assertEquals(assertThrows(() => input.push(new Uint8Array()), TlsFault).alert, "decode_error");

  const atLimit = new HandshakeInput();
  atLimit.push(Uint8Array.of(11, 1, 0, 0));
  assertEquals(atLimit.next(), undefined);
  const beyond = new HandshakeInput();
  beyond.push(Uint8Array.of(11, 1, 0, 1));
  assertEquals(assertThrows(() => beyond.next(), TlsFault).alert, "decode_error");
});
