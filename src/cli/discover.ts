// `tapo-camera-mcp discover`: lists the cameras that are there, without a hub.
import { systemClock } from "../base/clock.ts";
import { toHubError } from "../base/errors.ts";
import { Logger, StderrSink } from "../base/log.ts";
import { NetworkGuard } from "../base/network.ts";
import type { Driver, DriverContext } from "../devices/driver.ts";
import { VolatileMemory } from "../devices/memory.ts";
import { DRIVERS } from "../drivers/index.ts";
import { Launcher } from "../process/launcher.ts";
import { print } from "./console.ts";
import type { CommandLine } from "./flags.ts";
import { loadSettings } from "./settings.ts";

const SEARCH_TIMEOUT_MS = 30_000;

/** Prints one line for each device found. */
export async function discover(line: CommandLine): Promise<void> {
  const launcher = new Launcher({ clock: systemClock });
  const log = new Logger(new StderrSink().write, line.logLevel ?? "warn");
  const { config } = await loadSettings(line);
  const network = new NetworkGuard(config.network.allow);
  const context = { launcher, clock: systemClock, log, network, memory: new VolatileMemory() };
  const found = await Promise.all(DRIVERS.map((driver) => search(driver, context)));
  const lines = found.flat();
  for (const each of lines) print(each);
  if (lines.length === 0) print("No camera was found. Is it plugged in, or on the same network?");
}

/** One search that fails is told, and does not end the others. */
async function search(driver: Driver, context: DriverContext): Promise<string[]> {
  try {
    const devices = await driver.discover?.(context, AbortSignal.timeout(SEARCH_TIMEOUT_MS)) ?? [];
    return devices.map(({ title, options, details }) => {
      const place = options.device ?? options.host ?? options.stream_url ?? "";
      return [driver.id, title, String(place), details.model ?? ""].join("\t").trimEnd();
    });
  } catch (error) {
    context.log.warn("Looking for devices failed", { driver: driver.id, error: toHubError(error) });
    return [];
  }
}
