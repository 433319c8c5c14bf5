// What of a camera could not be read, as its page tells it.
import { assertEquals } from "@std/assert";
import { unreadParts } from "../../../islands/unread_parts.ts";

const PROBLEMS = [
  { what: "led", message: "No answer" },
  { what: "presets", message: "Locked" },
  { what: "storage", message: "No answer" },
];

Deno.test("unreadParts puts parts together that failed for the same reason, in words", () => {
  assertEquals(unreadParts(PROBLEMS, undefined), [
    { parts: "status light, memory card", message: "No answer" },
    { parts: "presets", message: "Locked" },
  ]);
});

Deno.test("unreadParts leaves out what the camera's own status says already", () => {
  assertEquals(unreadParts(PROBLEMS, "No answer"), [{ parts: "presets", message: "Locked" }]);
  assertEquals(unreadParts([], "No answer"), []);
});
