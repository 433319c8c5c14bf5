// Finds, reads and checks the configuration file.
import { isMap, LineCounter, parseDocument } from "@std/yaml";
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { pathText, type Problem, problemText, toProblems } from "./problems.ts";
import { type ReferenceSources, resolveReferences, systemSources } from "./references.ts";
import type { CheckAction } from "./actions.ts";
import { type CameraEntry, type CameraTypes, type Config, configSchema } from "./schema.ts";

/** A checked configuration and where it came from. */
export interface LoadedConfig {
  config: Config;
  /** undefined when the built-in defaults are in force. */
  path: string | undefined;
}

/** Where a file is looked for when none is named, first found first taken. */
const USUAL_PATHS = ["./config.yaml", "/etc/tapo-camera-mcp/config.yaml"] as const;
const MAX_FILE_BYTES = 1 << 20;

/** The error for a configuration that cannot be used; `details.problems` lists everything wrong with it. */
export class ConfigError extends HubError {
  readonly problems: readonly Problem[];

  constructor(path: string | undefined, problems: readonly Problem[]) {
    const where = path === undefined ? "The configuration" : path;
    super(
      "invalid_input",
      `${where} cannot be used:\n${problems.map((each) => `  ${problemText(each)}`).join("\n")}`,
      {
        hint: 'Correct it, then check it with "tapo-camera-mcp config check FILE"',
        details: { problems: problems.map((problem) => ({ ...problem })) },
      },
    );
    this.problems = problems;
  }
}

/**
 * Loads the file named, else the one named by the environment, else a usual one, else the built-in defaults.
 * @throws ConfigError with every problem, HubError `not_found` when a named file is not there.
 */
export async function loadConfig(
  named: string | undefined,
  types: CameraTypes,
  checkAction?: CheckAction,
): Promise<LoadedConfig> {
  const wanted = named ?? Deno.env.get("TAPO_CAMERA_MCP_CONFIG");
  for (const path of wanted === undefined ? USUAL_PATHS : [wanted]) {
    const text = await readConfigFile(path, wanted !== undefined);
    if (text !== undefined) return { config: parseConfig(text, types, { path, checkAction }), path };
  }
  return { config: parseConfig("", types, {}), path: undefined };
}

async function readConfigFile(path: string, isRequired: boolean): Promise<string | undefined> {
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new HubError("invalid_input", `${path} is larger than a configuration can be`);
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound && !isRequired) return undefined;
    if (error instanceof HubError || !(error instanceof Error)) throw error;
    const isMissing = error instanceof Deno.errors.NotFound;
    throw new HubError(
      isMissing ? "not_found" : "forbidden",
      `The configuration file ${path} cannot be read`,
      {
        details: { config: true },
        hint: isMissing
          ? "Check the path given with --config"
          : "Check its rights: the hub's user must be able to read it",
        cause: error,
      },
    );
  }
}

/**
 * Checks the text of a configuration.
 * @throws ConfigError with every problem found.
 */
export function parseConfig(
  text: string,
  types: CameraTypes,
  options: { path?: string; sources?: ReferenceSources; checkAction?: CheckAction | undefined },
): Config {
  const yaml = readYaml(text);
  if ("problems" in yaml) throw new ConfigError(options.path, yaml.problems);
  const { value, broken } = resolveReferences(
    withoutEmptySections(yaml.tree),
    options.sources ?? systemSources,
  );
  const problems: (Problem & { keys: readonly PropertyKey[] })[] = broken.map(({ path, message, hint }) => ({
    keys: path,
    path: pathText(path),
    message: `${message}. ${hint}`,
  }));
  const schema = configSchema(types, options.checkAction);
  const checked = schema.safeParse(value, { reportInput: true });
  if (!checked.success) {
    const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    problems.push(...toProblems(checked.error, json, value));
  } else {
    problems.push(...duplicateIds((checked.data as Config).cameras));
  }
  if (checked.success && problems.length === 0) return checked.data as Config;
  throw new ConfigError(
    options.path,
    problems.map(({ keys, ...problem }) => ({ ...problem, ...yaml.lineOf(keys) })),
  );
}

/** A section whose every line is commented out reads as null; it then has its defaults. */
function withoutEmptySections(tree: unknown): unknown {
  if (tree === null || typeof tree !== "object" || Array.isArray(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== null));
}

interface YamlTree {
  tree: unknown;
  /** The line in which a key stands, or the nearest around it. */
  lineOf(keys: readonly PropertyKey[]): { line?: number };
}

function readYaml(text: string): YamlTree | { problems: Problem[] } {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
  });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      path: "",
      message: `Not valid YAML: ${error.message}`,
      line: lineAt(error.pos[0]),
    }));
    return { problems };
  }
  const lineOf = (keys: readonly PropertyKey[]) => {
    for (let length = keys.length; length > 0; length--) {
      const parent = document.getIn(keys.slice(0, length - 1), true);
      const wanted = String(keys[length - 1]);
      const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === wanted) : undefined;
      const node = pair?.key ?? document.getIn(keys.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range) return { line: lineAt(range[0]) };
    }
    return {};
  };
  try {
    return { tree: document.toJS({ maxAliasCount: 50 }) ?? {}, lineOf };
  } catch (error) {
    // An alias that refers to itself many times over would fill the memory (a "billion laughs").
    if (!(error instanceof ReferenceError)) throw error;
    return { problems: [{ path: "", message: `Not usable YAML: ${error.message}` }] };
  }
}

function duplicateIds(cameras: readonly CameraEntry[]): (Problem & { keys: PropertyKey[] })[] {
  const seen = new Map<string, number>();
  return cameras.flatMap(({ id }, index) => {
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return [];
    }
    const keys = ["cameras", index, "id"];
    const message = `The id "${id}" is already used by cameras[${first}]`;
    return [{ keys, path: pathText(keys), message, expected: "an id of its own for each camera" }];
  });
}
