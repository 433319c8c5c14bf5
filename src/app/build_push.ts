// Builds what notifies browsers.
import { PushDevices } from "../alerts/push_devices.ts";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import { NetworkGuard } from "../base/network.ts";
import { PushTable } from "../store/push_table.ts";
import type { Store } from "../store/open_store.ts";

/** @param allow addresses that push services may have beside those in the internet. */
export function buildPush(
  { database }: Store,
  { clock, log, allow }: { clock: Clock; log: Logger; allow: readonly string[] },
): PushDevices {
  const transport = { network: new NetworkGuard(allow) };
  return new PushDevices({ table: new PushTable(database), clock, log, transport });
}
