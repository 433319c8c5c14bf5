// Writes the types of inputs and outputs of all operations, for the islands.
import { inputJson, outputJson } from "../../src/operations/json_schemas.ts";
import type { Operation } from "../../src/operations/operation.ts";

/** JSON Schema as far as operations use it. */
interface Node {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
  additionalProperties?: Node | boolean;
}

/** The module's text. */
export function apiTypes(operations: readonly Operation[]): string {
  const entries = operations.map((operation) => {
    const input = typeOf(inputJson(operation) as Node);
    const output = typeOf(outputJson(operation) as Node);
    return `  ${operation.name}: { input: ${input}; output: ${output} };`;
  });
  return `// Generated from the list of operations by "make generate". Not to be edited.

/** What each operation takes and answers. */
export interface Operations {
${entries.join("\n")}
}
`;
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (Array.isArray(node.type)) return node.type.map((type) => typeOf({ ...node, type })).join(" | ");
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(" | ");
  switch (node.type) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
      return node.type;
    case "array":
      return arrayType(typeOf(node.items ?? {}));
    case "object":
      return objectType(node);
    default:
      return "unknown";
  }
}

function arrayType(element: string): string {
  const isSimple = element.startsWith("{") || !element.includes(" | ");
  if (isSimple) return `${element}[]`;
  // A long union in parentheses is broken into lines in another way each time it is formatted.
  return element.length > 80 ? `Array<${element}>` : `(${element})[]`;
}

function objectType({ properties = {}, required = [], additionalProperties }: Node): string {
  const fields = Object.entries(properties).map(([name, node]) =>
    `${name}${required.includes(name) ? "" : "?"}: ${typeOf(node)}`
  );
  const isOpen = typeof additionalProperties === "object";
  if (fields.length === 0) {
    return isOpen ? `Record<string, ${typeOf(additionalProperties)}>` : "Record<string, never>";
  }
  return `{ ${fields.join("; ")}${isOpen ? "; [field: string]: unknown" : ""} }`;
}
