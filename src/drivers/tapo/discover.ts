// Finds Tapo devices by their own broadcast (TDP, UDP 20002).
import { networkInterfaces } from "node:os";
import type { Discovered, DriverContext } from "../../devices/driver.ts";
import { searchTapo, type TapoFound } from "../../protocols/tapo/discovery_search.ts";

const SEARCH_MS = 3000;
/** Everything that shows pictures or has cameras behind it; plugs and bulbs answer too. */
const CAMERA_TYPES = /IPCAMERA|DOORBELL|TAPOHUB/i;

/** Lists the Tapo cameras that answer now. */
export async function discoverTapo(context: DriverContext, signal: AbortSignal): Promise<Discovered[]> {
  const found = await searchTapo({
    targets: broadcastAddresses(context.network.includesLoopback),
    timeoutMs: SEARCH_MS,
    signal,
    clock: context.clock,
  });
  return found.filter(({ type }) => CAMERA_TYPES.test(type)).map(toDiscovered);
}

function toDiscovered(device: TapoFound): Discovered {
  const { address, model, mac, firmware, transports, name, isFactoryNew } = device;
  const port = transports.port === undefined || transports.port === 443 ? {} : { port: transports.port };
  const isNewest = transports.loginKinds.length > 0 &&
    transports.loginKinds.every((kind) => kind === "4" || kind.toLowerCase() === "tpap");
  const details = Object.entries({
    address,
    model,
    mac,
    firmware,
    note: isFactoryNew
      ? "Not set up yet: do that in the Tapo app first"
      : isNewest
      ? "Turn on Third-Party Compatibility in the Tapo app (Me → Third-Party Compatibility)"
      : undefined,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    title: name ?? `Tapo ${model}`,
    suggestedId: `tapo-${(mac ?? address).replace(/[^0-9a-z]/gi, "").slice(-6).toLowerCase()}`,
    options: { host: address, ...port },
    needs: ["username", "password", "cloud_password"],
    address,
    identity: `${address}:${transports.port ?? 443} main`,
    details: Object.fromEntries(details),
  };
}

/** One for each IPv4 network of this machine, and the limited one. */
export function broadcastAddresses(
  includesLoopback: boolean,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  const own = Object.values(interfaces).flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === "IPv4" && (!internal || includesLoopback))
    .map(({ address, netmask }) => broadcastOf(address, netmask));
  return [...new Set(["255.255.255.255", ...own])];
}

function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split(".").map(Number);
  return address.split(".").map((part, index) => Number(part) | (~(mask[index] ?? 255) & 255)).join(".");
}
