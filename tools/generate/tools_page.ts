// Writes docs/mcp-tools.md: every operation as people read it.
import { descriptionOf, inputJson, outputJson } from "../../src/operations/json_schemas.ts";
import { type Operation, type Toolset, TOOLSETS } from "../../src/operations/operation.ts";

const TITLES: Readonly<Record<Toolset, string>> = {
  cameras: "Cameras",
  ptz: "Moving cameras",
  media: "Pictures and recordings",
  events: "Events",
  system: "The hub, and switches of cameras",
  lights: "Lights",
  workflows: "Workflows",
};
const EFFECTS = {
  read: "Reads only",
  write: "Changes something",
  destructive: "Must be confirmed",
} as const;

interface Field {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Field[];
  items?: Field;
  minimum?: number;
  maximum?: number;
}

/** The page's text. */
export function toolsPage(operations: readonly Operation[]): string {
  const sets = TOOLSETS.map((toolset) =>
    [toolset, operations.filter((each) => each.toolset === toolset)] as const
  )
    .filter(([, list]) => list.length > 0);
  const contents = sets.map(([toolset, list]) =>
    `- ${TITLES[toolset]} (\`${toolset}\`): ${list.map(({ name }) => `[${name}](#${name})`).join(", ")}`
  );
  const sections = sets.map(([toolset, list]) => `## ${TITLES[toolset]}\n\n${list.map(section).join("\n")}`);
  return `# Tools

<!-- Generated from the list of operations by "make generate". Not to be edited. -->

Each is a tool of MCP and an operation of the API (\`POST /api/operations/{name}\`), with the same input and the
same answer. \`camera_id\` may be left out while there is only one camera. With \`dry_run\` nothing is done and
\`would\` says what would be. What must be confirmed is done only with \`confirm: true\`.

${contents.join("\n")}

${sections.join("\n")}`;
}

function section(operation: Operation): string {
  const { name, title, effect, role, http } = operation;
  const route = http && `\`${http.method} ${http.path.replace(/:([a-z_]+)/g, "{$1}")}\``;
  const facts = [`${EFFECTS[effect]}; role \`${role}\``, ...(route ? [route] : [])].join(" · ");
  return `### ${name}

**${title}.** ${descriptionOf(operation)}

${facts}

${inputTable(operation)}
Answers ${answerOf(operation)}.
${operation.examples.map(exampleOf).join("")}`;
}

function inputTable(operation: Operation): string {
  const { properties, required = [] } = inputJson(operation);
  const rows = Object.entries(properties as Record<string, Field>).map(([name, field]) => {
    const isNeeded = required.includes(name)
      ? "yes"
      : field.default === undefined
      ? ""
      : shown(field.default);
    return `| \`${name}\` | ${cell(typeOf(field))} | ${isNeeded} | ${cell(field.description ?? "")} |`;
  });
  if (rows.length === 0) return "It takes nothing.\n";
  return `| Input | Type | Needed, or default | |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

function answerOf(operation: Operation): string {
  const { properties, required = [] } = outputJson(operation);
  return Object.keys(properties).map((name) => `\`${name}${required.includes(name) ? "" : "?"}\``).join(", ");
}

function exampleOf({ title, input }: Operation["examples"][number]): string {
  return `\n${title}: \`${JSON.stringify(input)}\`\n`;
}

function typeOf(field: Field): string {
  if (field.enum) return field.enum.map(shown).join(", ");
  if (field.const !== undefined) return shown(field.const);
  if (field.anyOf) return field.anyOf.map(typeOf).join(" or ");
  if (Array.isArray(field.type)) return field.type.join(" or ");
  if (field.type === "array") return `list of ${typeOf(field.items ?? {})}`;
  if (field.minimum === undefined && field.maximum === undefined) return field.type ?? "anything";
  return `${field.type} ${field.minimum ?? ""}…${field.maximum ?? ""}`;
}

function shown(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
