// Lays the command line over the configuration.
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { DRIVERS } from "../drivers/index.ts";
import { checkAction } from "../operations/actions.ts";
import type { CommandLine } from "./flags.ts";

/** Loads the configuration with the flags laid over it. @throws ConfigError, HubError. */
export async function loadSettings(line: CommandLine): Promise<LoadedConfig> {
  const { config, path } = await loadConfig(line.config, DRIVERS, checkAction);
  const server = {
    ...config.server,
    host: line.host ?? config.server.host,
    port: line.port ?? config.server.port,
    metrics_port: line.metricsPort ?? config.server.metrics_port,
    dashboard: line.dashboard && config.server.dashboard,
  };
  return { config: { ...config, server, log: { level: line.logLevel ?? config.log.level } }, path };
}
