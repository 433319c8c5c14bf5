// Runs the command that the command line names, and turns errors into exit codes.
import { HubError, toHubError } from "../base/errors.ts";
import type { Layout } from "../base/layout.ts";
import { VERSION } from "../base/version.ts";
import { ConfigError } from "../config/load.ts";
import { print, printAside, printError } from "./console.ts";
import { discover } from "./discover.ts";
import { type CommandLine, parseCommandLine, usageError } from "./flags.ts";
import { HELP } from "./help.ts";
import { serve } from "./serve.ts";
import { loadSettings } from "./settings.ts";
import { tokens } from "./tokens.ts";
import { users } from "./users.ts";

/** Runs the program; returns its exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
export async function runCli(args: readonly string[], layout: Layout): Promise<number> {
  try {
    // What the hub writes holds password hashes and sessions: for its own user only.
    Deno.umask(0o077);
    const line = parseCommandLine(args);
    if (line.help) print(HELP.trimEnd());
    else if (line.version) print(`tapo-camera-mcp ${VERSION}`);
    else await runCommandLine(line, layout);
    return 0;
  } catch (error) {
    printError(toHubError(error));
    if (!(error instanceof HubError) && error instanceof Error && error.stack) printAside(error.stack);
    return isUsage(error) ? 2 : 1;
  }
}

async function runCommandLine(line: CommandLine, layout: Layout): Promise<void> {
  if (line.command === "config") return await checkConfig(line);
  if (line.command === "user") return await users(line, layout);
  if (line.command === "token") return await tokens(line, layout);
  if (line.words.length > 0) throw usageError(`"${line.words.join(" ")}" is too much`);
  return line.command === "discover" ? await discover(line) : await serve(line, layout);
}

async function checkConfig(line: CommandLine): Promise<void> {
  const [verb, file, ...rest] = line.words;
  if (verb !== "check" || rest.length > 0) throw usageError('config knows one word: "config check FILE"');
  const { config, path } = await loadSettings({ ...line, config: file ?? line.config });
  const cameras = config.cameras.length === 1 ? "1 camera" : `${config.cameras.length} cameras`;
  print(
    path === undefined
      ? "There is no file; the built-in defaults are in force."
      : `${path} is right: ${cameras}.`,
  );
}

/** What the person at the keyboard can put right by typing or editing. */
function isUsage(error: unknown): boolean {
  if (error instanceof ConfigError) return true;
  return error instanceof HubError && (error.kind === "invalid_input" || error.details?.config === true);
}
