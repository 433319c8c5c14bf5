// The command line as data. Unknown flags are refused with the nearest known one.
import { parseArgs } from "node:util";
import { type Role, ROLES } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import { LOG_LEVELS, type LogLevel } from "../base/log.ts";
import { nearest } from "../config/problems.ts";
import { type Toolset, TOOLSETS } from "../operations/operation.ts";

/** The commands of this version. */
export const COMMANDS = ["serve", "mcp", "config", "user", "token", "discover", "grafana"] as const;
export type Command = typeof COMMANDS[number];

/** What the command line says. */
export interface CommandLine {
  command: Command;
  /** Words behind the command, for example `check FILE`. */
  words: string[];
  help: boolean;
  version: boolean;
  config?: string | undefined;
  data?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  metricsPort?: number | undefined;
  dashboard: boolean;
  logLevel?: LogLevel | undefined;
  /** Where `serve` offers MCP. */
  mcp: McpWay;
  /** Groups of MCP tools; undefined: all. */
  tools?: Toolset[] | undefined;
  /** True leaves only MCP tools that change nothing. */
  readOnly: boolean;
  /** The hub that `mcp` asks, and with what; the one that `grafana export` writes for. */
  url?: string | undefined;
  token?: string | undefined;
  /** For `token create`. */
  role?: Role | undefined;
  days?: number | undefined;
  /** For `grafana export`: overwrites what somebody changed. */
  force: boolean;
}

const MCP_WAYS = ["http", "stdio", "both", "off"] as const;
export type McpWay = typeof MCP_WAYS[number];

/** Commands that may be given the hub's own flags, so that one line of them serves all; `mcp` opens no port. */
const OF_HUB: readonly Command[] = COMMANDS.filter((command) => command !== "mcp");

/** Flags that mean something to certain commands only. */
const FLAGS_OF_COMMANDS: Readonly<Record<string, readonly Command[]>> = {
  host: OF_HUB,
  port: OF_HUB,
  "metrics-port": OF_HUB,
  "no-dashboard": OF_HUB,
  mcp: ["serve"],
  tools: ["serve", "mcp"],
  "read-only": ["serve", "mcp"],
  url: ["mcp", "grafana"],
  token: ["mcp"],
  role: ["token"],
  days: ["token"],
  force: ["grafana"],
};

const FLAGS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
  config: { type: "string" },
  data: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  "metrics-port": { type: "string" },
  "no-dashboard": { type: "boolean" },
  "log-level": { type: "string" },
  debug: { type: "boolean" },
  mcp: { type: "string" },
  tools: { type: "string" },
  "read-only": { type: "boolean" },
  url: { type: "string" },
  token: { type: "string" },
  role: { type: "string" },
  days: { type: "string" },
  force: { type: "boolean" },
} as const;

/** The error for a command line that cannot be understood; the exit code is then 2. */
export function usageError(message: string, hint?: string): HubError {
  return new HubError("invalid_input", message, {
    hint: hint ?? "tapo-camera-mcp --help shows what there is",
  });
}

/** Reads the command line. @throws HubError `invalid_input`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [first = "serve", ...words] = positionals;
  if (!isCommand(first)) throw unknown("command", first, COMMANDS);
  refuseStrangeFlags(first, Object.keys(values));
  return {
    command: first,
    words,
    help: values.help ?? false,
    version: values.version ?? false,
    config: values.config,
    data: values.data,
    host: values.host,
    port: readPort("--port", values.port),
    metricsPort: readPort("--metrics-port", values["metrics-port"]),
    dashboard: !values["no-dashboard"],
    logLevel: values.debug ? "debug" : readWord("--log-level", values["log-level"], LOG_LEVELS),
    mcp: readWord("--mcp", values.mcp, MCP_WAYS) ?? "http",
    tools: readToolsets(values.tools),
    readOnly: values["read-only"] ?? false,
    url: values.url,
    token: values.token,
    role: readWord("--role", values.role, ROLES),
    days: readDays(values.days),
    force: values.force ?? false,
  };
}

/** A flag that would do nothing is a mistake, such as `mcp --port`. */
function refuseStrangeFlags(command: Command, given: readonly string[]): void {
  for (const flag of given) {
    const commands = FLAGS_OF_COMMANDS[flag];
    if (!commands || commands.includes(command)) continue;
    throw usageError(`--${flag} does not belong to "${command}"`, `It belongs to: ${commands.join(", ")}`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const flag = /'(--?[\w-]+)/.exec(error.message)?.[1];
    const isUnknown = error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" && flag !== undefined;
    if (isUnknown) throw unknown("flag", flag, Object.keys(FLAGS).map((name) => `--${name}`));
    throw usageError(error.message);
  }
}

function unknown(what: string, given: string, known: readonly string[]): HubError {
  const meant = nearest(given, known);
  return usageError(
    `There is no ${what} "${given}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
  );
}

function isCommand(word: string): word is Command {
  return (COMMANDS as readonly string[]).includes(word);
}

function readPort(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw usageError(`${flag} cannot be "${text}"`, "Give a number from 0 to 65535");
}

function readWord<W extends string>(
  flag: string,
  text: string | undefined,
  words: readonly W[],
): W | undefined {
  if (text === undefined) return undefined;
  const word = words.find((each) => each === text);
  if (word) return word;
  throw usageError(`${flag} cannot be "${text}"`, `Give one of ${words.join(", ")}`);
}

function readToolsets(text: string | undefined): Toolset[] | undefined {
  const names = text?.split(",").map((name) => name.trim()).filter(Boolean);
  if (names?.length === 0) throw usageError("--tools names nothing", `Give some of ${TOOLSETS.join(",")}`);
  return names?.map((name) => {
    const toolset = TOOLSETS.find((each) => each === name);
    if (toolset) return toolset;
    const meant = nearest(name, TOOLSETS);
    const hint = `Give some of ${TOOLSETS.join(",")}${
      meant === undefined ? "" : `; did you mean "${meant}"?`
    }`;
    throw usageError(`--tools cannot be "${name}"`, hint);
  });
}

function readDays(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 3650) return days;
  throw usageError(
    `--days cannot be "${text}"`,
    "Give a number from 1 to 3650; without it, the token has no end",
  );
}
