// The list of operations as a whole: what is generated from it, how long its texts are, that its examples are right.
import { assert, assertEquals } from "@std/assert";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { descriptionOf, inputJson, outputJson } from "../../../src/operations/json_schemas.ts";
import { generatedFiles } from "../../../tools/generate/files.ts";

Deno.test("generated files are those of the list of operations", async () => {
  for (const [path, content] of await generatedFiles()) {
    const present = await Deno.readTextFile(new URL(`../../../${path}`, import.meta.url));
    assert(present === content, `${path} is out of date: run "make generate"`);
  }
});

/** About what a token is in English and JSON. */
const CHARS_PER_TOKEN = 4;

Deno.test("OPERATIONS: all that a model reads of them is at most 12,000 tokens", () => {
  let chars = 0;
  for (const operation of OPERATIONS.values()) {
    const { name, title } = operation;
    chars += `${name}${title}${descriptionOf(operation)}${JSON.stringify(inputJson(operation))}`.length;
  }
  assert(chars / CHARS_PER_TOKEN <= 12_000, `${chars / CHARS_PER_TOKEN} tokens`);
});

Deno.test("OPERATIONS: every example is an input that is taken", () => {
  for (const operation of OPERATIONS.values()) {
    assert(operation.examples.length > 0, operation.name);
    for (const { title, input } of operation.examples) {
      const checked = operation.input.safeParse(input);
      assert(checked.success, `${operation.name}, ${title}: ${checked.error}`);
    }
    const titles = operation.examples.map(({ title }) => title);
    assertEquals(new Set(titles).size, titles.length, operation.name);
  }
});

Deno.test("OPERATIONS: schemas describe objects; writes say how sure they are and what they would do", () => {
  for (const operation of OPERATIONS.values()) {
    const input = inputJson(operation);
    const output = outputJson(operation);
    assertEquals([input.type, output.type, input.additionalProperties], ["object", "object", false]);
    assert(output.properties["success"], operation.name);
    const isWrite = operation.effect !== "read";
    assertEquals(
      [
        "verified" in output.properties,
        "dry_run" in input.properties,
        operation.would !== undefined,
      ],
      [isWrite, isWrite, isWrite],
      operation.name,
    );
    assert(!isWrite || operation.role !== "viewer", operation.name);
    assertEquals("confirm" in input.properties, operation.effect === "destructive", operation.name);
    assertEquals("camera_id" in input.properties || !operation.isOfCamera, true);
    assert(!/[.…]$/.test(operation.summary) && !operation.guide?.endsWith("."), operation.name);
  }
});
