// What is made from lists in the source and from the panel's sources, as it should stand in the repository.
import { madeFiles } from "../../src/grafana/folder.ts";
import { ANY_HUB } from "../../src/grafana/target.ts";
import { openApi } from "../../src/http/openapi.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { descriptionOf, inputJson, outputJson } from "../../src/operations/json_schemas.ts";
import { apiTypes } from "./api_types.ts";
import { metricsPage } from "./metrics_page.ts";
import { panelModule } from "./panel_module.ts";
import { toolsPage } from "./tools_page.ts";

/** The version changes nothing in the description: it must not make it differ. */
const ANY_VERSION = "0.0.0";

/** Written by hand but for its list. */
const METRICS_PAGE = new URL("../../docs/metrics.md", import.meta.url);

/** Paths with their contents. */
export async function generatedFiles(): Promise<[path: string, content: string][]> {
  const operations = [...OPERATIONS.values()];
  return [
    ["config/grafana/plugins/tapo-camera-panel/module.js", await panelModule()],
    ["docs/mcp-tools.md", await formatted("md", toolsPage(operations))],
    ["docs/metrics.md", await formatted("md", metricsPage(await Deno.readTextFile(METRICS_PAGE)))],
    ["islands/api_types.ts", await formatted("ts", apiTypes(operations))],
    ["tests/golden/openapi.json", await formatted("json", json(openApi(operations, ANY_VERSION)))],
    ["tests/golden/tools.json", await formatted("json", json(operations.map(toolOf)))],
    ...[...madeFiles(ANY_HUB)].map(([path, text]): [string, string] => [`config/grafana/${path}`, text]),
  ];
}

function toolOf(operation: (typeof OPERATIONS) extends ReadonlyMap<string, infer O> ? O : never) {
  const { name, title, toolset, effect, role } = operation;
  return {
    name,
    title,
    description: descriptionOf(operation),
    toolset,
    effect,
    role,
    input: inputJson(operation),
    output: outputJson(operation),
  };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** The formatter changes some of what it has made itself: until nothing changes any more. */
async function formatted(extension: string, text: string): Promise<string> {
  let before = text;
  for (let round = 0; round < 4; round++) {
    const after = await formattedOnce(extension, before);
    if (after === before) break;
    before = after;
  }
  return before;
}

async function formattedOnce(extension: string, text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", extension, "-"],
    cwd: new URL("../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`What was generated as .${extension} cannot be formatted`);
  return new TextDecoder().decode(stdout);
}
