// Offers the prompts to clients.
import { completable, type GetPromptResult, type McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Hub } from "../operations/hub.ts";
import { type PromptArguments, PROMPTS, type PromptText } from "./prompt_texts.ts";
import { completeCamera } from "./resources.ts";

/** Adds all of them to a server. */
export function registerPrompts(server: McpServer, hub: Hub): void {
  const fields = argumentFields(hub);
  for (const [name, prompt] of Object.entries(PROMPTS)) registerPrompt(server, { name, prompt, fields });
}

interface Registration {
  name: string;
  prompt: PromptText;
  fields: Record<keyof PromptArguments, z.ZodType>;
}

function registerPrompt(server: McpServer, { name, prompt, fields }: Registration): void {
  const { title, description } = prompt;
  const answer = (given: PromptArguments): GetPromptResult => ({
    description,
    messages: [{ role: "user", content: { type: "text", text: prompt.text(given) } }],
  });
  if (prompt.arguments.length === 0) {
    server.registerPrompt(name, { title, description }, () => answer({}));
    return;
  }
  const argsSchema = z.object(Object.fromEntries(prompt.arguments.map((key) => [key, fields[key]])));
  server.registerPrompt(
    name,
    { title, description, argsSchema },
    (given) => answer(given as PromptArguments),
  );
}

const HOURS = ["1", "2", "8", "12", "24"];

function argumentFields(hub: Hub): Registration["fields"] {
  const camera = completable(z.string(), completeCamera(hub));
  const hours = completable(z.string(), (begin) => HOURS.filter((each) => each.startsWith(begin)));
  return {
    camera_id: camera.optional().describe("Id of a camera; left out: all, or the one that fits"),
    hours: hours.optional().describe("How many hours"),
    date: z.string().optional().describe("The day, such as 2026-05-01; left out: the last 24 hours"),
  };
}
