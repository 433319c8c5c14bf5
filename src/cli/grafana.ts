// `tapo-camera-mcp grafana export`: the folder that makes Grafana on another host show this hub.
import type { Layout } from "../base/layout.ts";
import { exportFolder, type ExportResult } from "../grafana/export.ts";
import { allFiles } from "../grafana/folder.ts";
import { containerTrouble, type GrafanaTarget, targetOf } from "../grafana/target.ts";
import { print, printAside } from "./console.ts";
import { type CommandLine, usageError } from "./flags.ts";
import { loadSettings } from "./settings.ts";

const EXAMPLE = "tapo-camera-mcp grafana export ./grafana --url http://192.168.1.10:7777";

/** Runs `grafana export DIR`. */
export async function grafana(line: CommandLine, layout: Layout): Promise<void> {
  const [verb, folder, ...rest] = line.words;
  if (verb !== "export") throw usageError('grafana knows one word: "grafana export DIR --url URL"', EXAMPLE);
  if (folder === undefined || folder === "") throw usageError("grafana export needs a folder", EXAMPLE);
  if (rest.length > 0) throw usageError(`"${rest.join(" ")}" is too much`);
  if (line.url === undefined) throw usageError("grafana export needs the hub's address: --url URL", EXAMPLE);
  const { config: { server, metrics, grafana: { alerts } } } = await loadSettings(line);
  const target = targetOf(line.url, {
    metricsPort: server.metrics_port,
    timezone: metrics.timezone ?? zoneOfMachine(),
    thresholds: alerts,
  });
  const files = await allFiles(layout.grafanaDir, target);
  tell(folder, target, await exportFolder(folder, files, line));
}

/** UTC is what a machine has that nobody told where it stands: then dashboards keep the zones that they have. */
function zoneOfMachine(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone === "UTC" ? "browser" : timeZone;
}

function tell(folder: string, target: GrafanaTarget, { written, unchanged, removed }: ExportResult): void {
  print(
    `${folder}: ${written.length} ${
      written.length === 1 ? "file" : "files"
    } written, ${unchanged.length} as they were` +
      (removed.length === 0 ? "" : `, ${removed.length} of an earlier export removed`),
  );
  const trouble = containerTrouble(target);
  if (trouble !== undefined) printAside(`Note: ${trouble}`);
  printAside(`Next:
  1. Here, on the hub:  tapo-camera-mcp token create grafana --role viewer
     and, if Grafana shall report alerts to the hub:  tapo-camera-mcp token create grafana-alerts --role operator
  2. Copy the folder to the other host. There: cp .env.example .env && chmod 600 .env, and fill in the tokens
     and a password for Grafana.
  3. docker compose up -d && ./smoke.sh
README.md in the folder and docs/grafana.md tell the rest, also for a Grafana that is there already.`);
}
