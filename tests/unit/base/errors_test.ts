// HubError and its translations: what callers act on and what users read.
import { assert, assertEquals } from "@std/assert";
import {
  abortError,
  type ErrorKind,
  explainFileError,
  HubError,
  isAbort,
  toHubError,
} from "../../../src/base/errors.ts";

const KINDS: Record<ErrorKind, boolean> = {
  invalid_input: false,
  unauthenticated: false,
  forbidden: false,
  not_found: false,
  conflict: false,
  unsupported: false,
  unavailable: true,
  timeout: true,
  locked_out: false,
  device_rejected: false,
  storage_full: false,
  internal: false,
};

Deno.test("HubError: only what may pass by itself is retryable, unless said otherwise", () => {
  for (const [kind, retryable] of Object.entries(KINDS) as [ErrorKind, boolean][]) {
    assertEquals(new HubError(kind, "x").retryable, retryable, kind);
    assertEquals(new HubError(kind, "x", { retryable: !retryable }).retryable, !retryable, kind);
  }
});

Deno.test("HubError: keeps message, hint, details and cause, and has no cause where none was given", () => {
  const cause = new Error("deep");
  const error = new HubError("conflict", "taken", { hint: "choose", details: { id: "a" }, cause });
  assertEquals([error.name, error.message, error.hint, error.cause], ["HubError", "taken", "choose", cause]);
  assertEquals(error.details, { id: "a" });
  assertEquals("cause" in new HubError("conflict", "taken"), false);
});

Deno.test("isAbort: true for an aborted wait only", () => {
  const stopped = new AbortController();
  stopped.abort();
  assert(isAbort(abortError()));
  assert(isAbort(stopped.signal.reason));
  const others = [new Error("AbortError"), new DOMException("late", "TimeoutError"), "AbortError", undefined];
  for (const other of others) assertEquals(isAbort(other), false);
});

Deno.test("toHubError: keeps a HubError, wraps what else is thrown", () => {
  const known = new HubError("timeout", "late");
  assert(toHubError(known) === known);
  const cause = new TypeError("odd");
  const wrapped = toHubError(cause);
  assertEquals([wrapped.kind, wrapped.message, wrapped.cause], ["internal", "odd", cause]);
  assertEquals([toHubError("text").kind, toHubError("text").message], ["internal", "text"]);
  assertEquals(toHubError(undefined).message, "undefined");
});

function coded(code: string): Error {
  return Object.assign(new Error("x"), { code });
}

const FILE_ERRORS: [string, Error, ErrorKind | undefined][] = [
  ["ENOSPC", coded("ENOSPC"), "storage_full"],
  ["EDQUOT", coded("EDQUOT"), "storage_full"],
  ["os error 28", new Error("write: No space left on device (os error 28)"), "storage_full"],
  ["os error 122", new Error("write: Disk quota exceeded (os error 122)"), "storage_full"],
  ["EROFS", coded("EROFS"), "forbidden"],
  ["os error 30", new Error("mkdir: Read-only file system (os error 30)"), "forbidden"],
  ["PermissionDenied", new Deno.errors.PermissionDenied("no"), "forbidden"],
  ["another code", coded("EIO"), undefined],
  ["os error 280", new Error("x (os error 280)"), undefined],
];
for (const [name, error, kind] of FILE_ERRORS) {
  Deno.test(`explainFileError: ${name} becomes ${kind ?? "itself"}`, () => {
    const explained = explainFileError(error, "/data/x");
    if (kind === undefined) return assert(explained === error);
    assert(explained instanceof HubError);
    assertEquals([explained.kind, explained.cause], [kind, error]);
    assert(explained.message.includes("/data/x") && explained.hint !== undefined);
  });
}

Deno.test("explainFileError: what is no error stays as it is", () => {
  assertEquals(explainFileError("text", "/x"), "text");
});
