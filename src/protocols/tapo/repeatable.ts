// Which messages may reach a camera twice: those that only ask.
import { asList, asText, at } from "./values.ts";

/** True for methods that change nothing, so that asking twice does no harm. */
export function isQuestion(method: string): boolean {
  return method.startsWith("get");
}

/** True for a message that changes nothing, whatever is wrapped in it. */
export function isRepeatable(message: unknown): boolean {
  const method = asText(at(message, "method")) ?? "";
  if (method === "controlChild") return isRepeatable(at(message, "params", "childControl", "request_data"));
  if (method !== "multipleRequest") return isQuestion(method);
  return asList(at(message, "params", "requests")).every(isRepeatable);
}
