// The gate that every operation passes, and the table from errors to what the outside sees.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { type ErrorKind, HubError } from "../../../src/base/errors.ts";
import { problemResponse } from "../../../src/http/problem.ts";
import { cameraTypeView } from "../../../src/operations/camera_types.ts";
import { problemView, urgencyOf } from "../../../src/operations/error_table.ts";
import { read } from "../../../src/operations/define.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import type { OperationContext } from "../../../src/operations/operation.ts";
import { toyDriver } from "../tools/devices.ts";

const context = (signal = new AbortController().signal): OperationContext => ({
  hub: {} as Hub,
  principal: { user: "ann", role: "admin" },
  signal,
  report: () => {},
});

const double = read({
  name: "double",
  title: "Double",
  summary: "Doubles a number",
  toolset: "system",
  input: z.object({ number: z.int(), colour: z.enum(["red", "green"]).default("red") }),
  output: z.strictObject({ result: z.int(), colour: z.string() }),
  run: (_, { number, colour }) => Promise.resolve({ result: 2 * number, colour }),
});

Deno.test("invoke: checks the input, fills in defaults, and returns the checked output", async () => {
  assertEquals(await invoke(double, context(), { number: 4 }), { result: 8, colour: "red" });
});

type Problem = { path: string; suggestion?: string };
const WRONG: [string, unknown, string, string | undefined][] = [
  ["a missing field", {}, "number", undefined],
  ["no input", undefined, "number", undefined],
  ["null", null, "number", undefined],
  ["a wrong type", { number: "4" }, "number", undefined],
  ["an unknown field", { number: 4, color: "red" }, "color", "colour"],
  ["a word that is not possible", { number: 4, colour: "gren" }, "colour", "green"],
  ["a list", [1], "", undefined],
  ["text", "4", "", undefined],
];
for (const [name, input, path, suggestion] of WRONG) {
  Deno.test(`invoke: ${name} is refused with its place`, async () => {
    const error = await assertRejects(() => invoke(double, context(), input), HubError);
    assertEquals(error.kind, "invalid_input");
    const problems = error.details?.problems as Problem[];
    const problem = problems.find((each) => each.path === path);
    assert(problem, JSON.stringify(problems));
    assertEquals(problem.suggestion, suggestion);
    if (suggestion) assertStringIncludes(error.message, `did you mean "${suggestion}"?`);
  });
}

Deno.test("invoke: an operation's own error passes through as it is", async () => {
  const failure = new HubError("conflict", "taken");
  const failing = { ...double, run: () => Promise.reject(failure) };
  assert(await assertRejects(() => invoke(failing, context(), { number: 1 }), HubError) === failure);
});

Deno.test("invoke: output of the wrong shape is a fault, not an answer", async () => {
  const broken = { ...double, run: () => Promise.resolve({ result: "eight" }) };
  await assertRejects(() => invoke(broken, context(), { number: 1 }), z.ZodError);
});

Deno.test("invoke: the operation's signal aborts with the caller's", async () => {
  const stop = new AbortController();
  const waiting = {
    ...double,
    run: ({ signal }: OperationContext) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const failed = assertRejects(() => invoke(waiting, context(stop.signal), { number: 1 }), DOMException);
  stop.abort();
  assertEquals((await failed).name, "AbortError");
});

Deno.test("OPERATIONS: every name is its own and says what it does; all inputs are strict", () => {
  assert(OPERATIONS.size >= 14);
  for (const [name, each] of OPERATIONS) {
    assertEquals(each.name, name);
    assert(/^[a-z]+(_[a-z]+)+$/.test(name), name);
    assert(each.title.length > 3 && each.summary.length > 20, name);
    assertEquals(each.input.safeParse({ no_such_field_at_all: 1 }).success, false, name);
    assert(z.toJSONSchema(each.input, { io: "input", unrepresentable: "any" }).type === "object", name);
  }
});

const STATUSES: Record<ErrorKind, [number, "low" | "medium" | "high"]> = {
  invalid_input: [400, "low"],
  unauthenticated: [401, "low"],
  forbidden: [403, "low"],
  not_found: [404, "low"],
  conflict: [409, "low"],
  unsupported: [422, "low"],
  locked_out: [429, "high"],
  internal: [500, "high"],
  device_rejected: [502, "medium"],
  unavailable: [503, "medium"],
  timeout: [504, "medium"],
  storage_full: [507, "high"],
};
for (const [kind, [status, urgency]] of Object.entries(STATUSES) as [ErrorKind, [number, string]][]) {
  Deno.test(`problemView: ${kind} is HTTP ${status}, ${urgency} urgency, with a way out`, async () => {
    const error = new HubError(kind, "what happened", { details: { id: "a" } });
    const view = problemView(error);
    assertEquals([view.status, view.error_code, view.message, view.details], [status, kind, "what happened", {
      id: "a",
    }]);
    assertEquals([urgencyOf(error), view.recovery_options.length], [urgency, 1]);
    assertEquals(problemView(new HubError(kind, "x", { hint: "do this" })).recovery_options, ["do this"]);
    const response = problemResponse(error);
    assertEquals([response.status, response.headers.get("content-type")], [
      status,
      "application/problem+json",
    ]);
    assertEquals(await response.json(), view);
  });
}

Deno.test("problemResponse: says when to try again", () => {
  const after = (error: HubError) => problemResponse(error).headers.get("retry-after");
  assertEquals(after(new HubError("locked_out", "x", { details: { retry_after_s: 42 } })), "42");
  assertEquals(after(new HubError("unavailable", "x")), "2");
  assertEquals(after(new HubError("conflict", "x")), null);
});

Deno.test("cameraTypeView: makes a form from a driver's schema", () => {
  assertEquals(cameraTypeView(toyDriver().driver), {
    type: "toy",
    title: "Toy camera",
    summary: "Of the test",
    fields: [
      { name: "device", title: "device", kind: "text", required: false },
      { name: "fps", title: "Rate", kind: "number", required: false, default: 10, min: 1, max: 60 },
      {
        name: "format",
        title: "format",
        kind: "choice",
        required: false,
        default: "auto",
        choices: ["auto", "raw"],
      },
    ],
  });
});
