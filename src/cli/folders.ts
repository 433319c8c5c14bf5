// Where the hub keeps its data, and where it listens for programs of its own user.
import { HubError } from "../base/errors.ts";
import type { CommandLine } from "./flags.ts";

/** The folder for database and recordings. @throws HubError when there is no home to put it in. */
export function dataFolder(line: CommandLine, configured: string | undefined): string {
  const named = line.data ?? configured ?? Deno.env.get("STATE_DIRECTORY");
  if (named) return named;
  const home = Deno.env.get("HOME");
  const shared = Deno.env.get("XDG_DATA_HOME") ?? (home ? `${home}/.local/share` : undefined);
  if (shared) return `${shared}/tapo-camera-mcp`;
  throw new HubError("invalid_input", "There is no folder for the hub's data", {
    hint: "Name one with --data DIR",
  });
}

/** Where a hub with this data folder listens for programs of its own user; systemd's runtime folder comes first. */
export function socketPaths(dataDir: string): string[] {
  const runtime = Deno.env.get("RUNTIME_DIRECTORY")?.split(":")[0];
  return [...(runtime ? [runtime] : []), dataDir].map((folder) => `${folder}/hub.sock`);
}

/** Where the socket of a hub lies that systemd started. */
export const SYSTEM_SOCKET = "/run/tapo-camera-mcp/hub.sock";
