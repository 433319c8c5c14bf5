// `tapo-camera-mcp discover`: lists the cameras that are there, without a hub.
import { systemClock } from "../base/clock.ts";
import { Logger, StderrSink } from "../base/log.ts";
import { NetworkGuard } from "../base/network.ts";
import { VolatileMemory } from "../devices/memory.ts";
import { DRIVERS } from "../drivers/index.ts";
import { Launcher } from "../process/launcher.ts";
import { print } from "./console.ts";
import type { CommandLine } from "./flags.ts";
import { loadSettings } from "./settings.ts";

/** Prints one line for each device found. */
export async function discover(line: CommandLine): Promise<void> {
  const launcher = new Launcher({ clock: systemClock });
  const log = new Logger(new StderrSink().write, line.logLevel ?? "warn");
  const { config } = await loadSettings(line);
  const network = new NetworkGuard(config.network.allow);
  const context = { launcher, clock: systemClock, log, network, memory: new VolatileMemory() };
  const found = await Promise.all(
    DRIVERS.map(async (driver) => {
      const devices = await driver.discover?.(context, AbortSignal.timeout(30_000)) ?? [];
      return devices.map((device) => `${driver.id}\t${device.title}\t${String(device.options.device ?? "")}`);
    }),
  );
  const lines = found.flat();
  for (const each of lines) print(each);
  if (lines.length === 0) print("No camera was found. Is it plugged in?");
}
