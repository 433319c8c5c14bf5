// Which messages may be sent twice: only those in which everything asks.
import { assertEquals } from "@std/assert";
import { isRepeatable } from "../../../../src/protocols/tapo/repeatable.ts";

const batch = (...methods: string[]) => ({
  method: "multipleRequest",
  params: { requests: methods.map((method) => ({ method, params: {} })) },
});
const forChild = (request_data: unknown) => ({
  method: "controlChild",
  params: { childControl: { device_id: "1", request_data } },
});

const MESSAGES: [string, unknown, boolean][] = [
  ["a question", { method: "get", motor: { name: ["capability"] } }, true],
  ["a batch of questions", batch("getLedStatus", "getClockStatus"), true],
  ["a batch with a command in it", batch("getLedStatus", "motorMove"), false],
  ["the single form do", { method: "do", msg_alarm: {} }, false],
  ["the single form set", { method: "set", led: {} }, false],
  ["a login", { method: "login", params: { hashed: true } }, false],
  ["a question to a child", {
    method: "multipleRequest",
    params: { requests: [forChild(batch("getLedStatus"))] },
  }, true],
  ["a command to a child", {
    method: "multipleRequest",
    params: { requests: [forChild(batch("setLedStatus"))] },
  }, false],
  ["what is nothing", {}, false],
  ["a child's message that is missing", forChild(undefined), false],
];
for (const [what, message, expected] of MESSAGES) {
  Deno.test(`isRepeatable: ${what} is ${expected}`, () => assertEquals(isRepeatable(message), expected));
}
