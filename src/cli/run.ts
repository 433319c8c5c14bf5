// Runs the command that the command line names, and turns errors into exit codes.
import { HubError, toHubError } from "../base/errors.ts";
import type { Layout } from "../base/layout.ts";
import { VERSION } from "../base/version.ts";
import { print, printAside, printError } from "./console.ts";
import { type CommandLine, parseCommandLine, usageError } from "./flags.ts";
import { HELP } from "./help.ts";

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

/** Each command is loaded when it is asked for: MCP clients wait for `mcp`, which needs little of the hub. */
async function runCommandLine(line: CommandLine, layout: Layout): Promise<void> {
  switch (line.command) {
    case "config":
      return await checkConfig(line);
    case "user":
      return await (await import("./users.ts")).users(line, layout);
    case "token":
      return await (await import("./tokens.ts")).tokens(line, layout);
    case "grafana":
      return await (await import("./grafana.ts")).grafana(line, layout);
  }
  if (line.words.length > 0) throw usageError(`"${line.words.join(" ")}" is too much`);
  if (line.command === "mcp") return await (await import("./mcp.ts")).mcp(line, layout);
  if (line.command === "discover") return await (await import("./discover.ts")).discover(line);
  await (await import("./serve.ts")).serve(line, layout);
}

async function checkConfig(line: CommandLine): Promise<void> {
  const [verb, file, ...rest] = line.words;
  if (verb !== "check" || rest.length > 0) throw usageError('config knows one word: "config check FILE"');
  const { loadSettings } = await import("./settings.ts");
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
  return error instanceof HubError && (error.kind === "invalid_input" || error.details?.config === true);
}
