// Lets a configuration name its secrets instead of holding them: ${NAME} and {file: PATH}.
import { HubError } from "../base/errors.ts";

/** Where references are looked up. */
export interface ReferenceSources {
  env(name: string): string | undefined;
  /** Reads a small text file. */
  readFile(path: string): string;
}

/** The real environment and file system. */
export const systemSources: ReferenceSources = {
  env: (name) => Deno.env.get(name),
  readFile: (path) => Deno.readTextFileSync(path),
};

/** A reference that leads nowhere, and where it stands. */
export interface BrokenReference {
  path: (string | number)[];
  message: string;
  hint: string;
}

/**
 * Returns the tree with every `${NAME}` replaced by the environment's value and every `{file: PATH}` by the
 * file's content without the line break at its end. `$${` stands for a plain `${`.
 */
export function resolveReferences(
  tree: unknown,
  sources: ReferenceSources,
): { value: unknown; broken: BrokenReference[] } {
  const broken: BrokenReference[] = [];
  const walk = (node: unknown, path: (string | number)[]): unknown => {
    if (typeof node === "string") return resolveText(node, path, sources, broken);
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    if (node === null || typeof node !== "object") return node;
    const entries = Object.entries(node);
    const [only] = entries;
    if (entries.length === 1 && only?.[0] === "file" && typeof only[1] === "string") {
      return readReference(only[1], path, sources, broken);
    }
    return Object.fromEntries(entries.map(([key, value]) => [key, walk(value, [...path, key])]));
  };
  return { value: walk(tree, []), broken };
}

function resolveText(
  text: string,
  path: (string | number)[],
  sources: ReferenceSources,
  broken: BrokenReference[],
): string {
  return text.replace(/\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.slice(1);
    const value = sources.env(name);
    if (value !== undefined) return value;
    broken.push({
      path,
      message: `The environment variable ${name} is not set`,
      hint: `Set ${name} for the hub, or write $\${${name}} if the text itself is meant`,
    });
    return "";
  });
}

function readReference(
  file: string,
  path: (string | number)[],
  sources: ReferenceSources,
  broken: BrokenReference[],
): string {
  try {
    return sources.readFile(file).replace(/\r?\n$/, "");
  } catch (error) {
    if (error instanceof HubError || !(error instanceof Error)) throw error;
    broken.push({
      path,
      message: `The file ${file} cannot be read: ${error.name}`,
      hint: "Check its path and rights",
    });
    return "";
  }
}
