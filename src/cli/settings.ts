// Lays the command line over the configuration, and finds the data folder.
import { HubError } from "../base/errors.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { DRIVERS } from "../drivers/index.ts";
import type { CommandLine } from "./flags.ts";

/** Loads the configuration with the flags laid over it. @throws ConfigError, HubError. */
export async function loadSettings(line: CommandLine): Promise<LoadedConfig> {
  const { config, path } = await loadConfig(line.config, DRIVERS);
  const server = {
    ...config.server,
    host: line.host ?? config.server.host,
    port: line.port ?? config.server.port,
    metrics_port: line.metricsPort ?? config.server.metrics_port,
    dashboard: line.dashboard && config.server.dashboard,
  };
  return { config: { ...config, server, log: { level: line.logLevel ?? config.log.level } }, path };
}

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
