// The bundle for Claude Desktop: valid for its makers' own program, and what it lists is what its program serves.
import { assertEquals } from "@std/assert";
import { BINARY } from "../tools/hub_process.ts";
import { talkOnStdio } from "../tools/stdio_client.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

async function deno(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, text);
  return text;
}

/** The program by which the Makefile validates and packs. */
async function packer(...args: string[]): Promise<string> {
  const words =
    /^MCPB := \$\(DENO\) (.*)$/m.exec(await Deno.readTextFile(`${ROOT}Makefile`))?.[1]?.split(" ") ?? [];
  return await deno(...words, ...args);
}

Deno.test("[MCPB] the bundle is valid, starts where it is unpacked, and lists the tools and prompts that it serves", async () => {
  const folder = await Deno.makeTempDir();
  await deno("run", "--quiet", "--allow-all", "tools/mcpb/prepare.ts", BINARY, `${folder}/in`);
  await packer("validate", `${folder}/in/manifest.json`);
  await packer("pack", `${folder}/in`, `${folder}/hub.mcpb`);
  await packer("unpack", `${folder}/hub.mcpb`, `${folder}/out`);
  const manifest = JSON.parse(await Deno.readTextFile(`${folder}/out/manifest.json`));
  const { server: { mcp_config: start }, user_config } = manifest;
  const program = start.command.replace("${__dirname}", `${folder}/out`);
  const requests = ["tools/list", "prompts/list"].map((method, index) => ({
    jsonrpc: "2.0",
    id: index + 2,
    method,
  }));
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  };
  const messages = [
    { jsonrpc: "2.0", id: 1, method: "initialize", params },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    ...requests,
  ];
  // What Claude Desktop passes on for settings that were left empty.
  const env = Object.fromEntries(
    Object.keys(start.env).map((name, index) => [name, index === 0 ? "" : start.env[name]]),
  );
  const talked = await talkOnStdio(
    [...start.args, "--data", `${folder}/data`],
    messages.map((each) => `${JSON.stringify(each)}\n`).join(""),
    { env, answers: 3, program },
  );
  const answers = talked.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  // Answers come in the order in which they are ready.
  const resultOf = (id: number) => answers.find((answer) => answer.id === id).result;
  // deno-lint-ignore no-explicit-any -- answers of every shape
  const names = (list: any[]) => list.map(({ name }) => name).sort();
  assertEquals(names(resultOf(2).tools), names(manifest.tools));
  assertEquals(names(resultOf(3).prompts), names(manifest.prompts));
  assertEquals([user_config.token.sensitive, user_config.url.required], [true, false]);
  await Deno.remove(folder, { recursive: true });
});
