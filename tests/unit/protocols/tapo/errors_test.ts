// The table of codes: kinds that callers act on, and words that people understand.
import { assert, assertEquals } from "@std/assert";
import type { ErrorKind } from "../../../../src/base/errors.ts";
import { lockedOutError, tapoCodeOf, tapoError } from "../../../../src/protocols/tapo/errors.ts";

const KINDS: [number, ErrorKind, boolean][] = [
  [-64324, "conflict", false],
  [-64304, "conflict", false],
  [-64303, "unavailable", true],
  [-64306, "conflict", false],
  [-64302, "not_found", false],
  [-64321, "not_found", false],
  [-40404, "locked_out", false],
  [-40408, "locked_out", false],
  [-52405, "unavailable", true],
  [-52407, "unavailable", true],
  [-52419, "unavailable", true],
  [-40101, "unsupported", false],
  [-40105, "unsupported", false],
  [-40106, "unsupported", false],
  [-40210, "unsupported", false],
  [-71114, "not_found", false],
  [-52409, "not_found", false],
  [-1104, "not_found", false],
  [-71115, "unavailable", true],
  [-40401, "unauthenticated", false],
  [-40411, "unauthenticated", false],
  [-40414, "unauthenticated", false],
  [-40418, "unsupported", false],
  [-40109, "unavailable", true],
  [-40406, "invalid_input", false],
  [-12345, "device_rejected", false],
];
for (const [code, kind, retryable] of KINDS) {
  Deno.test(`tapoError: ${code} is ${kind}`, () => {
    const error = tapoError(code, "doIt");
    assertEquals([error.kind, error.retryable], [kind, retryable]);
    assertEquals(error.details, { tapo_code: code, tapo_method: "doIt" });
    assertEquals(tapoCodeOf(error), code);
    assert(!/[A-Z]{2,}_[A-Z]/.test(error.message), error.message);
  });
}

Deno.test("tapoError: privacy mode says what to do", () => {
  assertEquals(tapoError(-64324).hint, "Turn privacy mode off first");
  assertEquals(tapoError(-64324).details, { tapo_code: -64324 });
});

Deno.test("tapoError: an unknown code is in the message", () => {
  assertEquals(tapoError(-12345).message, "The camera refused with code -12345");
});

Deno.test("lockedOutError: says when it ends", () => {
  const error = lockedOutError(1685, 1_000_000);
  assertEquals(error.message, "The camera refuses all logins for another 29 min");
  assertEquals(error.retryAtMs, 1_000_000 + 1_685_000);
});

Deno.test("tapoCodeOf: other errors have none", () => {
  assertEquals(tapoCodeOf(new Error("x")), undefined);
  assertEquals(tapoCodeOf(undefined), undefined);
});
