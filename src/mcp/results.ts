// What a tool answers: structured content with a text, pictures as pictures, errors as one JSON text.
import type { CallToolResult } from "@modelcontextprotocol/server";
import { HubError, toHubError } from "../base/errors.ts";
import { redact } from "../base/secret.ts";
import { problemView, urgencyOf } from "../operations/error_table.ts";
import { resultText } from "./result_text.ts";

/** The contract's shape of a failure. */
export interface Problem {
  error: string;
  error_code: string;
  message: string;
  recovery_options: string[];
  urgency: "low" | "medium" | "high";
  details?: Record<string, unknown>;
}

/** The answer of an operation that was done, or previewed. */
export function successResult(output: Record<string, unknown>): CallToolResult {
  const { image_base64: image, ...rest } = output;
  const data = redact(rest);
  const text = { type: "text" as const, text: resultText(data) };
  return { content: [text, ...pictureOf(image, data)], structuredContent: data };
}

/** A picture goes to the model as a picture, with a link to where it is had in full. */
function pictureOf(image: unknown, data: Record<string, unknown>): CallToolResult["content"] {
  const { mime_type: mimeType } = data;
  if (typeof mimeType !== "string") return [];
  const picture = typeof image === "string" ? [{ type: "image" as const, data: image, mimeType }] : [];
  return [...picture, ...linkOf(data, mimeType)];
}

function linkOf(data: Record<string, unknown>, mimeType: string): CallToolResult["content"] {
  const { uri, camera_id: camera } = data;
  if (typeof uri !== "string") return [];
  const full = data["full"] as { size_bytes?: number } | undefined;
  const name = typeof camera === "string" ? `Full picture of ${camera}` : "Full picture";
  const size = full?.size_bytes === undefined ? {} : { size: full.size_bytes };
  return [{ type: "resource_link", uri, name, mimeType, ...size }];
}

/**
 * The answer of an operation that failed. Text alone: clients of the older SDK hold structured content against
 * the output's schema also where the result is an error.
 */
export function failureResult(problem: Problem): CallToolResult {
  return { isError: true, content: [{ type: "text", text: JSON.stringify(redact(problem)) }] };
}

/** Any error in the contract's shape. What went wrong inside the hub stays in its log. */
export function problemOf(error: unknown): Problem {
  const known = toHubError(error);
  const shown = error instanceof HubError ? known : hidden(known);
  const { error: title, error_code, message, recovery_options, details } = problemView(shown);
  return {
    error: title,
    error_code,
    message,
    recovery_options,
    urgency: urgencyOf(shown),
    ...(details ? { details } : {}),
  };
}

function hidden(cause: HubError): HubError {
  return new HubError("internal", "Something went wrong inside the hub", {
    hint: "The hub's log says what",
    cause,
  });
}
