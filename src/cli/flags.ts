// The command line as data. Unknown flags are refused with the nearest known one.
import { parseArgs } from "node:util";
import { HubError } from "../base/errors.ts";
import { LOG_LEVELS, type LogLevel } from "../base/log.ts";
import { nearest } from "../config/problems.ts";

/** The commands of this version. */
export const COMMANDS = ["serve", "config", "user", "discover"] as const;
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
}

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
    logLevel: values.debug ? "debug" : readLevel(values["log-level"]),
  };
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

function readLevel(text: string | undefined): LogLevel | undefined {
  if (text === undefined) return undefined;
  const level = LOG_LEVELS.find((each) => each === text);
  if (level) return level;
  throw usageError(`--log-level cannot be "${text}"`, `Give one of ${LOG_LEVELS.join(", ")}`);
}
