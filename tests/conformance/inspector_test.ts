// The official Inspector's command line against the hub's own HTTP application, with a token.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { tokenOf, withStage } from "../unit/mcp/stage.ts";
import { runProgram } from "./official_programs.ts";

/** The Inspector's exit code for a tool that answers with an error. */
const TOOL_ERROR = 5;

/** Asks once; the answer is JSON. */
// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
async function inspect(url: string, ...args: string[]): Promise<any> {
  const login = ["--header", `Authorization: Bearer ${tokenOf("anna")}`];
  const { code, stdout, all } = await runProgram("inspector", [
    url,
    "--transport",
    "http",
    ...login,
    ...args,
  ]);
  const answer = JSON.parse(stdout);
  assertEquals(code, answer.isError ? TOOL_ERROR : 0, all);
  return answer;
}

Deno.test("[MCP-INSPECTOR] over HTTP: lists tools, resources and prompts", async () => {
  await withStage(async ({ url }) => {
    const { tools } = await inspect(url, "--method", "tools/list");
    assert(tools.some(({ name }: { name: string }) => name === "move_ptz"));
    const { resources } = await inspect(url, "--method", "resources/list");
    assert(resources.some(({ uri }: { uri: string }) => uri === "camera://a/snapshot"));
    const { prompts } = await inspect(url, "--method", "prompts/list");
    assertEquals(prompts.length, 7);
  });
});

Deno.test("[MCP-INSPECTOR] over HTTP: a call moves the camera; a wrong one says what is wrong", async () => {
  await withStage(async ({ url, state }) => {
    const call = ["--method", "tools/call", "--tool-name", "move_ptz"];
    const moved = await inspect(url, ...call, "--tool-arg", "camera_id=a", "--tool-arg", "pan=0.5");
    assertEquals([moved.structuredContent.verified, state.position.pan], ["readback", 0.5]);
    const wrong = await inspect(url, ...call, "--tool-arg", "camera_id=zzz", "--tool-arg", "pan=0.5");
    assertEquals(wrong.isError, true);
    assertMatch(wrong.content[0].text, /"error_code":"not_found"/);
  });
});
