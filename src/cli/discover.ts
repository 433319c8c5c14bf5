// `tapo-camera-mcp discover`: lists the cameras that are there, without a hub.
import { shownAddress } from "../base/address_secrets.ts";
import { systemClock } from "../base/clock.ts";
import { Logger, StderrSink } from "../base/log.ts";
import { NetworkGuard } from "../base/network.ts";
import { findDevices, type FoundDevice } from "../devices/found_devices.ts";
import { DeviceManager } from "../devices/manager.ts";
import { LoginTurns } from "../devices/login_turns.ts";
import { SessionSlots } from "../devices/session_slots.ts";
import { Shared } from "../devices/shared.ts";
import { VolatileMemory } from "../devices/memory.ts";
import { DRIVERS } from "../drivers/index.ts";
import { Launcher } from "../process/launcher.ts";
import { print } from "./console.ts";
import type { CommandLine } from "./flags.ts";
import { loadSettings } from "./settings.ts";

const SEARCH_TIMEOUT_MS = 30_000;

/** Prints one line for each device found. One search that fails is told, and does not end the others. */
export async function discover(line: CommandLine): Promise<void> {
  const launcher = new Launcher({ clock: systemClock });
  const log = new Logger(new StderrSink().write, line.logLevel ?? "warn");
  const { config } = await loadSettings(line);
  const network = new NetworkGuard(config.network.allow);
  const context = {
    launcher,
    clock: systemClock,
    log,
    network,
    memory: new VolatileMemory(),
    logins: new LoginTurns(systemClock),
    slots: new SessionSlots(),
    shared: new Shared(),
  };
  const noCameras = new DeviceManager({ drivers: DRIVERS, context, companion: () => Promise.resolve() });
  const found = await findDevices(DRIVERS, noCameras, context, AbortSignal.timeout(SEARCH_TIMEOUT_MS));
  for (const each of found) print(foundLine(each));
  if (found.length === 0) print("No camera was found. Is it plugged in, or on the same network?");
}

/** Type, name, place and model of a device, with tabs between. */
export function foundLine(
  { type, title, options, details }: Pick<FoundDevice, "type" | "title" | "options" | "details">,
): string {
  const place = shownAddress(String(options.device ?? options.host ?? options.stream_url ?? ""));
  // Names come from the network: they must not command the terminal.
  const texts = [type, title, place, details.model ?? ""].map((text) =>
    text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()
  );
  return texts.join("\t").trimEnd();
}
