// A query is text; the input of an operation is not.
import { assertEquals } from "@std/assert";
import { z } from "zod";
import { queryInput } from "../../../src/http/query.ts";

const schema = z.strictObject({
  text: z.string().optional(),
  count: z.int().default(3),
  share: z.number().min(0).max(1).optional(),
  confirm: z.boolean().default(false),
  time: z.union([z.int(), z.string()]).optional(),
  list: z.array(z.string()).optional(),
});

const CASES: [string, Record<string, string>, Record<string, unknown>][] = [
  ["text stays text, also of digits", { text: "12" }, { text: "12" }],
  ["numbers become numbers", { count: "7", share: "0.5" }, { count: 7, share: 0.5 }],
  ["what is no number stays", { count: "seven", share: "1e3" }, { count: "seven", share: "1e3" }],
  ["too many digits are no number", { count: "1".repeat(16) }, { count: "1".repeat(16) }],
  ["yes and no", { confirm: "true" }, { confirm: true }],
  ["no and what is neither", { confirm: "yes" }, { confirm: "yes" }],
  ["either of two", { time: "1700000000000" }, { time: 1700000000000 }],
  ["the other of two", { time: "2026-01-01T00:00:00Z" }, { time: "2026-01-01T00:00:00Z" }],
  ["a list", { list: "a,b" }, { list: ["a", "b"] }],
  ["a list of nothing", { list: "" }, { list: [] }],
  ["a short name", { n: "4" }, { count: 4 }],
  ["names that every object has", { constructor: "5", toString: "6" }, { constructor: "5", toString: "6" }],
  ["what is not known stays, to be refused", { colour: "5" }, { colour: "5" }],
];
for (const [name, query, expected] of CASES) {
  Deno.test(`queryInput: ${name}`, () => {
    assertEquals(queryInput(schema, query, { n: "count" }), expected);
  });
}
