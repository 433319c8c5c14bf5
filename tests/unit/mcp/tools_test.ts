// Which tools a client gets, and how long the list is.
import { assert, assertEquals } from "@std/assert";
import { INSTRUCTIONS } from "../../../src/mcp/instructions.ts";
import { offered, parseToolsets } from "../../../src/mcp/narrowing.ts";
import { PROMPTS } from "../../../src/mcp/prompt_texts.ts";
import { HubError } from "../../../src/base/errors.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { TOOLSETS } from "../../../src/operations/operation.ts";
import { assertThrows } from "@std/assert";
import { list, modern, openSession } from "./raw.ts";
import { problemIn, withStage } from "./stage.ts";

Deno.test("[MCP-NARROW] a viewer is offered what changes nothing, and refused the rest", async () => {
  await withStage(async ({ client, state }) => {
    for (const era of ["2025-11-25", "2026-07-28"] as const) {
      const viewer = await client({ era, user: "bert" });
      const { tools } = await viewer.listTools();
      assert(tools.every(({ annotations }) => annotations?.readOnlyHint), "only reads");
      assert(tools.some(({ name }) => name === "list_cameras"));
    }
    assertEquals(state.done, []);
  });
});

Deno.test("[MCP-NARROW] the address narrows the list: groups of tools, reads only", async () => {
  await withStage(async ({ client }) => {
    for (const era of ["2025-11-25", "2026-07-28"] as const) {
      const names = async (query: string) =>
        (await (await client({ era, query })).listTools()).tools.map(({ name }) => name);
      const ptz = await names("?tools=ptz");
      assert(ptz.includes("move_ptz") && !ptz.includes("list_cameras"), ptz.join());
      const reads = await names("?tools=ptz,cameras&read_only=true");
      assert(reads.includes("get_ptz_position") && reads.includes("list_cameras"), reads.join());
      assert(!reads.includes("move_ptz") && !reads.includes("get_system_info"), reads.join());
      assert(!reads.includes("check_camera"), "it spends tries of an account");
      const looking = await client({ era, query: "?read_only=true" });
      const save = { name: "capture_image", arguments: { camera_id: "a", save: true } };
      assertEquals(problemIn(await looking.callTool(save)).error_code, "forbidden");
    }
  });
  assertEquals(parseToolsets(" ptz, media,"), ["ptz", "media"]);
  const { hint } = assertThrows(() => parseToolsets("ptz,nothing"), HubError);
  assertEquals(hint, `The groups are: ${TOOLSETS.join(", ")}`);
  assertEquals(offered(OPERATIONS.values(), "admin", {}).length, OPERATIONS.size);
});

Deno.test("[MCP-NARROW] capture_image is said to change nothing only to those for whom it keeps nothing", async () => {
  await withStage(async ({ client }) => {
    for (const era of ["2025-11-25", "2026-07-28"] as const) {
      const hints = async (visitor: { user?: string; query?: string }) => {
        const { tools } = await (await client({ era, ...visitor })).listTools();
        const { readOnlyHint, destructiveHint, idempotentHint } = tools.find(({ name }) =>
          name === "capture_image"
        )?.annotations ?? {};
        return [readOnlyHint, destructiveHint, idempotentHint];
      };
      assertEquals(await hints({ user: "anna" }), [false, false, false]);
      assertEquals(await hints({ user: "bert" }), [true, false, true]);
      assertEquals(await hints({ user: "anna", query: "?read_only=true" }), [true, false, true]);
      const viewer = await client({ era, user: "bert" });
      const save = { name: "capture_image", arguments: { camera_id: "a", save: true } };
      assertEquals(problemIn(await viewer.callTool(save)).error_code, "forbidden");
    }
  });
});

Deno.test("[MCP-NARROW] groups that have no tools yet are taken, and answer an empty list", async () => {
  await withStage(async ({ url }) => {
    const empty = `${url}?tools=lights,workflows`;
    const headers = await openSession(empty);
    const older = await (await fetch(empty, { method: "POST", headers, body: JSON.stringify(list()) }))
      .text();
    const newer = await (await modern(empty, { method: "tools/list", params: {} })).text();
    for (const answer of [older, newer]) {
      assertEquals(/"tools":\[([^\]]*)\]/.exec(answer)?.[1], "", answer);
    }
    await (await fetch(empty, { method: "DELETE", headers })).text();
  });
});

/** Tools of the contract's recordings and pictures, named in the words to models before they are there. */
Deno.test("instructions and prompts name only tools that there are", () => {
  const texts = [INSTRUCTIONS, ...Object.values(PROMPTS).map(({ text }) => text({}))].join("\n");
  const words = new Set(
    texts.match(/\b(?:get|set|list|move|stop|start|capture|recall|save|go|discover|add|delete)_[a-z_]+/g),
  );
  assert(words.size > 10);
  assertEquals([...words].filter((word) => !OPERATIONS.has(word)), []);
});

Deno.test("prompts deny only what has no tools", () => {
  const texts = Object.values(PROMPTS).map(({ text }) => text({})).join("\n");
  const denied = [...texts.matchAll(/This version of the hub has no ([a-z ,]+)\./g)]
    .flatMap(([, list = ""]) => list.split(/, | or /)).map((word) => word.replace(/s$/, ""));
  assert(denied.length > 0);
  const names = [...OPERATIONS.keys()];
  assertEquals(denied.filter((word) => names.some((name) => name.includes(word))), []);
});

/** As measured on this list with real tokenizers, rounded down: docs/performance.md. */
const CHARACTERS_PER_TOKEN = 3.6;

Deno.test("[MCP-TOKENS] what a model reads of all tools stays below 12,000 tokens", async () => {
  await withStage(async ({ client }) => {
    const { tools } = await (await client()).listTools();
    const told = tools.filter(({ name }) => !name.startsWith("toy_"));
    assertEquals(told.length, OPERATIONS.size);
    // Models read names, descriptions and inputs.
    const read = told.map(({ name, title, description, inputSchema }) => ({
      name,
      title,
      description,
      inputSchema,
    }));
    const tokens = JSON.stringify(read).length / CHARACTERS_PER_TOKEN;
    assert(tokens < 12_000, `${tokens} tokens`);
    const all = JSON.stringify(told).length / CHARACTERS_PER_TOKEN;
    assert(all < 26_800, `${all} tokens with the outputs`);
  });
});
