// Which tools a client gets: those its role may use, fewer where a small model is to choose among them.
import { isEnough, type Role } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import { type Operation, type Toolset, TOOLSETS } from "../operations/operation.ts";

/** What is left out. */
export interface Narrowing {
  /** Only these groups; absent: all. */
  toolsets?: readonly Toolset[] | undefined;
  /** Nothing that changes anything. */
  isReadOnly?: boolean | undefined;
}

/** The operations that somebody is offered. */
export function offered(operations: Iterable<Operation>, role: Role, narrowing: Narrowing): Operation[] {
  const { toolsets, isReadOnly } = narrowing;
  return [...operations].filter((operation) =>
    isEnough(role, operation.role) && (!isReadOnly || operation.effect === "read") &&
    (!toolsets || toolsets.includes(operation.toolset))
  );
}

/** True where a client or its address wants nothing changed. */
export function isReadOnlyHere(narrowing: Narrowing | undefined, address: string | undefined): boolean {
  if (narrowing?.isReadOnly) return true;
  return address !== undefined && narrowingOf(new URL(address)).isReadOnly === true;
}

/**
 * Reads a list such as `cameras,ptz`. One that names nothing is a slip, and must not mean everything.
 * @throws HubError `invalid_input`, naming the groups that there are.
 */
export function parseToolsets(text: string): Toolset[] {
  const hint = `The groups are: ${TOOLSETS.join(", ")}`;
  const words = text.split(",").map((word) => word.trim()).filter((word) => word !== "");
  if (words.length === 0) throw new HubError("invalid_input", "tools names no group of tools", { hint });
  return words.map((word) => {
    const found = TOOLSETS.find((toolset) => toolset === word);
    if (found) return found;
    throw new HubError("invalid_input", `There is no group of tools "${word}"`, { hint });
  });
}

/** Reads `?tools=cameras,ptz&read_only=true` of an MCP address. @throws HubError `invalid_input`. */
export function narrowingOf({ searchParams }: URL): Narrowing {
  const tools = searchParams.get("tools");
  const readOnly = searchParams.get("read_only");
  return {
    ...(tools === null ? {} : { toolsets: parseToolsets(tools) }),
    ...(readOnly === null ? {} : { isReadOnly: readOnly !== "false" && readOnly !== "0" }),
  };
}
