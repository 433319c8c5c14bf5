// Which changes of a camera's status are worth a row: all but a short connecting.
import { assertEquals } from "@std/assert";
import type { CameraStatusName } from "../../../src/devices/status.ts";
import { StatePolicy } from "../../../src/events/state_policy.ts";

/** Plays lines of the form `SECONDS STATUS [REASON]`; `tick` is none. Returns `SECONDS FROM>STATUS [REASON]`. */
function play(script: readonly string[]): string[] {
  const policy = new StatePolicy();
  const changes = script.flatMap((line) => {
    const [time, status = "", reason] = line.split(" ");
    const atMs = Number(time) * 1000;
    if (status === "tick") return policy.tick(atMs);
    return policy.see({ status: status as CameraStatusName, reason }, atMs);
  });
  return changes.map(({ atMs, from = "", status, reason = "" }) =>
    `${atMs / 1000} ${from}>${status} ${reason}`.trim()
  );
}

const TABLE: [string, string[], string[]][] = [
  ["a start in a moment is one row", ["0 connecting", "1.9 online"], ["1.9 >online"]],
  ["a slow start is told from its beginning", ["0 connecting", "2 tick", "9 online"], [
    "0 >connecting",
    "9 connecting>online",
  ]],
  ["a slow start is told although nobody ticked", ["0 connecting", "9 online"], [
    "0 >connecting",
    "9 connecting>online",
  ]],
  ["a short connecting in between is not told", ["0 online", "5 connecting", "6 online", "20 tick"], [
    "0 >online",
  ]],
  ["a loss is told at once, and so is the return", ["0 online", "5 offline pulled", "5.1 online"], [
    "0 >online",
    "5 online>offline pulled",
    "5.1 offline>online",
  ]],
  ["a loss by way of a short connecting", ["0 online", "5 connecting", "6 offline gone"], [
    "0 >online",
    "6 online>offline gone",
  ]],
  [
    "tries while it is offline are not told",
    ["0 offline gone", "5 connecting", "6 offline gone", "9 connecting", "10 offline refused"],
    ["0 >offline gone"],
  ],
  ["the same status told again is not news", ["0 online", "1 online", "2 online"], ["0 >online"]],
  ["another reason for the same status is not news", ["0 offline a", "1 offline b"], ["0 >offline a"]],
  ["connecting counts from its first moment", ["0 online", "1 connecting", "2 connecting", "3 tick"], [
    "0 >online",
    "1 online>connecting",
  ]],
  ["other states", ["0 online", "1 auth_required wrong", "2 locked_out", "3 disabled"], [
    "0 >online",
    "1 online>auth_required wrong",
    "2 auth_required>locked_out",
    "3 locked_out>disabled",
  ]],
];
for (const [name, script, expected] of TABLE) {
  Deno.test(`StatePolicy: ${name}`, () => assertEquals(play(script), expected));
}

Deno.test("StatePolicy: wants to be woken only while it waits for connecting to last", () => {
  const policy = new StatePolicy();
  assertEquals(policy.nextDeadlineMs, undefined);
  policy.see({ status: "connecting" }, 500);
  assertEquals(policy.nextDeadlineMs, 2500);
  policy.see({ status: "online" }, 600);
  assertEquals(policy.nextDeadlineMs, undefined);
});
