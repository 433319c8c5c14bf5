// Builds the hub's connection to an MQTT broker, where the configuration names one.
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import type { MqttSection } from "../config/channels.ts";
import { MqttBridge } from "../mqtt/bridge.ts";
import type { Hub } from "../operations/hub.ts";

/** Undefined where no broker is named. */
export function buildMqttBridge(
  section: MqttSection,
  deps: { hub: Hub; log: Logger; warnings: Warnings },
): MqttBridge | undefined {
  return section.url === undefined ? undefined : new MqttBridge({ ...deps, section });
}
