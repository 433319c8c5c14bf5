// What the documentation tells to type or to paste is what the program takes.
import { assert, assertEquals } from "@std/assert";
import { parseCommandLine } from "../../../src/cli/flags.ts";
import { codeBlocks } from "../tools/markdown.ts";

const ROOT = new URL("../../../", import.meta.url);
const PAGES = [
  "README.md",
  ...[...Deno.readDirSync(new URL("docs/", ROOT))].map(({ name }) => `docs/${name}`),
]
  .filter((page) => page.endsWith(".md"));

const blocks = PAGES.flatMap((page) =>
  codeBlocks(Deno.readTextFileSync(new URL(page, ROOT))).map((block) => ({ page, ...block }))
);

Deno.test("[DOCS-COMMANDS] every JSON in the documentation is JSON", () => {
  const values = blocks.flatMap(({ page, language, text }) => {
    if (language === "jsonl") return text.trimEnd().split("\n").map((line) => ({ page, text: line }));
    return language === "json" ? [{ page, text }] : [];
  });
  assert(values.length >= 15, `only ${values.length}`);
  for (const { page, text } of values) {
    try {
      JSON.parse(text);
    } catch (error) {
      throw new Error(`${page}: ${error}\n${text}`);
    }
  }
});

/** The command lines of a text, without what a shell does with them. */
function commandsIn(text: string): string[] {
  const commands = text.matchAll(/(?:^|[\s$("])(?:\S*\/)?tapo-camera-mcp((?: [^\s)"`<>#|;&…]+)+)/gm);
  return [...commands].map(([, args = ""]) => args.trim());
}

Deno.test("[DOCS-COMMANDS] every command line in the documentation is one that the program takes", () => {
  const shell = blocks.filter(({ language }) => language === "sh" || language === "bash");
  const lines = shell.flatMap(({ page, text }) => commandsIn(text).map((args) => ({ page, args })));
  assert(lines.length >= 8, `only ${lines.length} command lines`);
  for (const { page, args } of lines) {
    try {
      parseCommandLine(args.split(/\s+/));
    } catch (error) {
      throw new Error(`${page}: tapo-camera-mcp ${args}: ${error}`);
    }
  }
});

Deno.test("[DOCS-COMMANDS] every configuration of a client starts the program in a way that it takes", () => {
  const servers = blocks.filter(({ language }) => language === "json")
    .flatMap(({ text }) => Object.values(JSON.parse(text).mcpServers ?? {}))
    .filter((server) => (server as { command?: string }).command !== undefined);
  assertEquals(servers.length, 3);
  for (const server of servers as { command: string; args: string[] }[]) {
    const direct = server.command.endsWith("/tapo-camera-mcp") ? server.args.join(" ") : undefined;
    const [far] = commandsIn(server.args.at(-1) ?? "");
    assertEquals(parseCommandLine((direct ?? far ?? "").split(" ")).command, "mcp");
  }
});
