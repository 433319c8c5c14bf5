// Asks a person before something destructive is done, through clients that can ask.
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Operation } from "../operations/operation.ts";
import { failureResult } from "./results.ts";

const FORM = z.object({ confirm: z.boolean().meta({ title: "Do it" }) });
const KEY = "confirm";

/** True where a person should be asked first: the client has a form for it. A model that confirms is no person. */
export function shouldAsk(
  operation: Operation,
  args: Record<string, unknown>,
  client: { server: McpServer; request: ServerContext },
): boolean {
  if (operation.effect !== "destructive" || args["dry_run"] === true) return false;
  const { elicitation } = capabilitiesOf(client);
  // {} is a client of 2025-06-18, which has forms only; {url: {}} alone is one that has none.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** The person's answer: `undefined` before it was asked. */
export function answerOf(request: ServerContext): "yes" | "no" | undefined {
  if (inputResponse(request.mcpReq.inputResponses, KEY).kind === "missing") return undefined;
  return acceptedContent(request.mcpReq.inputResponses, KEY, FORM)?.confirm ? "yes" : "no";
}

/** Puts the question. `would` says what would be done. */
export function question({ title }: Operation, would: string): InputRequiredResult {
  const ask = inputRequired.elicit({ message: `${title}: ${would}`, requestedSchema: FORM });
  return inputRequired({ inputRequests: { [KEY]: ask } });
}

/** What the model is told when the person said no. */
export function declined({ title }: Operation): CallToolResult {
  return failureResult({
    error: "Declined",
    error_code: "declined",
    message: `The user declined: ${title}. Nothing was done`,
    recovery_options: ["Do not try again unless the user asks for it"],
    urgency: "low",
  });
}

/** What the client can do: told with each request by 2026 clients, once for the connection by older ones. */
function capabilitiesOf(
  { server, request }: { server: McpServer; request: ServerContext },
): ClientCapabilities {
  const envelope: Record<string, unknown> | undefined = request.mcpReq.envelope;
  const told = envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
  return told ?? server.server.getClientCapabilities() ?? {};
}
