// Reads the JSON body of a request.
import type { Context } from "hono";
import { HubError } from "../base/errors.ts";

/** Reads the body; an empty one counts as {}. @throws HubError `invalid_input`. */
export async function jsonBody(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  const type = c.req.header("content-type") ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new HubError("invalid_input", `The body is of type ${type || "none"}`, {
      hint: "Send JSON with content-type: application/json",
    });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch (error) {
    throw new HubError("invalid_input", `The body is not valid JSON: ${withoutQuotation(error as Error)}`);
  }
  throw new HubError("invalid_input", "The body must be a JSON object");
}

/** The engine quotes what it could not read, and that may be part of a password. */
function withoutQuotation({ message }: Error): string {
  return message.replace(/, (?:\.{3})?"[\s\S]*"(?:\.{3})? is not valid JSON$/, "");
}
