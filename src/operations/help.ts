// Explains the hub's operations to whoever asks, from their own records.
import { z } from "zod";
import { isEnough, ROLES } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import { nearest } from "../config/problems.ts";
import { read } from "./define.ts";
import { inputJson } from "./json_schemas.ts";
import { type Operation, TOOLSETS } from "./operation.ts";
import * as schemas from "./schemas.ts";

const tool = z.object({ name: z.string(), summary: z.string() });
const detail = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  guide: z.string().optional(),
  effect: z.enum(["read", "write", "destructive"]),
  role: z.enum(ROLES),
  input: z.record(z.string(), z.unknown()).meta({ description: "JSON Schema" }),
  examples: z.array(z.object({ title: z.string(), input: z.record(z.string(), z.unknown()) })),
});

/** The operation `get_help`. @param list all operations, itself among them. */
export function getHelp(list: () => ReadonlyMap<string, Operation>): Operation {
  return read({
    name: "get_help",
    title: "Help",
    summary: "Lists what the hub can be asked to do, or explains one tool with its input and examples",
    toolset: "system",
    input: z.object({
      tool_name: z.string().max(100).optional().meta({ description: "The tool to explain; otherwise all" }),
    }),
    output: z.object({
      success: schemas.success,
      toolsets: z.record(z.string(), z.array(tool)).optional(),
      tool: detail.optional(),
    }),
    examples: [{ title: "One tool", input: { tool_name: "move_ptz" } }],
    run: ({ principal }, { tool_name }) => {
      if (tool_name !== undefined) {
        return Promise.resolve({ success: true as const, tool: detailOf(list(), tool_name) });
      }
      const allowed = [...list().values()].filter(({ role }) => isEnough(principal.role, role));
      const toolsets = TOOLSETS.map((
        toolset,
      ) => [toolset, allowed.filter((each) => each.toolset === toolset)]);
      return Promise.resolve({ success: true as const, toolsets: Object.fromEntries(toolsets) });
    },
  });
}

function detailOf(operations: ReadonlyMap<string, Operation>, name: string): z.input<typeof detail> {
  const operation = operations.get(name);
  if (!operation) {
    const meant = nearest(name, [...operations.keys()]);
    throw new HubError("not_found", `There is no tool "${name}"`, {
      hint: meant === undefined ? "get_help without tool_name lists them all" : `Did you mean ${meant}?`,
    });
  }
  const { title, summary, guide, effect, role } = operation;
  const examples = operation.examples.map((example) => ({ ...example }));
  return { name, title, summary, guide, effect, role, input: inputJson(operation), examples };
}
